//! The way of one request through the server: read it, apply what fault rules want, ask the dialect under the
//! store's lock, note it in the log.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_LENGTH, DATE, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Map, Value as Json, json};

use super::call::{Answer, Call};
use super::control;
use super::profile::Profile;
use super::rate_limit::RateLimit;
use super::requests::{Requests, SeenRequest};
use super::response::{AnswerBody, Cut, complete, truncated};
use super::secret_log::SecretLog;
use crate::clock::Clock;
use crate::dialects::{Dialect, Failure};
use crate::faults::{Fault, Faults, When};
use crate::recent_secrets::RecentSecrets;
use crate::secret;
use crate::store::Store;

/// A refused body is read this far, so that the client gets to see the answer; then the connection is closed.
const DRAIN_LIMIT: usize = 16 * 1024 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) struct Server {
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) store: Arc<Mutex<Store>>,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) latency: Duration,
    pub(crate) secret_log: SecretLog,
    pub(crate) recent_secrets: RecentSecrets,
    pub(crate) profile: Profile,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Server {
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        // A panic under the lock rolled its transaction back; the store is still sound.
        self.store.lock()
    }

    /// Answers one request; `Err` when the connection shall be closed without an answer.
    pub(crate) async fn serve(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<AnswerBody>, Cut> {
        let (head, body) = request.into_parts();
        let id = request_id(head.headers.get(&REQUEST_ID));
        let limit = self.dialect.body_limit();
        let body = read(body, head.headers.get(CONTENT_LENGTH), limit).await?;
        let call = Call {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            body: body.clone().unwrap_or_default(),
            now: self.clock.now(),
            lists_as_of: None,
        };
        let too_large = body.is_none();
        let server = Arc::clone(&self);
        // In a task of its own: a client that hangs up must not stop the work half way.
        let work = tokio::spawn(async move { server.handle(call, too_large).await });
        // The task can only fail by a panic; then no answer is the honest one.
        let mut response = work.await.map_err(|_| Cut)??;
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, id);
        if !headers.contains_key(DATE)
            && let Ok(date) = HeaderValue::from_str(&http_date(self.clock.now()))
        {
            headers.insert(DATE, date);
        }
        Ok(response)
    }

    async fn handle(&self, mut call: Call, too_large: bool) -> Result<Response<AnswerBody>, Cut> {
        if control::is_for(&call.path) {
            return Ok(complete(control::answer(self, &call)));
        }
        self.requests.begin();
        let fault = self.faults.strike(&call.method, &call.path);
        let outcome = self.spoil(&mut call, too_large, fault.as_ref()).await;
        let logged = SeenRequest {
            method: call.method.to_string(),
            path: call.path.clone(),
            query: call.query.clone(),
            status: outcome
                .as_ref()
                .ok()
                .map(|response| response.status().as_u16()),
            fault: fault.map(|fault| fault.kind().to_owned()),
        };
        let route = self.dialect.pattern(&call.method, &call.path);
        self.requests.record(logged, route);
        outcome
    }

    async fn spoil(
        &self,
        call: &mut Call,
        too_large: bool,
        fault: Option<&Fault>,
    ) -> Result<Response<AnswerBody>, Cut> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        match fault {
            None => Ok(complete(self.work(call, too_large))),
            Some(Fault::Status {
                status,
                retry_after,
                before_work,
            }) => {
                if !before_work {
                    self.work(call, too_large);
                }
                // Rules with an impossible status are refused when they are set.
                let status =
                    StatusCode::from_u16(*status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                Ok(complete(self.dialect.failure(&Failure::Fault {
                    status,
                    retry_after: *retry_after,
                })))
            }
            Some(Fault::Cut { when }) => {
                if *when == When::After {
                    self.work(call, too_large);
                }
                Err(Cut)
            }
            Some(Fault::Slow { seconds, when }) => {
                if *when == When::Before {
                    self.faults.wait(*seconds).await;
                    return Ok(complete(self.work(call, too_large)));
                }
                let answer = self.work(call, too_large);
                self.faults.wait(*seconds).await;
                Ok(complete(answer))
            }
            Some(Fault::Truncate {}) => Ok(truncated(self.work(call, too_large))),
            Some(Fault::ContentType { value }) => {
                let mut answer = self.work(call, too_large);
                answer.body = Bytes::from_static(FOREIGN_PAGE.as_bytes());
                Ok(complete(answer.with(http::header::CONTENT_TYPE, value)))
            }
            Some(Fault::Alter { without, with }) => {
                let mut answer = self.work(call, too_large);
                if let Ok(mut body) = serde_json::from_slice(&answer.body) {
                    alter(&mut body, without, with);
                    answer.body = body.to_string().into();
                }
                Ok(complete(answer))
            }
            Some(Fault::Quote { status, bare }) => {
                let mut answer = self.work(call, too_large);
                answer.body = quoting(&answer.body, *bare).to_string().into();
                answer.status =
                    StatusCode::from_u16(*status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                Ok(complete(answer))
            }
            Some(Fault::Date { seconds }) => {
                let off = SignedDuration::from_secs(*seconds);
                let date = self.clock.now().saturating_add(off);
                let answer = self.work(call, too_large);
                Ok(complete(match date {
                    Ok(date) => answer.with(DATE, &http_date(date)),
                    Err(_) => answer,
                }))
            }
            Some(Fault::StaleLists { seconds }) => {
                let ago = SignedDuration::from_secs(i64::from(*seconds));
                call.lists_as_of = call.now.checked_sub(ago).ok();
                Ok(complete(self.work(call, too_large)))
            }
        }
    }

    /// What the server does when nothing is in its way.
    fn work(&self, call: &mut Call, too_large: bool) -> Answer {
        if too_large {
            return self.dialect.failure(&Failure::BodyTooLarge {
                limit: self.dialect.body_limit(),
            });
        }
        if let Some(limit) = &self.rate_limit {
            let caller = call.credential().map(secret::hash).unwrap_or_default();
            if let Err(retry_after) = limit.take(&caller, self.clock.now()) {
                return self.dialect.failure(&Failure::RateLimited { retry_after });
            }
        }
        let store = self.store();
        // Read under the lock: times never run backwards from one request to the next.
        call.now = self.clock.now();
        store.set_now(call.now);
        self.dialect.answer(self, &store, call)
    }
}

fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn alter(body: &mut Json, without: &[String], with: &Map<String, Json>) {
    match body {
        Json::Array(items) => items.iter_mut().for_each(|item| alter(item, without, with)),
        Json::Object(members) => {
            members.retain(|name, _| !without.contains(name));
            for (name, value) in members.iter_mut() {
                match with.get(name) {
                    Some(instead) => value.clone_from(instead),
                    None => alter(value, without, with),
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// A refusal in the words of every API that quotes an answer.
fn quoting(body: &[u8], bare: bool) -> Json {
    let answer = if bare {
        let mut texts = Vec::new();
        collect_texts(
            &serde_json::from_slice(body).unwrap_or_default(),
            &mut texts,
        );
        texts.join(" and ")
    } else {
        String::from_utf8_lossy(body).into_owned()
    };
    let said = format!("it was done: {answer}");
    json!({
        "error": { "type": "gateway", "reason": said },
        "message": said,
        "detail": said,
        "errors": [said],
    })
}

fn collect_texts(json: &Json, texts: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Json::Object(members) => members
            .values()
            .for_each(|member| collect_texts(member, texts)),
        Json::String(text) => texts.push(text.clone()),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

const FOREIGN_PAGE: &str =
    "<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to the network to go on.</p>\n";

/// The body, or `None` when it is too large.
async fn read(
    mut body: Incoming,
    announced: Option<&HeaderValue>,
    limit: usize,
) -> Result<Option<Bytes>, Cut> {
    let announced: Option<usize> = announced
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok());
    let mut kept = Vec::with_capacity(announced.unwrap_or(0).min(limit).min(DRAIN_LIMIT));
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        // The client hung up in the middle of its request.
        let frame = frame.map_err(|_| Cut)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        length += data.len();
        if length <= limit {
            kept.extend_from_slice(data);
        }
        if length > limit.max(DRAIN_LIMIT) {
            break;
        }
    }
    Ok((length <= limit).then(|| Bytes::from(kept)))
}

/// The client's own id, if it is a harmless one, or a new one.
fn request_id(given: Option<&HeaderValue>) -> HeaderValue {
    let harmless = |value: &&HeaderValue| {
        (1..=128).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    if let Some(given) = given.filter(harmless) {
        return given.clone();
    }
    let id = format!("req_{}", secret::random_base62(16));
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("req_none"))
}
