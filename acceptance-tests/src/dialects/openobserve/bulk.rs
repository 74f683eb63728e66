//! Deletions of many things at once: always 200, with what became of each and why the last one failed.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, body};
use crate::serving::call::Answer;

#[derive(Deserialize)]
pub(super) struct Many {
    pub(super) ids: Vec<String>,
}

pub(super) fn read(context: &Context<'_>) -> Result<Many, Refusal> {
    body::read(context, &[])
}

/// `remove` says what was refused, in the body's words.
pub(super) fn delete(many: Many, mut remove: impl FnMut(&str) -> Result<(), String>) -> Answer {
    let (mut successful, mut unsuccessful, mut last_reason) = (vec![], vec![], Value::Null);
    for id in many.ids {
        match remove(&id) {
            Ok(()) => successful.push(id),
            Err(reason) => {
                last_reason = json!(reason);
                unsuccessful.push(id);
            }
        }
    }
    let body =
        json!({ "successful": successful, "unsuccessful": unsuccessful, "err": last_reason });
    Answer::json(StatusCode::OK, &body)
}

/// Of what administrators alone delete by name: a name that nothing has is no failure.
pub(super) fn delete_named(
    context: &Context<'_>,
    kind: &str,
    key: impl Fn(&str) -> String,
) -> Result<Answer, Refusal> {
    let many = read(context)?;
    context.caller.may_administer()?;
    for name in &many.ids {
        context.store.delete_document(kind, &key(name))?;
    }
    Ok(delete(many, |_| Ok(())))
}
