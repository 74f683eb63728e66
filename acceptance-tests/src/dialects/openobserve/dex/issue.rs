//! The token that Dex issues: a JWT with a key id, its claims chosen by the scopes asked for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::connectors::{Connector, Identity};
use super::{OPENOBSERVE, issuer, signing_key};
use crate::dialects::openobserve::Context;
use crate::dialects::openobserve::fault::Refusal;
use crate::secret;

pub(in crate::dialects::openobserve) const LIFETIME_SECONDS: i64 = 1800;
pub(super) const KEY_ID: &str = "lanyard-dex-1";

/// `None` when a peer is named that does not trust the client.
pub(super) fn token(
    context: &Context<'_>,
    client: &str,
    connector: &Connector,
    identity: &Identity,
    scope: &str,
    is_access_token: bool,
) -> Result<Option<String>, Refusal> {
    let issued_at = context.call.now.as_second();
    let mut claims = json!({
        "iss": issuer(context),
        "sub": subject(&identity.user_id, connector.id),
        "aud": client,
        "exp": issued_at + LIFETIME_SECONDS,
        "iat": issued_at,
        "jti": uuid(),
    });
    if is_access_token {
        claims["at_hash"] = json!(secret::random_base62(22));
    }
    let mut audience: Vec<&str> = Vec::new();
    for wanted in scope.split_whitespace() {
        match wanted {
            "email" => {
                claims["email"] = json!(identity.email);
                claims["email_verified"] = json!(true);
            }
            "profile" => {
                claims["name"] = json!(identity.name);
                if let Some(username) = &identity.preferred_username {
                    claims["preferred_username"] = json!(username);
                }
            }
            "groups" if !identity.groups.is_empty() => claims["groups"] = json!(identity.groups),
            "federated:id" => {
                claims["federated_claims"] =
                    json!({ "connector_id": connector.id, "user_id": identity.user_id });
            }
            other => {
                if let Some(peer) = other.strip_prefix("audience:server:client_id:") {
                    // OpenObserve trusts the client of whoever tries this server; nobody else trusts anybody.
                    if peer != OPENOBSERVE && peer != client {
                        return Ok(None);
                    }
                    audience.push(peer);
                }
            }
        }
    }
    if !audience.is_empty() && audience != [client] {
        if !audience.contains(&client) {
            audience.push(client);
        }
        claims["aud"] = json!(audience);
        claims["azp"] = json!(client);
    }
    let key = signing_key(context.store)?;
    Ok(key.sign(&json!({ "kid": KEY_ID }), &claims))
}

/// A random identifier of 36 characters.
fn uuid() -> String {
    let digits = secret::hash(&secret::mint());
    let pieces = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]);
    pieces.join("-")
}

/// A small protobuf message of user id and connector id.
fn subject(user_id: &str, connector_id: &str) -> String {
    let mut bytes = Vec::new();
    for (tag, text) in [(0x0a_u8, user_id), (0x12, connector_id)] {
        bytes.push(tag);
        // Ids here are far shorter than 128 bytes: their length is one byte.
        bytes.push(u8::try_from(text.len()).unwrap_or(0x7f));
        bytes.extend(text.bytes());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}
