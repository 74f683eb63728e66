//! What people call things: accounts by their names, which a plan's values only know by their ids.

use std::collections::HashMap;

use super::{Assessment, words};
use crate::model::Kind;
use crate::model::state::Seen;
use crate::plan::{Change, Field, Plan};
use crate::value::Value;

/// The names of a plan's service accounts.
#[derive(Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub(super) fn of(plan: &Plan) -> Self {
        let accounts = plan
            .changes
            .iter()
            .filter(|change| change.kind == Kind::ServiceAccount);
        Self(
            accounts
                .filter_map(|change| Some((id(change)?, change.name()?)))
                .collect(),
        )
    }

    /// Both sides of a field as text, with the names of accounts.
    pub(super) fn values(&self, field: &Field) -> (String, String) {
        if words::changes_hidden(field) {
            return ("(sensitive)".to_owned(), "(changes, hidden)".to_owned());
        }
        let names_account = field.path.to_string() == "service_account";
        let text = |value: &Value, shown: fn(&Value, bool) -> String| {
            let name = value.as_str().filter(|_| names_account && !field.sensitive);
            match name.and_then(|id| self.0.get(id)) {
                Some(name) => words::quoted(name),
                None => shown(value, field.sensitive),
            }
        };
        (
            text(&field.before, words::value_before),
            text(&field.after, words::value),
        )
    }
}

/// The resource of a change; what no configuration knows has only an id for an address, and a name says more.
pub(super) fn called(assessment: &Assessment<'_>) -> String {
    let change = assessment.change;
    let states = [&assessment.before, &assessment.after];
    let mut ids = states.iter().copied().flatten().map(|state| &state.id);
    let id = ids.find_map(Seen::value);
    match (id == Some(&change.address))
        .then(|| change.name())
        .flatten()
    {
        Some(name) => {
            let kind = match change.kind {
                Kind::ServiceAccount => "service account",
                Kind::AccessToken => "access token",
            };
            format!("{kind} {}", words::quoted(&name))
        }
        None => change.address.clone(),
    }
}

fn id(change: &Change) -> Option<String> {
    let states = [change.seen_before(), change.seen_after()];
    let ids = states.iter().flatten().map(|state| &state.id);
    ids.filter_map(Seen::value).next().cloned()
}
