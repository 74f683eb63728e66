//! What a change means for a credential: how dangerous it is, which power it gains and loses, and how its lifetime moves.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::accounts::{Accounts, Fate};
use super::circumstances::{Circumstances, Course, Manner};
use super::old_secret::{OldSecret, OwnEnd, old_secret};
use super::power::{is_disabled, power};
use super::subject::Is;
use super::unmended::{Unmended, unmended};
use crate::model::access_token::OnConflict;
use crate::model::server::Api;
use crate::model::state::{Seen, Shown, Written};
use crate::model::{Kind, Lifetime, State};
use crate::plan::{Action, Change, Plan, Reason};

/// What a change means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment<'a> {
    pub change: &'a Change,
    pub course: &'a Course,
    /// The prior state; `None` for a creation. One of thousands does not change, and both are the same then.
    pub before: Option<Arc<State<Shown>>>,
    /// The planned state; `None` for a deletion.
    pub after: Option<Arc<State<Shown>>>,
    pub danger: Danger,
    /// Power that the credential gains, each as a short phrase: `role admin`.
    pub gained: Vec<String>,
    /// Power that it loses.
    pub lost: Vec<String>,
    /// Its end before and after, in words; `None` where neither has one.
    pub lifetime: Option<(String, String)>,
    /// A secret that does not work, or soon will not, and stays as it is.
    pub(super) unmended: Option<Unmended>,
    /// What becomes of its secrets with its account.
    pub(super) fate: Fate,
    /// When the secret that there is ends by itself, of one that rotates, is replaced or is forgotten.
    pub(super) own_end: Option<OwnEnd>,
    /// When the plan was made, at the earliest.
    now: Option<Timestamp>,
    /// Whether what comes has the very name of what there is, in the very account.
    keeps_its_name: Is,
}

/// How much can go wrong, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// A credential, or all that belongs to an account, ends.
    Ends,
    /// A credential ends and another one takes its place.
    IsReplaced,
    /// A credential lives on, and nobody manages or rotates it.
    IsForgotten,
    /// The secret changes and the old one ends at once, or may.
    RotatesAtOnce,
    /// Somebody can do more than before.
    GainsPower,
    /// Somebody can do less than before.
    LosesPower,
    /// The secret changes and the old one stays valid for a while.
    Rotates,
    /// Something new.
    Appears,
    /// Anything else.
    Changes,
}

impl Danger {
    /// In one or two words, for a reader.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ends => "ends",
            Self::IsReplaced => "replaced",
            Self::IsForgotten => "forgotten",
            Self::RotatesAtOnce => "rotates at once",
            Self::GainsPower => "gains power",
            Self::LosesPower => "loses power",
            Self::Rotates => "rotates",
            Self::Appears => "new",
            Self::Changes => "changes",
        }
    }
}

/// Assesses what changes, most dangerous first; equally dangerous ones in the plan's order.
pub fn assess<'a>(plan: &'a Plan, circumstances: &'a Circumstances) -> Vec<Assessment<'a>> {
    let changes = plan.changes.iter().enumerate();
    let changes = changes.map(|(index, change)| (change, circumstances.course(index)));
    let accounts = Accounts::among(changes.clone(), circumstances);
    let now = circumstances.now;
    let mut assessments: Vec<_> = changes
        .map(|(change, course)| assess_change(&accounts, change, course, circumstances, now))
        .filter(Assessment::is_told)
        .collect();
    assessments.sort_by_key(|assessment| assessment.danger);
    assessments
}

/// Likewise, of what is assessed already.
pub(super) fn most_dangerous_first<'a>(items: &'a [Assessment<'a>]) -> Vec<&'a Assessment<'a>> {
    let mut told: Vec<_> = items.iter().filter(|item| item.is_told()).collect();
    told.sort_by_key(|assessment| assessment.danger);
    told
}

