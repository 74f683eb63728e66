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
    credential_id: Option<String>,
    credential_name: Option<String>,
    email: Option<String>,
    channel: Option<String>,
    team: Option<String>,
    routing_key: Option<String>,
    responder_name: Option<String>,
    responder_id: Option<String>,
    responder_type: Option<String>,
    url: Option<String>,
    secret: Option<Secret>,
}

impl From<Notification> for Alert {
    fn from(notification: Notification) -> Self {
        let Notification {
            kind,
            credential_id,
            credential_name,
            email,
            channel,
            team,
            routing_key,
            responder_name,
            responder_id,
            responder_type,
            url,
            secret,
        } = notification;
        Self {
            kind,
            credential_id,
            credential_name,
            email,
            channel,
            team,
            routing_key,
            responder_name,
            responder_id,
            responder_type,
            url,
            secret,
        }
    }
}

pub(super) fn notification(alert: &Alert) -> Json {
    let Alert {
        kind,
        credential_id,
        credential_name,
        email,
        channel,
        team,
        routing_key,
        responder_name,
        responder_id,
        responder_type,
        url,
        secret,
    } = alert;
    let texts = [
        ("credentialId", credential_id),
        ("credentialName", credential_name),
        ("email", email),
        ("channel", channel),
        ("team", team),
        ("routingKey", routing_key),
        ("responderName", responder_name),
        ("responderId", responder_id),
        ("responderType", responder_type),
        ("url", url),
    ];
    let mut wire = Map::new();
    wire.insert("type".to_owned(), json!(kind));
    for (name, text) in texts {
        if let Some(text) = text {
            wire.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(secret) = secret {
        wire.insert("secret".to_owned(), json!(secret.expose()));
    }
    Json::Object(wire)
}
