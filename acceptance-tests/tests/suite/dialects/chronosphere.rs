//! Chronosphere's service accounts: one secret each, shown once; no update; teams by e-mail address.

use lanyard_token_server::{Api, Options};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::caller::{Caller, text};
use crate::vendor::{Vendor, vendor};

const ACCOUNTS: &str = "/api/v1/config/service-accounts";
const TEAMS: &str = "/api/v1/config/teams";

vendor!(Chronosphere);

fn start() -> Chronosphere {
    Chronosphere(Vendor::start(Api::Chronosphere))
}

impl Chronosphere {
    fn create(&self, account: &Value) -> Value {
        let body = json!({ "service_account": account });
        let mut created = self.post(ACCOUNTS, &body).expect(200);
        created["service_account"].take()
    }

    fn refusal(&self, account: &Value, status: u16) -> Value {
        let body = json!({ "service_account": account });
        self.post(ACCOUNTS, &body).expect(status)
    }

    fn holding(&self, token: &str) -> Caller {
        self.with("api-token", token)
    }
}

fn reader(name: &str) -> Value {
    json!({ "name": name, "metrics_restriction": { "permission": "READ" } })
}

#[test]
fn a_create_as_the_official_provider_sends_it_makes_an_account_with_its_token() {
    let chronosphere = start();
    let body = "{\"service_account\":{\"created_at\":\"0001-01-01T00:00:00.000Z\",\"name\":\"CI\",\"unrestricted\":true,\"updated_at\":\"0001-01-01T00:00:00.000Z\"}}\n";
    let created = chronosphere.send(Method::POST, ACCOUNTS, body.to_owned());
    assert!(!created.header("chrono-request-id").is_empty());
    assert_eq!(created.header("content-type"), "application/json");
    let account = created.expect(200)["service_account"].take();
    assert_eq!(account["slug"], "ci");
    assert_eq!(account["unrestricted"], true);
    assert!(text(&account, "/email").ends_with("@serviceaccount.chronosphere.io"));
    assert!(!text(&account, "/created_at").starts_with("0001"));
    assert!(account.get("metrics_restriction").is_none());
}

#[test]
fn the_token_is_shown_once_and_opens_the_api_until_the_account_is_deleted() {
    let chronosphere = start();
    let account = chronosphere.create(&json!({ "name": "CI", "unrestricted": true }));
    let holder = chronosphere.holding(&text(&account, "/token"));
    assert_eq!(
        holder.get("/auth/whoami").expect(200)["email"],
        account["email"]
    );
    let path = format!("{ACCOUNTS}/ci");
    let read = holder.get(&path).expect(200);
    assert!(read["service_account"].get("token").is_none());
    let list = holder.get(ACCOUNTS).expect(200);
    assert!(list["service_accounts"][0].get("token").is_none());
    chronosphere.delete(&path).expect_text(200, "{}");
    holder.get("/auth/whoami").expect(401);
}

#[test]
fn each_account_has_a_token_and_an_address_of_its_own() {
    let chronosphere = start();
    let first = chronosphere.create(&json!({ "name": "CI", "unrestricted": true }));
    chronosphere.delete(&format!("{ACCOUNTS}/ci")).expect(200);
    let second = chronosphere.create(&json!({ "name": "CI", "unrestricted": true }));
    assert_ne!(first["token"], second["token"]);
    assert_ne!(first["email"], second["email"]);
}

#[test]
fn a_restriction_comes_back_in_the_wires_spelling() {
    let chronosphere = start();
    for permission in ["READ", "WRITE", "READ_WRITE"] {
        let restriction = json!({ "permission": permission, "labels": { "tenant": "acme" } });
        let account = json!({ "name": permission, "metrics_restriction": restriction });
        let created = chronosphere.create(&account);
        assert_eq!(created["metrics_restriction"], restriction);
        assert!(created.get("unrestricted").is_none());
        let path = format!("{ACCOUNTS}/{}", text(&created, "/slug"));
        let read = chronosphere.get(&path).expect(200);
        assert_eq!(read["service_account"]["metrics_restriction"], restriction);
    }
    let bare = chronosphere.create(&json!({
        "name": "bare", "metrics_restriction": { "permission": "READ", "labels": {} },
    }));
    assert_eq!(bare["metrics_restriction"], json!({ "permission": "READ" }));
}

