//! Splunk Observability's org tokens: addressed by name, secrets shown on every read, rotation with grace.

use lanyard_token_server::Api;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Vendor, text};

const DAY: i64 = 24 * 3600;

struct Splunk {
    vendor: Vendor,
    admin: Caller,
}

fn start() -> Splunk {
    let vendor = Vendor::start(Api::Splunk);
    let admin = vendor.anonymous().with("x-sf-token", vendor.token());
    Splunk { vendor, admin }
}

impl Splunk {
    fn create(&self, body: &Value) -> Value {
        self.admin.post("/v2/token", body).expect(200)
    }

    fn holding(&self, secret: &str) -> Caller {
        self.vendor.anonymous().with("x-sf-token", secret)
    }

    /// Whether a token with the scope `INGEST` may send data with this secret.
    fn ingests(&self, secret: &str) -> bool {
        match self
            .holding(secret)
            .post("/v2/datapoint", &json!({}))
            .status
        {
            200 => true,
            401 => false,
            other => panic!("ingest answered {other}"),
        }
    }
}

#[test]
fn a_minimal_create_is_answered_200_with_the_defaults_and_the_secret() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "min-token" }));
    assert_eq!(token["authScopes"], json!(["API", "INGEST"]));
    assert_eq!(token["disabled"], false);
    assert_eq!(token["permissions"], Value::Null);
    assert_eq!(token["notifications"], json!([]));
    assert_eq!(token["roles"][0]["title"], "power");
    assert!(token.get("limits").is_none(), "no limits, no key: {token}");
    assert_eq!(token["created"], token["latestRotation"]);
    let lifetime = token["expiry"].as_i64().unwrap() - token["created"].as_i64().unwrap();
    assert_eq!(lifetime, 30 * DAY * 1000);
    assert!(splunk.ingests(&text(&token, "/secret")));
}

#[test]
fn reads_lists_and_updates_show_the_same_secret_again() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t" }));
    let read = splunk.admin.get("/v2/token/t").expect(200);
    assert_eq!(read, token);
    let listed = splunk.admin.get("/v2/token/").expect(200);
    assert_eq!(listed["results"], json!([token]));
    let updated = splunk.admin.put("/v2/token/t", &json!({ "name": "t" }));
    assert_eq!(updated.expect(200)["secret"], token["secret"]);
}

#[test]
fn a_put_replaces_what_it_leaves_out_and_keeps_identity_and_expiry() {
    let splunk = start();
    let before = splunk.create(&json!({
        "name": "T", "authScopes": ["INGEST"], "description": "d", "disabled": true,
        "limits": {"categoryQuota": {"1": 100, "3": 1000}, "categoryNotificationThreshold": {"1": 90}},
        "notifications": [{"type": "Email", "email": "foo@example.com"}],
        "roles": [{"title": "usage"}],
        "permissions": {"acl": [{"principalId": "T1", "principalType": "TEAM", "actions": ["READ"]}]},
    }));
    assert_eq!(before["limits"]["categoryQuota"]["3"], 1000);
    assert_eq!(before["permissions"]["parent"], Value::Null);
    assert!(!splunk.ingests(&text(&before, "/secret")), "disabled");
    let body = json!({ "name": "T", "authScopes": ["RUM"] });
    let after = splunk.admin.put("/v2/token/T", &body).expect(200);
    assert_eq!(after["description"], Value::Null);
    assert_eq!(after["disabled"], false);
    assert_eq!(after["notifications"], json!([]));
    assert!(after.get("limits").is_none());
    for kept in [
        "id",
        "secret",
        "created",
        "expiry",
        "latestRotation",
        "authScopes",
        "roles",
        "permissions",
    ] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
    assert!(splunk.ingests(&text(&before, "/secret")), "enabled again");
    let body = json!({ "name": "T", "permissions": null });
    let hidden = splunk.admin.put("/v2/token/T", &body).expect(200);
    assert_eq!(hidden["permissions"], Value::Null);
}

