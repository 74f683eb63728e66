//! What goes wrong with a call, and for how long.

use lanyard_token_server::{Fault, FaultRule, When};

/// The time-out of providers that meet a slow server: longer than any answer takes, on a busy machine too.
pub(super) const TIME_OUT: &str = "3s";
/// Nobody waits for a late answer, so it never comes in time, however busy the machine is; and late work is done when the cell says so.
const LATE_SECONDS: f64 = 600.0;

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

    pub(super) fn is_busy(self) -> bool {
        matches!(self, Self::TooMany | Self::TooManyRetryAfter)
    }

    /// The spans worth trying on this call. A killed provider makes no more calls, so there is no later one to spoil; work that is
    /// done late, after the operation has given up on it, is only followed to its end once; and from a call that only reads, or signs in, a fault
    /// that goes on is what a killed provider meets.
    pub(super) fn spans(self, call: &str) -> &'static [Span] {
        match self {
            _ if call.starts_with("GET ") || call.ends_with("/jwt/access_token") => &[Span::Once],
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
                seconds: LATE_SECONDS,
                when: When::After,
            },
            Self::SlowWork => Fault::Slow {
                seconds: LATE_SECONDS,
                when: When::Before,
            },
            Self::Truncated => Fault::Truncate {},
            Self::WrongType => Fault::ContentType {
                value: "text/html".to_owned(),
            },
        }
    }
}
