//! Configuration x stored state -> what will change, and why. Pure: no clock, no server, so planning twice gives the same answer,
//! perhaps days apart. What depends on time was decided when the state was read (see [`rotation`]).

mod adopted;
pub mod adoption;
mod another_secret;
mod beyond;
pub mod change;
pub mod conclude;
mod decide;
mod diff;
mod elsewhere;
pub mod encode;
mod expiry;
pub mod file;
mod former_secret;
mod generated;
pub mod guard;
pub mod in_use;
pub mod inventory;
mod left_out;
mod meaning;
pub(crate) mod mistaken;
mod never_comes;
mod not_taken;
mod not_working;
mod notice;
mod on_demand;
mod one_secret;
pub mod order;
pub mod reconcile;
pub mod rotation;
mod strange;
pub mod sweep;
mod taken;
mod takes;
pub mod token_list;
mod unfinished;
mod written;

use std::fmt;

pub use adopted::{as_adopted, keeps_secret};
pub use another_secret::{way_after_an_import, way_from_a_dead_secret, way_to_another_secret};
pub use beyond::{
    PUT_BACK, how_to_have_none, no_role_to_take, none_of_its_roles, roles_beyond_account,
    roles_left,
};
pub(crate) use change::accounts_have_secrets;
pub use change::{Change, Counts, Field, Masked, Plan};
pub use conclude::conclude;
use decide::comes_back;
pub(crate) use decide::leaves_something;
pub use decide::{
    Forced, died, may_come_back, past_end, plan_at, plan_forced, plan_resource, plan_validated,
    replaces_what_stays,
};
pub use elsewhere::in_another_organization;
pub(crate) use former_secret::Former;
pub use generated::generated;
pub use never_comes::never_comes;
pub use not_taken::{NotTaken, not_taken};
pub use not_working::{NotWorking, ends_successor, not_known, not_working};
pub(crate) use not_working::{is_meant, kept_from_working};
pub use notice::{BEFORE_IT_ENDS, notices, soon_end_kept};
pub use on_demand::on_demand;
pub use one_secret::two_renew_one_secret;
pub use reconcile::{called_as_before, reconcile};
pub use taken::ways_with_taken_name;
pub use takes::Takes;
pub use unfinished::unfinished_is_an_error;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::model::server::{Capabilities, DeleteCapability};
use crate::model::state::{Attributes, Form, Planned, Retired, State};
use crate::value::{AttributePath, Value};

/// What a plan does to one object.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    NoOp,
    Create,
    Update,
    Replace,
    Delete,
}

/// One planned change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedResource {
    pub action: Action,
    /// `None` for a creation, and where it cannot be read.
    pub prior: Option<State>,
    /// The state to come; `None` for a deletion, and where nothing can be planned.
    pub state: Option<State<Planned>>,
    /// The state to come, in the schema's shape: configured values as configured, unknown exactly where this change decides.
    /// Null for a deletion. For a replacement, the state of the new object.
    pub planned: Value,
    /// What makes a new object necessary.
    pub requires_replace: Vec<AttributePath>,
    /// Why, for the people who review.
    pub reasons: Vec<Reason>,
    pub diagnostics: Vec<Diagnostic>,
    /// False where the server knows no restrictions: their absence says nothing there.
    pub restrictable: bool,
}

/// Why something happens, built from stored data only.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// A new secret is issued.
    Rotation { why: String },
    /// A new secret is issued if a value that is not known yet turns out to differ.
    PossibleRotation { why: String },
    /// A new object is made.
    Replacement { path: AttributePath, why: String },
    /// Other objects lose power or end.
    Cascade { what: String },
    /// Retired secrets whose grace period is over are revoked; their ids.
    Revocation { ids: Vec<String> },
    /// Likewise, if their grace period, which is not known yet, turns out to be none; their ids.
    PossibleRevocation { ids: Vec<String> },
    /// Of old secrets that were found, it is written down until when they work; their ids.
    GraceBegins { ids: Vec<String> },
}

/// What a change does with the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It stays as it is.
    No,
    /// The server shows the one that there is again, and it is handed over.
    HandedOver,
    /// Only the clock at the time of the apply can tell (see [`plan_at`]).
    Open,
    /// A new one is issued.
    Issued,
}

impl Renewal {
    /// There is no prior state for a creation.
    pub fn of<P: Form, F: Form>(prior: Option<&Attributes<P>>, planned: &Attributes<F>) -> Self {
        let comes = F::is_unknown(&planned.token) || F::is_unknown(&planned.encrypted_token);
        let before = prior.map(|prior| P::known(&prior.generation).copied().flatten());
        match (F::known(&planned.generation), before) {
            _ if !comes => Self::No,
            (Some(after), Some(before)) if *after == before => Self::HandedOver,
            (None, Some(Some(_))) => Self::Open,
            _ => Self::Issued,
        }
    }

    /// True if a secret comes, a new one or the same again.
    pub fn brings_secret(self) -> bool {
        self != Self::No
    }
}

/// The retired tokens that this update revokes: those in `prior` that are missing in `planned`; where a rotation decides the list anew,
/// those that are due, have lost their grace period, or were found and get none, and what the server itself kept until then.
pub fn revokes<'a>(prior: &'a State, planned: &State<Planned>) -> Vec<&'a str> {
    let own = prior.id.as_ref();
    ends_retired(prior, planned)
        .filter(|retired| Some(&retired.id) != own)
        .map(|retired| retired.id.as_str())
        .collect()
}

