//! Power that somebody gave a credential, or took from it, past its configuration: where that does not say what it is to be, a plan
//! leaves it so, and shows nothing.

use super::accounts::Accounts;
use super::power::power;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::State;
use crate::model::kind::Kind;
use crate::model::state::Shown;
use crate::plan::{Action, Change, PlannedResource};
use crate::value::Value;

/// What became of an object between two looks at it, if that moved its power.
pub fn drift_of_power(kind: Kind, before: &Value, now: &Value) -> Option<Change> {
    let now = PlannedResource::new(Action::Update, now.clone());
    let drift = Change::read(kind.title(), kind, before.clone(), now);
    moves_power(&drift).then_some(drift)
}

/// True if what happened outside moved the power of the object.
pub(super) fn moves_power(drift: &Change) -> bool {
    let now = drift.seen_after();
    let (gained, lost) = now.map_or_else(Default::default, |now| moved(drift, &now));
    !gained.is_empty() || !lost.is_empty()
}

/// Power that stays moved.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftSo {
    /// Each a short phrase: `role admin`.
    gained: Vec<String>,
    /// Of roles only those that the account has all the same: the rest went with it.
    lost: Vec<String>,
}

impl LeftSo {
    /// What a plan makes of it, with the roles that the account of a token will have. `None` if nothing stays.
    pub fn of(drift: &Change, planned: &State<Shown>, held: &[String]) -> Option<Self> {
        let (mut gained, mut lost) = moved(drift, &drift.seen_after()?);
        let (still_gained, still_lost) = moved(drift, planned);
        gained.retain(|phrase| still_gained.contains(phrase));
        // Without any role it is told as that.
        let has_some = planned.roles.value().is_some_and(|roles| !roles.is_empty());
        let held: Vec<String> = held.iter().map(|role| format!("role {role}")).collect();
        lost.retain(|phrase| {
            let went_alone = is_of_scopes(phrase) || has_some && held.contains(phrase);
            went_alone && still_lost.contains(phrase)
        });
        (!gained.is_empty() || !lost.is_empty()).then_some(Self { gained, lost })
    }

    /// Without a subject: `can do more than before (role admin)`.
    pub fn words(&self) -> String {
        let gained = format!("more than before ({})", self.gained.join(", "));
        let lost = format!("less than before ({})", self.lost.join(", "));
        let told = match (self.gained.is_empty(), self.lost.is_empty()) {
            (true, _) => lost,
            (false, true) => gained,
            (false, false) => format!("{gained}, and {lost}"),
        };
        format!("can do {told}")
    }

    /// The warning about an object of this name.
    pub fn warning(&self, kind: Kind, name: &str) -> Diagnostic {
        let (kind, words) = (kind.title(), self.words());
        Diagnostic::warning(
            Code::PowerChangedOutside,
            "Somebody changed what a credential can do",
        )
        .detail(format!(
            "The {kind} {name:?} {words}: somebody changed that on the server, and this plan leaves it so, unless it replaces it. Once an apply has stored it, no plan tells it any more."
        ))
        .hint(self.hint())
    }

    pub(super) fn hint(&self) -> String {
        let moved = || self.gained.iter().chain(&self.lost);
        let attributes = [
            ("`roles`", moved().any(|phrase| is_of_roles(phrase))),
            ("`scopes`", moved().any(|phrase| is_of_scopes(phrase))),
        ];
        let attributes = attributes.iter().filter(|(_, moved)| *moved);
        let attributes: Vec<&str> = attributes.map(|(attribute, _)| *attribute).collect();
        let place = match attributes.as_slice() {
            [] => "the configuration".to_owned(),
            attributes => format!("{} of the configuration", attributes.join(" and ")),
        };
        format!("To have it put back now and each time, say in {place} what it is to have.")
    }
}

fn is_of_roles(phrase: &str) -> bool {
    phrase.starts_with("role")
}

fn is_of_scopes(phrase: &str) -> bool {
    ["scope", "every scope"]
        .iter()
        .any(|start| phrase.starts_with(start))
}

/// Power gained and lost since the state was stored, were `after` what becomes of it.
fn moved(drift: &Change, after: &State<Shown>) -> (Vec<String>, Vec<String>) {
    let Some(mut before) = drift.seen_before() else {
        return Default::default();
    };
    // What was only imported, or moved here from elsewhere, does not say yet what the server had.
    if before.disabled.is_null() {
        return Default::default();
    }
    if before.roles.is_null() {
        before.roles = after.roles.clone();
    }
    if before.scopes.is_null() {
        before.scopes = after.scopes.clone();
    }
    power(&Accounts::default(), drift, Some(&before), after)
}