#[test]
fn scopes_change_in_place_only_when_the_switch_for_it_is_on() {
    let splunk = start();
    splunk.create(&json!({ "name": "t", "authScopes": ["INGEST"] }));
    let operator = splunk.vendor.token().to_owned();
    splunk
        .vendor
        .profile(&operator, &json!({ "scopes_change": true }));
    let body = json!({ "name": "t", "authScopes": ["API"] });
    let changed = splunk.admin.put("/v2/token/t", &body).expect(200);
    assert_eq!(changed["authScopes"], json!(["API"]));
}

#[test]
fn a_new_lifetime_begins_when_it_is_sent_and_the_token_ends_with_it() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t", "secondsUntilExpiry": 3600 }));
    let secret = text(&token, "/secret");
    splunk.vendor.advance_seconds(3000);
    let body = json!({ "name": "t", "secondsUntilExpiry": 3600 });
    splunk.admin.put("/v2/token/t", &body).expect(200);
    splunk.vendor.advance_seconds(3000);
    assert!(splunk.ingests(&secret));
    splunk.vendor.advance_seconds(601);
    assert!(!splunk.ingests(&secret));
    assert_eq!(
        splunk.admin.get("/v2/token").expect(200)["count"],
        1,
        "expired tokens stay listed"
    );
    splunk.admin.post("/v2/token", &body).expect(400);
    for wrong in [0, -1, 5_676_000_001_i64] {
        let body = json!({ "name": "u", "secondsUntilExpiry": wrong });
        splunk.admin.post("/v2/token", &body).expect(400);
    }
}

#[test]
fn a_rotation_with_grace_lets_both_secrets_work_until_the_grace_ends() {
    let splunk = start();
    let before = splunk.create(&json!({ "name": "t" }));
    splunk.vendor.advance_seconds(10);
    let path = "/v2/token/t/rotate?graceful=600&secondsUntilExpiry=7200";
    let after = splunk.admin.call(Method::POST, path).expect(200);
    let (old, new) = (text(&before, "/secret"), text(&after, "/secret"));
    assert_eq!(after["id"], before["id"]);
    assert_ne!(after["latestRotation"], before["latestRotation"]);
    let lifetime = after["expiry"].as_i64().unwrap() - after["latestRotation"].as_i64().unwrap();
    assert_eq!(lifetime, 7_200_000);
    assert!(splunk.ingests(&old) && splunk.ingests(&new));
    splunk.vendor.advance_seconds(601);
    assert!(!splunk.ingests(&old) && splunk.ingests(&new));
}

#[test]
fn a_rotation_without_grace_ends_the_old_secret_at_once() {
    let splunk = start();
    let before = splunk.create(&json!({ "name": "t" }));
    let after = splunk
        .admin
        .call(Method::POST, "/v2/token/t/rotate")
        .expect(200);
    assert!(!splunk.ingests(&text(&before, "/secret")));
    assert!(splunk.ingests(&text(&after, "/secret")));
}

#[test]
fn a_second_rotation_within_the_grace_ends_the_oldest_secret() {
    let splunk = start();
    let rotate = || {
        splunk
            .admin
            .call(Method::POST, "/v2/token/t/rotate?graceful=600")
            .expect(200)
    };
    let first = text(&splunk.create(&json!({ "name": "t" })), "/secret");
    let second = text(&rotate(), "/secret");
    let third = text(&rotate(), "/secret");
    assert!(!splunk.ingests(&first));
    assert!(splunk.ingests(&second) && splunk.ingests(&third));
}

#[test]
fn a_rotation_is_refused_when_the_token_expired_or_the_grace_is_too_long() {
    let splunk = start();
    splunk.create(&json!({ "name": "t", "secondsUntilExpiry": 60 }));
    let rotate = |query: &str| {
        splunk
            .admin
            .call(Method::POST, &format!("/v2/token/t/rotate{query}"))
    };
    rotate("?graceful=5184001").expect(400);
    rotate("?graceful=-1").expect(400);
    rotate("?graceful=soon").expect(400);
    splunk.vendor.advance_seconds(61);
    rotate("").expect(400);
    splunk
        .admin
        .call(Method::POST, "/v2/token/nobody/rotate")
        .expect(404);
}

