//! Samples: a small resource whose only purpose is to show what a token may do.

use http::StatusCode;
use http::header::LOCATION;
use serde_json::{Value, json};

use super::fields::Fields;
use super::page::Page;
use super::problem::Problem;
use super::{Context, no_content, rules};
use crate::secret;
use crate::serving::call::Answer;
use crate::store::Sample;

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Problem> {
    let page = Page::read(context.call, "sm", &[])?;
    let mut visible = Vec::new();
    let mut after = page.after;
    // Labels are matched here rather than in the store, so a page may take several looks.
    while visible.len() < page.wanted() {
        let found = context.store.samples(after, page.wanted())?;
        let Some(last) = found.last() else { break };
        after = last.sequence;
        visible.extend(
            found
                .into_iter()
                .filter(|sample| context.caller.may_see(&sample.labels)),
        );
    }
    Ok(page.answer(visible, |sample| sample.sequence, as_shown))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Problem> {
    let id = format!("sm_{}", secret::random_base62(16));
    write(context, id, StatusCode::CREATED)
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Problem> {
    let id = context.piece(0);
    let found = context.store.sample(id)?;
    let visible = found.filter(|sample| context.caller.may_see(&sample.labels));
    let sample = visible.ok_or_else(|| Problem::not_found("sample", id))?;
    Ok(Answer::json(StatusCode::OK, &as_shown(&sample)))
}

pub(super) fn replace(context: &Context<'_>) -> Result<Answer, Problem> {
    let id = context.piece(0);
    let found = context.store.sample(id)?;
    let status = match &found {
        None => {
            rules::sample_id(id).map_err(Problem::invalid_request)?;
            StatusCode::CREATED
        }
        Some(existing) => {
            refuse_invisible(context, existing)?;
            StatusCode::OK
        }
    };
    write(context, id.to_owned(), status)
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Problem> {
    let id = context.piece(0);
    let found = context.store.sample(id)?;
    let sample = found.ok_or_else(|| Problem::not_found("sample", id))?;
    refuse_invisible(context, &sample)?;
    context.store.delete_sample(id)?;
    Ok(no_content())
}

fn write(context: &Context<'_>, id: String, status: StatusCode) -> Result<Answer, Problem> {
    let mut fields = Fields::parse(&context.call.body)?;
    let sample = Sample {
        sequence: 0,
        id,
        value: fields.required_text("value", rules::description),
        labels: fields.labels("labels").unwrap_or_default(),
    };
    fields.finish()?;
    refuse_invisible(context, &sample)?;
    context.store.put_sample(&sample)?;
    let answer = Answer::json(status, &as_shown(&sample));
    if status == StatusCode::CREATED {
        return Ok(answer.with(LOCATION, &format!("/v1/samples/{}", sample.id)));
    }
    Ok(answer)
}

fn refuse_invisible(context: &Context<'_>, sample: &Sample) -> Result<(), Problem> {
    if context.caller.may_see(&sample.labels) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "the sample's labels are outside the service account's restriction",
    ))
}

fn as_shown(sample: &Sample) -> Value {
    json!({ "id": sample.id, "labels": sample.labels, "value": sample.value })
}