pub(super) fn assess_change<'a>(
    accounts: &Accounts<'_>,
    change: &'a Change,
    course: &'a Course,
    circumstances: &Circumstances,
    now: Option<Timestamp>,
) -> Assessment<'a> {
    let before = change.seen_before().map(Arc::new);
    let after = match change.prior == change.planned {
        true => before.clone(),
        false => change.seen_after().map(Arc::new),
    };
    let (gained, lost) = match (course.manner, &after) {
        // It keeps all that it can do.
        (Manner::Forgets, _) | (_, None) => Default::default(),
        (_, Some(planned)) => power(accounts, change, before.as_deref(), planned),
    };
    let fate = accounts.fate(change, before.as_deref());
    let is_replaced = change.action == Action::Replace;
    let ends_or_stays = change.rotates() || is_replaced || course.manner == Manner::Forgets;
    let api = circumstances.api_of(&change.address);
    let own_end = before.as_deref().filter(|_| ends_or_stays);
    let own_end = own_end.and_then(|before| OwnEnd::of(before, api));
    let old = old_secret(
        before.as_deref(),
        after.as_deref(),
        fate,
        own_end.as_ref(),
        now,
    );
    let danger = match change.action {
        // What has ended before locks nobody out, unless another one took its place.
        Action::Delete if matches!(old, OldSecret::IsDead(why) if !why.may_have_a_successor()) => {
            Danger::Changes
        }
        Action::Delete if change.leaves_account() => Danger::Changes,
        Action::Delete => Danger::Ends,
        Action::Replace => Danger::IsReplaced,
        Action::Create
            if change
                .takes
                .as_ref()
                .is_some_and(|takes| takes.ending() > 0) =>
        {
            Danger::IsReplaced
        }
        Action::Create => Danger::Appears,
        Action::NoOp if course.kept_elsewhere => Danger::Changes,
        Action::NoOp if course.manner == Manner::Forgets => match old {
            _ if fate == Fate::End => Danger::Ends,
            OldSecret::IsDead(why) if !why.may_have_a_successor() => Danger::Changes,
            _ => Danger::IsForgotten,
        },
        Action::Update if change.rotates() && fate == Fate::End => Danger::Ends,
        Action::Update | Action::NoOp => {
            let at_once = change.rotates()
                && (ends_before_last(change, before.as_deref())
                    || match old {
                        OldSecret::Ends
                        | OldSecret::MayEnd
                        | OldSecret::EndsWithItsAccount
                        | OldSecret::ReplacedElsewhere(_) => true,
                        OldSecret::IsDead(why) => why.may_have_a_successor(),
                        OldSecret::WorksFor(..) | OldSecret::WorksUntilFirstUse(_) => false,
                    });
            if at_once {
                Danger::RotatesAtOnce
            } else if !gained.is_empty() {
                Danger::GainsPower
            } else if !lost.is_empty()
                || change
                    .reasons
                    .iter()
                    .any(|reason| matches!(reason, Reason::Cascade { .. }))
            {
                Danger::LosesPower
            } else if change.rotates() {
                Danger::Rotates
            } else {
                Danger::Changes
            }
        }
    };
    Assessment {
        change,
        course,
        danger,
        gained,
        lost,
        lifetime: lifetime(api, change, before.as_deref(), after.as_deref())
            .filter(|_| course.manner != Manner::Forgets),
        unmended: unmended(fate, change, course, before.as_deref(), after.as_deref()),
        fate,
        own_end,
        now,
        keeps_its_name: keeps_its_name(accounts, change, before.as_deref(), after.as_deref()),
        before,
        after,
    }
}

fn keeps_its_name(
    accounts: &Accounts<'_>,
    change: &Change,
    before: Option<&State<Shown>>,
    after: Option<&State<Shown>>,
) -> Is {
    let (Some(before), Some(after)) = (before, after) else {
        return Is::False;
    };
    let of_account = || {
        // One that is made anew under its name takes the old one's place, whatever its id is.
        let account = accounts.owner(change, after)?;
        Some(Is::same(
            &account.seen_before()?.name,
            &account.seen_after()?.name,
        ))
    };
    let account = match Is::same(&before.service_account, &after.service_account) {
        Is::NotKnown => of_account().unwrap_or(Is::NotKnown),
        known => known,
    };
    match (Is::same(&before.name, &after.name), account) {
        (Is::False, _) | (_, Is::False) => Is::False,
        (Is::True, account) => account,
        (Is::NotKnown, _) => Is::NotKnown,
    }
}