#[test]
fn a_name_is_unique_though_its_token_be_disabled_or_expired() {
    let splunk = start();
    splunk.create(&json!({ "name": "a", "disabled": true }));
    splunk.create(&json!({ "name": "b", "secondsUntilExpiry": 1 }));
    splunk.vendor.advance_seconds(2);
    for taken in ["a", "b"] {
        let error = splunk
            .admin
            .post("/v2/token", &json!({ "name": taken }))
            .expect(400);
        assert_eq!(
            error,
            json!({ "code": 400, "message": "A token with the same name already exists!" })
        );
    }
    let renamed = splunk.admin.put("/v2/token/a", &json!({ "name": "b" }));
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
        .admin
        .put("/v2/token/old", &json!({ "name": "new" }))
        .expect(200);
    assert_eq!(
        (&after["id"], &after["secret"]),
        (&before["id"], &before["secret"])
    );
    splunk.admin.get("/v2/token/old").expect(404);
    splunk.admin.get("/v2/token/new").expect(200);
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
        assert_eq!(splunk.admin.get(path).expect(200)["name"], "dpm/token key");
    }
    splunk.create(&json!({ "name": "a%2Fb" }));
    splunk.create(&json!({ "name": "a/b" }));
    let once = splunk.admin.get("/v2/token/a%252Fb").expect(200);
    assert_eq!(once["name"], "a%2Fb", "decoded once comes first");
}

#[test]
fn deleting_answers_204_and_then_404_and_ends_the_secret() {
    let splunk = start();
    let token = splunk.create(&json!({ "name": "t" }));
    let deleted = splunk.admin.delete("/v2/token/t");
    deleted.expect_text(204, "");
    splunk.admin.delete("/v2/token/t").expect(404);
    splunk.admin.get("/v2/token/t").expect(404);
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
    for wrong in [
        json!({ "dpmQuota": 1, "categoryQuota": {"1": 1} }),
        json!({ "dpmQuota": 2_147_483_648_i64 }),
        json!({ "categoryQuota": {"5": 1} }),
        json!({ "categoryQuota": {"1": 1.5} }),
        json!({ "jobsPerMinuteLimit": 61 }),
        json!({ "eventSearchesPerMinute": 31 }),
        json!({ "nonsense": 1 }),
    ] {
        splunk
            .admin
            .post("/v2/token", &json!({ "name": "x", "limits": wrong }))
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
        let error = splunk.admin.post("/v2/token", &body).expect(400);
        assert_eq!(error, json!({ "code": 400, "message": message }));
    }
    for body in [
        json!({ "name": "x", "permissions": { "acl": null } }),
        json!({ "name": "x", "authScopes": ["RUM", "API"] }),
        entry(json!({ "principalId": "a", "principalType": "ROBOT", "actions": ["READ"] })),
        entry(json!({ "principalId": "a", "principalType": "ORG", "actions": ["OWN"] })),
        json!({ "name": "x", "authScopes": ["ADMIN"] }),
        json!({ "name": "x", "notifications": [{ "type": "Pigeon" }] }),
    ] {
        splunk.admin.post("/v2/token", &body).expect(400);
    }
    splunk
        .admin
        .send(Method::POST, "/v2/token", Some("{".to_owned()))
        .expect(400);
}

