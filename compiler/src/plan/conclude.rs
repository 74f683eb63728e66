//! The state after a change: what was planned stays as planned, and what was unknown is as the server says.

use jiff::Timestamp;

use super::{reconcile, rotation};
use crate::model::kind::Kind;
use crate::model::server::Capabilities;
use crate::model::state::{Planned, Retired, State};
use crate::value::Value;

/// The state after a create or update, from the planned state and what the server said afterwards (see
/// [`crate::model::observe`]), wholly known and compatible with the plan. A new secret stands in `observed`'s `token` or
/// `encrypted_token`; what planning already decided about retired secrets is kept, the rest is the caller's
/// (see [`State::retire`]).
pub fn conclude(
    server: Option<&Capabilities>,
    prior: Option<&State>,
    planned: &State<Planned>,
    observed: State,
    now: Timestamp,
) -> State {
    let shown = planned.write();
    let wanted = read(planned.kind(), &shown.known_part());
    let said = observed.retired.clone();
    let mut state = reconcile(server, wanted.as_ref(), observed);
    carry_retired(prior, said, &mut state);
    let mut filled = fill(&shown, state);
    filled.date_retired(now);
    let mut settled = rotation::settle(server, filled, now);
    if planned.rotation_due.is_unknown() {
        // A secret issued a moment ago is not due; only the next read decides.
        settled.rotation_due = Some(false);
    }
    if planned.generation.is_unknown() && settled.generation.is_none() && settled.holds_secret() {
        // The first secret that this state holds is its first, where the server does not count.
        settled.generation = Some(1);
    }
    fill(&shown, settled)
}

/// Planning leaves `retired` unknown for a rotation: start from what the prior state knew.
fn carry_retired(prior: Option<&State>, said: Option<Vec<Retired>>, state: &mut State) {
    if state.kind() != Kind::AccessToken {
        return;
    }
    let own = state.id.clone();
    let before = prior.into_iter().flat_map(|prior| prior.retired().to_vec());
    let before = before.filter(|retired| Some(&retired.id) != own.as_ref());
    state.retired = Some(rotation::each_once(
        before.chain(said.into_iter().flatten()),
    ));
}

/// What was planned, with each unknown part as it turned out.
fn fill(planned: &Value, state: State) -> State {
    // Both were read, so it can be.
    read(state.kind(), &planned.filled_from(&state.write())).unwrap_or(state)
}

fn read(kind: Kind, value: &Value) -> Option<State> {
    State::read(kind, value).ok()
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::ServiceAccountRecord;
    use crate::model::{facts, observe};
    use crate::plan::plan_resource;
    use crate::secret::Secret;

    #[test]
    fn an_adopted_secret_is_the_first_where_the_server_does_not_count() {
        use crate::model::server::{Api, capabilities};
        for api in [Api::Chronosphere, Api::Openobserve] {
            let kind = Kind::ServiceAccount;
            let said = [("name", "ci".into()), ("on_conflict", "adopt".into())];
            let config = facts::object(kind, said);
            let plan = plan_resource(kind, Some(capabilities(api)), &Value::Null, &config);
            let planned = plan.state.unwrap();
            assert!(planned.generation.is_unknown(), "{api:?}");
            let conclude = |token: Option<Secret>| {
                let observed = observe::service_account(&ServiceAccountRecord {
                    id: "ci".to_owned(),
                    name: "ci".to_owned(),
                    token,
                    ..ServiceAccountRecord::default()
                });
                let now = "2026-11-28T00:00:00Z".parse().unwrap();
                conclude(Some(capabilities(api)), None, &planned, observed, now)
            };
            let held = conclude(Some(Secret::new("hunter2")));
            assert_eq!(held.generation, Some(1), "{api:?}");
            assert_eq!(conclude(None).generation, None, "{api:?}");
        }
    }
}
