//! A server that follows a script, one line per connection, so that every way a network can fail is named.

use std::sync::Arc;
use std::time::Duration;

use lanyard_compiler::model::Settings;
use lanyard_compiler::secret::Secret;
use parking_lot::Mutex;
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::retry::Backoff;
use super::{Answer, Client, Credential, Dialect, Explanation};
use crate::error::ErrorKind;

/// What the server does with one connection.
#[derive(Clone)]
pub(crate) enum Script {
    /// Reads the request and hangs up.
    Cut,
    /// Reads the request and never answers.
    Silent,
    /// Sends these bytes and hangs up.
    Bytes(String),
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Script {
    Script::Bytes(format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    ))
}

pub(crate) fn good() -> Script {
    answer(
        "200 OK",
        "content-type: application/json\r\n",
        r#"{"ok":true}"#,
    )
}

pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(script: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            for step in script {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !complete(&request) {
                    let read = stream.read(&mut buffer).await.unwrap();
                    assert_ne!(read, 0, "the client hung up");
                    request.extend_from_slice(&buffer[..read]);
                }
                seen.lock().push(String::from_utf8(request).unwrap());
                match step {
                    Script::Cut => {}
                    Script::Silent => {
                        tokio::spawn(async move {
                            let _held = stream;
                            std::future::pending::<()>().await;
                        });
                    }
                    Script::Bytes(bytes) => {
                        stream.write_all(bytes.as_bytes()).await.unwrap();
                        let _ = stream.shutdown().await;
                    }
                }
            }
        });
        Self { url, requests }
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(&token())
    }

    pub(crate) fn client_with(&self, credential: &Credential) -> Client {
        let mut client = client_with(&self.url, credential);
        client.backoff = Backoff::quick();
        client.timeout = Duration::from_millis(300);
        client
    }

    pub(crate) fn seen(&self) -> usize {
        self.requests.lock().len()
    }
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    body.len() >= length
}

fn token() -> Credential {
    Credential::Bearer(Secret::new("hunter2-hunter2"))
}

pub(crate) fn client(url: &str) -> Client {
    client_with(url, &token())
}

fn client_with(url: &str, credential: &Credential) -> Client {
    let settings = Settings {
        url: Some(url.to_owned()),
        max_retries: Some(2),
        ..Settings::default()
    };
    let dialect = Dialect {
        server: "the test server",
        explain,
        unavailable_means_unprocessed: true,
    };
    Client::new(&settings, dialect, credential).unwrap()
}

fn explain(answer: &Answer) -> Explanation {
    let kind = match answer.status {
        StatusCode::UNAUTHORIZED => ErrorKind::SignIn,
        StatusCode::NOT_FOUND => ErrorKind::Gone,
        StatusCode::CONFLICT => ErrorKind::Conflict(Box::default()),
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::Retry { after: None },
        status if status.is_server_error() => ErrorKind::Retry { after: None },
        _ => ErrorKind::FixConfiguration { places: Vec::new() },
    };
    Explanation {
        kind,
        detail: String::from_utf8_lossy(&answer.body).into_owned(),
    }
}
