//! How a resource comes to another secret, in words that fit its server: a hint names no block and no attribute that is refused there.

use crate::model::server::{Capabilities, ResourceCapabilities, RotationCapability};
use crate::model::state::{Form, State};

/// What brings another secret where a replacement does not.
pub fn way_to_another_secret(server: &ResourceCapabilities) -> &'static str {
    match server.rotation {
        RotationCapability::Impossible { instead } => instead,
        _ => "For another secret, change a value in `rotation.triggers`.",
    }
}

/// What brings one to a state that was imported without.
pub fn way_after_an_import(server: &ResourceCapabilities) -> &'static str {
    match server.rotation {
        RotationCapability::Impossible { instead } => instead,
        RotationCapability::NoOverlap { .. } => {
            "For a new one in one step: set `after_import = true` in its `rotation` block, which ends the old one."
        }
        RotationCapability::Server { .. } | RotationCapability::TwoSlots => {
            "For a new one in one step: set `after_import = true` in its `rotation` block, with a `grace_period` for the old one."
        }
    }
}

/// What brings one to a state whose secret does not work any more.
pub fn way_from_a_dead_secret<F: Form>(
    state: &State<F>,
    server: Option<&Capabilities>,
) -> &'static str {
    match server.map(|server| &state.capabilities(server).rotation) {
        Some(RotationCapability::Impossible { instead }) => instead,
        _ => {
            "For a new one: set `after_import` in its `rotation` block, or change a value in `rotation.triggers`; or run `lanyard apply --rotate ADDRESS`."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NotWorking, not_known, not_working, past_end};
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::model::Kind;
    use crate::model::server::{Api, capabilities};
    use crate::model::state::Planned;
    use crate::value::Value;

    /// A resource of each kind that has a secret there.
    fn states(server: &Capabilities) -> Vec<State> {
        let named =
            |account: Value| Value::map([("name", "ci".into()), ("service_account", account)]);
        let all = [
            (Kind::ServiceAccount, Value::map([("name", "ci".into())])),
            (Kind::AccessToken, named("org/ci".into())),
            (Kind::AccessToken, named(Value::Null)),
        ];
        all.iter()
            .map(|(kind, value)| State::read(*kind, value).unwrap())
            .filter(|state: &State| {
                let can = state.capabilities(server);
                can.absent.is_none() && can.issues_secret
            })
            .collect()
    }

    /// What is told of it without looking at more than its server.
    fn told(state: &State, server: &'static Capabilities) -> Vec<Diagnostic> {
        let planned = State::read(state.kind(), &state.write()).unwrap();
        let mut ends = planned.clone();
        let past = Value::map([("expires_at", "2020-01-01T00:00:00Z".into())]);
        let past = State::<Planned>::read(state.kind(), &past).unwrap();
        ends.expires_at = past.expires_at.clone();
        let reasons = [
            NotWorking::AccountDisabled,
            NotWorking::Expired,
            NotWorking::Revoked,
        ];
        let mut told: Vec<Diagnostic> = reasons
            .into_iter()
            .map(|why| not_working(state, why, Some(server)))
            .collect();
        told.extend(not_known(state, &planned, Some(server)));
        told.extend(past_end(Some(server), None, &ends, jiff::Timestamp::MAX));
        told
    }

    #[test]
    fn no_hint_names_what_its_server_does_not_take() {
        let mut seen = 0;
        for server in Api::ALL.map(capabilities) {
            for state in states(server) {
                let can = state.capabilities(server);
                let mut hints = vec![
                    way_to_another_secret(can).to_owned(),
                    way_after_an_import(can).to_owned(),
                ];
                hints.extend(told(&state, server).into_iter().flat_map(|told| told.hints));
                let rotates = !matches!(can.rotation, RotationCapability::Impossible { .. });
                let has_grace = !matches!(can.rotation, RotationCapability::NoOverlap { .. });
                for hint in hints {
                    let names = |words: &[&str]| words.iter().any(|word| hint.contains(word));
                    let of = server.title;
                    assert!(
                        rotates || !names(&["`rotation", "after_import", "--rotate"]),
                        "{of}: {hint}"
                    );
                    assert!(
                        rotates && has_grace || !names(&["grace_period"]),
                        "{of}: {hint}"
                    );
                    let disabled = can.attribute("disabled").is_some();
                    assert!(
                        disabled || !names(&["set `disabled", "say so: `disabled"]),
                        "{of}: {hint}"
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 30, "{seen}");
    }
}
