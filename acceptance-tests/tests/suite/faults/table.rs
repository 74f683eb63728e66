//! What is tried, as data: operations, and faults. The calls of an operation are found out by watching it once undisturbed.

use lanyard_token_server::{Fault, FaultRule, When};

/// Something that Terraform asks of the provider, and what came before it. Configurations are JSON; `ACCOUNT` stands for the id of an
/// account that exists.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// Applied before, undisturbed.
    pub(super) before: Option<&'static str>,
    /// Somebody else made an object of that name before.
    pub(super) taken: bool,
    pub(super) verb: Verb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Plan and apply this configuration.
    Apply(&'static str),
    Delete,
    Import,
    Refresh,
}

const ACCOUNT: &str = "lanyard_service_account";
const TOKEN: &str = "lanyard_access_token";

const SIMPLE_ACCOUNT: &str = r#"{"name": "target", "roles": ["viewer"]}"#;
const SIMPLE_TOKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d"}"#;

/// An import cannot know a lifetime, only the end that came of one.
const FIXED_TOKEN: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "expires_at": "2099-01-01T00:00:00Z"}"#;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "create an account",
        kind: ACCOUNT,
        before: None,
        taken: false,
        verb: Verb::Apply(SIMPLE_ACCOUNT),
    },
    Operation {
        name: "create a token",
        kind: TOKEN,
        before: None,
        taken: false,
        verb: Verb::Apply(SIMPLE_TOKEN),
    },
    Operation {
        name: "create a token for a recipient",
        kind: TOKEN,
        before: None,
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT"}"#,
        ),
    },
    Operation {
        name: "create, adopting what has the name",
        kind: TOKEN,
        before: None,
        taken: true,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "description": "ours", "on_conflict": "adopt"}"#,
        ),
    },
    Operation {
        name: "create, replacing what has the name",
        kind: TOKEN,
        before: None,
        taken: true,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "description": "ours", "on_conflict": "replace"}"#,
        ),
    },
    Operation {
        name: "update an account",
        kind: ACCOUNT,
        before: Some(SIMPLE_ACCOUNT),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "roles": ["viewer", "editor"], "description": "new"}"#,
        ),
    },
    Operation {
        name: "update a token",
        kind: TOKEN,
        before: Some(SIMPLE_TOKEN),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "60d", "description": "new"}"#,
        ),
    },
    Operation {
        name: "rotate a token",
        kind: TOKEN,
        before: Some(
            r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "1"}}}"#,
        ),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "2"}}}"#,
        ),
    },
    Operation {
        name: "rotate with a grace period",
        kind: TOKEN,
        before: Some(
            r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "1"}}}"#,
        ),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "2"}}}"#,
        ),
    },
    Operation {
        name: "rotate for a recipient",
        kind: TOKEN,
        before: Some(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "1"}}}"#,
        ),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "2"}}}"#,
        ),
    },
    Operation {
        name: "update and rotate",
        kind: TOKEN,
        before: Some(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"triggers": {"round": "1"}}}"#,
        ),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "description": "new", "rotation": {"triggers": {"round": "2"}}}"#,
        ),
    },
    Operation {
        name: "disable a token",
        kind: TOKEN,
        before: Some(SIMPLE_TOKEN),
        taken: false,
        verb: Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "disabled": true}"#,
        ),
    },
    Operation {
        name: "delete an account",
        kind: ACCOUNT,
        before: Some(SIMPLE_ACCOUNT),
        taken: false,
        verb: Verb::Delete,
    },
    Operation {
        name: "delete a token",
        kind: TOKEN,
        before: Some(SIMPLE_TOKEN),
        taken: false,
        verb: Verb::Delete,
    },
    Operation {
        name: "import an account",
        kind: ACCOUNT,
        before: Some(SIMPLE_ACCOUNT),
        taken: false,
        verb: Verb::Import,
    },
    Operation {
        name: "import a token",
        kind: TOKEN,
        before: Some(FIXED_TOKEN),
        taken: false,
        verb: Verb::Import,
    },
    Operation {
        name: "refresh an account",
        kind: ACCOUNT,
        before: Some(SIMPLE_ACCOUNT),
        taken: false,
        verb: Verb::Refresh,
    },
    Operation {
        name: "refresh a token",
        kind: TOKEN,
        before: Some(SIMPLE_TOKEN),
        taken: false,
        verb: Verb::Refresh,
    },
];

