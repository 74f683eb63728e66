//! A secret that does not work, or soon will not, in a plan that leaves it so.

use super::accounts::Fate;
use super::circumstances::{Course, Manner};
use super::power::is_disabled;
use crate::model::State;
use crate::model::kind::Kind;
use crate::model::state::Shown;
use crate::plan::{Action, Change, NotWorking};

/// Why somebody should look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmended {
    NotWorking(NotWorking),
    /// It works still, and its rotation is due.
    Due,
}

impl Unmended {
    /// False if the secret would work again without another one.
    pub(super) fn wants_another(self) -> bool {
        self != Self::NotWorking(NotWorking::AccountDisabled)
    }

    /// In a sentence, of a secret: `is due for rotation`.
    pub(super) fn words(self) -> String {
        match self {
            Self::NotWorking(why) => why.words(),
            Self::Due => "is due for rotation".to_owned(),
        }
    }
}

/// What a change leaves so; nothing of what is disabled, which is meant to be refused.
pub(super) fn unmended(
    fate: Fate,
    change: &Change,
    course: &Course,
    before: Option<&State<Shown>>,
    after: Option<&State<Shown>>,
) -> Option<Unmended> {
    let (before, after) = (before?, after?);
    let stays = matches!(change.action, Action::NoOp | Action::Update);
    if !stays || course.manner != Manner::Plain || course.left_over.is_some() {
        return None;
    }
    // A new secret works no better than the old one.
    if NotWorking::of(before) == Some(NotWorking::AccountDisabled) {
        let is_to_work = is_disabled(after) == Some(false) && fate == Fate::Disabled;
        return is_to_work.then_some(Unmended::NotWorking(NotWorking::AccountDisabled));
    }
    if change.brings_secret() || is_disabled(after) == Some(true) {
        return None;
    }
    if let Some(why) = NotWorking::unmeant(after) {
        return Some(Unmended::NotWorking(why));
    }
    let is_due = after.rotation_due.value() == Some(&true);
    (is_due && change.kind == Kind::AccessToken).then_some(Unmended::Due)
}
