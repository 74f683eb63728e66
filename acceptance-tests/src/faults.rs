//! Faults that are switched on for a test: what networks, proxies and busy servers do. A rule says which requests
//! it is for, how many to let pass first, how often to strike, and what happens then.

use std::time::Duration;

use http::Method;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// When to spoil which request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only requests with this method; any when left out (`stale_lists`: GET).
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path starts with this, or, with `*` in it, whose whole path matches it.
    #[serde(default)]
    pub path: Option<String>,
    /// Lets this many matching requests pass first.
    #[serde(default)]
    pub after: u64,
    /// Strikes this many times, then never again; always when left out.
    #[serde(default)]
    pub times: Option<u64>,
    /// What happens.
    pub fault: Fault,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Answers with this status.
    Status {
        /// For example 429 or 503.
        status: u16,
        /// Seconds for `Retry-After`; no such header when left out.
        #[serde(default)]
        retry_after: Option<u64>,
        /// True: nothing was done. False: the work is done and only its answer is lost.
        #[serde(default = "yes")]
        before_work: bool,
    },
    /// Closes the connection without an answer.
    Cut {
        /// Whether the work was done.
        when: When,
    },
    /// Waits.
    Slow {
        /// For this long, in real time, or until a test calls [`Faults::hurry`].
        seconds: f64,
        /// Whether the work is done by then. It is done in any case, also when the client has given up.
        #[serde(default)]
        when: When,
    },
    /// Does the work and sends half of the answer's body.
    Truncate {},
    /// Does the work; a page of this type stands where the answer was, as from a proxy that wants a sign-in.
    ContentType {
        /// For example `text/html`.
        value: String,
    },
    /// Does the work; the answer's JSON has other members than it should, as from a server of another version, or one that takes what it
    /// is asked for otherwise.
    Alter {
        /// Members of these names are left out, wherever they stand.
        #[serde(default)]
        without: Vec<String>,
        /// Members of these names have this value instead, wherever they stand.
        #[serde(default)]
        with: serde_json::Map<String, serde_json::Value>,
    },
    /// Does the work, and refuses in words that quote the answer, as a gateway that logs too much does.
    Quote {
        /// For example 409.
        status: u16,
        /// True: its texts alone, in a sentence. False: all of it, as it is.
        #[serde(default)]
        bare: bool,
    },
    /// Does the work; the answer's `Date` is off by so much, as from a proxy whose clock is wrong.
    Date {
        /// Ahead of the server's clock, or behind it if negative.
        seconds: i64,
    },
    /// Lists as they were this long ago, as from a replica that lags: what was made since is missing, what was
    /// deleted since is there.
    StaleLists {
        /// By the server's clock.
        seconds: u32,
    },
}

/// On which side of the work a fault strikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Nothing was done yet.
    #[default]
    Before,
    /// The work is done and stored.
    After,
}

/// Why rules were refused.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// The text is no list of rules.
    #[error(
        "these fault rules cannot be read: {0}; a rule looks like {example}",
        example = r#"[{"method":"POST","path":"/v1/access-tokens","times":1,"fault":{"kind":"cut","when":"after"}}]"#
    )]
    Json(#[from] serde_json::Error),
    /// A rule can be read, but makes no sense.
    #[error("fault rule {number}: {reason}")]
    Rule {
        /// Counted from 1.
        number: usize,
        /// What is wrong and what would be right.
        reason: String,
    },
}

impl FaultRule {
    /// A rule for every request, until narrowed.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            method: None,
            path: None,
            after: 0,
            times: None,
            fault,
        }
    }

    /// Only for this method and path (a prefix, or a pattern with `*`).
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn after(mut self, skipped: u64) -> Self {
        self.after = skipped;
        self
    }

    /// Strikes this often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let only_lists = matches!(self.fault, Fault::StaleLists { .. });
        let method_matches = match &self.method {
            Some(wanted) => wanted.eq_ignore_ascii_case(method.as_str()),
            None => !only_lists || method == Method::GET,
        };
        method_matches
            && self
                .path
                .as_deref()
                .is_none_or(|pattern| path_matches(pattern, path))
    }

    fn check(&self) -> Result<(), String> {
        match &self.fault {
            Fault::Status { status, .. } | Fault::Quote { status, .. }
                if !(200..=599).contains(status) =>
            {
                Err(format!(
                    "status {status} cannot be answered; use 200 to 599"
                ))
            }
            Fault::Slow { seconds, .. } if !(0.0..=86_400.0).contains(seconds) => Err(format!(
                "{seconds} is no useful number of seconds; use 0 to 86400"
            )),
            Fault::ContentType { value } if http::HeaderValue::from_str(value).is_err() => Err(
                format!("{value:?} cannot be a header's value; use a media type such as text/html"),
            ),
            _ => Ok(()),
        }
    }
}

