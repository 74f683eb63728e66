//! What a server answered after a write, beside what it was asked for: one that takes a request and ignores a part of it says so nowhere
//! else, and a state that says what was asked for would hide it.

use super::diff::{Difference, differences};
use super::reconcile;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::server::{Capabilities, Naming, UpdateCapability};
use crate::model::state::{Planned, State};
use crate::value::{AttributePath, Value};

/// What decides over power or life: where it differs, the change has failed.
const WEIGHTY: &[&str] = &[
    "service_account",
    "roles",
    "scopes",
    "disabled",
    "restriction",
    "visibility",
    "expires_at",
];

/// What no other change gives more of: where it is left alone, an answer with more of it is the server's.
const POWER: &[&str] = &["roles", "scopes", "disabled", "restriction", "visibility"];

/// What differs between a plan and what the server answered.
pub struct NotTaken {
    pub told: Vec<Diagnostic>,
    /// The plan as far as it came true.
    pub came_true: State<Planned>,
    /// What the object was to be.
    pub asked: Value,
    /// Likewise, where power and life are as the server answered.
    pub answered: Value,
}

/// What differs between the plan and what the server answered. `None` if all of it came true. Of what exists already, with its state and
/// its configuration, what is neither configured nor to be changed was not asked for: it may follow from another change, as a token loses
/// roles with its account. It gains no power so.
pub fn not_taken(
    server: &Capabilities,
    existing: Option<(&State, &Value)>,
    planned: &State<Planned>,
    observed: &State,
) -> Option<NotTaken> {
    let kind = planned.kind();
    let wanted = planned.write();
    let known = State::read(kind, &wanted.known_part()).ok()?;
    let answered = reconcile(Some(server), Some(&known), observed.clone()).write();
    let asked = wanted.filled_from(&answered);
    let existing = existing.map(|(prior, config)| (prior.write(), config));
    let is_left_alone = |name: &str| {
        existing.as_ref().is_some_and(|(prior, config)| {
            let is_untouched = config.get(name).is_null() && prior.get(name) == wanted.get(name);
            is_untouched && (!POWER.contains(&name) || is_only_fewer_roles(name, prior, &answered))
        })
    };
    let differing = differences(&facts::schema(kind).body, &asked, &answered);
    let (weighty, others): (Vec<Difference>, Vec<Difference>) = differing
        .into_iter()
        .filter(|differing| is_asked_for(server, planned, observed, &differing.name))
        .filter(|differing| !is_left_alone(first(&differing.name)))
        .partition(|differing| WEIGHTY.contains(&first(&differing.name)));
    if weighty.is_empty() && others.is_empty() {
        return None;
    }
    let name = observed.name.as_deref().or(known.name.as_deref());
    let about = format!(
        "On {}, the {} {:?}",
        server.title,
        kind.title(),
        name.unwrap_or_default()
    );
    let mut told = Vec::new();
    let mut came_true = planned.clone();
    let mut differs = asked.clone();
    if let Some(entries) = differs.as_map_mut() {
        for differing in &weighty {
            let name = first(&differing.name);
            entries.insert(name, answered.get(name).clone());
        }
    }
    if !weighty.is_empty() {
        told.push(
            Diagnostic::error(Code::NotTaken, "The token server did not do what it was asked for")
                .detail(format!(
                    "{about} is not as it should be in {}: the server took the change, and answers with something else.",
                    names(&weighty)
                ))
                .at(path(&weighty))
                .hint("The state says what the server answered. Plan again: a refresh shows whether it stays so.")
                .hint("If it does, this server cannot do it, or something on the way takes it out of the request: configure what it has, or delete it there if it can do more than it should."),
        );
    }
    // Terraform holds a creation without an error to its plan.
    if !weighty.is_empty() || existing.is_some() {
        came_true = as_answered(planned, &wanted, &answered, weighty.iter().chain(&others))?;
    }
    if !others.is_empty() {
        told.push(
            Diagnostic::warning(Code::NotTaken, "The token server did not do all that it was asked for")
                .detail(format!(
                    "{about} differs from what was asked for in {}: the server took the change, and answers with something else.",
                    names(&others)
                ))
                .at(path(&others))
                .hint("The next plan shows what is still different. If it stays so, this server does not keep it: leave it out of the configuration."),
        );
    }
    Some(NotTaken {
        told,
        came_true,
        asked,
        answered: differs,
    })
}

fn is_only_fewer_roles(name: &str, prior: &Value, answered: &Value) -> bool {
    let [had, has] = [prior, answered].map(|side| side.get(name).as_list());
    let (had, has) = (had.unwrap_or_default(), has.unwrap_or_default());
    name == "roles" && has.iter().all(|role| had.contains(role))
}

/// True for what the server takes, and says afterwards.
fn is_asked_for(
    server: &Capabilities,
    planned: &State<Planned>,
    observed: &State,
    name: &str,
) -> bool {
    let capabilities = planned.capabilities(server);
    let can = capabilities.attribute(name);
    let can = can.or_else(|| capabilities.attribute(first(name)));
    let is_said = match name {
        "name" => {
            let is_its_own = matches!(
                capabilities.naming,
                Naming::Name | Naming::NameAndSlug { .. }
            );
            observed.name.is_some() && is_its_own
        }
        "roles" => observed.roles.is_some(),
        "scopes" => observed.scopes.is_some(),
        _ => true,
    };
    is_said && can.is_some_and(|can| can.change != UpdateCapability::Computed)
}

/// The plan, with what differs as the server answered, and what follows from it open.
fn as_answered<'a>(
    planned: &State<Planned>,
    wanted: &Value,
    answered: &Value,
    differing: impl Iterator<Item = &'a Difference>,
) -> Option<State<Planned>> {
    let mut value = wanted.clone();
    let entries = value.as_map_mut()?;
    for differing in differing {
        let name = first(&differing.name);
        entries.insert(name, answered.get(name).clone());
    }
    match planned.kind() {
        Kind::AccessToken => entries.insert("status", Value::Unknown),
        Kind::ServiceAccount => {
            entries.insert("unrestricted", answered.get("unrestricted").clone())
        }
    };
    State::read(planned.kind(), &value).ok()
}

fn first(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn path(differing: &[Difference]) -> AttributePath {
    match differing {
        [one] => one.path.clone(),
        _ => AttributePath::root(),
    }
}

fn names(differing: &[Difference]) -> String {
    let names: Vec<String> = differing
        .iter()
        .map(|differing| format!("`{}`", differing.path))
        .collect();
    names.join(", ")
}
