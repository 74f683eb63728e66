//! What every call has in common: it is answered, whatever happens. An early error or a panic turns into the answer that loses
//! least, with an error diagnostic.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt;
use lanyard_compiler::diagnostic::{Code, Diagnostic};

use crate::generated::tfplugin5 as wire;
use crate::plugin::crash;
use crate::wire::diagnostics;

/// The answer of a call, or why there is none.
pub(super) type Answer<T> = Result<T, Vec<Diagnostic>>;

/// A request that can be refused.
pub(super) trait Refuse {
    type Response;

    /// The answer that changes nothing of what is known.
    fn refusal(&self) -> Self::Response;

    /// Adds the reasons to it.
    fn complain(response: &mut Self::Response, problems: Vec<wire::Diagnostic>);
}

/// Answers one call.
pub(super) async fn answer<Request: Refuse, Work>(
    rpc: &'static str,
    request: Request,
    work: impl FnOnce(Request) -> Work,
) -> Request::Response
where
    Work: Future<Output = Answer<Request::Response>>,
{
    let begin = Instant::now();
    let mut refusal = request.refusal();
    let result = AssertUnwindSafe(async { work(request).await })
        .catch_unwind()
        .await;
    tracing::debug!(rpc, elapsed = ?begin.elapsed(), "answered");
    let problems = match result {
        Ok(Ok(response)) => return response,
        Ok(Err(problems)) => problems,
        Err(panic) => vec![crashed(&*panic)],
    };
    Request::complain(&mut refusal, diagnostics(&problems, None));
    refusal
}

/// What to tell the user after a panic. Its text may quote a secret, so only its place is shown.
pub(super) fn crashed(_: &(dyn Any + Send)) -> Diagnostic {
    let place = crash::last_place()
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    Diagnostic::error(Code::Crash, "Lanyard crashed")
        .detail(format!(
            "A bug stopped this operation{place}. What was known before it is kept."
        ))
        .hint("Please report it; TF_LOG_PROVIDER=DEBUG shows what led here. Then run the command again.")
}

/// Writes [`Refuse`] for requests whose answers hold diagnostics. The closure gives the refusal; without one it is empty.
macro_rules! refuse {
    ($($message:ident $(=> $refusal:expr)?;)*) => {
        $(impl super::call::Refuse for crate::generated::tfplugin5::$message::Request {
            type Response = crate::generated::tfplugin5::$message::Response;

            fn refusal(&self) -> Self::Response {
                refuse!(@refusal self $($refusal)?)
            }

            fn complain(
                response: &mut Self::Response,
                problems: Vec<crate::generated::tfplugin5::Diagnostic>,
            ) {
                response.diagnostics.extend(problems);
            }
        })*
    };
    (@refusal $request:ident) => { Self::Response::default() };
    (@refusal $request:ident $refusal:expr) => { $refusal($request) };
}
pub(super) use refuse;
