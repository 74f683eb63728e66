//! What a server says over what the state says: the user's spelling stays where the meaning is the same, and what the server
//! does not know or does not show is carried forward.

use super::expiry::same_end;
use super::meaning::{same, same_body, time_at};
use super::rotation;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Attribute, Block, Body, Format, Nesting};
use crate::value::Value;

/// Lays an observed state (see [`crate::model::observe`]) over the prior one; null for an object that is new to us. What depends
/// on time is left as it was: [`rotation::settle`] decides it next.
pub fn reconcile(kind: Kind, prior: &Value, observed: Value) -> Value {
    let Value::Map(mut state) = observed else {
        return observed;
    };
    let body = &facts::schema(kind).body;
    for attribute in &body.attributes {
        let name = attribute.name.as_str();
        let said = state.take(name);
        let kept = attribute_value(kind, attribute, prior, said);
        state.insert(name, kept);
    }
    for block in &body.blocks {
        let said = state.take(&block.name);
        let kept = block_value(block, prior.get(&block.name), said);
        state.insert(block.name.as_str(), kept);
    }
    let mut state = Value::Map(state);
    if kind == Kind::AccessToken {
        finish_token(prior, &mut state);
    }
    state
}

fn attribute_value(kind: Kind, attribute: &Attribute, prior: &Value, said: Value) -> Value {
    let before = prior.get(&attribute.name);
    match (kind, attribute.name.as_str()) {
        // The server keeps the end that follows from it, not the length itself.
        (Kind::AccessToken, "ttl") => before.clone(),
        (Kind::AccessToken, "expires_at") if !before.is_null() && same_end(before, &said) => {
            before.clone()
        }
        // Kept by Lanyard alone, or shown once: what the server does not say stays.
        (
            _,
            "name" | "token" | "encrypted_token" | "previous_token" | "issued_at" | "created_at"
            | "generation" | "rotation_reason" | "rotate_at",
        ) if said.is_null() => before.clone(),
        (_, "rotation_due") if !before.is_null() => before.clone(),
        (_, "email") if equal_ignoring_case(before, &said) => before.clone(),
        _ if attribute.local => {
            if before.is_null() {
                attribute.default.clone()
            } else {
                before.clone()
            }
        }
        _ => spelled(attribute, before, said),
    }
}

/// The prior spelling of what the server said.
fn spelled(attribute: &Attribute, before: &Value, said: Value) -> Value {
    let empty_text = |value: &Value| value.as_str() == Some("");
    if said.is_null() && empty_text(before) || before.is_null() && empty_text(&said) {
        return before.clone();
    }
    // A secret setting is write-only on many servers.
    if attribute.sensitive && said.is_null() {
        return before.clone();
    }
    if !before.is_null() && same(attribute.format, before, &said) {
        before.clone()
    } else {
        said
    }
}

fn block_value(block: &Block, before: &Value, said: Value) -> Value {
    if block
        .body
        .attributes
        .iter()
        .all(|attribute| attribute.local)
    {
        return before.clone();
    }
    match (block.nesting, before, said) {
        (Nesting::List, Value::List(before), Value::List(said)) => {
            Value::List(in_known_order(&block.body, before, said))
        }
        (Nesting::List, _, Value::Null) => Value::List(Vec::new()),
        (Nesting::Single, Value::Map(_), Value::Null) if says_nothing(block, before) => {
            before.clone()
        }
        (Nesting::Single, Value::Null, said @ Value::Map(_)) if says_nothing(block, &said) => {
            Value::Null
        }
        (Nesting::Single, before @ Value::Map(_), said @ Value::Map(_)) => {
            nested(&block.body, before, said)
        }
        (_, _, said) => said,
    }
}

fn nested(body: &Body, before: &Value, said: Value) -> Value {
    let Value::Map(mut entries) = said else {
        return said;
    };
    for attribute in &body.attributes {
        let said = entries.take(&attribute.name);
        entries.insert(
            attribute.name.as_str(),
            spelled(attribute, before.get(&attribute.name), said),
        );
    }
    Value::Map(entries)
}

