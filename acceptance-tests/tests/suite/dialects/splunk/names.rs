//! Names, limits, lists, and what is wrong with a body.

use reqwest::Method;
use serde_json::{Value, json};

use super::start;
use crate::support::caller::text;

#[test]
fn a_name_is_unique_though_its_token_be_disabled_or_expired() {
    let splunk = start();
    splunk.create(&json!({ "name": "a", "disabled": true }));
    splunk.create(&json!({ "name": "b", "secondsUntilExpiry": 1 }));
    splunk.advance_seconds(2);
    for taken in ["a", "b"] {
        let error = splunk
            .post("/v2/token", json!({ "name": taken }))
            .expect(400);
        assert_eq!(
            error,
            json!({ "code": 400, "message": "A token with the same name already exists!" })
        );
    }
    let renamed = splunk.put("/v2/token/a", json!({ "name": "b" }));
    assert_eq!(
        renamed.expect(400)["message"],
        "A token with the same name already exists!"
    );
}

#[test]
fn renaming_keeps_the_secret_and_frees_the_old_name() {
    let splunk = start();
    let before = splunk.create(&json!({ "name": "old" }));
    let after = splunk
        .put("/v2/token/old", json!({ "name": "new" }))
        .expect(200);
    assert_eq!(
        (&after["id"], &after["secret"]),
        (&before["id"], &before["secret"])
    );
    splunk.get("/v2/token/old").expect(404);
    splunk.get("/v2/token/new").expect(200);
    splunk.create(&json!({ "name": "old" }));
}

#[test]
fn a_name_is_found_encoded_once_and_twice_as_the_official_client_does() {
    let splunk = start();
    splunk.create(&json!({ "name": "dpm/token key" }));
    for path in [
        "/v2/token/dpm%2Ftoken%20key",
        "/v2/token/dpm%252Ftoken%2520key",
    ] {
        assert_eq!(splunk.get(path).expect(200)["name"], "dpm/token key");
    }
    splunk.create(&json!({ "name": "a%2Fb" }));
    splunk.create(&json!({ "name": "a/b" }));
    let once = splunk.get("/v2/token/a%252Fb").expect(200);
    assert_eq!(once["name"], "a%2Fb", "decoded once comes first");
}

#[test]
fn deleting_answers_204_and_then_404_and_ends_the_secret() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t" }));
    let deleted = splunk.delete("/v2/token/t");
    deleted.expect_text(204, "");
    splunk.delete("/v2/token/t").expect(404);
    splunk.get("/v2/token/t").expect(404);
    assert!(!splunk.ingests(&text(&token, "/secret")));
}

#[test]
fn limits_come_back_as_they_were_sent_and_wrong_ones_are_refused() {
    let splunk = start();
    let limits = json!({ "dpmQuota": 1000, "dpmNotificationThreshold": -1, "categoryQuota": null });
    let token = splunk.create(&json!({ "name": "dpm", "limits": limits }));
    assert_eq!(
        token["limits"],
        json!({ "dpmQuota": 1000, "dpmNotificationThreshold": -1 })
    );
    let rates = json!({ "jobsPerMinuteLimit": 60, "eventSearchesPerMinute": 0, "mtsmLimit": 5_000_000_000_i64 });
    let token = splunk.create(&json!({ "name": "rates", "limits": rates }));
    assert_eq!(
        token["limits"],
        json!({ "jobsPerMinuteLimit": 60, "mtsmLimit": 5_000_000_000_i64 }),
        "0 removes a rate"
    );
    let quotas =
        json!({ "categoryQuota": {"1": 100.0, "2": null, "3": 5_000_000_000_i64}, "nonsense": 1 });
    let token = splunk.create(&json!({ "name": "quotas", "limits": quotas }));
    assert_eq!(
        token["limits"],
        json!({ "categoryQuota": {"1": 100, "3": 5_000_000_000_i64} })
    );
    for wrong in [
        json!({ "dpmQuota": 1, "categoryQuota": {"1": 1} }),
        json!({ "dpmQuota": 2_147_483_648_i64 }),
        json!({ "categoryQuota": {"5": 1} }),
        json!({ "categoryQuota": {"1": 1.5} }),
        json!({ "jobsPerMinuteLimit": 61 }),
        json!({ "eventSearchesPerMinute": 31 }),
    ] {
        splunk
            .post("/v2/token", json!({ "name": "x", "limits": wrong }))
            .expect(400);
    }
}

