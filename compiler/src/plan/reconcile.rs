//! What a server says over what the state says: the user's spelling stays where the meaning is the same, and what the server
//! does not know or does not show is carried forward.

use super::expiry::{same_end, whole_days};
use super::meaning::{same, same_body};
use super::rotation;
use crate::model::access_token::{OnConflict, Status};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::{Attribute, Block, Body, Nesting};
use crate::model::server::{Capabilities, Naming};
use crate::model::state::{Attributes, Retired, State};
use crate::value::{Entries, Value};

/// Lays an observed state (see [`crate::model::observe`]) over the prior one; `None` for an object that is new to us. What depends
/// on time is left as it was: [`rotation::settle`] decides it next.
pub fn reconcile(server: Option<&Capabilities>, prior: Option<&State>, observed: State) -> State {
    let kind = observed.kind();
    let by_day = server.is_none_or(|server| whole_days(Some(observed.capabilities(server))));
    let (said, others) = observed.into_parts();
    let nothing = State::nothing(kind);
    let prior = prior.unwrap_or(&nothing);
    let mut state = State::new(
        kind,
        attributes(prior, said, by_day),
        lay(kind, prior.others(), others),
    );
    if kind == Kind::AccessToken {
        finish_token(prior, &mut state);
    }
    state
}

/// What was observed, under the name that the state has, where the server goes by addresses: the name that an address was made of is
/// nothing that it says of the account.
#[must_use]
pub fn called_as_before(
    server: &Capabilities,
    prior: Option<&State>,
    mut observed: State,
) -> State {
    let by_address = matches!(observed.capabilities(server).naming, Naming::Address { .. });
    if let Some(name) = prior
        .and_then(|prior| prior.name.as_ref())
        .filter(|_| by_address)
    {
        observed.name = Some(name.clone());
    }
    observed
}

/// Attribute by attribute; each is kept by Lanyard alone, said by the server, or shown once and then carried forward.
fn attributes(prior: &State, said: Attributes, by_day: bool) -> Attributes {
    let before = (**prior).clone();
    // Where nobody else counts, a secret that takes the place of the state's own is one more.
    let took_over = before.token.is_some() && said.token.is_some() && before.token != said.token;
    let counted = before.generation;
    let counted = counted.map(|count| count.saturating_add(i64::from(took_over)));
    Attributes {
        name: said.name.or(before.name),
        email: match (before.email, said.email) {
            (Some(before), Some(said)) if before.eq_ignore_ascii_case(&said) => Some(before),
            (before, said) => same_text(before, said),
        },
        service_account: same_text(before.service_account, said.service_account),
        // Of these, a server that says nothing has changed nothing.
        roles: said.roles.or(before.roles),
        scopes: said.scopes.or(before.scopes),
        disabled: said.disabled,
        unrestricted: said.unrestricted,
        restriction: said.restriction,
        on_conflict: before.on_conflict.or(Some(OnConflict::default())),
        recipient: before.recipient,
        // The server keeps the end that follows from it, not the length itself.
        ttl: before.ttl,
        expires_at: match (before.expires_at, said.expires_at) {
            (Some(before), Some(said)) if same_end(before.value(), said.value(), by_day) => {
                Some(before)
            }
            (_, said) => said,
        },
        rotation: before.rotation,
        id: said.id,
        created_at: same_time(before.created_at, said.created_at),
        token: said.token.or(before.token),
        encrypted_token: said.encrypted_token.or(before.encrypted_token),
        previous_token: said.previous_token.or(before.previous_token),
        issued_at: same_time(before.issued_at, said.issued_at),
        rotate_at: same_time(before.rotate_at, said.rotate_at),
        rotation_due: before.rotation_due.or(said.rotation_due),
        rotation_reason: said.rotation_reason.or(before.rotation_reason),
        generation: said.generation.or(counted),
        status: said.status,
        retired: said.retired,
    }
}

