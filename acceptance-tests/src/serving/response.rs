//! The answer as bytes on the wire, including one that stops half way.

use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::call::Answer;

/// The connection is to be closed without (the rest of) an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault rule cuts this connection")]
pub(crate) struct Cut;

/// A body in one piece, or the first half of one.
pub(crate) struct AnswerBody {
    next: Option<Bytes>,
    promised: u64,
    ending: Ending,
}

enum Ending {
    Complete,
    /// Wait once, so that what was sent so far leaves the machine, …
    CutSoon,
    /// … then close.
    CutNow,
}

pub(crate) fn complete(answer: Answer) -> Response<AnswerBody> {
    respond(answer, Ending::Complete)
}

/// Promises the whole body in `Content-Length`, sends half of it and closes the connection.
pub(crate) fn truncated(mut answer: Answer) -> Response<AnswerBody> {
    if answer.body.is_empty() {
        answer.body = Bytes::from_static(b"  ");
    }
    respond(answer, Ending::CutSoon)
}

fn respond(answer: Answer, ending: Ending) -> Response<AnswerBody> {
    let promised = answer.body.len() as u64;
    let sent = match ending {
        Ending::Complete => answer.body,
        Ending::CutSoon | Ending::CutNow => answer.body.slice(..answer.body.len() / 2),
    };
    let mut response = Response::new(AnswerBody {
        next: (!sent.is_empty()).then_some(sent),
        promised,
        ending,
    });
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(bytes) = self.next.take() {
            self.promised -= bytes.len() as u64;
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.ending {
            Ending::Complete => Poll::Ready(None),
            Ending::CutSoon => {
                self.ending = Ending::CutNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::CutNow => Poll::Ready(Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.next.is_none() && matches!(self.ending, Ending::Complete)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
