//! What a server spells differently is no drift, and what it does not know stays.

use lanyard_compiler::model::State;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::{reconcile, rotation};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::states;
use crate::world::{create, rotation as block, time, token, with};

const START: &str = "2026-11-22T10:00:00Z";

fn state<const N: usize>(entries: [(&str, Value); N]) -> Value {
    create(&token(entries), time(START))
}

/// What the server says of this state: nothing secret, nothing local.
fn observed(state: &Value) -> Value {
    let mut observed = state.clone();
    for name in [
        "token",
        "previous_token",
        "ttl",
        "rotation",
        "rotation_reason",
        "rotate_at",
        "on_conflict",
    ] {
        crate::world::set(&mut observed, name, Value::Null);
    }
    observed
}

#[track_caller]
fn no_drift(state: &Value, observed: Value) {
    let read = states::reconcile(Kind::AccessToken, state, observed);
    let names = state.as_map().expect("a state is an object").keys();
    let drift: Vec<&str> = names
        .map(|name| &**name)
        .filter(|name| state.get(name) != read.get(name))
        .collect();
    assert_eq!(drift, [""; 0], "{read:#?}");
}

#[test]
fn another_spelling_of_the_same_is_no_drift() {
    let end = state([("expires_at", "2027-06-01T02:00:00+02:00".into())]);
    no_drift(
        &end,
        with(observed(&end), "expires_at", "2027-06-01T00:00:00Z"),
    );
    // A server that counts seconds from the moment it is told.
    no_drift(
        &end,
        with(observed(&end), "expires_at", "2027-06-01T00:00:03Z"),
    );
    // Terraform has every text in the composed form.
    let composed = state([("description", "caf\u{e9}".into())]);
    no_drift(
        &composed,
        with(observed(&composed), "description", "cafe\u{301}"),
    );
    let noon = state([("expires_at", "2027-06-01T12:00:00Z".into())]);
    // A server that keeps days.
    no_drift(
        &noon,
        with(observed(&noon), "expires_at", "2027-06-01T00:00:00Z"),
    );

    let empty = state([("description", "".into())]);
    no_drift(&empty, with(observed(&empty), "description", Value::Null));
    let absent = state([]);
    no_drift(&absent, with(observed(&absent), "description", ""));
    let limits = with(state([]), "limits", Value::map([("hosts", Value::Null)]));
    no_drift(&limits, with(observed(&limits), "limits", Value::Null));
    let visibility = Value::map([
        ("level", Value::from("admins")),
        ("users", Value::set([])),
        ("teams", Value::set([])),
    ]);
    let admins = state([("visibility", visibility)]);
    no_drift(&admins, with(observed(&admins), "visibility", Value::Null));
}

#[test]
fn repeated_blocks_have_no_order_and_keep_their_secrets() {
    let alert = |url: &str, secret: Value| {
        let schema = &facts::schema(Kind::AccessToken).body;
        let mut alert = schema.block("alert").unwrap().body.empty();
        alert.insert("type".to_owned(), "Webhook".into());
        alert.insert("url".to_owned(), url.into());
        alert.insert("secret".to_owned(), secret);
        Value::Map(alert)
    };
    let secret = || Value::Secret(Secret::new("lyd_webhook"));
    let alerts = Value::List(vec![alert("a", secret()), alert("b", Value::Null)]);
    let both = with(state([]), "alert", alerts);
    let full = both.get("alert").as_list().unwrap().to_vec();
    let shown = |item: &Value| with(item.clone(), "secret", Value::Null);
    let reversed = Value::List(vec![shown(&full[1]), shown(&full[0])]);
    no_drift(&both, with(observed(&both), "alert", reversed));
}

/// Only where ends are kept to the day, one that lies within a day is kept as its beginning.
#[test]
fn an_end_that_somebody_moved_to_the_beginning_of_its_day_shows() {
    let state = state([("expires_at", "2027-06-01T12:00:00Z".into())]);
    let observed = with(observed(&state), "expires_at", "2027-06-01T00:00:00Z");
    let state = State::read(Kind::AccessToken, &state).unwrap();
    let observed = State::read(Kind::AccessToken, &observed.known_part()).unwrap();
    for (api, expected) in [
        (Api::Osmo, "2027-06-01T12:00:00Z"),
        (Api::Native, "2027-06-01T00:00:00Z"),
        (Api::Splunk, "2027-06-01T00:00:00Z"),
    ] {
        let read = reconcile(Some(capabilities(api)), Some(&state), observed.clone());
        assert_eq!(
            read.expires_at.as_ref().unwrap().text(),
            expected,
            "{api:?}"
        );
    }
}

#[test]
fn what_really_changed_shows() {
    let state = state([
        ("description", "a".into()),
        ("expires_at", "2027-06-01T00:00:00Z".into()),
    ]);
    for (name, value) in [
        ("description", Value::from("b")),
        ("expires_at", "2027-06-03T12:00:00Z".into()),
        ("disabled", true.into()),
        ("roles", Value::set(["admin".into()])),
    ] {
        let read = states::reconcile(
            Kind::AccessToken,
            &state,
            with(observed(&state), name, value.clone()),
        );
        assert_eq!(read.get(name), &value);
    }
}

