//! Until when a secret works is said as its server keeps it, in every sentence: where ends are whole days, that is midnight of its date.

use lanyard_compiler::model::server::Api;
use lanyard_compiler::policy::{FILE, Policy};
use serde_json::{Value as Json, json};

use super::{parse, text};
use crate::rules::found_by;

const WRITTEN: &str = "2027-06-01T15:00:00Z";

/// When it ends what is written so.
fn kept(api: Api) -> &'static str {
    match api {
        Api::Osmo => "2027-06-01T00:00:00Z",
        Api::Native | Api::Chronosphere | Api::Elasticsearch | Api::Openobserve | Api::Splunk => {
            WRITTEN
        }
    }
}

fn plan_on(api: Api, more: Json) -> Json {
    let mut plan = json!({"format_version": "1.2", "timestamp": "2027-01-01T00:00:00Z", "planned_values": {},
    "configuration": {"provider_config": {"lanyard": {"name": "lanyard",
        "full_name": "registry.terraform.io/lanyard/lanyard",
        "expressions": {"api": {"constant_value": api.name()}}}}}});
    for (name, value) in more.as_object().expect("more of a plan") {
        plan[name] = value.clone();
    }
    plan
}

fn token(status: &str, end: Json) -> Json {
    json!({"id": "at_1", "name": "ci", "status": status, "disabled": false, "issued_at": "2027-01-01T00:00:00Z",
        "expires_at": end, "token": "lyd_hunter1", "generation": 1})
}

fn of_ci(change: Json) -> Json {
    json!([{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
        "provider_name": "registry.terraform.io/lanyard/lanyard", "change": change}])
}

#[test]
fn every_sentence_says_the_end_that_the_server_keeps() {
    for api in Api::ALL {
        let kept = kept(api);
        let told = |what: &str, plan: Json, expected: String| {
            let told = text(&plan);
            assert!(told.contains(&expected), "{what} on {api:?}: {told}");
        };
        let active = token("active", json!(WRITTEN));
        let endless = token("active", Json::Null);
        told(
            "a lifetime",
            plan_on(
                api,
                json!({"resource_changes": of_ci(json!({"actions": ["update"], "before": endless, "after": active}))}),
            ),
            format!("no end -> until {kept}\n"),
        );
        told(
            "what is forgotten",
            plan_on(
                api,
                json!({"resource_changes": of_ci(json!({"actions": ["forget"], "before": active, "after": null}))}),
            ),
            format!("its secret works until {kept}, "),
        );
        let expired = token("expired", json!(WRITTEN));
        told(
            "what happened",
            plan_on(
                api,
                json!({"resource_drift": of_ci(json!({"actions": ["update"], "before": active, "after": expired}))}),
            ),
            format!("has expired at {kept}: its secret does not work any more\n"),
        );
        told(
            "what is replaced",
            plan_on(
                api,
                json!({"resource_changes": of_ci(json!({"actions": ["delete", "create"], "replace_paths": [["token"]],
                    "before": expired, "after": {"name": "ci"}, "after_unknown": {"token": true}}))}),
            ),
            format!("expired {kept}\n"),
        );
    }
}

#[test]
fn a_lifetime_is_held_to_the_policy_as_the_server_keeps_it() {
    let policy =
        Policy::parse(FILE, "[limits]\nlifetime = \"150d\"\n").expect("the policy can be read");
    for (api, end, expected) in [
        (Api::Osmo, "2027-05-31T15:00:00Z", None),
        (
            Api::Osmo,
            "2027-06-01T15:00:00Z",
            Some("lasts until 2027-06-01T00:00:00Z, and 150d are allowed"),
        ),
        (
            Api::Native,
            "2027-05-31T15:00:00Z",
            Some("lasts until 2027-05-31T15:00:00Z, and 150d are allowed"),
        ),
    ] {
        let change =
            json!({"actions": ["create"], "before": null, "after": token("active", json!(end))});
        let reviewed = parse(&plan_on(api, json!({"resource_changes": of_ci(change)})));
        let mut found = found_by("lifetime-over-policy", &reviewed, Some(&policy));
        let told = found.pop().map(|finding| finding.message);
        assert_eq!(told.as_deref(), expected, "{api:?} {end}");
    }
}

#[test]
fn an_end_that_is_hidden_is_not_told_as_none() {
    let mut plan = plan_on(
        Api::Native,
        json!({"resource_changes": of_ci(json!({"actions": ["update"],
            "before": token("active", Json::Null), "after": token("active", json!(WRITTEN)),
            "after_sensitive": {"expires_at": true}}))}),
    );
    plan["resource_changes"][0]["change"]["after"]["description"] = json!("new");
    let told = text(&plan);
    assert!(told.contains("no end -> hidden\n"), "{told}");
}
