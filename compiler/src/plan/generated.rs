//! The configuration that Terraform writes for an object that exists (`-generate-config-out`).

use super::in_use::described;
use super::inventory::without_secrets;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::authored::authored;
use crate::model::facts;
use crate::model::schema::Body;
use crate::model::server::Capabilities;
use crate::model::state::State;
use crate::redaction::{KnownSecrets, is_hidden_in};
use crate::value::Value;

/// What a person would have written for this state, without the attributes in which one of the secrets that the server lists stands in
/// clear, or the object's own; and the warning that names these. Where the lifecycle of a resource can be written, too, it says that they
/// stay.
pub fn generated(
    server: Option<&Capabilities>,
    state: State,
    listed: &KnownSecrets,
) -> (Value, Option<Diagnostic>) {
    let own = [&state.token, &state.previous_token].into_iter().flatten();
    let own = KnownSecrets::new(own.cloned());
    let state = [listed, &own].into_iter().fold(state, |state, known| {
        without_secrets(&state, known).unwrap_or(state)
    });
    let mut config = authored(server, &state);
    let left_out = leave_out(&facts::schema(state.kind()).body, &mut config);
    let warning = (!left_out.is_empty()).then(|| {
        let names = left_out.join(", ");
        let mut warning = Diagnostic::warning(
            Code::SecretLeftOut,
            "What a secret stands in is left out of a generated configuration",
        )
        .detail(format!(
            "A secret stands in clear in what the {} has for: {names}. A generated configuration leaves that out, and so asks to take it from the token server.",
            described(&state)
        ))
        .hint(format!(
            "To leave it as it is there, write into the resource: lifecycle {{ ignore_changes = [{names}] }}"
        ));
        for known in [listed, &own] {
            warning.hide_secrets(known);
        }
        warning
    });
    (config, warning)
}

/// Takes out each attribute in which something is hidden; the attributes and blocks of the body that this was in.
fn leave_out(body: &Body, config: &mut Value) -> Vec<String> {
    let mut left_out = Vec::new();
    let Some(entries) = config.as_map_mut() else {
        return left_out;
    };
    for attribute in &body.attributes {
        if entries.get(&attribute.name).is_some_and(is_hidden_in) {
            entries.insert(attribute.name.as_str(), Value::Null);
            left_out.push(attribute.name.clone());
        }
    }
    for block in &body.blocks {
        let items = match entries.get_mut(&block.name) {
            Some(Value::List(items)) => items.as_mut_slice(),
            one => one.map(std::slice::from_mut).unwrap_or_default(),
        };
        let inside = items.iter_mut().map(|item| leave_out(&block.body, item));
        if inside.filter(|names| !names.is_empty()).count() > 0 {
            left_out.push(block.name.clone());
        }
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::Kind;
    use crate::model::server::{Api, capabilities};
    use crate::secret::Secret;

    fn written(description: &str) -> (Value, Option<Diagnostic>) {
        let alert = |message: &str| {
            let alert = facts::schema(Kind::AccessToken).body.block("alert");
            let mut alert = alert.map(|block| block.body.empty()).unwrap_or_default();
            alert.insert("type", "Email".into());
            alert.insert("channel", message.into());
            Value::Map(alert)
        };
        let entries = [
            ("id", "ci".into()),
            ("name", "ci".into()),
            ("description", description.into()),
            ("token", Secret::new("hunter2-own").into()),
            ("alert", Value::List(vec![alert("a"), alert(description)])),
        ];
        let state = facts::object(Kind::AccessToken, entries);
        let state = State::read(Kind::AccessToken, &state).unwrap();
        let listed = KnownSecrets::new([Secret::new("hunter2-other")]);
        generated(Some(capabilities(Api::Splunk)), state, &listed)
    }

    #[test]
    fn what_a_secret_stands_in_is_left_out_and_told_without_it() {
        let (config, told) = written("it is plain");
        assert_eq!(config.get("description").as_str(), Some("it is plain"));
        assert_eq!(told, None);
        for secret in ["hunter2-own", "hunter2-other"] {
            let (config, told) = written(&format!("it is {secret}"));
            assert_eq!(config.get("name").as_str(), Some("ci"));
            assert!(config.get("description").is_null());
            let alerts = config.get("alert").as_list().unwrap();
            let channels = alerts.iter().map(|alert| alert.get("channel").as_str());
            assert_eq!(channels.collect::<Vec<_>>(), [Some("a"), None]);
            let told = told.unwrap().to_string();
            assert!(
                told.contains("access token \"ci\" has for: description, alert."),
                "{told}"
            );
            assert!(
                told.contains("ignore_changes = [description, alert]"),
                "{told}"
            );
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
