//! The one http client of all backends: it owns timeouts, retries, rate limits, TLS, redaction and the server's clock. A backend
//! says what to send, whether it may be sent again, and what its server's errors mean; it never sees a connection.

pub(crate) mod address;
mod answer;
mod attendance;
mod clock;
mod credential;
mod likeness;
mod limit;
mod patience;
mod proxy;
mod redact;
mod request;
mod retry;
#[cfg(test)]
pub(crate) mod scripted;
mod sign_in;
mod spelling;
#[cfg(test)]
mod tests;
mod tls;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use reqwest::Method;
use reqwest::header::{self, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use tokio::sync::{OnceCell, Semaphore};

use lanyard_compiler::model::settings::Address;

use crate::clock::Clock;
use crate::error::{ErrorKind, Place, Result, ServerError, Wait};
use answer::Attempt;
use clock::ServerClock;
use limit::{Lull, RateLimit};
use patience::Patience;
use redact::Redaction;
use retry::{Backoff, Verdict};
use sign_in::{OpenSession, Proof};

pub(crate) use address::{address_segment, segment};
pub(crate) use answer::Answer;
pub(crate) use attendance::write_only_while;
pub(crate) use credential::{Credential, given};
pub(crate) use patience::tell_waits;
pub(crate) use request::{Repeat, Request};
pub(crate) use sign_in::SignIn;

/// What a backend's server calls its mistakes.
#[derive(Clone, Copy)]
pub(crate) struct Dialect {
    /// The server in words, with its article: "the native token server".
    pub(crate) server: &'static str,
    /// What an answer that is not a success means.
    pub(crate) explain: fn(&Answer) -> Explanation,
    /// True if the server promises that a request answered 503 with `Retry-After` was not worked on.
    pub(crate) unavailable_means_unprocessed: bool,
}

/// The meaning of an answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    pub(crate) kind: ErrorKind,
    /// One or two sentences; redacted by the client.
    pub(crate) detail: String,
}

/// Requests in flight at once, to one server.
const CONCURRENCY: usize = 16;
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_RETRIES: u32 = 4;
/// How long the end of a session may take. Terraform gives a plugin two seconds to end.
const FAREWELL: Duration = Duration::from_millis(1500);

/// A connection to one server.
pub(crate) struct Client {
    address: Address,
    dialect: Dialect,
    headers: HeaderMap,
    session: Option<OpenSession>,
    /// What a request without content says of it all the same.
    content_type: Option<&'static str>,
    tls: tls::Files,
    /// Built at the first request: loading the system's certificate authorities takes longer than starting the plugin.
    client: OnceCell<reqwest::Client>,
    timeout: Duration,
    max_retries: u32,
    backoff: Backoff,
    limit: RateLimit,
    slots: Semaphore,
    lull: Lull,
    patience: Patience,
    clock: ServerClock,
    redaction: Redaction,
    /// Whether anybody waits for what a write does.
    attended: fn() -> bool,
}

