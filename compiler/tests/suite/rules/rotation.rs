//! What the rules find of rotations and grace periods.

use lanyard_compiler::reference::rules::findings;
use lanyard_compiler::review::findings::Fixture;
use lanyard_compiler::review::terraform;

use super::{found_by, said_of};

#[test]
fn where_a_server_keeps_no_old_secret_a_finding_says_what_to_do_instead() {
    let hints = |api: &str| -> Vec<Option<String>> {
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["create"], "before": null,
                  "after": {{"name": "ci", "rotation": {{"triggers": {{"a": "1"}}}}}}}}}}],
              "configuration": {{
                "provider_config": {{"lanyard": {{"full_name": "registry.terraform.io/lanyard/lanyard",
                  "expressions": {{"api": {{"constant_value": "{api}"}}}}}}}},
                "root_module": {{"resources": [{{"address": "terraform_data.x",
                  "expressions": {{"input": {{"references": ["lanyard_access_token.ci.token"]}}}}}}]}}}}}}"#
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("no-grace-while-used", &reviewed, None).into_iter();
        found.map(|finding| finding.hint).collect()
    };
    // It belongs to no account, and is an ingestion token there.
    let hint = hints("openobserve").remove(0).unwrap();
    assert!(hint.contains("create a second one"), "{hint}");
    assert_eq!(hints("splunk"), [None]);
    assert_eq!(hints("somebody-elses"), [None]);
}

#[test]
fn what_a_server_can_do_is_asked_of_the_one_that_the_token_is_on() {
    // Two providers; the token has the first or the second one.
    let hints = |key: &str| -> Vec<Option<String>> {
        let provider = |alias: &str, api: &str| {
            format!(
                r#""lanyard.{alias}": {{"name": "lanyard", "alias": "{alias}", "full_name": "registry.terraform.io/lanyard/lanyard",
                  "expressions": {{"api": {{"constant_value": "{api}"}}}}}}"#
            )
        };
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "module.a.lanyard_access_token.ci[0]", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["create"], "before": null,
                  "after": {{"name": "ci", "service_account": "sa", "rotation": {{"triggers": {{"a": "1"}}}}}}}}}}],
              "configuration": {{
                "provider_config": {{{}, {}}},
                "root_module": {{"module_calls": {{"a": {{"module": {{"resources": [
                  {{"address": "lanyard_access_token.ci", "provider_config_key": "{key}"}},
                  {{"address": "terraform_data.x",
                    "expressions": {{"input": {{"references": ["lanyard_access_token.ci[0].token"]}}}}}}]}}}}}}}}}}}}"#,
            provider("one", "openobserve"),
            provider("two", "splunk"),
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("no-grace-while-used", &reviewed, None).into_iter();
        found.map(|finding| finding.hint).collect()
    };
    let hint = hints("lanyard.one").remove(0).unwrap();
    assert!(hint.contains("use two accounts"), "{hint}");
    assert_eq!(hints("lanyard.two"), [None]);
    // It may be either.
    assert_eq!(hints("lanyard.three"), [None]);
}

#[test]
fn a_used_token_that_rotates_by_a_change_alone_has_no_grace_period() {
    let said = |state: &str, secret: &str| {
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["update"], "before": {{"name": "t", "description": "one", "generation": 1, {state}}},
                "after": {{"name": "t", "description": "two", "generation": 2, {state}}}, "after_unknown": {{{secret}}}}}}}"#
        );
        said_of("no-grace-while-used", &change)
    };
    let told = ["rotates without a grace period, and is used by output.t"];
    let issued = r#""token": true"#;
    assert_eq!(said(r#""rotation": null"#, issued), told);
    assert!(said(r#""rotation": {"grace_period": "48h"}"#, issued).is_empty());
}

#[test]
fn a_secret_that_works_no_more_gets_no_grace_period_that_could_be_too_long() {
    let said = |status: &str| {
        let state = r#""name": "t", "rotation": {"grace_period": "30d"}"#;
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["update"], "before": {{"generation": 1, "status": "{status}", {state}}},
                "after": {{"generation": 2, {state}}}, "after_unknown": {{"token": true, "status": true}}}}}}"#
        );
        said_of("grace-over-policy", &change)
    };
    let told = ["gives an old secret 30d more, and 14d are allowed"];
    assert_eq!(said("active"), told);
    assert!(said("expired").is_empty());
    assert!(said("revoked").is_empty());
}

#[test]
fn a_token_that_rotates_by_its_age_is_renewed() {
    let missing = |rotation: &'static str| {
        let mut found = findings(Fixture::New(rotation));
        found.retain(|finding| finding.rule.name == "rotation-missing");
        found.len()
    };
    let by_age = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"90d\"\n  rotation {\n    every = \"60d\"\n  }\n}\n";
    let never = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"90d\"\n  rotation {\n    grace_period = \"1d\"\n  }\n}\n";
    assert_eq!((missing(by_age), missing(never)), (0, 1));
}
