//! What a server answered after a write, held to what it was asked for: one that takes more away, or gives more power, says so nowhere else.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::{Capabilities, UpdateCapability};
use lanyard_compiler::model::state::Planned;
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::NotTaken;
use lanyard_compiler::review::beyond;
use lanyard_compiler::value::AttributePath;

/// The power that an object has and was not to have, each as a short phrase.
pub(super) fn more_power(kind: Kind, differs: &NotTaken) -> Vec<String> {
    beyond(kind, differs.asked.clone(), differs.answered.clone())
}

/// What is told of a new secret whose power was asked for and could not be read afterwards.
pub(super) fn not_looked_at(
    server: &Capabilities,
    planned: &State<Planned>,
    answered: &State,
) -> Option<Diagnostic> {
    let states = |name| {
        let can = planned.capabilities(server).attribute(name);
        can.is_some_and(|can| can.change != UpdateCapability::Computed)
    };
    let unseen = [
        (
            "roles",
            planned.roles.value().is_some(),
            answered.roles.is_none(),
        ),
        (
            "scopes",
            planned.scopes.value().is_some(),
            answered.scopes.is_none(),
        ),
    ];
    let (name, ..) = unseen
        .into_iter()
        .find(|(name, asked, hidden)| *asked && *hidden && states(name))?;
    Some(
        Diagnostic::warning(Code::NotRead, "What a new secret can do was not looked at")
            .detail(format!(
                "{} issued the secret of the {} {:?}, and its `{name}` could not be read afterwards: the state says what was asked for. Whether it can do more than that is not known.",
                server.title,
                planned.kind().title(),
                answered.name.as_deref().unwrap_or_default()
            ))
            .at(AttributePath::attribute(name))
            .hint("Plan again: a refresh reads it, and shows what is otherwise."),
    )
}

/// What is told of an object that can do more than was asked for: nobody agreed to that.
pub(super) fn goes_beyond(mut told: Diagnostic, beyond: &[String]) -> Diagnostic {
    told.detail = format!(
        "{} It goes beyond that: {}.",
        told.detail,
        beyond.join("; ")
    );
    told
}
