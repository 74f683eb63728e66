//! State -> the configuration a person would have written for it: what `terraform plan -generate-config-out` and `lanyard export` write.

use super::facts;
use super::schema::{Attribute, Body, Nesting, Presence};
use super::server::{Capabilities, Naming, ResourceCapabilities, UpdateCapability};
use super::state::State;
use crate::value::Value;

/// In the schema's shape. Keeps what may be configured on this server and says something: computed, write-only, deprecated and secret
/// values are dropped, and so are defaults, what leaving out means anyway, and what follows from something else that is written.
pub fn authored(server: Option<&Capabilities>, state: &State) -> Value {
    written(server, &named(server, state.clone()))
}

/// The state with a name, which every resource wants: where the server has none for the object, what its address or its id gives.
#[must_use]
pub fn named(server: Option<&Capabilities>, mut state: State) -> State {
    if state.name.is_none() {
        state.name = name_by_address(server, &state).or_else(|| state.id.clone());
    }
    state
}

/// What an account can be called that is known by its address alone.
fn name_by_address(server: Option<&Capabilities>, state: &State) -> Option<String> {
    match state.capabilities(server?).naming {
        Naming::Address { name_for, .. } => state.email.as_deref().map(name_for),
        _ => None,
    }
}

/// Likewise, of what takes its name from elsewhere.
pub fn authored_without_name(server: Option<&Capabilities>, state: &State) -> Value {
    let mut state = state.clone();
    state.name = None;
    written(server, &state)
}

fn written(server: Option<&Capabilities>, state: &State) -> Value {
    let can = server.map(|server| state.capabilities(server));
    let body_of = &facts::schema(state.kind()).body;
    let mut written = body(body_of, can, "", &state.write());
    if let Some(entries) = written.as_map_mut() {
        for (name, cause) in [("expires_at", "ttl"), ("unrestricted", "restriction")] {
            if !entries.get(cause).is_none_or(Value::is_null) {
                entries.insert(name, Value::Null);
            }
        }
    }
    written
}

fn body(body_of: &Body, can: Option<&ResourceCapabilities>, around: &str, state: &Value) -> Value {
    let mut entries = body_of.empty();
    for attribute in &body_of.attributes {
        let value = state.get(&attribute.name);
        let name = format!("{around}{}", attribute.name);
        let kept =
            is_taken(can, &name, attribute.local) && says_something(attribute, value, can, &name);
        let value = if kept { value.clone() } else { Value::Null };
        entries.insert(attribute.name.as_str(), value);
    }
    for block in &body_of.blocks {
        let local = block.is_local();
        let taken = is_taken(can, &block.name, local);
        let inside = |item: &Value| body(&block.body, can, &format!("{}.", block.name), item);
        let value = match (block.nesting, state.get(&block.name)) {
            (Nesting::Single, item @ Value::Map(_)) if taken => inside(item),
            (Nesting::Single, _) => Value::Null,
            (Nesting::List, Value::List(items)) if taken => {
                Value::List(items.iter().map(inside).collect())
            }
            (Nesting::List, _) => Value::List(Vec::new()),
        };
        entries.insert(block.name.as_str(), value);
    }
    Value::Map(entries)
}

fn is_taken(can: Option<&ResourceCapabilities>, name: &str, local: bool) -> bool {
    local
        || can.is_none_or(|can| {
            can.attribute(name)
                .is_some_and(|attribute| attribute.change != UpdateCapability::Computed)
        })
}

fn says_something(
    attribute: &Attribute,
    value: &Value,
    can: Option<&ResourceCapabilities>,
    name: &str,
) -> bool {
    let may_stand = attribute.is_configurable()
        && !attribute.write_only
        && !attribute.sensitive
        && attribute.deprecated.is_none()
        && !value.is_null()
        && value.as_secret().is_none();
    if !may_stand || attribute.presence == Presence::Required {
        return may_stand;
    }
    if attribute.name == "unrestricted" && value.as_bool() == Some(false) {
        return false;
    }
    if value.is_empty() {
        // Where the server decides what is left out, "none" is worth writing, if it may be written.
        let decided_elsewhere =
            attribute.presence == Presence::OptionalComputed && attribute.default.is_null();
        let wants_members = can.is_some_and(|can| can.wants_members(name));
        return decided_elsewhere && value.as_list().is_some() && !wants_members;
    }
    *value != attribute.default
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::Kind;
    use crate::model::server::{Api, capabilities};

    fn said(kind: Kind, api: Api, entries: &[(&str, Value)]) -> Vec<String> {
        let state = facts::object(kind, entries.iter().cloned());
        let state = State::read(kind, &state).unwrap();
        authored(Some(capabilities(api)), &state)
            .as_map()
            .unwrap()
            .iter()
            .filter(|(name, value)| {
                let block = facts::schema(kind).body.block(name).is_some();
                !(value.is_null() || block && value.is_empty())
            })
            .map(|(name, _)| name.to_string())
            .collect()
    }

    #[test]
    fn only_what_says_something_is_written() {
        let written = said(
            Kind::AccessToken,
            Api::Native,
            &[
                ("id", "at_1".into()),
                ("name", "ci".into()),
                ("description", "".into()),
                ("disabled", false.into()),
                ("roles", Value::set(["viewer".into()])),
                ("scopes", Value::List(Vec::new())),
                ("expires_at", "2099-01-01T00:00:00Z".into()),
                ("ttl", "90d".into()),
                ("status", "active".into()),
                ("visibility", Value::map([("level", "admins".into())])),
            ],
        );
        assert_eq!(written, ["name", "roles", "scopes", "ttl", "visibility"]);
    }

    #[test]
    fn what_the_server_does_not_take_is_not_written() {
        let account = |api| {
            said(
                Kind::ServiceAccount,
                api,
                &[
                    ("id", "sa_1".into()),
                    ("name", "ci".into()),
                    ("email", "ci@example.com".into()),
                    ("unrestricted", true.into()),
                ],
            )
        };
        assert_eq!(account(Api::Chronosphere), ["name", "unrestricted"]);
        assert_eq!(account(Api::Native), ["name", "unrestricted"]);
        for api in [Api::Elasticsearch, Api::Osmo] {
            assert_eq!(account(api), ["name"], "{api:?}");
        }
    }

    #[test]
    fn an_account_known_by_its_address_alone_gets_a_name_that_is_taken() {
        let entries = [
            ("id", "default/ci.pipeline@example.com".into()),
            ("email", "ci.pipeline@example.com".into()),
        ];
        let state = facts::object(Kind::ServiceAccount, entries);
        let state = State::read(Kind::ServiceAccount, &state).unwrap();
        let written = authored(Some(capabilities(Api::Openobserve)), &state);
        for (name, text) in [
            ("name", "ci-pipeline"),
            ("email", "ci.pipeline@example.com"),
        ] {
            assert_eq!(written.get(name).as_str(), Some(text));
        }
    }
}