impl Fault {
    /// The name of its kind, as in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Cut { .. } => "cut",
            Self::Slow { .. } => "slow",
            Self::Truncate {} => "truncate",
            Self::ContentType { .. } => "content_type",
            Self::Alter { .. } => "alter",
            Self::Quote { .. } => "quote",
            Self::Date { .. } => "date",
            Self::StaleLists { .. } => "stale_lists",
        }
    }
}

/// The rules of one server, and the requests that wait because of one.
#[derive(Default)]
pub struct Faults {
    rules: Mutex<Vec<Armed>>,
    hurried: Notify,
}

struct Armed {
    rule: FaultRule,
    matched: u64,
}

impl Faults {
    /// Reads a JSON list of rules.
    pub fn parse(json: &str) -> Result<Vec<FaultRule>, FaultError> {
        let rules: Vec<FaultRule> = serde_json::from_str(json)?;
        check(&rules)?;
        Ok(rules)
    }

    /// Puts these rules in the place of all there are, with fresh counts. The first that strikes wins.
    pub fn replace(&self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        check(&rules)?;
        *self.rules.lock() = rules.into_iter().map(arm).collect();
        Ok(())
    }

    /// Adds a rule behind the others.
    pub fn add(&self, rule: FaultRule) -> Result<(), FaultError> {
        check(std::slice::from_ref(&rule))?;
        self.rules.lock().push(arm(rule));
        Ok(())
    }

    /// Removes all rules.
    pub fn clear(&self) {
        self.rules.lock().clear();
    }

    /// The rules as they were given.
    #[must_use]
    pub fn rules(&self) -> Vec<FaultRule> {
        self.rules
            .lock()
            .iter()
            .map(|armed| armed.rule.clone())
            .collect()
    }

    /// Counts the request, and says what shall happen to it.
    pub(crate) fn strike(&self, method: &Method, path: &str) -> Option<Fault> {
        for armed in self.rules.lock().iter_mut() {
            if !armed.rule.matches(method, path) {
                continue;
            }
            armed.matched += 1;
            let strikes = armed.matched.saturating_sub(armed.rule.after);
            if strikes > 0 && armed.rule.times.is_none_or(|times| strikes <= times) {
                return Some(armed.rule.fault.clone());
            }
        }
        None
    }

    /// Ends the wait of all requests that are being slow, so that a test decides when late work is done.
    pub fn hurry(&self) {
        self.hurried.notify_waiters();
    }

    /// How a slow request waits.
    pub(crate) async fn wait(&self, seconds: f64) {
        let longest = Duration::from_secs_f64(seconds);
        // That it was not hurried is no failure.
        let _ = tokio::time::timeout(longest, self.hurried.notified()).await;
    }
}

fn arm(rule: FaultRule) -> Armed {
    Armed { rule, matched: 0 }
}

fn check(rules: &[FaultRule]) -> Result<(), FaultError> {
    for (index, rule) in rules.iter().enumerate() {
        rule.check().map_err(|reason| FaultError::Rule {
            number: index + 1,
            reason,
        })?;
    }
    Ok(())
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return true;
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_prefix_unless_it_has_a_star() {
        for (pattern, path, expected) in [
            ("/v1/access-tokens", "/v1/access-tokens", true),
            ("/v1/access-tokens", "/v1/access-tokens/at_1/rotate", true),
            ("/v1/access-tokens", "/v1/whoami", false),
            (
                "/v1/access-tokens/*/rotate",
                "/v1/access-tokens/at_1/rotate",
                true,
            ),
            (
                "/v1/access-tokens/*/rotate",
                "/v1/access-tokens/at_1",
                false,
            ),
            ("/v1/access-tokens/*", "/v1/access-tokens", false),
            ("*tokens", "/v1/access-tokens", true),
            ("*tokens", "/v1/access-tokens/at_1", false),
            ("/*/a*c/*", "/x/abc/y", true),
        ] {
            assert_eq!(path_matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_rule_skips_then_strikes_then_rests() {
        let faults = Faults::default();
        let rule = FaultRule::new(Fault::Cut { when: When::After });
        faults.add(rule.on("POST", "/a").after(1).times(2)).unwrap();
        let strikes: Vec<bool> = (0..5)
            .map(|_| faults.strike(&Method::POST, "/a").is_some())
            .collect();
        assert_eq!(strikes, [false, true, true, false, false]);
        assert_eq!(faults.strike(&Method::GET, "/a"), None);
    }

    #[test]
    fn rules_that_cannot_work_are_refused_with_a_reason() {
        let refused = |json: &str| Faults::parse(json).unwrap_err().to_string();
        assert!(refused("{").contains("a rule looks like"));
        assert!(refused(r#"[{"fault":{"kind":"melt"}}]"#).contains("unknown variant `melt`"));
        assert!(refused(r#"[{"when":"x","fault":{"kind":"truncate"}}]"#).contains("when"));
        assert_eq!(
            refused(r#"[{"fault":{"kind":"truncate"}},{"fault":{"kind":"status","status":42}}]"#),
            "fault rule 2: status 42 cannot be answered; use 200 to 599"
        );
    }
}
