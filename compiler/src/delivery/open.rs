//! One secret that was about to be issued, and whether it was.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::identity::Identity;
use super::place::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Kind;
use crate::model::access_token::OnConflict;
use crate::model::server::{Capabilities, Naming, RotationCapability};
use crate::model::state::{Outline, Planned, State};
use crate::plan::inventory::Found;
use crate::plan::{Action, Change, NotWorking};
use crate::value::Value;

/// How far what dates the objects of a server may be behind all clocks that can be asked: what is older than an attempt by more is not of
/// it.
pub const ASTRAY: SignedDuration = SignedDuration::from_mins(5);

/// Why a secret is issued again.
pub const REASON: &str = "an earlier apply could not hand over the secret";

/// How a secret comes to be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuing {
    Create,
    /// A new secret of what somebody else made: it is configured here as soon as it is taken over, before there is one.
    Adopt,
    Rotate,
    Replace,
}

/// A delivery that was begun and is not known to be over. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Open {
    pub address: String,
    pub action: Issuing,
    #[serde(flatten)]
    pub place: Place,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of an account that it tells from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// The secret before; `None` if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Identity>,
    /// The secret that was issued, where the answer arrived; `None` while that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Identity>,
    /// Not later than this by the server's clock, nor by this machine's.
    pub begun: Timestamp,
    /// The resource at its address is another object now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub displaced: bool,
    /// Everything is written down that tells its object from others of that name. Older versions left the account of a token out, and the
    /// e-mail address of an account.
    #[serde(default)]
    pub is_identified: bool,
    /// Nothing of it was begun: it is to be issued once, and its server shows no object that is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_promised: bool,
    /// What its object is marked with as soon as the answer to its creation is there, on a server that keeps such marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

/// What became of a secret that was to be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was issued, or may have been, and nobody got it.
    Lost,
    /// What was begun was not done: nobody waits for anything.
    NotIssued,
    /// Nobody got it, and somebody else had another one issued since, which may be in use.
    Replaced,
}

impl Issuing {
    /// How a change issues a secret, if it does or may.
    pub fn of(change: &Change) -> Option<Self> {
        let issues = change.brings_secret();
        let adopts = Outline::of(&change.config).on_conflict.value() == Some(&OnConflict::Adopt);
        match change.action {
            Action::Create if issues && adopts => Some(Self::Adopt),
            Action::Create if issues => Some(Self::Create),
            Action::Update if issues => Some(Self::Rotate),
            Action::Replace if issues => Some(Self::Replace),
            Action::Create | Action::Update | Action::Replace | Action::Delete | Action::NoOp => {
                None
            }
        }
    }
}

/// What it is called in complaints.
impl fmt::Display for Open {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(formatter, "{} ({name:?}) on {}", self.address, self.place),
            None => write!(formatter, "{} on {}", self.address, self.place),
        }
    }
}

impl Open {
    /// What is written down before a change; `None` for one that issues no secret. `planned` is its planned state with what is known by
    /// then: the account of a token may be made by the same apply.
    pub fn of(change: &Change, planned: &Value, place: Place, now: Timestamp) -> Option<Self> {
        let action = Issuing::of(change)?;
        let planned: State<Planned> = State::read_any(change.kind, planned).ok().flatten()?;
        Some(Self {
            address: change.address.clone(),
            action,
            place,
            kind: change.kind,
            name: planned.name.value().cloned(),
            email: planned.email.value().cloned(),
            service_account: planned.service_account.value().cloned(),
            before: change.before().as_ref().map(Identity::of),
            issued: None,
            begun: now,
            displaced: false,
            is_identified: true,
            is_promised: false,
            mark: None,
        })
    }

    /// True if an object on its server is the one whose secret it is, going by names.
    pub fn is_of(&self, state: &State) -> bool {
        let same_account =
            self.service_account.is_none() || self.service_account == state.service_account;
        let same_id = self
            .before
            .as_ref()
            .is_some_and(|before| before.id.is_some() && before.id == state.id);
        let same_name = match (&self.email, &state.email) {
            (Some(ours), Some(theirs)) => ours == theirs,
            // The one secret of an account is its token under any name.
            _ if self.kind == Kind::AccessToken && state.name.is_none() => {
                self.service_account.is_some()
            }
            _ => self.name.is_some() && self.name == state.name,
        };
        self.kind == state.kind() && (same_id || same_name && same_account)
    }

