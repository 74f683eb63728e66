//! What a server has beyond the configuration: left alone and told of, or deleted where that was asked for.

use std::sync::Arc;

use super::Comparison;
use super::kept::Kept;
use super::side::{Server, Side};
use crate::diagnostic::Diagnostic;
use crate::model::Kind;
use crate::plan::inventory::Found;
use crate::plan::{Change, plan_resource};
use crate::value::Value;

impl Comparison {
    /// What a server has beyond the configuration, or why it is not known.
    pub(super) fn look_around(&mut self, index: usize, prune: bool, kept: &Kept<'_>) {
        let side = &self.sides[index];
        let resources = self
            .servers
            .iter()
            .filter(|server| **server == index)
            .count();
        let unknown = not_connected(side, resources);
        let (leftovers, staying) = kept.part(side.inventory.unclaimed().cloned().collect());
        self.notes.extend(side.note.clone());
        self.notes.extend(unknown);
        if !prune {
            self.notes.extend(left_alone(&leftovers));
            return;
        }
        self.notes.extend(kept.explain(&staying, &named(&staying)));
        for object in &leftovers {
            let side = &self.sides[index];
            match side.holds_foreign_tokens(object) {
                Some(warning) => self.notes.push(warning),
                None => {
                    let change = deletion(object, side);
                    self.add(change, index, Arc::default(), Vec::new());
                }
            }
        }
    }
}

impl Side {
    /// An account ends with all its tokens: it must not take those of others with it.
    fn holds_foreign_tokens(&self, object: &Found) -> Option<Diagnostic> {
        let id = object.state.get("id");
        let foreign = self
            .inventory
            .found()
            .iter()
            .filter(|other| {
                other.kind == Kind::AccessToken && other.state.get("service_account") == id
            })
            .filter(|other| !self.inventory.is_ours(other))
            .count();
        (object.kind == Kind::ServiceAccount && foreign > 0).then(|| {
            Diagnostic::warning("holds-foreign-tokens", "A service account is left alone")
                .detail(format!(
                    "{} is not in the configuration, but {foreign} of its access tokens are not managed by Lanyard and would end with it.",
                    described(object),
                ))
        })
    }
}

fn deletion(object: &Found, side: &Side) -> Change {
    let id = object.state.get("id").as_str().unwrap_or_default();
    let planned = plan_resource(
        object.kind,
        side.capabilities(),
        &object.state,
        &Value::Null,
    );
    Change::new(id, object.kind, object.state.clone(), Value::Null, planned)
}

fn described(object: &Found) -> String {
    format!(
        "{} {:?}",
        object.kind.title(),
        object.state.get("name").as_str().unwrap_or_default()
    )
}

/// The first few by name, and how many more there are.
fn named(objects: &[Found]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = objects.iter().take(SHOWN).map(described).collect();
    if objects.len() > SHOWN {
        names.push(format!("{} more", objects.len() - SHOWN));
    }
    names
}

/// One warning per server whose settings come from somewhere else.
fn not_connected(side: &Side, resources: usize) -> Option<Diagnostic> {
    let Server::NotKnown { unknown, .. } = &side.server else {
        return None;
    };
    let names: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let are = if unknown.len() == 1 { "is" } else { "are" };
    let those = match resources {
        0 => return None,
        1 => "1 resource is planned as if it was new".to_owned(),
        count => format!("{count} resources are planned as if they were new"),
    };
    Some(
        Diagnostic::warning(
            "server-not-known",
            "Resources cannot be compared with their server yet",
        )
        .detail(format!(
            "{} of {} {are} not known before something else is applied: {those}.",
            names.join(" and "),
            side.provider,
        )),
    )
}

/// One warning per server that has more of ours than the configuration knows.
fn left_alone(leftovers: &[Found]) -> Option<Diagnostic> {
    if leftovers.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "not-in-configuration",
            "Lanyard manages more than this configuration knows",
        )
        .detail(format!("Left alone: {}.", named(leftovers).join(", ")))
        .hint(
            "Another configuration may manage them. If none does, `--prune` plans to delete them.",
        ),
    )
}