#[test]
fn what_is_not_a_valid_account_is_a_400() {
    let chronosphere = start();
    let labels = json!({ "a": "1", "b": "2", "c": "3" });
    for account in [
        json!({ "unrestricted": true }),
        json!({ "name": "", "unrestricted": true }),
        json!({ "name": "neither" }),
        json!({ "name": "neither", "unrestricted": false }),
        json!({ "name": "both", "unrestricted": true, "metrics_restriction": { "permission": "READ" } }),
        json!({ "name": "spelling", "metrics_restriction": { "permission": "READ_ONLY" } }),
        json!({ "name": "none", "metrics_restriction": {} }),
        json!({ "name": "labels", "metrics_restriction": { "permission": "READ", "labels": labels } }),
        json!({ "name": "long", "slug": "x".repeat(255), "unrestricted": true }),
    ] {
        let error = chronosphere.refusal(&account, 400);
        assert_eq!(error["code"], 400_008, "{account}: {error}");
        assert!(error["message"].is_string());
    }
    chronosphere.post(ACCOUNTS, json!({})).expect(400);
    chronosphere.send(Method::POST, ACCOUNTS, "{").expect(400);
}

#[test]
fn a_used_slug_and_a_used_name_are_conflicts() {
    let chronosphere = start();
    chronosphere.create(&json!({ "name": "CI", "slug": "ci", "unrestricted": true }));
    let slug = json!({ "name": "other", "slug": "ci", "unrestricted": true });
    assert!(chronosphere.refusal(&slug, 409)["code"].is_i64());
    let name = json!({ "name": "CI", "slug": "other", "unrestricted": true });
    assert!(text(&chronosphere.refusal(&name, 409), "/message").contains("CI"));
}

#[test]
fn a_slug_is_a_path_segment_escaped_once() {
    let chronosphere = start();
    chronosphere.create(&json!({ "name": "x", "slug": "team/a b", "unrestricted": true }));
    let read = chronosphere.get(&format!("{ACCOUNTS}/team%2Fa%20b"));
    assert_eq!(read.expect(200)["service_account"]["slug"], "team/a b");
}

#[test]
fn what_does_not_exist_is_a_404_with_an_error_body_and_nothing_can_be_updated() {
    let chronosphere = start();
    let path = format!("{ACCOUNTS}/nobody");
    for reply in [chronosphere.get(&path), chronosphere.delete(&path)] {
        let error = reply.expect(404);
        assert!(error["code"].is_i64() && text(&error, "/message").contains("nobody"));
    }
    chronosphere.create(&json!({ "name": "CI", "unrestricted": true }));
    let updated = chronosphere.put(&format!("{ACCOUNTS}/ci"), json!({}));
    assert_eq!(updated.header("allow"), "GET, HEAD, DELETE");
    updated.expect(405);
}

#[test]
fn a_body_that_is_said_to_be_something_else_than_json_is_refused() {
    let chronosphere = start();
    let body = json!({ "service_account": reader("CI") }).to_string();
    let form = "application/x-www-form-urlencoded";
    chronosphere
        .send_as(Method::POST, ACCOUNTS, form, body.clone())
        .expect(415);
    chronosphere.profile(json!({ "any_media_type": true }));
    chronosphere
        .send_as(Method::POST, ACCOUNTS, form, body)
        .expect(200);
}

#[test]
fn a_dry_run_validates_and_stores_nothing() {
    let chronosphere = start();
    let body = json!({ "service_account": reader("CI"), "dry_run": true });
    chronosphere.post(ACCOUNTS, &body).expect_text(200, "{}");
    chronosphere.get(&format!("{ACCOUNTS}/ci")).expect(404);
    let invalid = json!({ "service_account": { "name": "CI" }, "dry_run": true });
    chronosphere.post(ACCOUNTS, &invalid).expect(400);
}

