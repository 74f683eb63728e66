//! A forge in memory: one pull request, its comments, and who may do what with them. Faults are switched on one by one. What each API
//! answers is in [`super::api`].

use std::convert::Infallible;
use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value as Json;
use tokio::net::TcpListener;

use super::api;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Github,
    Gitlab,
    Gitea,
    Bitbucket,
}

impl Api {
    pub(super) const ALL: [Self; 4] = [Self::Github, Self::Gitlab, Self::Gitea, Self::Bitbucket];
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) login: &'static str,
    pub(super) token: &'static str,
    pub(super) is_bot: bool,
    /// Whether its token may ask whose it is.
    pub(super) may_ask: bool,
    pub(super) may_write: bool,
}

/// Who runs the pipeline.
pub(super) const PIPELINE: User = User {
    id: 1,
    login: "pipeline",
    token: "forge-token-of-the-pipeline",
    is_bot: true,
    may_ask: true,
    may_write: true,
};
pub(super) const STRANGER: User = User {
    id: 2,
    login: "stranger",
    token: "forge-token-of-a-stranger",
    is_bot: false,
    may_ask: true,
    may_write: true,
};

#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) id: u64,
    pub(super) author: User,
    pub(super) body: String,
    /// Bitbucket goes on listing it.
    pub(super) is_deleted: bool,
}

/// What goes wrong with the next request of a method.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// Refused with this status and this many seconds to wait.
    Refuses(u16, Option<u32>),
    /// Done, and the answer says 500.
    DoesAndFails,
    /// Somebody deletes all comments just before.
    DeletesAllBefore,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) api: Api,
    pub(super) url: String,
    pub(super) users: Vec<User>,
    pub(super) comments: Vec<Comment>,
    pub(super) faults: Vec<(Method, Fault)>,
    pub(super) requests: Vec<String>,
}

/// A forge that answers until it is dropped.
pub(super) struct Forge {
    state: Arc<Mutex<State>>,
    _runtime: tokio::runtime::Runtime,
}

impl Forge {
    pub(super) fn start(api: Api) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            api,
            url,
            users: vec![PIPELINE, STRANGER],
            comments: Vec::new(),
            faults: Vec::new(),
            requests: Vec::new(),
        }));
        runtime.spawn(serve(listener, Arc::clone(&state)));
        Self {
            state,
            _runtime: runtime,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Somebody comments.
    pub(super) fn comment(&self, author: &User, body: &str) {
        self.state().write(author, body);
    }

    /// What stands, as (login, body).
    pub(super) fn standing(&self) -> Vec<(&'static str, String)> {
        let state = self.state();
        let standing = state.comments.iter().filter(|comment| !comment.is_deleted);
        standing
            .map(|comment| (comment.author.login, comment.body.clone()))
            .collect()
    }

    /// What the pipeline wrote.
    pub(super) fn ours(&self) -> Vec<String> {
        let standing = self.standing().into_iter();
        standing
            .filter(|(login, _)| *login == PIPELINE.login)
            .map(|(_, body)| body)
            .collect()
    }

    pub(super) fn fails_next(&self, method: Method, fault: Fault) {
        self.state().faults.push((method, fault));
    }
}

impl State {
    pub(super) fn write(&mut self, author: &User, body: &str) -> Comment {
        let comment = Comment {
            id: 1000 + self.comments.len() as u64,
            author: author.clone(),
            body: body.to_owned(),
            is_deleted: false,
        };
        self.comments.push(comment.clone());
        comment
    }

    /// The fault of this request, which is over then.
    fn fault(&mut self, method: &Method) -> Option<Fault> {
        let place = self.faults.iter().position(|(of, _)| of == method)?;
        Some(self.faults.remove(place).1)
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| answer(Arc::clone(&state), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map(|body| body.to_bytes())
        .unwrap_or_default();
    let body: Json = serde_json::from_slice(&body).unwrap_or_default();
    let mut state = state.lock();
    state
        .requests
        .push(format!("{} {}", head.method, head.uri.path()));
    let fault = state.fault(&head.method);
    if matches!(fault, Some(Fault::DeletesAllBefore)) {
        for comment in &mut state.comments {
            comment.is_deleted = true;
        }
    }
    if let Some(Fault::Refuses(status, after)) = fault {
        let mut response = Response::builder().status(status);
        if let Some(seconds) = after {
            response = response.header("retry-after", seconds);
        }
        return Ok(response.body(Full::default()).unwrap());
    }
    let mut response = api::answer(&mut state, &head, &body);
    if matches!(fault, Some(Fault::DoesAndFails)) {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        *response.body_mut() = Full::default();
    }
    Ok(response)
}