impl Client {
    /// Checks the settings and makes a client; nothing is sent and nothing but the named certificate files is read.
    pub(crate) fn new(
        settings: &Settings,
        dialect: Dialect,
        credential: &Credential,
    ) -> Result<Self, Diagnostic> {
        let address = address::of(settings)?;
        proxy::check(&address)?;
        let tls = tls::Files::load(settings, &address)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/json, application/problem+json"),
        );
        let mut redaction = Redaction::default();
        let session = credential.prepare(&mut headers, &mut redaction)?;
        Ok(Self {
            address,
            dialect,
            headers,
            session,
            content_type: None,
            tls,
            client: OnceCell::new(),
            timeout: settings.request_timeout.map_or(DEFAULT_TIMEOUT, |timeout| {
                Duration::from_secs(timeout.seconds())
            }),
            max_retries: settings.max_retries.unwrap_or(DEFAULT_RETRIES),
            backoff: Backoff::default(),
            limit: RateLimit::new(settings.max_requests_per_second),
            slots: Semaphore::new(CONCURRENCY),
            lull: Lull::default(),
            patience: Patience::default(),
            clock: ServerClock::new(settings.clock_tolerance),
            redaction,
            attended: attendance::is_attended,
        })
    }

    /// States a content type in every request, whether there is content or not.
    #[must_use]
    pub(crate) fn always_stating(self, content_type: &'static str) -> Self {
        Self {
            content_type: Some(content_type),
            ..self
        }
    }

    /// See [`crate::TokenServer::clock`].
    pub(crate) fn clock(&self) -> Clock {
        self.clock.read()
    }

    /// What lasts for a while lasts from now on.
    pub(crate) fn now(&self) -> Timestamp {
        let Clock { ends_from, .. } = self.clock();
        ends_from
    }

    /// The same in whole seconds, as servers date things.
    pub(crate) fn this_second(&self) -> Timestamp {
        let now = self.now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// The address that was configured.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Sends a request whose success is a JSON document.
    pub(crate) async fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        self.send(request, Answer::json).await
    }

    /// Likewise, with the tag that its server gives this version of the object (`ETag`), if it does.
    pub(crate) async fn tagged<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<(T, Option<HeaderValue>)> {
        let tag = |answer: &Answer| answer.headers.get(header::ETAG).cloned();
        self.send(request, |answer| Ok((answer.json()?, tag(answer))))
            .await
    }

    /// Sends a request whose success says nothing more.
    pub(crate) async fn done(&self, request: &Request) -> Result<()> {
        self.send(request, |_| Ok(())).await
    }

    /// Sends a request whose success is read like this.
    pub(crate) async fn send<T>(
        &self,
        request: &Request,
        read: impl Fn(&Answer) -> Result<T, String>,
    ) -> Result<T> {
        let proof = match &self.session {
            Some(session) => {
                let opened = session.proof.get_or_try_init(|| async {
                    let read = |answer: &Answer| session.read(answer);
                    let opened = self.exchange(&session.sign_in.request, None, read).await;
                    sign_in::lasting(opened)
                });
                Some(opened.await?.as_ref().map_err(Clone::clone)?)
            }
            None => None,
        };
        self.exchange(request, proof, read).await
    }

    /// Ends the session, if one was opened. That is a courtesy: nobody waits for it for long, and it may fail.
    pub(crate) async fn sign_out(&self) {
        let Some(session) = &self.session else {
            return;
        };
        let Some(Ok(proof)) = session.proof.get() else {
            return;
        };
        let end = self.exchange(&session.sign_in.end, Some(proof), |_| Ok(()));
        match tokio::time::timeout(FAREWELL, end).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!("the session was not ended: {error}"),
            Err(_) => tracing::debug!("the session was not ended in time"),
        }
    }

    /// Sends a request, again where that cannot do harm, until there is an answer that counts.
    async fn exchange<T>(
        &self,
        request: &Request,
        proof: Option<&Proof>,
        read: impl Fn(&Answer) -> Result<T, String>,
    ) -> Result<T> {
        let client = self.client().await?;
        let (mut possibly_done, mut waits) = (false, Vec::new());
        let (mut tries, mut busy) = (0, 0);
        let mut put_off_at = None;
        let mut waited = Duration::ZERO;
        loop {
            tries += 1;
            let attempt = {
                self.lull.wait().await;
                let _slot = self.slots.acquire().await;
                self.limit.wait().await;
                if request.repeat != Repeat::Freely && !(self.attended)() {
                    return Err(self.unattended(request, possibly_done));
                }
                waits.extend(put_off_at.take().map(|begun| Wait {
                    begun,
                    ended: Instant::now(),
                }));
                self.attempt(client, request, proof, tries).await
            };
            let (verdict, error) = match self.judge(request, attempt, &read) {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            if verdict == Verdict::PossiblyDone {
                possibly_done = true;
            }
            put_off_at = matches!(verdict, Verdict::NotDone | Verdict::Busy).then(Instant::now);
            let failed_alike = if verdict == Verdict::Busy {
                busy += 1;
                busy
            } else {
                tries - busy
            };
            let pause = self.backoff.pause(
                verdict,
                request.repeat,
                failed_alike,
                self.max_retries,
                &error,
            );
            match pause {
                Some(pause) => {
                    tracing::debug!(
                        method = request.method.as_str(),
                        path = request.path,
                        tries,
                        pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                        "will be sent again: {}",
                        error.detail
                    );
                    if let (Verdict::Busy, ErrorKind::Retry { after: Some(after) }) =
                        (verdict, &error.kind)
                    {
                        self.lull.begin(*after);
                    }
                    self.patience.will_wait(&error, waited, pause);
                    waited += pause;
                    tokio::time::sleep(pause).await;
                }
                // A refusal after an attempt of unknown outcome tells what the second attempt met, not whether the first was done.
                None if possibly_done
                    && request.repeat != Repeat::Freely
                    && verdict != Verdict::Refused =>
                {
                    return Err(ServerError {
                        kind: ErrorKind::Ambiguous,
                        ..error
                    });
                }
                // Who changed the object in the meantime may have been the first attempt, and so may be who has the name, where a gateway on
                // the way did not know that the server had done what it put off.
                None if possibly_done && error.kind == ErrorKind::Overtaken
                    || !waits.is_empty()
                        && request.repeat == Repeat::Never
                        && matches!(error.kind, ErrorKind::Overtaken | ErrorKind::Conflict(_)) =>
                {
                    return Err(ServerError {
                        kind: ErrorKind::Ambiguous,
                        waits: if possibly_done { Vec::new() } else { waits },
                        ..error
                    });
                }
                None => {
                    let is_write = request.repeat != Repeat::Freely;
                    return Err(ServerError {
                        refused: is_write && !possibly_done,
                        ..error
                    });
                }
            }
        }
    }

    /// A write that does not begin. Whether an earlier attempt did it is another question.
    fn unattended(&self, request: &Request, possibly_done: bool) -> ServerError {
        let kind = if possibly_done {
            ErrorKind::Ambiguous
        } else {
            ErrorKind::Unattended
        };
        let detail =
            "not sent: whoever asked for it is gone, and would not learn what became of it";
        ServerError::new(kind, self.dialect.server, detail).at(Place {
            method: request.method_name(),
            path: request.path.clone(),
            status: None,
        })
    }

    async fn attempt(
        &self,
        client: &reqwest::Client,
        request: &Request,
        proof: Option<&Proof>,
        tries: u32,
    ) -> Attempt {
        let url = match self.address.below(&request.path, &request.query) {
            Ok(url) => url,
            Err(problem) => return Attempt::Unsendable(problem),
        };
        let mut builder = client
            .request(request.method.clone(), url)
            .headers(self.headers.clone())
            .headers(request.headers.clone());
        if let Some(Proof { header, value, .. }) = proof {
            builder = builder.header(header, value);
        }
        builder = match &request.body {
            Some((content_type, body)) => builder
                .header(header::CONTENT_TYPE, *content_type)
                .body(body.clone()),
            // A gateway may refuse a POST that does not say how long it is (411), and the vendors' own clients say it.
            None if matches!(request.method, Method::POST | Method::PUT | Method::PATCH) => {
                builder.header(header::CONTENT_LENGTH, HeaderValue::from_static("0"))
            }
            None => builder,
        };
        if let (Some(content_type), None) = (self.content_type, &request.body) {
            builder = builder.header(header::CONTENT_TYPE, content_type);
        }
        let started = tokio::time::Instant::now();
        let attempt = match tokio::time::timeout(
            self.timeout,
            Answer::receive(builder, request.extent),
        )
        .await
        {
            Ok(attempt) => attempt,
            Err(_) => Attempt::TimedOut(self.timeout),
        };
        if let Attempt::Answered(answer) = &attempt {
            self.clock.observe(&answer.headers);
        }
        tracing::debug!(
            method = request.method.as_str(),
            path = request.path,
            tries,
            status = attempt.status(),
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        attempt
    }

    /// What an attempt came to: its value, or the error and whether the server may have done what was asked.
    fn judge<T>(
        &self,
        request: &Request,
        attempt: Attempt,
        read: &impl Fn(&Answer) -> Result<T, String>,
    ) -> Result<T, (Verdict, ServerError)> {
        let retry = || ErrorKind::Retry { after: None };
        let (verdict, kind, detail, answer) = match attempt {
            Attempt::Answered(answer) if answer.status.is_success() => match read(&answer) {
                Ok(value) => return Ok(value),
                // The server says that it did it, and we cannot read what.
                Err(problem) => (Verdict::PossiblyDone, ErrorKind::Bug, problem, Some(answer)),
            },
            Attempt::Answered(answer) => {
                let Explanation { kind, detail } = (self.dialect.explain)(&answer);
                let (verdict, kind) = match kind {
                    // A refusal that does not say whether it was done, whatever its status.
                    ErrorKind::Ambiguous => (Verdict::PossiblyDone, retry()),
                    kind => (self.verdict(request, &answer, &kind), kind),
                };
                let kind = match kind {
                    ErrorKind::Retry { .. } => ErrorKind::Retry {
                        after: retry::retry_after(&answer.headers, self.now()),
                    },
                    kind => kind,
                };
                (verdict, kind, detail, Some(answer))
            }
            Attempt::Broken(answer, problem) => {
                (Verdict::PossiblyDone, retry(), problem, Some(answer))
            }
            Attempt::TooLarge(answer) => {
                let (kind, problem) = request.extent.too_large();
                let verdict = match request.repeat {
                    // It would be as large the next time.
                    Repeat::Freely => Verdict::Refused,
                    Repeat::Harmless | Repeat::Never => Verdict::PossiblyDone,
                };
                (verdict, kind, problem, Some(answer))
            }
            Attempt::TimedOut(limit) => (
                Verdict::PossiblyDone,
                retry(),
                format!("no answer within {} seconds", limit.as_secs_f64()),
                None,
            ),
            Attempt::Cut(problem) => {
                let problem = format!("{problem}{}", self.by_way_of());
                (Verdict::PossiblyDone, retry(), problem, None)
            }
            Attempt::NotConnected(reason) => {
                let way = self.by_way_of();
                let problem = format!("no connection to {}: {reason}{way}", self.address);
                (Verdict::NotDone, retry(), problem, None)
            }
            Attempt::Untrusted { problem, remedy } => (
                Verdict::Refused,
                ErrorKind::Untrusted { remedy },
                format!("{problem}{}", self.by_way_of()),
                None,
            ),
            Attempt::Unsendable(problem) => (Verdict::Refused, ErrorKind::Bug, problem, None),
        };
        let mut own = Redaction::default();
        let hidden = request.hidden.iter().cloned();
        hidden
            .chain(request.proofs())
            .for_each(|secret| own.hide(&secret));
        let session = self.session.as_ref().and_then(OpenSession::redaction);
        let known = |text: &str| {
            let text = own.known(text);
            session.map_or(text.clone(), |session| session.known(&text))
        };
        let texts = |text: &str| self.redaction.text(&known(text), request);
        // A name that a server gave may look like a secret, and would say nothing without its letters.
        let names = |text: &str| self.redaction.known(&known(text));
        let kind = kind.rewritten(texts, names);
        let error = ServerError::new(kind, self.dialect.server, texts(&detail))
            .at(Place {
                method: request.method_name(),
                path: request.path.clone(),
                status: answer.as_ref().map(|answer| answer.status.as_u16()),
            })
            .request_id(
                answer
                    .as_ref()
                    .and_then(Answer::request_id)
                    .as_deref()
                    .map(names),
            );
        Err((verdict, error))
    }

    /// Whether a request that failed may be sent again. Of one that changes nothing a server's words count more than its status.
    fn verdict(&self, request: &Request, answer: &Answer, kind: &ErrorKind) -> Verdict {
        let verdict = retry::verdict(answer, self.dialect.unavailable_means_unprocessed);
        match (request.repeat, kind, verdict) {
            (Repeat::Freely, ErrorKind::FixConfiguration { .. }, _) => Verdict::Refused,
            (Repeat::Freely, ErrorKind::Retry { .. }, Verdict::Refused) => Verdict::NotDone,
            (_, _, verdict) => verdict,
        }
    }

    /// Names the proxy that stands between us and the server, if one does: it may be what failed.
    fn by_way_of(&self) -> String {
        proxy::on_the_way(&self.address).map_or_else(String::new, |proxy| {
            format!(
                ". The environment (`{}`) sends this through the proxy {}: it has to run and to let {} through, or name that host in `NO_PROXY`",
                proxy.variable, proxy.address, self.address.host()
            )
        })
    }

    async fn client(&self) -> Result<&reqwest::Client> {
        self.client
            .get_or_try_init(|| async { self.tls.client(&self.address).await })
            .await
            .map_err(|problem| {
                ServerError::new(
                    ErrorKind::FixConfiguration { places: Vec::new() },
                    self.dialect.server,
                    problem,
                )
            })
    }
}

const USER_AGENT: &str = concat!(
    "lanyard/",
    env!("CARGO_PKG_VERSION"),
    " (+terraform-provider)"
);