/// An empty text is none to a server.
fn same_text(before: Option<String>, said: Option<String>) -> Option<String> {
    match (&before, &said) {
        (Some(text), None) | (None, Some(text)) if text.is_empty() => before,
        _ => said,
    }
}

type Time = Option<crate::model::state::Written<jiff::Timestamp>>;

/// As it was written before, if it is the same or the server does not say.
fn same_time(before: Time, said: Time) -> Time {
    match (before, said) {
        (Some(before), Some(said)) if !before.means(&said) => Some(said),
        (None, said) => said,
        (before, _) => before,
    }
}

/// What nobody decides by, as the schema describes it.
fn lay(kind: Kind, before: &Entries, said: Entries) -> Entries {
    let body = &facts::schema(kind).body;
    let null = Value::Null;
    let known = |name: &str| before.get(name).unwrap_or(&null).clone();
    let mut laid = said;
    for attribute in &body.attributes {
        if let Some(place) = laid.get_mut(&attribute.name) {
            *place = spelled(attribute, &known(&attribute.name), std::mem::take(place));
        }
    }
    for block in &body.blocks {
        if let Some(place) = laid.get_mut(&block.name) {
            *place = block_value(block, &known(&block.name), std::mem::take(place));
        }
    }
    laid
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

fn finish_token(prior: &State, state: &mut State) {
    let revoked = secret_was_replaced_elsewhere(prior, state);
    let moved_on = prior.holds_secret() && shows_another_secret(prior, state);
    state.retired = Some(retired(prior, state));
    // Never falls: where each secret is a token of its own, the newest one may be gone, and what is left is no less old for that.
    state.generation = Some(state.generation.max(prior.generation).unwrap_or(1));
    if revoked {
        state.status = Some(Status::Revoked);
    }
    if moved_on {
        // What the server keeps alive for a while is the secret in between, which the one before it never is.
        state.previous_token = None;
    }
    if state.recipient.is_some() || state.encrypted_token.is_some() {
        // A server that shows the secret again must not put into the state what the recipient keeps out of it.
        state.token = None;
    }
}

/// The server counts more secrets than we issued: the one in the state is not the current one. That stays true until a rotation
/// counts further.
fn secret_was_replaced_elsewhere(prior: &State, state: &State) -> bool {
    if !prior.holds_secret() {
        return false;
    }
    let encrypted = prior.encrypted_token.is_some();
    // A server that shows the current secret has just given it to us, unless it is for a recipient only.
    if !encrypted && shows_another_secret(prior, state) {
        return false;
    }
    let issued = |state: &State| state.issued_at.as_ref().map(|time| time.value());
    let issued_later = encrypted
        && issued(prior)
            .zip(issued(state))
            .is_some_and(|(before, now)| now > before);
    let counted_further = prior
        .generation
        .zip(state.generation)
        .is_some_and(|(before, now)| before != now);
    let still = prior.status == Some(Status::Revoked)
        && prior.generation == state.generation
        && issued(prior) == issued(state);
    counted_further || issued_later || still
}

fn shows_another_secret(prior: &State, state: &State) -> bool {
    state.token.is_some() && state.token != prior.token
}

/// Where the server says which there are, these, with what is known of their ends; otherwise they leave the list only when their
/// revocation is confirmed. Where the newest secret is gone, the one that takes its place is a retired one, which the server does not
/// say.
fn retired(prior: &State, state: &State) -> Vec<Retired> {
    let Some(said) = &state.retired else {
        return prior.retired().to_vec();
    };
    let newest_is_gone = state.generation < prior.generation;
    let is_own = |retired: &Retired| Some(&retired.id) == state.id.as_ref();
    let is_there = |retired: &Retired| said.iter().any(|other| other.id == retired.id);
    let carried = prior.retired().iter();
    let carried =
        carried.filter(|retired| !is_own(retired) && (newest_is_gone || is_there(retired)));
    rotation::each_once(carried.chain(said).cloned())
}