#[test]
fn a_secret_rotated_elsewhere_is_dead_until_the_next_rotation() {
    let state = state([("ttl", "90d".into())]);
    let now = time("2026-11-23T10:00:00Z");
    let settle = |state: &Value, generation: i64| {
        let read = states::reconcile(
            Kind::AccessToken,
            state,
            with(observed(state), "generation", generation),
        );
        states::settle(Kind::AccessToken, read, now)
    };
    let once = settle(&state, 2);
    assert_eq!(once.get("status").as_str(), Some("revoked"));
    assert_eq!(once.get("rotation_due"), &Value::Bool(true));
    let again = states::reconcile(
        Kind::AccessToken,
        &once,
        with(observed(&state), "generation", 2),
    );
    assert_eq!(
        states::settle(Kind::AccessToken, again, now)
            .get("status")
            .as_str(),
        Some("revoked")
    );
}

#[test]
fn the_old_secret_is_forgotten_when_its_grace_is_over() {
    let rotating = [("rotation", block([("grace_period", "48h".into())]))];
    let state = with(state(rotating), "previous_token", Secret::new("lyd_0"));
    let own = states::retire(state, "at_1", Some(time("2026-11-24T10:00:00Z")));
    let during = states::settle(Kind::AccessToken, own.clone(), time("2026-11-24T09:59:59Z"));
    assert!(!during.get("previous_token").is_null());
    let after = states::settle(Kind::AccessToken, own.clone(), time("2026-11-24T10:00:00Z"));
    assert!(
        after.get("previous_token").is_null() && after.get("retired").as_list().unwrap().is_empty()
    );

    // A token of its own stays listed until its revocation is confirmed.
    let slot = states::retire(own, "at_0", Some(time("2026-11-24T10:00:00Z")));
    let after = states::settle(Kind::AccessToken, slot, time("2026-11-25T10:00:00Z"));
    let [entry] = after.get("retired").as_list().unwrap() else {
        panic!("{after:?}")
    };
    assert_eq!(
        (entry.get("id").as_str(), entry.get("due").as_bool()),
        (Some("at_0"), Some(true))
    );
    let forgotten = states::forget(after, "at_0");
    assert!(forgotten.get("retired").as_list().unwrap().is_empty());
}

#[test]
fn jitter_spreads_a_fleet_and_never_moves() {
    let end = time("2027-02-20T10:00:00Z");
    let days = |text| lanyard_compiler::model::Lifetime::parse(text).unwrap();
    let at = |id: &str| rotation::rotate_at(end, days("14d"), Some(days("2d")), id);
    let mut times: Vec<_> = (0..100).map(|index| at(&format!("at_{index}"))).collect();
    assert_eq!(at("at_7"), times[7]);
    times.sort();
    times.dedup();
    assert!(times.len() > 95, "{} different times", times.len());
    assert!(
        times[0] >= time("2027-02-04T10:00:00Z")
            && times.last() <= Some(&time("2027-02-06T10:00:00Z"))
    );
}

#[test]
fn a_secret_for_a_recipient_is_dead_once_the_server_issued_another() {
    let state = state([]);
    let state = with(with(state, "token", Value::Null), "encrypted_token", "age");
    no_drift(&state, observed(&state));
    // The server shows the secret that it has now, which the state cannot be compared with.
    let said = with(observed(&state), "issued_at", "2026-11-22T11:00:00Z");
    let said = with(said, "token", Value::Secret(Secret::new("another")));
    let read = states::reconcile(Kind::AccessToken, &state, said.clone());
    assert_eq!(read.get("status"), &"revoked".into());
    assert_eq!(read.get("token"), &Value::Null);
    let again = states::reconcile(Kind::AccessToken, &read, said);
    assert_eq!(again.get("status"), &"revoked".into());
}

#[test]
fn a_previous_secret_is_forgotten_once_the_server_shows_a_third() {
    let state = with(
        state([]),
        "previous_token",
        Value::Secret(Secret::new("first")),
    );
    let third = Value::Secret(Secret::new("third"));
    let read = states::reconcile(
        Kind::AccessToken,
        &state,
        with(observed(&state), "token", third.clone()),
    );
    assert_eq!(read.get("token"), &third);
    assert_eq!(read.get("previous_token"), &Value::Null);
    // It is one more secret of this token; to see it again is not. Where the server counts, it knows better.
    let said = |state: &Value| with(observed(state), "token", third.clone());
    let uncounted = |state: &Value| with(said(state), "generation", Value::Null);
    let counted = states::reconcile(Kind::AccessToken, &state, said(&state));
    assert_eq!(counted.get("generation"), &1.into());
    let read = states::reconcile(Kind::AccessToken, &state, uncounted(&state));
    assert_eq!(read.get("generation"), &2.into());
    no_drift(&read, uncounted(&read));
}
