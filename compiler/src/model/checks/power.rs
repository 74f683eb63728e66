//! What an account may do, and who may see a token.

use super::{Subject, attribute};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::access_token::VisibilityLevel;
use crate::model::kind::Kind;
use crate::model::state::Open;

/// `unrestricted` says in so many words what the absence of a restriction means.
pub(super) fn restriction_is_chosen_once(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.kind != Kind::ServiceAccount {
        return;
    }
    let said = &subject.said;
    if said.restriction.is_unknown() {
        return;
    }
    let stands = !said.restriction.is_null();
    match said.unrestricted.value() {
        Some(true) if stands => found.push(
            Diagnostic::error(
                Code::RestrictionConflict,
                "An account cannot be restricted and unrestricted",
            )
            .detail("`unrestricted` is true, and a `restriction` block stands.")
            .at(attribute("unrestricted"))
            .hint("Remove one of the two."),
        ),
        Some(false) if !stands => found.push(
            Diagnostic::error(
                Code::RestrictionMissing,
                "A restricted account needs a restriction",
            )
            .detail("`unrestricted` is false, and no `restriction` block stands.")
            .at(attribute("unrestricted"))
            .hint("Add a `restriction` block, or set `unrestricted = true`."),
        ),
        _ => {}
    }
}

pub(super) fn labels_are_few(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let restriction = subject.said.restriction.value();
    let path = attribute("restriction").then("labels");
    if let Some(entries) = restriction.and_then(|restriction| restriction.labels.value()) {
        if entries.len() > 2 {
            found.push(
                Diagnostic::error(Code::TooManyLabels, "A restriction has too many labels")
                    .detail(format!(
                        "`{path}` has {} labels, at most 2 are possible.",
                        entries.len()
                    ))
                    .at(path.clone()),
            );
        }
        if entries.contains_key("") {
            found.push(
                Diagnostic::error(Code::EmptyName, "A name is empty")
                    .detail(format!("A key of `{path}` is empty."))
                    .at(path),
            );
        }
    }
}

pub(super) fn visibility_names_whom_it_selects(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(visibility) = subject.said.visibility.value() else {
        return;
    };
    let Some(level) = visibility.level.value() else {
        return;
    };
    let named = [&visibility.users, &visibility.teams].map(|list| match &**list {
        Open::Unknown => None,
        Open::Known(list) => Some(list.as_ref().is_some_and(|list| !list.is_empty())),
    });
    if *level == VisibilityLevel::Selected {
        if named == [Some(false), Some(false)] {
            found.push(
                Diagnostic::error(Code::VisibilitySelectsNobody, "A visibility selects nobody")
                    .detail("`visibility.level` is \"selected\", and neither `users` nor `teams` names anybody.")
                    .at(attribute("visibility").then("level"))
                    .hint("Name users or teams, or use level = \"admins\"."),
            );
        }
        return;
    }
    for (name, named) in ["users", "teams"].into_iter().zip(named) {
        if named == Some(true) {
            found.push(
                Diagnostic::error(
                    Code::VisibilityNotSelected,
                    "Users and teams are named without being selected",
                )
                .detail(format!(
                    "`visibility.{name}` counts only with level = \"selected\"; it is \"{}\".",
                    level.name()
                ))
                .at(attribute("visibility").then(name))
                .hint(format!("Set level = \"selected\", or remove `{name}`.")),
            );
        }
    }
}
