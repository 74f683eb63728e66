//! What was asked of the server: for tests that count calls, and for people who wonder.

use std::collections::{BTreeMap, VecDeque};

use parking_lot::Mutex;
use serde::Serialize;

/// Older requests than these are counted, but no longer listed.
const LISTED: usize = 100_000;

/// One request that reached the server, control requests left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenRequest {
    /// As sent.
    pub method: String,
    /// As sent, still percent-encoded and without the query.
    pub path: String,
    /// As sent, without the question mark.
    pub query: Option<String>,
    /// What was answered; `None` when the connection was cut without an answer.
    pub status: Option<u16>,
    /// The kind of the fault that a rule added.
    pub fault: Option<String>,
}

/// The log of one server.
#[derive(Default)]
pub struct Requests(Mutex<Log>);

#[derive(Default)]
struct Log {
    listed: VecDeque<SeenRequest>,
    total: u64,
    by_status: BTreeMap<String, u64>,
    by_route: BTreeMap<String, u64>,
    in_flight: u64,
    most_at_once: u64,
}

impl Requests {
    /// Every request since the start or the last [`clear`](Self::clear), oldest first; at most the last 100,000.
    #[must_use]
    pub fn all(&self) -> Vec<SeenRequest> {
        self.0.lock().listed.iter().cloned().collect()
    }

    /// How many requests there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.lock().total
    }

    /// How many requests were in flight at the same time, at most.
    #[must_use]
    pub fn most_at_once(&self) -> u64 {
        self.0.lock().most_at_once
    }

    /// Requests per route, such as `GET /v1/access-tokens/{id}`; `other` counts paths that the API does not have.
    #[must_use]
    pub fn by_route(&self) -> BTreeMap<String, u64> {
        self.0.lock().by_route.clone()
    }

    /// Starts counting anew.
    pub fn clear(&self) {
        let mut log = self.0.lock();
        let in_flight = log.in_flight;
        *log = Log {
            in_flight,
            most_at_once: in_flight,
            ..Log::default()
        };
    }

    /// Notes that a request arrived; [`record`](Self::record) notes its end.
    pub(crate) fn begin(&self) {
        let mut log = self.0.lock();
        log.in_flight += 1;
        log.most_at_once = log.most_at_once.max(log.in_flight);
    }

    pub(crate) fn record(&self, request: SeenRequest, route: Option<&str>) {
        let mut log = self.0.lock();
        log.total += 1;
        log.in_flight = log.in_flight.saturating_sub(1);
        let route = route.map_or_else(
            || "other".to_owned(),
            |pattern| format!("{} {pattern}", request.method),
        );
        *log.by_route.entry(route).or_default() += 1;
        let status = request
            .status
            .map_or_else(|| "none".to_owned(), |status| status.to_string());
        *log.by_status.entry(status).or_default() += 1;
        if log.listed.len() == LISTED {
            log.listed.pop_front();
        }
        log.listed.push_back(request);
    }

    pub(crate) fn as_json(&self) -> serde_json::Value {
        let log = self.0.lock();
        serde_json::json!({
            "requests": log.listed,
            "counters": {
                "total": log.total,
                "by_route": log.by_route,
                "by_status": log.by_status,
                "most_at_once": log.most_at_once,
            },
        })
    }
}
