//! Token exchange (RFC 8693): a long-lived secret for a short-lived one with the same or less power.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::json;

use super::caller::{Live, earliest, find_live, note_use};
use super::problem::Problem;
use super::{Context, rules, times};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::{Secret, SecretKind};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const LIFETIME_SECONDS: i64 = 900;

pub(super) fn exchange(context: &Context<'_>) -> Result<Answer, Problem> {
    let now = context.call.now;
    let form = read_form(&context.call.body)?;
    check_kind(&form)?;
    let presented = required(&form, "subject_token")?;
    // The RFC calls an unacceptable subject token an invalid_request; this API tells the two apart.
    let subject = find_live(context.store, &secret::hash(presented), now)?
        .filter(|live| live.secret.kind != SecretKind::Exchanged)
        .ok_or_else(|| {
            Problem::oauth(
                "invalid_grant",
                "the subject_token is no valid secret of an access token",
            )
        })?;
    let scopes = narrowed(&form, &subject)?;
    note_use(context.store, &subject, now)?;
    context.server.secret_log.add(presented);

    let minted = secret::mint();
    let end = earliest(times::after(now, LIFETIME_SECONDS), subject.expires_at).unwrap_or(now);
    context.store.sweep_exchanged_secrets(now)?;
    context.store.insert_secret(&Secret {
        hash: secret::hash(&minted),
        access_token_id: Some(subject.token.id.clone()),
        service_account_id: None,
        kind: SecretKind::Exchanged,
        generation: subject.secret.generation,
        scopes: Some(scopes.clone()),
        issued_at: now,
        expires_at: Some(end),
        until_first_use: false,
    })?;
    context.server.secret_log.add(&minted);
    let scopes: Vec<String> = scopes.into_iter().collect();
    let body = json!({
        "access_token": minted,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": end.as_second() - now.as_second(),
        "scope": scopes.join(" "),
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

type Form = BTreeMap<String, String>;

/// The fields of the form that matter here. Others are ignored, as RFC 6749 wants it; `resource` and `audience`,
/// which RFC 8693 lets repeat, are among them.
const FIELDS: [&str; 7] = [
    "grant_type",
    "subject_token",
    "subject_token_type",
    "requested_token_type",
    "actor_token",
    "actor_token_type",
    "scope",
];

fn read_form(body: &[u8]) -> Result<Form, Problem> {
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body) {
        // RFC 6749: a parameter without a value counts as left out.
        if value.is_empty() || !FIELDS.contains(&name.as_ref()) {
            continue;
        }
        if form.insert(name.to_string(), value.into_owned()).is_some() {
            let detail = format!("{name} is there more than once");
            return Err(Problem::oauth("invalid_request", &detail));
        }
    }
    Ok(form)
}

fn check_kind(form: &Form) -> Result<(), Problem> {
    let grant = required(form, "grant_type")?;
    if grant != GRANT {
        return Err(Problem::oauth(
            "unsupported_grant_type",
            &format!("the only grant_type here is {GRANT}"),
        ));
    }
    let kind = required(form, "subject_token_type")?;
    let requested = form
        .get("requested_token_type")
        .map_or(ACCESS_TOKEN, String::as_str);
    if kind != ACCESS_TOKEN || requested != ACCESS_TOKEN {
        let detail = format!("the only token type here is {ACCESS_TOKEN}");
        return Err(Problem::oauth("invalid_request", &detail));
    }
    if form.contains_key("actor_token") || form.contains_key("actor_token_type") {
        return Err(Problem::oauth(
            "invalid_request",
            "acting for somebody else is not possible here",
        ));
    }
    Ok(())
}

/// The scopes asked for, which must be among those the subject has; all of those when none is asked for.
fn narrowed(form: &Form, subject: &Live) -> Result<BTreeSet<String>, Problem> {
    let has = &subject.scopes;
    let Some(wanted) = form.get("scope") else {
        return Ok(has.clone());
    };
    let wanted: BTreeSet<String> = wanted.split_ascii_whitespace().map(str::to_owned).collect();
    for scope in &wanted {
        rules::scope(scope).map_err(|detail| Problem::oauth("invalid_scope", &detail))?;
        if !has.is_empty() && !has.contains(scope) {
            let detail = format!("the subject_token does not have the scope {scope}");
            return Err(Problem::oauth("invalid_scope", &detail));
        }
    }
    if wanted.is_empty() {
        return Ok(has.clone());
    }
    Ok(wanted)
}

fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Problem> {
    form.get(name)
        .map(String::as_str)
        .ok_or_else(|| Problem::oauth("invalid_request", &format!("{name} is missing")))
}