/// What happens to a call. Where the provider is killed, nothing of what it did reaches the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    CutBefore,
    CutAfter,
    TooMany,
    TooManyRetryAfter,
    InternalError,
    InternalErrorAfterWork,
    Unavailable,
    UnavailableRetryAfter,
    SlowAnswer,
    SlowWork,
    Truncated,
    WrongType,
    KilledBefore,
    KilledAfter,
    KilledAnswered,
}

/// How long it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// This call only; its repetition passes.
    Once,
    /// This call and every later one, until the operation has given up.
    Lasting,
}

/// Each trouble with how the documentation calls it.
pub(super) const TROUBLES: &[(Trouble, &str)] = &[
    (Trouble::CutBefore, "cut before the work"),
    (Trouble::CutAfter, "cut after the work"),
    (Trouble::TooMany, "429"),
    (Trouble::TooManyRetryAfter, "429 with Retry-After"),
    (Trouble::InternalError, "500"),
    (Trouble::InternalErrorAfterWork, "500 after the work"),
    (Trouble::Unavailable, "503"),
    (Trouble::UnavailableRetryAfter, "503 with Retry-After"),
    (Trouble::SlowAnswer, "answer past the time-out"),
    (Trouble::SlowWork, "work past the time-out"),
    (Trouble::Truncated, "truncated JSON"),
    (Trouble::WrongType, "wrong content type"),
    (Trouble::KilledBefore, "killed before the call"),
    (Trouble::KilledAfter, "killed before the answer"),
    (Trouble::KilledAnswered, "killed after the answer"),
];

impl Trouble {
    pub(super) fn kills(self) -> bool {
        matches!(
            self,
            Self::KilledBefore | Self::KilledAfter | Self::KilledAnswered
        )
    }

    pub(super) fn is_slow(self) -> bool {
        matches!(self, Self::SlowAnswer | Self::SlowWork)
    }

    /// The spans worth trying. A killed provider makes no more calls, so there is no later one to spoil; and work that is done
    /// late, after the operation has given up on it, is only followed to its end once.
    pub(super) fn spans(self) -> &'static [Span] {
        match self {
            Self::SlowWork => &[Span::Once],
            _ if self.kills() => &[Span::Once],
            _ => &[Span::Once, Span::Lasting],
        }
    }

    /// The rules that spoil the call with this number, counted from 0.
    pub(super) fn rules(self, call: u64, span: Span) -> Vec<FaultRule> {
        // To the server, a process that is gone and one whose every further call is cut before it arrives are the same.
        let gone = |from| FaultRule::new(Fault::Cut { when: When::Before }).after(from);
        match self {
            Self::KilledBefore => return vec![gone(call)],
            Self::KilledAnswered => return vec![gone(call + 1)],
            Self::KilledAfter => {
                let last = FaultRule::new(Fault::Cut { when: When::After });
                return vec![last.after(call).times(1), gone(call)];
            }
            _ => {}
        }
        let rule = FaultRule::new(self.fault()).after(call);
        vec![match span {
            Span::Once => rule.times(1),
            Span::Lasting => rule,
        }]
    }

    fn fault(self) -> Fault {
        let status = |status, retry_after, before_work| Fault::Status {
            status,
            retry_after,
            before_work,
        };
        match self {
            Self::CutBefore | Self::KilledBefore | Self::KilledAnswered => {
                Fault::Cut { when: When::Before }
            }
            Self::CutAfter | Self::KilledAfter => Fault::Cut { when: When::After },
            Self::TooMany => status(429, None, true),
            Self::TooManyRetryAfter => status(429, Some(1), true),
            Self::InternalError => status(500, None, true),
            Self::InternalErrorAfterWork => status(500, None, false),
            Self::Unavailable => status(503, None, true),
            Self::UnavailableRetryAfter => status(503, Some(1), true),
            Self::SlowAnswer => Fault::Slow {
                seconds: 1.5,
                when: When::After,
            },
            Self::SlowWork => Fault::Slow {
                seconds: 1.5,
                when: When::Before,
            },
            Self::Truncated => Fault::Truncate {},
            Self::WrongType => Fault::ContentType {
                value: "text/html".to_owned(),
            },
        }
    }
}