#[test]
fn lists_page_by_offset_and_count_all_that_match() {
    let splunk = start();
    for number in 0..25 {
        splunk.create(&json!({ "name": format!("ci-{number}") }));
    }
    splunk.create(&json!({ "name": "other" }));
    let page = |query: &str| splunk.admin.get(&format!("/v2/token{query}")).expect(200);
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
fn a_call_needs_a_token_that_lives_and_a_401_has_no_body() {
    let splunk = start();
    splunk
        .vendor
        .anonymous()
        .get("/v2/token")
        .expect_text(401, "");
    splunk.holding("").get("/v2/token").expect_text(401, "");
    splunk
        .holding("nonsense")
        .get("/v2/token")
        .expect_text(401, "");
}

#[test]
fn an_org_token_sees_only_itself_and_changes_nothing() {
    let splunk = start();
    splunk.create(&json!({ "name": "other" }));
    let own = splunk.create(&json!({ "name": "own", "authScopes": ["API"] }));
    let holder = splunk.holding(&text(&own, "/secret"));
    let listed = holder.get("/v2/token").expect(200);
    assert_eq!(
        (&listed["count"], &listed["results"][0]["name"]),
        (&json!(1), &json!("own"))
    );
    holder.get("/v2/token/other").expect(404);
    let unauthorized = json!({ "code": 403, "message": "Unauthorized update." });
    let create = holder.post("/v2/token", &json!({ "name": "x" }));
    assert_eq!(create.expect(403), unauthorized);
    assert_eq!(holder.delete("/v2/token/own").expect(403), unauthorized);
    assert_eq!(
        holder
            .put("/v2/token/own", &json!({ "name": "x" }))
            .expect(403),
        unauthorized
    );
    holder
        .call(Method::POST, "/v2/token/own/rotate")
        .expect(403);
    let ingest = splunk.create(&json!({ "name": "ingest", "authScopes": ["INGEST"] }));
    splunk
        .holding(&text(&ingest, "/secret"))
        .get("/v2/token?name=nobody")
        .expect(401);
}

#[test]
fn a_session_is_opened_with_a_password_used_and_ended() {
    let splunk = start();
    let server = &splunk.vendor.server;
    let sign_in = json!({
        "email": server.username, "password": server.password, "organizationId": server.organization,
    });
    splunk.holding("").post("/v2/session", &sign_in).expect(401);
    let session = splunk
        .vendor
        .anonymous()
        .post("/v2/session", &sign_in)
        .expect(200);
    let caller = splunk.holding(&text(&session, "/accessToken"));
    caller
        .post("/v2/token", &json!({ "name": "t" }))
        .expect(200);
    caller.delete("/v2/session").expect_text(204, "");
    caller.get("/v2/token").expect(401);
    assert_eq!(caller.delete("/v2/session").expect(404)["code"], 404);
    let second = splunk
        .vendor
        .anonymous()
        .post("/v2/session", &sign_in)
        .expect(200);
    splunk.vendor.advance_seconds(30 * DAY + 1);
    splunk
        .holding(&text(&second, "/accessToken"))
        .get("/v2/token")
        .expect(401);
    splunk.admin.get("/v2/organization").expect(200);
}

#[test]
fn faults_are_answered_in_the_vendors_form() {
    let splunk = start();
    splunk.vendor.fail_once("POST", "/v2/token", 429);
    let limited = splunk.admin.post("/v2/token", &json!({ "name": "t" }));
    assert_eq!(limited.header("retry-after"), "2");
    assert_eq!(limited.expect(429)["code"], 429);
    splunk.vendor.lose_one_answer("POST", "/v2/token");
    let body = ("application/json", json!({ "name": "t" }).to_string());
    assert!(
        splunk
            .admin
            .try_send(Method::POST, "/v2/token", Some(body))
            .is_err()
    );
    let adopted = splunk.admin.get("/v2/token/t").expect(200);
    assert!(
        splunk.ingests(&text(&adopted, "/secret")),
        "a lost secret is read again"
    );
}

#[test]
fn tokens_and_grace_periods_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sqlite");
    let (old, new) = {
        let vendor = Vendor::start_on(Api::Splunk, &file);
        let admin = vendor.anonymous().with("x-sf-token", vendor.token());
        let before = admin.post("/v2/token", &json!({ "name": "t" })).expect(200);
        let after = admin
            .call(Method::POST, "/v2/token/t/rotate?graceful=600")
            .expect(200);
        (text(&before, "/secret"), text(&after, "/secret"))
    };
    let vendor = Vendor::start_on(Api::Splunk, &file);
    let admin = vendor.anonymous().with("x-sf-token", vendor.token());
    let splunk = Splunk { vendor, admin };
    assert!(splunk.ingests(&old) && splunk.ingests(&new));
    assert_eq!(
        text(&splunk.admin.get("/v2/token/t").expect(200), "/secret"),
        new
    );
    splunk.vendor.advance_seconds(601);
    assert!(!splunk.ingests(&old));
}