/// Likewise, with the one that the server itself keeps under the token's own id, and of states of which parts may not be known.
pub fn ends_retired<'a, P: Form, F: Form>(
    prior: &'a State<P>,
    planned: &State<F>,
) -> impl Iterator<Item = &'a Retired> {
    let retired = P::known(&prior.retired).and_then(Option::as_deref);
    let rotation = F::known(&planned.rotation);
    let gives_none = rotation.is_some_and(|rotation| rotation::has_no_grace(rotation.as_ref()));
    let brings_secret = Renewal::of(Some(&**prior), planned).brings_secret();
    retired
        .unwrap_or_default()
        .iter()
        .filter(move |retired| match F::known(&planned.retired) {
            Some(Some(kept)) => !kept.iter().any(|other| other.id == retired.id),
            Some(None) => true,
            None => {
                let ends = rotation::loses_grace(prior, planned);
                retired.due
                    || ends
                    || brings_secret && rotation::ends_before_last(prior, retired)
                    || rotation::undated(prior).any(|found| found.id == retired.id) && gives_none
            }
        })
}

/// The retired tokens that this update ends beside those (see [`ends_retired`]) if it turns out to give them no grace period. What stands
/// under the token's own id a new secret takes the place of anyway, and is told with it.
pub fn may_end_retired<'a, P: Form, F: Form>(
    prior: &'a State<P>,
    planned: &State<F>,
) -> Vec<&'a Retired> {
    if F::known(&planned.retired).is_some() {
        return Vec::new();
    }
    let own = P::known(&prior.id).and_then(Option::as_ref);
    let brings_secret = Renewal::of(Some(&**prior), planned).brings_secret();
    let ends: Vec<&Retired> = ends_retired(prior, planned).collect();
    rotation::left_open(prior, planned)
        .filter(|entry| !(ends.contains(entry) || brings_secret && Some(&entry.id) == own))
        .collect()
}

/// What happens to a retired secret, by its id.
pub fn old_secret(id: &str) -> String {
    format!("ends the old secret {id} of an earlier rotation")
}

impl Reason {
    /// What the end of an account is for its tokens, `whose` being what they are called; `None` where there are none, or it does not end.
    pub fn tokens_end(
        whose: &str,
        server: Option<&Capabilities>,
        delete: Option<DeleteCapability>,
    ) -> Option<Self> {
        if server.is_some_and(|server| server.access_token.absent.is_some()) {
            return None;
        }
        let what = match delete {
            Some(DeleteCapability::Disables { .. } | DeleteCapability::Leaves { .. }) => {
                return None;
            }
            Some(DeleteCapability::DeletesAlone) => {
                format!("{whose} have to go first: it stays while there are any")
            }
            Some(DeleteCapability::Deletes) | None => format!("{whose} end with it"),
        };
        Some(Self::Cascade { what })
    }

    /// What comes of taking roles from an account.
    pub fn tokens_lose(roles: &[&str]) -> Self {
        let what = format!("its access tokens lose {}", roles.join(", "));
        Self::Cascade { what }
    }

    /// Likewise, where nobody may see which.
    pub fn tokens_lose_hidden() -> Self {
        let what = "its access tokens lose roles that are hidden".to_owned();
        Self::Cascade { what }
    }

    /// Old secrets that end if their grace period, which is not known yet, turns out to be none.
    pub fn perhaps_ends<P: Form, F: Form>(prior: &State<P>, planned: &State<F>) -> Option<Self> {
        let ids = may_end_retired(prior, planned).into_iter();
        let ids: Vec<String> = ids.map(|retired| retired.id.clone()).collect();
        (!ids.is_empty()).then_some(Self::PossibleRevocation { ids })
    }

    /// What was found retired, and that this update gives a grace period.
    pub fn grace_begins<P: Form, F: Form>(prior: &State<P>, planned: &State<F>) -> Option<Self> {
        let is_open = F::is_unknown(&planned.retired);
        (is_open && rotation::begins_grace(prior, planned)).then(|| {
            let found = rotation::undated(prior).filter(|found| !found.due);
            let ids = found.map(|found| found.id.clone()).collect();
            Self::GraceBegins { ids }
        })
    }

    /// The reason alone, where what happens is said already.
    pub fn why(&self) -> String {
        match self {
            Self::Rotation { why } | Self::PossibleRotation { why } => why.clone(),
            Self::Replacement { path, why } if path.is_root() => why.clone(),
            Self::Replacement { path, why } => format!("`{path}` {why}"),
            Self::Cascade { .. }
            | Self::Revocation { .. }
            | Self::PossibleRevocation { .. }
            | Self::GraceBegins { .. } => self.to_string(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation { why } => write!(formatter, "rotates: {why}"),
            Self::PossibleRotation { why } => write!(formatter, "may rotate: {why}"),
            Self::Replacement { path, why } if path.is_root() => {
                write!(formatter, "is replaced: {why}")
            }
            Self::Replacement { path, why } => write!(formatter, "is replaced: `{path}` {why}"),
            Self::Cascade { what } => formatter.write_str(what),
            Self::Revocation { ids } => {
                let all: Vec<String> = ids.iter().map(|id| old_secret(id)).collect();
                formatter.write_str(&all.join("; "))
            }
            Self::PossibleRevocation { ids } => {
                let all: Vec<String> = ids
                    .iter()
                    .map(|id| {
                        format!(
                            "may end the old secret {id} of an earlier rotation at once: its grace period is not known yet"
                        )
                    })
                    .collect();
                formatter.write_str(&all.join("; "))
            }
            Self::GraceBegins { ids } => {
                write!(
                    formatter,
                    "the grace period of {}, found on the server, begins",
                    ids.join(", ")
                )
            }
        }
    }
}
