//! Dex, the identity broker: discovery, keys, and the token endpoint with its one grant here, token exchange. The
//! checks of an exchange stand in Dex's order.

mod clients;
mod connectors;
mod errors;
mod issue;

use http::header::CACHE_CONTROL;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use self::connectors::Verdict;
use self::errors::{access_denied, error};
use super::Context;
use super::fault::Refusal;
use crate::serving::call::Answer;
use crate::signing::SigningKey;
use crate::store::Store;

pub(super) use self::issue::LIFETIME_SECONDS;

pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The client that OpenObserve is.
const OPENOBSERVE: &str = "openobserve";

/// The address of this Dex, as the caller reached it.
fn issuer(context: &Context<'_>) -> String {
    let host = context
        .call
        .header(http::header::HOST)
        .unwrap_or("127.0.0.1");
    format!("{}://{host}/dex", context.server.scheme)
}

pub(super) fn discovery(context: &Context<'_>) -> Result<Answer, Refusal> {
    let issuer = issuer(context);
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "device_authorization_endpoint": format!("{issuer}/device/code"),
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "introspection_endpoint": format!("{issuer}/token/introspect"),
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_CODE, GRANT],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "groups", "profile", "offline_access"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "email", "email_verified", "locale", "name",
            "preferred_username", "at_hash", "groups", "federated_claims"],
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn keys(context: &Context<'_>) -> Result<Answer, Refusal> {
    let key = signing_key(context.store)?;
    let body = json!({ "keys": [key.public_key(json!({ "kid": issue::KEY_ID }))] });
    Ok(Answer::json(StatusCode::OK, &body).with(CACHE_CONTROL, "max-age=600, must-revalidate"))
}

fn signing_key(store: &Store) -> Result<SigningKey, Refusal> {
    SigningKey::of(store)?
        .ok_or_else(|| Refusal::json(StatusCode::INTERNAL_SERVER_ERROR, "no signing key"))
}

/// What Dex issued and has not expired.
pub(super) fn verify(store: &Store, token: &str, now: Timestamp) -> Result<Option<Value>, Refusal> {
    let claims = signing_key(store)?.verify(token);
    Ok(claims.filter(|claims| {
        let end = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
        now.as_second() < end
    }))
}

pub(super) fn is_for_openobserve(claims: &Value) -> bool {
    match claims.get("aud") {
        Some(Value::Array(all)) => all.contains(&json!(OPENOBSERVE)),
        Some(one) => one == &json!(OPENOBSERVE),
        None => false,
    }
}

/// The claim `email`, or the upstream's user id where the connector is set up to use the address as such.
pub(super) fn email_of(claims: &Value) -> Option<String> {
    let email = claims.get("email").or_else(|| {
        let federated = claims.get("federated_claims")?;
        federated.get("user_id")
    })?;
    Some(email.as_str()?.to_ascii_lowercase())
}

/// The exchange as OpenObserve asks for it; `None` when Dex refuses.
pub(super) fn exchange_for_openobserve(
    context: &Context<'_>,
    token: &str,
) -> Result<Option<String>, Refusal> {
    let Some(connector) = connectors::find(connectors::TEST) else {
        return Ok(None);
    };
    let Verdict::Accepted(mut identity) = connector.judge(context, token, true)? else {
        return Ok(None);
    };
    // There the connector is set up to take the address for the id.
    identity.user_id.clone_from(&identity.email);
    issue::token(
        context,
        OPENOBSERVE,
        connector,
        &identity,
        "federated:id",
        true,
    )
}

/// Outside its paths Dex is an ordinary web server.
pub(super) fn no_such_page() -> Answer {
    let text = "404 page not found\n".to_owned();
    Answer::text(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text)
}

pub(super) fn wrong_method(_: &Context<'_>) -> Result<Answer, Refusal> {
    Err(error(400, "invalid_request", Some("method not allowed")))
}