    /// True if it may be an object that is called so, or another one, going by what an older version wrote down.
    fn is_vague(&self, service_account: bool, server: Option<&Capabilities>) -> bool {
        !self.is_identified
            && match self.kind {
                Kind::AccessToken => self.service_account.is_none() && service_account,
                Kind::ServiceAccount => self.email.is_none() && names_of_ids(server).is_some(),
            }
    }

    /// Likewise, of what a configuration asks for.
    pub(super) fn is_vaguely(&self, config: &Outline, server: Option<&Capabilities>) -> bool {
        let account = &config.service_account;
        self.is_vague(account.is_unknown() || account.value().is_some(), server)
    }

    /// Notes that it is of this object.
    pub(super) fn identify(&mut self, state: &State) {
        self.service_account.clone_from(&state.service_account);
        if self.kind == Kind::ServiceAccount {
            self.email.clone_from(&state.email);
        }
        self.is_identified = true;
    }

    /// True if both are what was begun at one time, whatever was learned of it since.
    pub fn is_one_attempt(&self, other: &Self) -> bool {
        let told = |open: &Self| (open.begun, open.action, open.kind, open.name.clone());
        told(self) == told(other)
    }

    /// How an object on its server is the one whose secret it is: whether the names say so, and tell it from others. An object that is only
    /// called so, and that nothing of it can have been done to, is another one.
    pub(super) fn fits(&self, state: &State, server: Option<&Capabilities>) -> Option<Fit> {
        let is_vague = self.is_vague(state.service_account.is_some(), server);
        let is_pinned = self.action == Issuing::Rotate
            && self.kind == state.kind()
            && self.before.as_ref().and_then(|before| before.id.as_ref()) == state.id.as_ref()
            && state.id.is_some();
        if is_pinned {
            return Some(Fit::Surely);
        }
        // Under an address that somebody chose, an account is called as its configuration likes.
        let any_name = || {
            let id = state.id.as_deref().unwrap_or_default();
            self.kind == state.kind() && names_of_ids(server).is_some_and(|of| of(id).is_none())
        };
        if !is_vague {
            return self.is_of(state).then_some(Fit::ByName);
        }
        let may_be = self.is_of(state) || self.kind == Kind::ServiceAccount && any_name();
        (may_be && self.verdict(Some(state), server) == Verdict::Lost).then_some(Fit::Vaguely)
    }

    /// True if it is the object that a configuration asks for, going by names.
    pub(super) fn is_asked_for(&self, config: &Outline) -> bool {
        // Whoever configures an address finds the account by it.
        let same_name = match config.email.value() {
            Some(email) => self.email.as_ref() == Some(email),
            None => self.name.is_none() || self.name.as_ref() == config.name.value(),
        };
        let same_account = self.service_account.is_none()
            || self.service_account.as_ref() == config.service_account.value();
        same_name && same_account
    }

    /// True if an object of it that no resource waits for has a secret that nobody got and that still works.
    pub(super) fn is_missed(&self, object: &Found, server: Option<&Capabilities>) -> bool {
        let state = &object.state;
        let is_over = NotWorking::of(state).is_some_and(NotWorking::is_dead);
        !is_over
            && !self.is_of_another(object)
            && self.verdict(Some(state), server) == Verdict::Lost
    }

    /// True if an object was made by somebody else for sure: the answer to our creation never came, and its creator had one.
    pub(super) fn is_of_another(&self, object: &Found) -> bool {
        let is_unanswered =
            matches!(self.action, Issuing::Create | Issuing::Replace) && self.issued.is_none();
        let marks = self.mark.as_ref().zip(object.claimed_by.as_ref());
        is_unanswered && marks.is_some_and(|(ours, theirs)| ours != theirs)
    }

    /// What became of it, now that its object is as `prior` says, if there is one.
    pub fn verdict(&self, prior: Option<&State>, server: Option<&Capabilities>) -> Verdict {
        let Some(prior) = prior else {
            return Verdict::NotIssued;
        };
        let now = Identity::of(prior);
        let can = server.map(|server| prior.capabilities(server));
        let issued = self.issued.as_ref();
        if issued.is_some_and(|issued| now.is_surely_after(issued, can)) {
            return Verdict::Replaced;
        }
        // The answer came, and what it told is there: whatever a clock says, it is ours.
        if issued.is_some_and(|issued| issued.id.is_some() && issued.id == now.id) {
            return Verdict::Lost;
        }
        let lost = match (self.action, &self.before) {
            (Issuing::Rotate, Some(before)) => {
                // Whoever cannot tell the secrets apart must take it for lost: another one harms nobody who waits for one.
                !before.is_surely(&now, can.map_or(UNKNOWN, |can| can.rotation))
            }
            (Issuing::Rotate, None) | (Issuing::Adopt, _) => true,
            // The very object that was to be replaced.
            (Issuing::Replace, Some(before))
                if before.id.is_some() && before.since().is_some() && before == &now =>
            {
                false
            }
            // What is older than the attempt was not made by it. The plan saw nothing of that name just before.
            (Issuing::Create | Issuing::Replace, _) => {
                let begun = self.begun.checked_sub(ASTRAY).unwrap_or(self.begun);
                now.since().is_none_or(|since| since >= begun)
            }
        };
        if lost {
            Verdict::Lost
        } else {
            Verdict::NotIssued
        }
    }
}