#[test]
fn lists_page_with_opaque_tokens_and_filter_by_slugs_and_names() {
    let chronosphere = start();
    for number in 0..7 {
        chronosphere.create(&json!({ "name": format!("CI {number}"), "unrestricted": true }));
    }
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let path = format!("{ACCOUNTS}?page.max_size=3&page.token={token}");
        let page = chronosphere.get(&path).expect(200);
        let accounts = page["service_accounts"].as_array().unwrap();
        seen.extend(accounts.iter().map(|account| text(account, "/slug")));
        match page["page"].get("next_token").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
    }
    let expected: Vec<String> = (0..7).map(|number| format!("ci-{number}")).collect();
    assert_eq!(seen, expected);
    // The vendor's command line asks for pages of 0 accounts: as many as the server likes.
    let page = format!("{ACCOUNTS}?page.max_size=0");
    let page = chronosphere.get(&page).expect(200);
    assert_eq!(page["service_accounts"].as_array().unwrap().len(), 7);
    let slugs = |query: &str| -> Vec<String> {
        let page = chronosphere.get(&format!("{ACCOUNTS}?{query}")).expect(200);
        let accounts = page["service_accounts"].as_array().unwrap();
        accounts
            .iter()
            .map(|account| text(account, "/slug"))
            .collect()
    };
    assert_eq!(
        slugs("slugs=ci-1&slugs=ci-5&slugs=nobody"),
        ["ci-1", "ci-5"]
    );
    assert_eq!(slugs("slugs=ci-1&slugs=ci-5&names=CI%205"), ["ci-5"]);
    chronosphere
        .get(&format!("{ACCOUNTS}?page.token=nonsense"))
        .expect(400);
}

#[test]
fn a_call_needs_a_token_and_a_restricted_account_cannot_configure() {
    let chronosphere = start();
    chronosphere.anonymous().get(ACCOUNTS).expect(401);
    chronosphere.holding("nonsense").get(ACCOUNTS).expect(401);
    let account = chronosphere.create(&reader("CI"));
    let holder = chronosphere.holding(&text(&account, "/token"));
    holder.get(ACCOUNTS).expect(403);
    holder.get("/auth/whoami").expect(200);
    let admin = chronosphere.create(&json!({ "name": "admin", "unrestricted": true }));
    let admin = chronosphere.holding(&text(&admin, "/token"));
    admin.delete(&format!("{ACCOUNTS}/ci")).expect(200);
}

#[test]
fn a_team_is_dry_run_made_changed_and_deleted_as_the_official_provider_does() {
    let chronosphere = start();
    let operator = &chronosphere;
    let dry = json!({ "team": { "name": "Ops", "user_emails": null }, "dry_run": true });
    operator.post(TEAMS, &dry).expect(200);
    operator.get(&format!("{TEAMS}/ops")).expect(404);
    let email = text(&chronosphere.create(&reader("CI")), "/email");
    let team = json!({ "team": { "name": "Ops", "description": "d", "user_emails": [email] } });
    operator.post(TEAMS, &team).expect(200);
    operator.post(TEAMS, &team).expect(409);
    let read = operator.get(&format!("{TEAMS}/ops")).expect(200);
    assert_eq!(read["team"]["user_emails"], json!([email]));
    let renamed = json!({ "team": { "slug": "ops", "name": "Operations" } });
    operator.put(&format!("{TEAMS}/ops"), &renamed).expect(200);
    assert_eq!(
        operator.get(TEAMS).expect(200)["teams"][0]["name"],
        "Operations"
    );
    operator.put(&format!("{TEAMS}/none"), &renamed).expect(404);
    let made = json!({ "team": { "name": "New" }, "create_if_missing": true });
    operator.put(&format!("{TEAMS}/new"), &made).expect(200);
    operator
        .delete(&format!("{TEAMS}/ops"))
        .expect_text(200, "{}");
    operator.delete(&format!("{TEAMS}/ops")).expect(404);
}

#[test]
fn faults_have_the_vendors_form_and_a_request_id() {
    let chronosphere = start();
    chronosphere.fail_once("GET", ACCOUNTS, 503);
    let failed = chronosphere.get(ACCOUNTS);
    assert!(!failed.header("chrono-request-id").is_empty());
    assert_eq!(failed.header("retry-after"), "2");
    assert!(failed.expect(503)["message"].is_string());
    chronosphere.lose_one_answer("POST", ACCOUNTS);
    let body = json!({ "service_account": reader("CI") }).to_string();
    let lost = chronosphere.try_send(Method::POST, ACCOUNTS, Some(("application/json", body)));
    assert!(lost.is_err());
    chronosphere.get(&format!("{ACCOUNTS}/ci")).expect(200);
}

#[test]
fn each_token_has_a_rate_limit_of_its_own() {
    let mut options = Options::new(Api::Chronosphere);
    options.rate_limit = Some(1);
    let vendor = Vendor::with(options);

    let callers = ["one", "two"].map(|token| vendor.with("api-token", token));
    for caller in callers {
        let statuses: Vec<u16> = (0..9).map(|_| caller.get(ACCOUNTS).status).collect();
        assert_eq!(statuses[0], 401, "{statuses:?}");
        assert!(statuses.contains(&429), "{statuses:?}");
    }
}
