//! Who made an account and who replaced it last, as far as that is a user whom the cluster knows: the operator is none, so
//! what the operator makes is shown without an author, as older clusters show everything.

use serde_json::{Map, Value, json};

use super::caller::Identity;
use super::fault::Refusal;
use super::{Context, directory};
use crate::store::ServiceAccount;

/// The fields of an account that speak of its authors, as queries name them.
pub(super) const FIELDS: [&str; 14] = [
    "creator.principal",
    "creator.full_name",
    "creator.email",
    "creator.realm",
    "creator.realm_type",
    "creator.realm_domain",
    "created_at",
    "editor.principal",
    "editor.full_name",
    "editor.email",
    "editor.realm",
    "editor.realm_type",
    "editor.realm_domain",
    "edited_at",
];

/// What is kept with an account that the caller writes now: its creator for good, and its last editor.
pub(super) fn of_write(
    context: &Context<'_>,
    before: Option<&ServiceAccount>,
) -> Result<Map<String, Value>, Refusal> {
    let mut kept = Map::new();
    if let Some(before) = before {
        for field in ["creator", "created_at"] {
            if let Some(value) = before.vendor.get(field) {
                kept.insert(field.to_owned(), value.clone());
            }
        }
    }
    let Some(author) = author(context)? else {
        return Ok(kept);
    };
    let (who, when) = match before {
        None => ("creator", "created_at"),
        Some(_) => ("editor", "edited_at"),
    };
    kept.insert(who.to_owned(), author);
    let now = context.call.now.as_millisecond();
    kept.insert(when.to_owned(), json!(now));
    Ok(kept)
}

/// The value of one of [`FIELDS`].
pub(super) fn field(account: &ServiceAccount, name: &str) -> Value {
    let pointer = format!("/{}", name.replace('.', "/"));
    let kept = Value::Object(account.vendor.clone());
    kept.pointer(&pointer).cloned().unwrap_or_default()
}

fn author(context: &Context<'_>) -> Result<Option<Value>, Refusal> {
    let Identity::User { name, .. } = &context.caller.identity else {
        return Ok(None);
    };
    let (realm, kind) = context.caller.realm();
    let mut author = json!({ "principal": name, "realm": realm, "realm_type": kind });
    for (field, value) in directory::person(context.store, name)? {
        author[field] = value;
    }
    Ok(Some(author))
}
