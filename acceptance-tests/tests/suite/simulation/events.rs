//! What happens between two applies.

use lanyard_compiler::model::{AccessToken, Kind};
use lanyard_compiler::value::Value;
use lanyard_servers::{Object as _, anything, connect};
use lanyard_token_server::{Api, Fault, FaultRule, ReferenceServer, When};
use serde_json::{Value as Json, json};

use super::estate::Able;
use super::random::Random;
use crate::support::door::operator_of;
use crate::support::slots::{delete_slot, slots};
use crate::support::states;

/// Edits one setting, as somebody who may.
pub(super) fn edit(config: &mut Json, able: &Able, random: &mut Random) -> String {
    match random.below(7) {
        0 if able.ends => {
            let ttl = *random.pick(&["10d", "20d", "30d", "45d", "60d", "90d", "120d"]);
            config["ttl"] = ttl.into();
            format!("ttl = {ttl}")
        }
        1 if able.ends && able.rotates && random.below(3) == 0 => {
            let jitter = *random.pick(&["6h", "1d", "2d"]);
            if !config["rotation"]["before_expiry"].is_null() {
                config["rotation"]["jitter"] = jitter.into();
            }
            format!("jitter = {jitter}")
        }
        1 if able.ends && able.rotates => {
            let ahead = *random.pick(&["3d", "5d", "7d"]);
            config["rotation"]["before_expiry"] = ahead.into();
            format!("before_expiry = {ahead}")
        }
        2 if able.grace => {
            let grace = *random.pick(&["0s", "1d", "2d"]);
            config["rotation"]["grace_period"] = grace.into();
            format!("grace_period = {grace}")
        }
        3 if able.disables => {
            let disabled = config["disabled"] != true;
            config["disabled"] = disabled.into();
            format!("disabled = {disabled}")
        }
        4 if able.describes => {
            let text = format!("round {}", random.below(1000));
            config["description"] = text.as_str().into();
            format!("description = {text}")
        }
        5 if able.rotates && !config["rotation"].is_null() && random.below(3) == 0 => {
            config["rotation"] = Json::Null;
            "no rotation block".to_owned()
        }
        _ if able.rotates => {
            let round = random.below(1_000_000).to_string();
            config["rotation"]["triggers"] = json!({ "round": round });
            format!("trigger {round}")
        }
        _ => "nothing".to_owned(),
    }
}

/// What somebody does on the server past Lanyard, if there is something to do.
pub(super) async fn drift(
    server: &ReferenceServer,
    state: &Value,
    able: &Able,
    random: &mut Random,
) -> &'static str {
    let Some(id) = state.get("id").as_str() else {
        return "nothing";
    };
    let operator = operator_of(server);
    match random.below(4) {
        0 if able.slots => {
            let name = state.get("name").as_str().unwrap_or_default();
            let account = state.get("service_account").as_str().unwrap_or_default();
            let all = slots(server, name);
            let newest = all.iter().max_by_key(|slot| {
                let number = slot.rsplit_once("--").map_or("1", |(_, number)| number);
                number.parse::<u32>().unwrap_or(1)
            });
            match newest {
                Some(slot) => delete_slot(server, account, slot).await,
                None => return "nothing",
            }
            "the newest secret is deleted by hand"
        }
        1 if able.moves_ends => {
            let now = server.clock().now();
            let later = now.checked_add(jiff::SignedDuration::from_hours(24 * 200));
            let later = later.expect("a year is no distance").to_string();
            change(&operator, id, "expires_at", |before| {
                (!before.is_null()).then(|| later.as_str().into())
            })
            .await;
            "the end is extended by hand"
        }
        2 if able.describes && !able.slots => {
            change(&operator, id, "description", |_| Some("by hand".into())).await;
            "the description is changed by hand"
        }
        3 if random.below(3) == 0 && server.api != Api::OpenObserve => {
            let other = connect(&operator).expect("the settings are right");
            let deleted = AccessToken::of(&*other).delete(id).await;
            deleted.expect("it is deleted");
            "it is deleted by hand"
        }
        _ => "nothing",
    }
}

async fn change(
    operator: &lanyard_compiler::model::Settings,
    id: &str,
    attribute: &str,
    to: impl Fn(&Value) -> Option<Value>,
) {
    let server = connect(operator).expect("the settings are right");
    let Ok(current) = states::import(&*server, Kind::AccessToken, id).await else {
        return;
    };
    let Some(value) = to(current.get(attribute)) else {
        return;
    };
    let mut changed = current.clone();
    let entries = changed.as_map_mut().expect("a state is an object");
    entries.insert(attribute.to_owned(), value);
    let [current, changed] = [current, changed].map(|state| AccessToken::decode(&state).unwrap());
    let updated = AccessToken::of(&*server)
        .update(id, &current, &changed, &anything)
        .await;
    updated.expect("it is changed");
}

/// The next writes lose their answers, or never arrive.
pub(super) fn trouble(server: &ReferenceServer, random: &mut Random) {
    let when = *random.pick(&[When::Before, When::After]);
    let rule = FaultRule::new(Fault::Cut { when });
    let method = *random.pick(&["POST", "PUT", "PATCH", "DELETE"]);
    let rule = rule.on(method, "/").times(1 + random.below(2) as u64);
    let added = server.faults().add(rule);
    added.expect("the rule makes sense");
}
