//! Teams: where an account gets its roles, by the e-mail address it was given. Official clients dry-run them first.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::ApiError;
use super::page::Page;
use super::service_accounts::time;
use super::{Context, slug};
use crate::serving::call::Answer;

const KIND: &str = "team";

#[derive(Deserialize)]
struct Envelope {
    team: Option<Wanted>,
    #[serde(default)]
    dry_run: Option<bool>,
    #[serde(default)]
    create_if_missing: Option<bool>,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    user_emails: Option<Vec<String>>,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, ApiError> {
    let (envelope, wanted, name) = read_body(context)?;
    let slug = slug::choose(wanted.slug.as_deref(), &name)?;
    if context.store.document(KIND, &slug)?.is_some() {
        let message = format!("team with slug {slug} already exists");
        return Err(ApiError::conflict(message));
    }
    refuse_taken_name(context, &name, None)?;
    keep(
        context,
        &envelope,
        &slug,
        &name,
        &wanted,
        &time(context.call.now),
    )
}

pub(super) fn update(context: &Context<'_>) -> Result<Answer, ApiError> {
    let (envelope, wanted, name) = read_body(context)?;
    let slug = context.piece(0).to_owned();
    let created_at = match context.store.document(KIND, &slug)? {
        Some(found) => text(&found.body, "created_at"),
        None if envelope.create_if_missing == Some(true) => time(context.call.now),
        None => return Err(ApiError::not_found("team", &slug)),
    };
    refuse_taken_name(context, &name, Some(&slug))?;
    keep(context, &envelope, &slug, &name, &wanted, &created_at)
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, ApiError> {
    let team = context
        .store
        .document(KIND, context.piece(0))?
        .ok_or_else(|| ApiError::not_found("team", context.piece(0)))?;
    Ok(Answer::json(StatusCode::OK, &json!({ "team": team.body })))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, ApiError> {
    let page = Page::read(context.call)?;
    let teams = context.store.documents(KIND)?;
    Ok(page.answer(
        "teams",
        &teams,
        |team| {
            let field = |name| team.body.get(name).and_then(Value::as_str).unwrap_or("");
            (team.sequence, field("slug"), field("name"))
        },
        |team| team.body.clone(),
    ))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, ApiError> {
    if !context.store.delete_document(KIND, context.piece(0))? {
        return Err(ApiError::not_found("team", context.piece(0)));
    }
    Ok(Answer::json(StatusCode::OK, &json!({})))
}

fn read_body(context: &Context<'_>) -> Result<(Envelope, Wanted, String), ApiError> {
    let mut envelope: Envelope = serde_json::from_slice(&context.call.body)
        .map_err(|error| ApiError::invalid(format!("cannot read the request body: {error}")))?;
    let Some(wanted) = envelope.team.take() else {
        return Err(ApiError::invalid("team is required"));
    };
    let Some(name) = wanted.name.clone().filter(|name| !name.is_empty()) else {
        return Err(ApiError::invalid("team name is required"));
    };
    Ok((envelope, wanted, name))
}

fn refuse_taken_name(
    context: &Context<'_>,
    name: &str,
    except: Option<&str>,
) -> Result<(), ApiError> {
    let taken = context.store.documents(KIND)?.iter().any(|team| {
        text(&team.body, "name") == name && Some(text(&team.body, "slug").as_str()) != except
    });
    if taken {
        let message = format!("team with name {name} already exists");
        return Err(ApiError::conflict(message));
    }
    Ok(())
}

fn keep(
    context: &Context<'_>,
    envelope: &Envelope,
    slug: &str,
    name: &str,
    wanted: &Wanted,
    created_at: &str,
) -> Result<Answer, ApiError> {
    if envelope.dry_run == Some(true) {
        return Ok(Answer::json(StatusCode::OK, &json!({})));
    }
    let mut team = json!({
        "slug": slug,
        "name": name,
        "created_at": created_at,
        "updated_at": time(context.call.now),
    });
    if let Some(description) = &wanted.description {
        team["description"] = json!(description);
    }
    if let Some(emails) = &wanted.user_emails {
        team["user_emails"] = json!(emails);
    }
    context.store.keep_document(KIND, slug, &team)?;
    Ok(Answer::json(StatusCode::OK, &json!({ "team": team })))
}

fn text(body: &Value, name: &str) -> String {
    body.get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