/// True for a block that means the same as no block: every attribute absent, or the visibility that tokens have anyway.
fn says_nothing(block: &Block, value: &Value) -> bool {
    block.body.attributes.iter().all(|attribute| {
        let said = value.get(&attribute.name);
        said.is_null()
            || *said == attribute.default
            || block.name == "visibility" && said.as_str() == Some("admins")
    })
}

/// Repeated blocks have no order on servers: those that the state knows come first and in its order.
fn in_known_order(body: &Body, before: &[Value], mut said: Vec<Value>) -> Vec<Value> {
    let mut ordered = Vec::with_capacity(said.len());
    for known in before {
        let position = said
            .iter()
            .position(|item| same_body(body, known, &nested(body, known, item.clone())));
        if let Some(position) = position {
            let item = said.remove(position);
            ordered.push(nested(body, known, item));
        }
    }
    ordered.extend(said);
    ordered
}

fn equal_ignoring_case(before: &Value, said: &Value) -> bool {
    matches!((before.as_str(), said.as_str()), (Some(before), Some(said)) if before.eq_ignore_ascii_case(said))
}

fn finish_token(prior: &Value, state: &mut Value) {
    let revoked = secret_was_replaced_elsewhere(prior, state);
    let moved_on = rotation::holds_secret(prior) && shows_another_secret(prior, state);
    let retired = retired(prior, state);
    let encrypted = !state.get("recipient").is_null() || !state.get("encrypted_token").is_null();
    let generation = generation(prior, state);
    if let Some(entries) = state.as_map_mut() {
        if revoked {
            entries.insert("status", "revoked".into());
        }
        if moved_on {
            // What the server keeps alive for a while is the secret in between, which the one before it never is.
            entries.insert("previous_token", Value::Null);
        }
        if encrypted {
            // A server that shows the secret again must not put into the state what the recipient keeps out of it.
            entries.insert("token", Value::Null);
        }
        entries.insert("retired", retired);
        entries.insert("generation", generation);
    }
}

/// The server counts more secrets than we issued: the one in the state is not the current one. That stays true until a rotation
/// counts further.
fn secret_was_replaced_elsewhere(prior: &Value, state: &Value) -> bool {
    if prior.is_null() || !rotation::holds_secret(prior) {
        return false;
    }
    let encrypted = !prior.get("encrypted_token").is_null();
    // A server that shows the current secret has just given it to us, unless it is for a recipient only.
    if !encrypted && shows_another_secret(prior, state) {
        return false;
    }
    let issued = |state: &Value| time_at(state, "issued_at");
    let issued_later = encrypted
        && issued(prior)
            .zip(issued(state))
            .is_some_and(|(before, now)| now > before);
    let (before, now) = (prior.get("generation"), state.get("generation"));
    let counted_further = !before.is_null() && !now.is_null() && before != now;
    let still = prior.get("status").as_str() == Some("revoked")
        && before == now
        && same(
            Format::Timestamp,
            prior.get("issued_at"),
            state.get("issued_at"),
        );
    counted_further || issued_later || still
}

fn shows_another_secret(prior: &Value, state: &Value) -> bool {
    !state.get("token").is_null() && state.get("token") != prior.get("token")
}

/// Retired tokens of their own leave the list only when their revocation or absence is confirmed; what the server itself keeps
/// alive is as the server says, where it says so.
fn retired(prior: &Value, state: &Value) -> Value {
    let own = state.get("id");
    let reported = state.get("retired").as_list();
    let carried =
        rotation::entries(prior).filter(|entry| reported.is_none() || entry.get("id") != own);
    let reported = reported.unwrap_or_default().iter();
    Value::List(rotation::each_once(carried.chain(reported)))
}

/// Never falls: where each secret is a token of its own, the newest one may be gone, and what is left is no less old for that.
fn generation(prior: &Value, state: &Value) -> Value {
    let count = |state: &Value| state.get("generation").as_number()?.as_i64();
    count(state).max(count(prior)).unwrap_or(1).into()
}