#[test]
fn faults_of_a_body_are_said_in_the_vendors_words() {
    let splunk = start();
    let entry = |entry: Value| json!({ "name": "x", "permissions": { "acl": [entry] } });
    for (body, message) in [
        (json!({}), "Please provide a name for this token."),
        (
            json!({ "name": null }),
            "Please provide a name for this token.",
        ),
        (
            entry(json!({ "principalType": "TEAM", "actions": ["READ"] })),
            "A principalId is required and may not be empty for acl entry",
        ),
        (
            entry(json!({ "principalId": "a", "actions": ["READ"] })),
            "A principalType is required and may not be empty for acl entry",
        ),
        (
            entry(json!({ "principalId": "a", "principalType": "TEAM", "actions": [] })),
            "Actions are required and may not be empty for acl entry",
        ),
    ] {
        let error = splunk.post("/v2/token", &body).expect(400);
        assert_eq!(error, json!({ "code": 400, "message": message }));
    }
    for body in [
        json!({ "name": "x", "permissions": { "acl": null } }),
        json!({ "name": "x", "authScopes": ["RUM", "API"] }),
        entry(json!({ "principalId": "a", "principalType": "ROBOT", "actions": ["READ"] })),
        entry(json!({ "principalId": "a", "principalType": "ORG", "actions": ["OWN"] })),
        entry(
            json!({ "principalId": "a", "principalType": "ORG", "actions": ["READ", "WRITE", "READ"] }),
        ),
        json!({ "name": "x", "roles": [{ "title": "emperor" }] }),
        json!({ "name": "x", "authScopes": ["ADMIN"] }),
        json!({ "name": "x", "notifications": [{ "type": "Pigeon" }] }),
    ] {
        splunk.post("/v2/token", &body).expect(400);
    }
    let notified = json!({ "name": "n", "notifications": [{ "type": "EmailTemplate" }] });
    splunk.create(&notified);
    splunk.send(Method::POST, "/v2/token", "{").expect(400);
}

#[test]
fn lists_page_by_offset_and_count_all_that_match() {
    let splunk = start();
    for number in 0..25 {
        splunk.create(&json!({ "name": format!("ci-{number}") }));
    }
    splunk.create(&json!({ "name": "other" }));
    let page = |query: &str| splunk.get(&format!("/v2/token{query}")).expect(200);
    let length = |page: &Value| page["results"].as_array().unwrap().len();
    let first = page("?name=ci-");
    assert_eq!((first["count"].as_i64(), length(&first)), (Some(25), 20));
    let second = page("?name=ci-&offset=20&limit=20");
    assert_eq!((second["count"].as_i64(), length(&second)), (Some(25), 5));
    assert_eq!(length(&page("?limit=none")), 20);
    assert_eq!(length(&page("?limit=0")), 20);
    assert_eq!(length(&page("?limit=1000")), 26);
    assert_eq!(page("?offset=100"), json!({ "count": 26, "results": [] }));
}

#[test]
fn a_search_finds_names_encoded_once_and_twice_as_the_official_client_does() {
    let splunk = start();
    for name in ["Team Key/1", "Team%20Key"] {
        splunk.create(&json!({ "name": name }));
    }
    let found = |query: &str| -> Vec<Value> {
        let path = format!("/v2/token?limit=20&name={query}&offset=0");
        let page = splunk.get(&path).expect(200);
        let tokens = page["results"].as_array().unwrap();
        tokens.iter().map(|token| token["name"].clone()).collect()
    };
    assert_eq!(found("Team+Key%2F1"), ["Team Key/1"]);
    assert_eq!(found("Team%2520Key%252F1"), ["Team Key/1"]);
    assert_eq!(
        found("Team%2520Key"),
        ["Team%20Key"],
        "decoded once comes first"
    );
    assert_eq!(found("100%25"), [""; 0]);
}
