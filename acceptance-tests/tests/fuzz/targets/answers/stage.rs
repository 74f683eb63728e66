//! A server on this machine that says what it is told to say, or what another server says.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use lanyard_token_server::ReferenceServer;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// It works only while somebody waits for an answer: [`Stage::block_on`].
pub(super) struct Stage {
    pub(super) url: String,
    runtime: Runtime,
    role: Arc<Mutex<Role>>,
}

enum Role {
    /// Says these, one after the other, the last one again and again.
    Play(VecDeque<Answer>),
    /// Passes questions on.
    PassOn {
        client: reqwest::Client,
        url: String,
        heard: Vec<Answer>,
    },
}

impl Stage {
    pub(super) fn build() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let role = Arc::new(Mutex::new(Role::Play(VecDeque::new())));
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let played = Arc::clone(&role);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let played = Arc::clone(&played);
                tokio::spawn(async move {
                    let service = service_fn(move |request| reply(Arc::clone(&played), request));
                    // A client that goes away is no news.
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Self { url, runtime, role }
    }

    pub(super) fn block_on<F: Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    pub(super) fn play(&self, answers: Vec<Answer>) {
        *self.role.lock() = Role::Play(answers.into());
    }

    pub(super) fn pass_on(&self, reference: &ReferenceServer) {
        *self.role.lock() = Role::PassOn {
            client: reqwest::Client::builder()
                .no_proxy()
                .tls_certs_only([])
                .build()
                .unwrap(),
            url: reference.url.clone(),
            heard: Vec::new(),
        };
    }

    /// What was passed on since the last time.
    pub(super) fn heard(&self) -> Vec<Answer> {
        match &mut *self.role.lock() {
            Role::PassOn { heard, .. } => std::mem::take(heard),
            Role::Play(_) => Vec::new(),
        }
    }
}

async fn reply(
    role: Arc<Mutex<Role>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let passed_on = match &mut *role.lock() {
        Role::Play(answers) => {
            let answer = match answers.len() {
                0 | 1 => answers.front().cloned(),
                _ => answers.pop_front(),
            };
            return Ok(response(&answer.unwrap_or(Answer {
                status: 200,
                body: Vec::new(),
            })));
        }
        Role::PassOn { client, url, .. } => (client.clone(), url.clone()),
    };
    let answer = pass_on(passed_on, request).await;
    if let Role::PassOn { heard, .. } = &mut *role.lock() {
        heard.push(answer.clone());
    }
    Ok(response(&answer))
}

async fn pass_on((client, url): (reqwest::Client, String), request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let mut headers = head.headers;
    headers.remove("host");
    let body = body.collect().await.unwrap().to_bytes();
    let path = head
        .uri
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let answer = client
        .request(head.method, format!("{url}{path}"))
        .headers(headers)
        .body(body)
        .send()
        .await
        .unwrap();
    Answer {
        status: answer.status().as_u16(),
        body: answer.bytes().await.unwrap().to_vec(),
    }
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    Response::builder()
        .status(answer.status)
        .header("content-type", "application/json")
        .header("etag", "\"1\"")
        .body(Full::new(Bytes::from(answer.body.clone())))
        .unwrap()
}