pub(super) fn token(context: &Context<'_>) -> Result<Answer, Refusal> {
    let form = Form::read(context);
    if !form.decodes {
        return Err(error(400, "invalid_request", None));
    }
    let grant = form.get("grant_type");
    if grant == DEVICE_CODE {
        let text = "No device code received";
        return Err(error(400, "invalid_request", Some(text)));
    }
    let lacks = match grant.as_str() {
        GRANT => None,
        "authorization_code" => Some("Required param: code."),
        "refresh_token" => Some("No refresh token is found in request."),
        _ => return Err(error(400, "unsupported_grant_type", None)),
    };
    let client = clients::authenticate(context, &form)?;
    // Nobody signs in here, so there is nothing that the grants for people could be given.
    if let Some(text) = lacks {
        return Err(error(400, "invalid_request", Some(text)));
    }
    let connector_id = form.get("connector_id");
    let connector = connectors::find(&connector_id);
    if !connector_id.is_empty() {
        if !client.may_use(&connector_id) {
            let text = "Connector not allowed for this client.";
            return Err(error(400, "invalid_grant", Some(text)));
        }
        let known = connector.ok_or_else(no_connector)?;
        if !known.grants {
            let text = "Requested connector does not support this grant type.";
            return Err(error(400, "invalid_request", Some(text)));
        }
    }
    let subject_token_type = form.get("subject_token_type");
    if ![ACCESS_TOKEN, ID_TOKEN].contains(&subject_token_type.as_str()) {
        let text = "Invalid subject_token_type.";
        return Err(error(400, "request_not_supported", Some(text)));
    }
    let subject_token = form.get("subject_token");
    if subject_token.is_empty() {
        return Err(error(400, "invalid_request", Some("Missing subject_token")));
    }
    let connector = connector.ok_or_else(no_connector)?;
    let is_access_token = subject_token_type == ACCESS_TOKEN;
    let verdict = connector.judge(context, &subject_token, is_access_token)?;
    let Verdict::Accepted(identity) = verdict else {
        return Err(access_denied());
    };
    let requested = match form.get("requested_token_type") {
        empty if empty.is_empty() => ACCESS_TOKEN.to_owned(),
        given => given,
    };
    if ![ACCESS_TOKEN, ID_TOKEN].contains(&requested.as_str()) {
        let text = "Invalid requested_token_type.";
        return Err(error(400, "request_not_supported", Some(text)));
    }
    let is_access_token = requested == ACCESS_TOKEN;
    let scope = form.get("scope");
    let issued = issue::token(
        context,
        &client.id,
        connector,
        &identity,
        &scope,
        is_access_token,
    )?;
    let issued = issued.ok_or_else(|| error(500, "server_error", None))?;
    context.server.secret_log.add(&issued);
    // Dex's order of keys, and whole seconds rounded down.
    let body = format!(
        "{{\"access_token\":{},\"issued_token_type\":{},\"token_type\":\"bearer\",\"expires_in\":{}}}",
        json!(issued),
        json!(requested),
        LIFETIME_SECONDS - 1
    );
    Ok(Answer::text(StatusCode::OK, "application/json", body)
        .with(CACHE_CONTROL, "no-store")
        .with(http::header::PRAGMA, "no-cache"))
}

fn no_connector() -> Refusal {
    let text = "Requested connector does not exist.";
    error(400, "invalid_request", Some(text))
}

pub(super) fn userinfo(context: &Context<'_>) -> Result<Answer, Refusal> {
    let Some(presented) = context.call.bearer() else {
        let refusal = error(401, "access_denied", Some("Invalid bearer token."));
        let answer = refusal
            .into_answer()
            .with(http::header::WWW_AUTHENTICATE, "Bearer");
        return Err(Refusal::answer(answer));
    };
    match verify(context.store, presented, context.call.now)? {
        Some(claims) => Ok(Answer::json(StatusCode::OK, &claims)),
        None => Err(error(403, "access_denied", Some("Invalid bearer token."))),
    }
}

/// Asks nobody who they are.
pub(super) fn introspect(context: &Context<'_>) -> Result<Answer, Refusal> {
    let form = Form::read(context);
    if context.call.method != Method::POST {
        let text = format!(
            "HTTP method is \"{}\", expected \"POST\".",
            context.call.method
        );
        return Err(error(400, "invalid_request", Some(&text)));
    }
    if context.call.body.is_empty() {
        let text = "The POST body can not be empty.";
        return Err(error(400, "invalid_request", Some(text)));
    }
    let claims = verify(context.store, &form.get("token"), context.call.now)?;
    let body = match claims {
        None => json!({ "active": false }),
        Some(claims) => {
            let kept = [
                "email",
                "email_verified",
                "name",
                "groups",
                "federated_claims",
            ];
            let shown = kept
                .iter()
                .filter_map(|name| Some((*name, claims.get(*name)?)));
            let extra: serde_json::Map<String, Value> = shown
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect();
            json!({
                "active": true,
                "client_id": claims.get("azp").or(claims.get("aud")),
                "sub": claims.get("sub"),
                "exp": claims.get("exp"),
                "iat": claims.get("iat"),
                "nbf": claims.get("iat"),
                "aud": claims.get("aud"),
                "iss": claims.get("iss"),
                "token_type": "Bearer",
                "token_use": "access_token",
                "ext": extra,
            })
        }
    };
    let text = format!("{body}\n");
    Ok(Answer::text(StatusCode::OK, "application/json", text))
}

/// Whether each percent sign begins an escape.
pub(super) fn is_well_formed(encoded: &[u8]) -> bool {
    encoded.iter().enumerate().all(|(index, byte)| {
        let digits = encoded.get(index + 1..index + 3);
        *byte != b'%' || digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn is_nonsense(context: &Context<'_>) -> bool {
    let given = context.call.media_type();
    given.is_some_and(|media_type| media_type.is_empty())
}

/// The form in the body, and only there; any other kind of body reads as an empty one.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    /// Each percent sign is followed by two hexadecimal digits.
    decodes: bool,
}

impl Form {
    fn read(context: &Context<'_>) -> Self {
        let is_form =
            context.call.media_type().as_deref() == Some("application/x-www-form-urlencoded");
        let body: &[u8] = if is_form { &context.call.body } else { &[] };
        Self {
            fields: form_urlencoded::parse(body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
            // The language of Dex takes no semicolons, nor a type of content that is none.
            decodes: is_well_formed(body) && !body.contains(&b';') && !is_nonsense(context),
        }
    }

    /// Empty when it is not there.
    pub(super) fn get(&self, name: &str) -> String {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or(String::new(), |(_, value)| value.clone())
    }
}
