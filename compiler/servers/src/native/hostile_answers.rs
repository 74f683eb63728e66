//! Whatever a server answers, nothing panics: random bytes, and real answers with any part replaced by something else.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::native::CAPABILITIES;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{answer, wire};
use crate::engine::state_of;
use crate::http::Answer;
use crate::object::Object;

/// One of each document of the API, with everything in it.
fn documents() -> [Json; 4] {
    let token = json!({
        "id": "at_1", "name": "ci", "service_account_id": "sa_1", "description": "x", "roles": ["viewer"], "scopes": ["a:b"],
        "visibility": {"level": "selected", "users": ["u"], "teams": ["t"]}, "disabled": false,
        "expires_at": "2026-11-22T10:00:00Z", "status": "active", "managed_by": "lanyard", "origin": null, "generation": 3,
        "created_at": "2026-11-22T10:00:00Z", "issued_at": "2026-11-22T10:00:00Z", "last_used_at": null,
        "updated_at": "2026-11-22T10:00:00Z", "previous": {"expires_at": "2026-11-22T10:00:00Z", "until_first_use": true},
        "secret": "lyd_x"
    });
    let account = json!({
        "id": "sa_1", "name": "ci", "description": null, "roles": ["viewer"], "disabled": false,
        "restriction": {"permission": "READ", "labels": {"a": "b"}}, "managed_by": null, "origin": null,
        "created_at": "2026-11-22T10:00:00Z", "updated_at": "2026-11-22T10:00:00Z"
    });
    let problem = json!({
        "type": "about:blank", "title": "t", "status": 409, "detail": "d", "code": "name_taken",
        "errors": [{"pointer": "/restriction/labels/a~1b", "detail": "x"}],
        "existing": {"id": "at_1", "created_at": "2026-11-22T10:00:00Z", "last_used_at": null, "managed_by": "lanyard"}
    });
    let list = json!({"items": [token, token], "next_cursor": "x"});
    [token, account, problem, list]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,20}".prop_map(Json::from),
        Just(json!("9999-12-31T23:59:59Z")),
        Just(json!("-009999-01-01T00:00:00Z")),
        Just(json!("/0/00/999999999999999999999999/~/~2/labels//")),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(".{0,8}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// Replaces or removes what `path` leads to.
fn mutate(document: &mut Json, path: &[usize], by: Option<Json>) {
    let Some((step, rest)) = path.split_first() else {
        *document = by.unwrap_or_default();
        return;
    };
    match document {
        Json::Object(map) if !map.is_empty() => {
            let key = map
                .keys()
                .nth(step % map.len())
                .cloned()
                .unwrap_or_default();
            match (rest, by) {
                ([], None) => {
                    map.remove(&key);
                }
                (_, by) => mutate(&mut map[&key], rest, by),
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let index = step % items.len();
            mutate(&mut items[index], rest, by);
        }
        other => *other = by.unwrap_or_default(),
    }
}

/// Takes an answer through everything that is done with one.
fn swallow(status: u16, body: &[u8]) {
    let Some(answer) = Answer::made_up(status, "application/problem+json; charset=utf-8", body)
    else {
        return;
    };
    let _ = answer::explain(&answer);
    let far = [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX];
    let tokens = answer
        .json::<wire::List<wire::Token>>()
        .map(|list| list.items.read);
    let token = answer.json::<wire::Token>().map(|token| vec![token]);
    for token in tokens.into_iter().chain(token).flatten() {
        let record = token.into();
        for now in far {
            let state = state_of::<AccessToken>(&CAPABILITIES, None, &record, now);
            let again = state_of::<AccessToken>(&CAPABILITIES, Some(&state), &record, now);
            let [state, again] = [state, again].map(|state| AccessToken::decode(&state.write()));
            assert_eq!(state, again);
        }
    }
    if let Ok(account) = answer.json::<wire::Account>() {
        let state = state_of::<ServiceAccount>(&CAPABILITIES, None, &account.into(), far[1]);
        assert!(ServiceAccount::decode(&state.write()).is_ok());
    }
    let _ = answer
        .json::<wire::Identity>()
        .map(crate::record::Identity::from);
    let _ = answer
        .json::<wire::Offered>()
        .map(|capabilities| capabilities.describe(String::new()));
}

/// A word that nobody knows is not "active": whoever reads it would call a secret alive that is suspended.
#[test]
fn a_status_that_is_not_known_is_an_error() {
    for (status, expected) in [
        ("active", true),
        ("expired", true),
        ("disabled", true),
        ("suspended", false),
        ("revoked", false),
    ] {
        let [mut token, ..] = documents();
        token["status"] = status.into();
        let read = serde_json::from_value::<wire::Token>(token);
        assert_eq!(read.is_ok(), expected, "{status}: {read:?}");
    }
}

proptest! {
    #[test]
    fn random_bytes_are_only_an_error(status in 100..600_u16, body in prop::collection::vec(any::<u8>(), 0..200)) {
        swallow(status, &body);
    }

    #[test]
    fn a_mutilated_answer_is_only_an_error(
        status in 100..600_u16,
        which in 0..4_usize,
        path in prop::collection::vec(0..20_usize, 1..5),
        by in prop::option::of(json()),
        cut in prop::option::of(0..2000_usize),
    ) {
        let mut document = documents()[which].clone();
        mutate(&mut document, &path, by);
        let mut body = serde_json::to_vec(&document).unwrap();
        body.truncate(cut.unwrap_or(usize::MAX));
        swallow(status, &body);
    }
}

#[test]
fn the_unharmed_documents_are_understood() {
    let [token, account, ..] = documents();
    let answer = |document: &Json| {
        Answer::made_up(200, "application/json", document.to_string().as_bytes()).unwrap()
    };
    assert!(answer(&token).json::<wire::Token>().is_ok());
    assert!(answer(&account).json::<wire::Account>().is_ok());
}

/// A token without `expires_at` would pass for one without end, an account without `restriction` for one that may read everything.
#[test]
fn what_is_always_there_and_left_out_is_an_error() {
    fn is_read<T: serde::de::DeserializeOwned>(document: &Json, without: &str) -> bool {
        let mut document = document.clone();
        document.as_object_mut().unwrap().remove(without);
        serde_json::from_value::<T>(document).is_ok()
    }
    let [token, account, ..] = documents();
    let unread = ["updated_at", "secret"];
    for name in token.as_object().unwrap().keys() {
        let expected = unread.contains(&name.as_str());
        assert_eq!(is_read::<wire::Token>(&token, name), expected, "{name}");
    }
    for name in account.as_object().unwrap().keys() {
        let expected = unread.contains(&name.as_str());
        assert_eq!(is_read::<wire::Account>(&account, name), expected, "{name}");
    }
    let identity = json!({
        "kind": "operator", "id": "op", "name": "op", "service_account": null, "access_token": null, "roles": ["admin"], "scopes": [],
        "restriction": null
    });
    for name in identity.as_object().unwrap().keys() {
        assert!(!is_read::<wire::Identity>(&identity, name), "{name}");
    }
    for name in ["expires_at", "until_first_use"] {
        let mut token = token.clone();
        token["previous"].as_object_mut().unwrap().remove(name);
        assert!(
            serde_json::from_value::<wire::Token>(token).is_err(),
            "previous.{name}"
        );
    }
}

/// The contract lets a server say `null` of what has nothing in it.
#[test]
fn null_is_nothing() {
    let [token, account, ..] = documents();
    let without = |mut document: Json, pointers: &[&str]| {
        for pointer in pointers {
            *document.pointer_mut(pointer).unwrap() = Json::Null;
        }
        Answer::made_up(200, "application/json", document.to_string().as_bytes()).unwrap()
    };
    let token = without(
        token,
        &[
            "/roles",
            "/scopes",
            "/visibility/users",
            "/visibility/teams",
            "/disabled",
        ],
    );
    let token: AccessTokenRecord = token.json::<wire::Token>().unwrap().into();
    assert_eq!(token.roles, Some(BTreeSet::new()));
    assert!(token.visibility.unwrap().users.is_empty());
    let account = without(account, &["/roles", "/restriction/labels"]);
    let account: ServiceAccountRecord = account.json::<wire::Account>().unwrap().into();
    assert!(account.restriction.unwrap().labels.is_empty());
}

#[test]
fn deep_nesting_is_only_an_error() {
    let deep = "[".repeat(100_000);
    swallow(200, deep.as_bytes());
}