/// How well an object fits what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It may be another one of that name.
    Vaguely,
    ByName,
    /// It is the very object that was to get another secret.
    Surely,
}

/// Where accounts are known by their addresses: how the name that one was made of is read off an id.
fn names_of_ids(server: Option<&Capabilities>) -> Option<fn(&str) -> Option<&str>> {
    match server?.service_account.naming {
        Naming::Address { name_of, .. } => Some(name_of),
        _ => None,
    }
}

/// True if a change that brought no secret leaves nothing open: it was refused before anything was made. A rotation that failed is
/// looked into by the next run, which sees whether the secret is still the same.
pub fn is_settled(open: &Open, problems: &[Diagnostic]) -> bool {
    let mut errors = problems
        .iter()
        .filter(|problem| problem.is_error())
        .peekable();
    errors.peek().is_none()
        || errors.all(|error| match error.code {
            // Somebody else has the secret that works.
            Code::Overtaken => true,
            Code::NameTaken | Code::ManagedElsewhere => {
                matches!(open.action, Issuing::Create | Issuing::Adopt)
            }
            _ => false,
        })
}

const UNKNOWN: RotationCapability = RotationCapability::Impossible { instead: "" };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::{Api, capabilities};

    fn open(action: Issuing, before: Option<Identity>) -> Open {
        Open {
            address: "lanyard_access_token.ci".into(),
            action,
            place: Place::new("https://t.example", None),
            kind: Kind::AccessToken,
            name: Some("ci".into()),
            email: None,
            service_account: None,
            before,
            issued: None,
            begun: at("12:00:00Z"),
            displaced: false,
            is_identified: true,
            is_promised: false,
            mark: None,
        }
    }

    fn at(time: &str) -> Timestamp {
        format!("2026-01-01T{time}").parse().unwrap()
    }

    fn state(generation: i64, issued_at: Option<&str>) -> State {
        let mut state = State::nothing(Kind::AccessToken);
        state.id = Some("at_1".into());
        state.name = Some("ci".into());
        state.generation = Some(generation);
        state.issued_at = issued_at.map(|time| at(time).into());
        state
    }

    #[test]
    fn a_rotation_is_lost_unless_the_secret_is_surely_the_one_before() {
        use Verdict::{Lost, NotIssued};
        let early = Some("10:00:00Z");
        for (api, before, now, expected) in [
            (Api::Native, state(1, early), state(1, early), NotIssued),
            (
                Api::Native,
                state(1, early),
                state(2, Some("12:00:00Z")),
                Lost,
            ),
            // Splunk does not count.
            (Api::Splunk, state(1, early), state(1, early), NotIssued),
            (
                Api::Splunk,
                state(1, early),
                state(1, Some("12:00:00.003Z")),
                Lost,
            ),
            (Api::Splunk, state(1, None), state(1, None), Lost),
            // Of these only the number of the slot tells.
            (
                Api::Elasticsearch,
                state(1, None),
                state(1, None),
                NotIssued,
            ),
            (Api::Elasticsearch, state(1, None), state(2, None), Lost),
            (Api::Osmo, state(3, None), state(4, None), Lost),
            // Nothing tells.
            (Api::Openobserve, state(1, early), state(1, early), Lost),
        ] {
            let open = open(Issuing::Rotate, Some(Identity::of(&before)));
            let verdict = open.verdict(Some(&now), Some(capabilities(api)));
            assert_eq!(verdict, expected, "{api:?}: {before:?} -> {now:?}");
        }
        let open = open(Issuing::Rotate, Some(Identity::of(&state(1, early))));
        let native = Some(capabilities(Api::Native));
        assert_eq!(open.verdict(None, native), NotIssued);
    }

    /// Only what is certain: whoever takes a lost secret for another one's forgets it.
    #[test]
    fn what_somebody_had_issued_since_is_not_the_secret_that_nobody_got() {
        use Verdict::{Lost, Replaced};
        let (first, ours) = (Some("10:00:00Z"), Some("12:00:01Z"));
        let later = Some("12:05:00Z");
        let made = |mut state: State, created: &str| {
            state.created_at = Some(at(created).into());
            state
        };
        for (api, issued, now, expected) in [
            (Api::Native, state(2, ours), state(2, ours), Lost),
            (Api::Native, state(2, ours), state(3, ours), Replaced),
            (Api::Splunk, state(1, ours), state(1, ours), Lost),
            (Api::Splunk, state(1, ours), state(1, later), Replaced),
            (Api::Splunk, state(1, ours), state(1, None), Lost),
            (Api::Elasticsearch, state(2, None), state(2, None), Lost),
            (Api::Elasticsearch, state(2, None), state(3, None), Replaced),
            (Api::Osmo, state(2, None), state(3, None), Replaced),
            // A list that lags behind says nothing.
            (Api::Osmo, state(2, None), state(1, None), Lost),
            (Api::Openobserve, state(1, ours), state(1, later), Lost),
            (
                Api::Openobserve,
                made(state(1, None), "12:00:01Z"),
                made(state(1, None), "12:05:00Z"),
                Replaced,
            ),
        ] {
            let mut open = open(Issuing::Rotate, Some(Identity::of(&state(1, first))));
            let server = Some(capabilities(api));
            open.issued = Some(Identity::of(&issued));
            let verdict = open.verdict(Some(&now), server);
            assert_eq!(verdict, expected, "{api:?}: {issued:?} -> {now:?}");
            open.issued = None;
            let verdict = open.verdict(Some(&now), server);
            assert_ne!(verdict, Replaced, "nobody knows what was issued");
        }
    }

    #[test]
    fn a_creation_is_lost_if_there_is_something_that_it_can_have_made() {
        for (now, expected) in [
            (None, Verdict::NotIssued),
            (Some(state(1, Some("12:00:01Z"))), Verdict::Lost),
            (Some(state(1, None)), Verdict::Lost),
            // By a clock that is behind.
            (Some(state(1, Some("11:56:00Z"))), Verdict::Lost),
            (Some(state(1, Some("11:00:00Z"))), Verdict::NotIssued),
        ] {
            let mut open = open(Issuing::Create, None);
            let verdict = open.verdict(now.as_ref(), None);
            assert_eq!(verdict, expected, "{now:?}");
            // Where the answer told of it, no clock counts.
            open.issued = now.as_ref().map(Identity::of);
            let verdict = open.verdict(now.as_ref(), None);
            assert_eq!(verdict == Verdict::Lost, now.is_some(), "{now:?}");
        }
    }

    #[test]
    fn what_was_to_be_replaced_and_is_there_as_it_was_has_no_secret_that_is_missing() {
        let old = state(1, Some("12:00:01Z"));
        let open = open(Issuing::Replace, Some(Identity::of(&old)));
        assert_eq!(open.verdict(Some(&old), None), Verdict::NotIssued);
        // Under the same id, too.
        let new = state(1, Some("12:00:02Z"));
        assert_eq!(open.verdict(Some(&new), None), Verdict::Lost);
    }

    /// How old it is says nothing: the secret that is missing is a new one of something old.
    #[test]
    fn an_adoption_is_lost_wherever_what_it_took_over_is_ours() {
        let open = open(Issuing::Adopt, None);
        let old = state(1, Some("11:00:00Z"));
        assert_eq!(open.verdict(Some(&old), None), Verdict::Lost);
        assert_eq!(open.verdict(None, None), Verdict::NotIssued);
    }

    #[test]
    fn only_a_creation_that_was_refused_leaves_nothing_open() {
        let problem = |code| [Diagnostic::error(code, "No")];
        let create = open(Issuing::Create, None);
        assert!(is_settled(&create, &[]));
        assert!(is_settled(&create, &problem(Code::NameTaken)));
        assert!(!is_settled(&create, &problem(Code::OutcomeUnknown)));
        let rotate = open(Issuing::Rotate, Some(Identity::of(&state(1, None))));
        assert!(!is_settled(&rotate, &problem(Code::OutcomeUnknown)));
        assert!(!is_settled(&rotate, &problem(Code::NameTaken)));
        assert!(is_settled(&rotate, &problem(Code::Overtaken)));
    }

    #[test]
    fn what_is_written_down_comes_back() {
        let open = open(
            Issuing::Rotate,
            Some(Identity::of(&state(1, Some("10:00:00Z")))),
        );
        let text = serde_json::to_string(&open).unwrap();
        assert_eq!(serde_json::from_str::<Open>(&text).unwrap(), open, "{text}");
    }
}
