//! What needs no credentials: the feature probe, the password check, and the exchange of an identity provider's token
//! for one of Dex's, which makes the principal an account on first sight.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::{AUTHORIZATION, SET_COOKIE};
use serde::Deserialize;
use serde_json::json;

use super::fault::Refusal;
use super::{Context, accounts, body, caller, dex, organizations, profile, users};
use crate::serving::call::Answer;

pub(super) fn health(_: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::json(StatusCode::OK, &json!({ "status": "ok" })))
}

pub(super) fn config(context: &Context<'_>) -> Result<Answer, Refusal> {
    let server = context.server;
    let enterprise = !profile::is_open_source(server);
    let body = json!({
        "version": profile::version(server),
        "build_type": if enterprise { "enterprise" } else { "opensource" },
        "instance": "lanyard",
        "sso_enabled": enterprise,
        "native_login_enabled": true,
        "service_account_enabled": profile::has_accounts(server),
        "rbac_enabled": enterprise,
        "meta_org": "_meta",
        "dex_enabled": enterprise,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

/// Checks the password only: an account cannot sign in with its token. The enterprise edition also takes a header without a body.
pub(super) fn login(context: &Context<'_>) -> Result<Answer, Refusal> {
    let (store, header) = (context.store, context.call.header(AUTHORIZATION));
    let (name, password) = if context.call.media_type().is_some() {
        let login: Login = body::read(context, &["name", "password"])?;
        (login.name.to_ascii_lowercase(), login.password)
    } else {
        let header = header.filter(|_| !profile::is_open_source(context.server));
        header.and_then(caller::pair).unwrap_or_default()
    };
    if caller::is_root(store, &name, &password)? || users::knows(store, &name, &password)? {
        let basic = format!("Basic {}", STANDARD.encode(format!("{name}:{password}")));
        let tokens = json!({ "access_token": basic, "refresh_token": "" }).to_string();
        let cookie = format!(
            "auth_tokens={}; HttpOnly; SameSite=Lax; Path=/",
            STANDARD.encode(tokens)
        );
        let body = json!({ "status": true, "message": "" });
        return Ok(Answer::json(StatusCode::OK, &body).with(SET_COOKIE, &cookie));
    }
    let body = json!({ "status": false, "message": "Invalid credentials" });
    let answer = Answer::json(StatusCode::UNAUTHORIZED, &body);
    Err(Refusal::answer(answer))
}

#[derive(Deserialize)]
struct Exchange {
    token: String,
    token_type: String,
}

/// Whatever Dex refuses is a 401 whose body is a JSON string.
pub(super) fn exchange(context: &Context<'_>) -> Result<Answer, Refusal> {
    if profile::is_open_source(context.server) {
        return Err(Refusal::no_such_path());
    }
    let wanted: Exchange = body::read(context, &["token", "token_type"])?;
    let refused = |text: &str| {
        let answer = Answer::json(StatusCode::UNAUTHORIZED, &json!(text));
        Refusal::answer(answer)
    };
    if !["AccessToken", "IdToken"].contains(&wanted.token_type.as_str()) {
        let text = format!(
            "Failed to deserialize the JSON body into the target type: token_type: unknown variant `{}`, \
             expected `AccessToken` or `IdToken`",
            wanted.token_type
        );
        return Err(Refusal::text(StatusCode::UNPROCESSABLE_ENTITY, text));
    }
    let issued = dex::exchange_for_openobserve(context, &wanted.token)?;
    let issued = issued.ok_or_else(|| refused("Token can't be verified"))?;
    let claims = dex::verify(context.store, &issued, context.call.now)?.unwrap_or_default();
    if let Some(email) = dex::email_of(&claims) {
        accounts::provision(context, organizations::DEFAULT, &email)?;
    }
    let body = json!({
        "access_token": issued,
        "token_type": "bearer",
        "expires_in": dex::LIFETIME_SECONDS - 1,
        "issued_token_type": dex::ACCESS_TOKEN,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
