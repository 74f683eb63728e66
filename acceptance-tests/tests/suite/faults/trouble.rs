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
    NotFound,
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
    /// This call and every later one, or, from a call that only reads, every later one that does too, until the operation has given up.
    Lasting,
}

/// Which of an operation's calls is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Counted from 0, among all calls of the operation.
    pub(super) number: u64,
    pub(super) role: Role,
}

/// What a call is to its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Reads or signs in before anything is written.
    Early,
    Write,
    /// Reads after something was written.
    Read {
        /// How many calls of the operation read before it.
        earlier: u64,
    },
}

impl Place {
    /// The places of an operation's calls, such as `PATCH /v1/access-tokens/{id}`, in order.
    pub(super) fn of(calls: &[String]) -> Vec<Self> {
        let (mut reads, mut written) = (0, false);
        (0..)
            .zip(calls)
            .map(|(number, call)| {
                let signs_in = call.ends_with("/jwt/access_token");
                let role = match (call.starts_with("GET "), written) {
                    (true, true) => Role::Read { earlier: reads },
                    (true, false) => Role::Early,
                    (false, _) if signs_in => Role::Early,
                    (false, _) => Role::Write,
                };
                reads += u64::from(call.starts_with("GET "));
                written |= role == Role::Write;
                Self { number, role }
            })
            .collect()
    }
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
    (Trouble::NotFound, "404"),
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

    /// The spans worth trying on this call. A killed provider makes no more calls, so there is no later one to spoil, and work that is
    /// done late, after the operation has given up on it, is only followed to its end once.
    pub(super) fn spans(self, place: Place) -> &'static [Span] {
        let lasts = match place.role {
            // Nothing has been done yet: a fault that goes on is what a killed provider meets.
            Role::Early => false,
            Role::Read { .. } => self.is_one_of_its_kind_for_reads(),
            Role::Write => self != Self::SlowWork && !self.kills(),
        };
        if lasts {
            &[Span::Once, Span::Lasting]
        } else {
            &[Span::Once]
        }
    }

    /// One trouble of each kind that looks different to who only reads and is asked again in vain: that the server did its work is all one
    /// then, as is which failure of its own it reports.
    fn is_one_of_its_kind_for_reads(self) -> bool {
        match self {
            Self::CutBefore
            | Self::TooMany
            | Self::InternalError
            | Self::NotFound
            | Self::SlowAnswer
            | Self::Truncated
            | Self::WrongType => true,
            Self::CutAfter
            | Self::TooManyRetryAfter
            | Self::InternalErrorAfterWork
            | Self::Unavailable
            | Self::UnavailableRetryAfter
            | Self::SlowWork
            | Self::KilledBefore
            | Self::KilledAfter
            | Self::KilledAnswered => false,
        }
    }

    /// The rules that spoil this call.
    pub(super) fn rules(self, place: Place, span: Span) -> Vec<FaultRule> {
        let call = place.number;
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
        let rule = FaultRule::new(self.fault());
        vec![match (span, place.role) {
            (Span::Once, _) => rule.after(call).times(1),
            // What is written still arrives, so that the operation can go on, or take back what it did, without seeing.
            (Span::Lasting, Role::Read { earlier }) => rule.on("GET", "/").after(earlier),
            (Span::Lasting, Role::Write | Role::Early) => rule.after(call),
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
            Self::NotFound => status(404, None, true),
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