impl Assessment<'_> {
    /// True if there is something to say of it.
    fn is_told(&self) -> bool {
        self.change.action != Action::NoOp
            || self.course.manner != Manner::Plain
            || !self.course.notes.is_empty()
            || self.kept_by_configuration().next().is_some()
    }

    /// True where no state is kept: then until when an old secret works, which is a token of its own, follows from what is configured now.
    pub(super) fn counts_by_configuration(&self) -> bool {
        !self.change.config.is_null()
    }

    /// Such secrets that still work and that the change leaves alone, with their ends.
    pub(super) fn kept_by_configuration(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        let stays = matches!(self.change.action, Action::NoOp | Action::Update);
        let before = self.before.as_deref();
        let works = matches!(self.fate, Fate::None | Fate::KeepIt);
        let before = before.filter(|_| stays && works && self.counts_by_configuration());
        let own = before.and_then(|before| before.id.value());
        let retired = before.and_then(|before| before.retired.value());
        retired.into_iter().flatten().filter_map(move |entry| {
            let end = entry.revoke_at.as_ref().filter(|_| !entry.due)?;
            (Some(&entry.id) != own).then(|| (entry.id.as_str(), end.value()))
        })
    }

    /// True if it works before, and not after: until somebody enables it again.
    pub(super) fn is_disabled(&self) -> bool {
        let disabled = |state: &Option<Arc<State<Shown>>>| state.as_deref().and_then(is_disabled);
        disabled(&self.before) == Some(false) && disabled(&self.after) == Some(true)
    }

    /// What `on_conflict` says, where what replaces it is made first and takes, or may take, its name by that.
    fn taken_by_its_successor(&self) -> Option<OnConflict> {
        let after = self.after.as_ref()?;
        let is_first = self.change.action == Action::Replace && self.course.manner != Manner::Plain;
        let may_be_same = self.keeps_its_name != Is::False;
        let choice = after.on_conflict.value().copied();
        choice.filter(|choice| is_first && may_be_same && *choice != OnConflict::Error)
    }

    /// Whether that ends it before there is another secret.
    pub(super) fn ends_by_its_successor(&self) -> Is {
        match (
            self.taken_by_its_successor(),
            self.lives_on_in_its_successor(),
        ) {
            (Some(_), None) if !self.goes_on() => self.keeps_its_name,
            (Some(_), Some(_)) if matches!(self.old_secret(), OldSecret::MayEnd) => Is::NotKnown,
            _ => Is::False,
        }
    }

    /// Whether it is a token that takes itself over, where that leaves, or may leave, its old secret a grace period.
    pub(super) fn lives_on_in_its_successor(&self) -> Option<Is> {
        let old = self.old_secret();
        let works_on = old.works_on().is_some() || matches!(old, OldSecret::MayEnd);
        let adopts = self.taken_by_its_successor() == Some(OnConflict::Adopt);
        let is_token = self.change.kind == Kind::AccessToken;
        (is_token && adopts && works_on).then_some(self.keeps_its_name)
    }

    /// True if it is an account that takes itself over: nothing of it ends.
    pub(super) fn goes_on(&self) -> bool {
        let has_secret = self
            .before
            .as_ref()
            .is_some_and(|before| before.holds_secret());
        self.taken_by_its_successor() == Some(OnConflict::Adopt)
            && self.keeps_its_name == Is::True
            && self.change.kind == Kind::ServiceAccount
            && !has_secret
    }

    /// True if its rotation ends a secret that its server kept from the one before.
    pub(super) fn ends_before_last(&self) -> bool {
        self.change.rotates() && ends_before_last(self.change, self.before.as_deref())
    }

    pub(super) fn old_secret(&self) -> OldSecret {
        let (before, after) = (self.before.as_deref(), self.after.as_deref());
        old_secret(before, after, self.fate, self.own_end.as_ref(), self.now)
    }
}

/// True if a rotation ends a secret that its server kept from the one before.
fn ends_before_last(change: &Change, before: Option<&State<Shown>>) -> bool {
    let own = before.and_then(|before| before.id.value());
    change.reasons.iter().any(|reason| match reason {
        Reason::Revocation { ids } => own.is_some_and(|own| ids.contains(own)),
        _ => false,
    })
}

/// True unless the end is known to be another than this long after the issue; servers count in seconds, some in minutes.
fn ends_after(issued: Option<Timestamp>, ttl: Lifetime, end: Timestamp) -> bool {
    let Some(issued) = issued else {
        return true;
    };
    let lasts = end.duration_since(issued).as_secs();
    i64::try_from(ttl.seconds()).is_ok_and(|ttl| lasts.abs_diff(ttl) <= 120)
}

fn lifetime(
    api: Option<Api>,
    change: &Change,
    before: Option<&State<Shown>>,
    after: Option<&State<Shown>>,
) -> Option<(String, String)> {
    let words = |state: Option<&State<Shown>>, unknown: &str| {
        let Some(state) = state else {
            return "none".to_owned();
        };
        let issued = state.issued_at.value().map(Written::value);
        match (state.ttl.value(), OwnEnd::of(state, api)) {
            // Without a state, the length that the configuration wants stands beside an end that came of another one.
            (Some(ttl), Some(end)) if ends_after(issued, ttl.value(), end.at) => {
                format!("until {} ({ttl} from issue)", end.words)
            }
            (_, Some(end)) => format!("until {}", end.words),
            (Some(ttl), None) => format!("{ttl} from issue"),
            (None, None) => match &state.expires_at {
                Seen::Unknown => unknown.to_owned(),
                Seen::Hidden(_) => "hidden".to_owned(),
                Seen::Known(_) => "no end".to_owned(),
            },
        }
    };
    if change.kind != Kind::AccessToken {
        return None;
    }
    let (before, after) = (
        words(before, "not known"),
        words(after, "known after apply"),
    );
    (before != after && change.action != Action::Delete).then_some((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_only_said_of_the_end_that_it_gave() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let days = |text| Lifetime::parse(text).unwrap();
        let (issued, end) = (at("2026-01-01T00:00:00Z"), at("2026-01-31T00:00:01Z"));
        assert!(ends_after(Some(issued), days("30d"), end));
        assert!(!ends_after(Some(issued), days("90d"), end));
        // Not issued yet.
        assert!(ends_after(None, days("90d"), end));
    }
}
