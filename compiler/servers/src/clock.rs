//! What time it is, as far as two clocks agree: the server's, which its answers tell, and this machine's.
//!
//! Either can be wrong, and nothing shows which. So what cannot be undone (a rotation, an end) needs both: see
//! [decision 3](../../../docs/decisions/0003-the-clock-is-the-servers.md).

use jiff::Timestamp;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Lifetime;

/// The time at one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What is before this is over: by the server's clock, and where that is far from this machine's by both.
    pub now: Timestamp,
    /// What ends so much later is counted from here: by the server's clock unless it is far from this machine's.
    pub ends_from: Timestamp,
    /// By this machine's clock.
    pub own: Timestamp,
    /// By the clock that wrote the answers' `Date`, however far it is from this machine's; `None` before an answer with one.
    pub dated: Option<Timestamp>,
    /// What is before this was before now by any clock: a little earlier than what this machine says where no answer tells.
    pub at_earliest: Timestamp,
    /// The latest answer whose time was far from this machine's.
    pub doubt: Option<Doubt>,
}

impl Clock {
    /// Two clocks that agree.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            ends_from: now,
            own: now,
            dated: Some(now),
            at_earliest: now,
            doubt: None,
        }
    }

    /// What time it may be where objects are dated: whoever writes the `Date` of an answer may have another clock than what keeps them.
    pub fn readings(&self) -> impl Iterator<Item = Timestamp> {
        self.dated.into_iter().chain([self.own])
    }
}

/// Two clocks that are further apart than they may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub server: Timestamp,
    pub own: Timestamp,
    pub tolerance: Lifetime,
    /// True if other answers of the same server agree with this machine.
    pub is_an_exception: bool,
}

impl Doubt {
    /// The warning, which is the same for all objects of the server.
    pub fn warning(&self) -> Diagnostic {
        let Self {
            server,
            own,
            tolerance,
            is_an_exception,
        } = self;
        let second = |time: &Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let (server, own) = (second(server), second(own));
        let detail = if *is_an_exception {
            format!(
                "An answer said that it is {server}, and this machine says {own}, as other answers do. That answer's time was not believed."
            )
        } else {
            format!(
                "The server says that it is {server}, and this machine says {own}. More than {tolerance} apart, nothing is taken for due or expired unless it is so by both, or the server calls it so."
            )
        };
        Diagnostic::warning(
            Code::ClocksDisagree,
            "The token server's clock and this machine's disagree",
        )
        .detail(detail)
        .hint("Set the clock that is wrong (a proxy may write the time of an answer, too). If it is this machine's and cannot be set, raise `clock_tolerance`.")
    }
}
