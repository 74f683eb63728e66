//! Whom a token's limits alarm, in the API's words.

use lanyard_compiler::model::access_token::Alert;
use lanyard_compiler::secret::Secret;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification {
    #[serde(rename = "type")]
    kind: String,
    routing_key: Option<Secret>,
    url: Option<Secret>,
    secret: Option<Secret>,
    #[serde(flatten)]
    texts: Map<String, Json>,
}

/// Everything of an alert but its type and its secrets, by its name on the wire.
fn texts(alert: &mut Alert) -> [(&'static str, &mut Option<String>); 8] {
    let Alert {
        kind: _,
        credential_id,
        credential_name,
        email,
        channel,
        team,
        routing_key: _,
        responder_name,
        responder_id,
        responder_type,
        url: _,
        secret: _,
    } = alert;
    [
        ("credentialId", credential_id),
        ("credentialName", credential_name),
        ("email", email),
        ("channel", channel),
        ("team", team),
        ("responderName", responder_name),
        ("responderId", responder_id),
        ("responderType", responder_type),
    ]
}

/// Those that say something: an empty one is none.
pub(in crate::splunk) fn secrets(alert: &Alert) -> impl Iterator<Item = (&'static str, &Secret)> {
    [
        ("routingKey", &alert.routing_key),
        ("url", &alert.url),
        ("secret", &alert.secret),
    ]
    .into_iter()
    .filter_map(|(name, secret)| Some((name, secret.as_ref()?)))
    .filter(|(_, secret)| !secret.expose().is_empty())
}

impl From<Notification> for Alert {
    fn from(notification: Notification) -> Self {
        let mut alert = Self {
            kind: notification.kind,
            routing_key: notification.routing_key,
            url: notification.url,
            secret: notification.secret,
            ..Self::default()
        };
        for (name, text) in texts(&mut alert) {
            let said = notification.texts.get(name).and_then(Json::as_str);
            *text = said.map(str::to_owned);
        }
        alert
    }
}

pub(super) fn notification(alert: &Alert) -> Json {
    let mut wire = Map::new();
    wire.insert("type".to_owned(), json!(alert.kind));
    for (name, text) in texts(&mut alert.clone()) {
        if let Some(text) = text {
            wire.insert(name.to_owned(), json!(text));
        }
    }
    for (name, secret) in secrets(alert) {
        wire.insert(name.to_owned(), json!(secret.expose()));
    }
    Json::Object(wire)
}
