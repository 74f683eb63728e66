//! Lists: in pages, filtered, and steady while others create and delete.

use serde_json::{Value, json};

use super::api::{ACCOUNTS, TestApi, text, token_path};

fn names(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(&item["name"]))
        .collect()
}

/// Every page from `path` on, as names.
fn walk(api: &TestApi, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let path = match cursor.as_str() {
            None => path.to_owned(),
            Some(cursor) => format!("{path}&cursor={cursor}"),
        };
        let page = api.get(&path).expect(200);
        pages.push(names(&page).into_iter().map(str::to_owned).collect());
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            return pages;
        }
    }
}

#[test]
fn pages_hold_everything_once_in_the_order_of_creation() {
    let api = TestApi::start();
    for name in ["e", "d", "c", "b", "a"] {
        api.create_token(json!({ "name": name }));
    }
    assert_eq!(
        walk(&api, "/v1/access-tokens?limit=2"),
        [vec!["e", "d"], vec!["c", "b"], vec!["a"]]
    );
    assert_eq!(
        walk(&api, "/v1/access-tokens?limit=5"),
        [vec!["e", "d", "c", "b", "a"]],
        "no empty last page"
    );
}

#[test]
fn an_empty_list_is_one_page() {
    let api = TestApi::start();
    assert_eq!(
        api.get(ACCOUNTS).expect(200),
        json!({ "items": [], "next_cursor": null })
    );
}

#[test]
fn a_walk_is_steady_while_others_create_and_delete() {
    let api = TestApi::start();
    let tokens: Vec<Value> = ["a", "b", "c", "d"]
        .map(|name| api.create_token(json!({ "name": name })))
        .into();
    let first = api.get("/v1/access-tokens?limit=2").expect(200);
    // The object that the cursor stands on goes, and so does one that comes later; new ones come last.
    api.delete(&token_path(&tokens[1]));
    api.delete(&token_path(&tokens[2]));
    api.create_token(json!({ "name": "e" }));
    let path = format!(
        "/v1/access-tokens?limit=2&cursor={}",
        text(&first["next_cursor"])
    );
    let second = api.get(&path).expect(200);
    assert_eq!(names(&second), ["d", "e"]);
}

#[test]
fn a_page_has_a_hundred_objects_unless_asked_otherwise_and_a_thousand_at_most() {
    let api = TestApi::start();
    for number in 0..101 {
        api.create_account(json!({ "name": number.to_string() }));
    }
    assert_eq!(names(&api.get(ACCOUNTS).expect(200)).len(), 100);
    assert_eq!(
        names(&api.get("/v1/service-accounts?limit=1000").expect(200)).len(),
        101
    );
    for limit in ["0", "1001", "-1", "x", "", "1.5"] {
        let path = format!("/v1/service-accounts?limit={limit}");
        api.get(&path).refused("invalid_request");
    }
}

#[test]
fn filters_are_exact_and_combine() {
    let api = TestApi::start();
    let account = api.create_account(json!({ "name": "ci", "managed_by": "terraform" }));
    api.create_account(json!({ "name": "CI" }));
    let id = text(&account["id"]);
    api.create_token(json!({ "name": "a", "service_account_id": id, "managed_by": "terraform" }));
    api.create_token(json!({ "name": "b", "service_account_id": id }));
    api.create_token(json!({ "name": "a b&c", "managed_by": "terraform" }));

    let listed = |path: &str| walk(&api, path).concat();
    assert_eq!(listed("/v1/service-accounts?name=ci"), ["ci"]);
    assert_eq!(
        listed("/v1/service-accounts?managed_by=terraform&limit=1"),
        ["ci"]
    );
    assert_eq!(listed("/v1/service-accounts?name=c"), [""; 0]);
    assert_eq!(
        listed(&format!(
            "/v1/access-tokens?service_account_id={id}&limit=1"
        )),
        ["a", "b"]
    );
    assert_eq!(
        listed("/v1/access-tokens?managed_by=terraform&limit=1"),
        ["a", "a b&c"]
    );
    assert_eq!(listed("/v1/access-tokens?name=a+b%26c"), ["a b&c"]);
    assert_eq!(
        listed(&format!(
            "/v1/access-tokens?service_account_id={id}&managed_by=terraform"
        )),
        ["a"]
    );
    assert_eq!(
        listed("/v1/access-tokens?service_account_id=sa_unknown"),
        [""; 0]
    );
}

#[test]
fn a_cursor_belongs_to_its_list_and_filters() {
    let api = TestApi::start();
    for name in ["a", "b"] {
        api.create_token(json!({ "name": name, "managed_by": "terraform" }));
    }
    let page = api
        .get("/v1/access-tokens?limit=1&managed_by=terraform")
        .expect(200);
    let cursor = text(&page["next_cursor"]);
    for path in [
        format!("/v1/access-tokens?cursor={cursor}"),
        format!("/v1/service-accounts?managed_by=terraform&cursor={cursor}"),
        format!("/v1/access-tokens?managed_by=terraform&cursor=x{cursor}"),
        "/v1/access-tokens?cursor=".to_owned(),
        "/v1/access-tokens?cursor=1".to_owned(),
        "/v1/access-tokens?cursor=%00".to_owned(),
    ] {
        api.get(&path).refused("invalid_request");
    }
    // Another page size is fine.
    let path = format!("/v1/access-tokens?limit=7&managed_by=terraform&cursor={cursor}");
    assert_eq!(names(&api.get(&path).expect(200)), ["b"]);
}

#[test]
fn unknown_and_repeated_parameters_are_refused() {
    let api = TestApi::start();
    for query in [
        "nme=ci",
        "name=a&name=b",
        "limit=1&limit=1",
        "service_account_id=x",
    ] {
        let path = format!("/v1/service-accounts?{query}");
        api.get(&path).refused("invalid_request");
    }
}
