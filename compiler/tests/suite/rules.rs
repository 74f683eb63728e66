//! Each rule on its own fixtures.

use std::collections::BTreeSet;

use lanyard_compiler::plan::guard;
use lanyard_compiler::policy::{FILE, Policy};
use lanyard_compiler::reference::{self, rules::findings};
use lanyard_compiler::review::findings::{Finding, Fixture};
use lanyard_compiler::review::rules::find;
use lanyard_compiler::review::{Context, Level, RULES, Review, Reviewed, taken_along, terraform};
use lanyard_compiler::value::AttributePath;

#[test]
fn each_rule_finds_what_it_should_and_lets_the_rest_pass() {
    for rule in RULES {
        let of = |fixture| {
            let mut found = findings(fixture);
            found.retain(|finding| finding.rule.name == rule.name);
            found
        };
        let found = of(rule.fires);
        assert!(!found.is_empty(), "{} finds nothing", rule.name);
        for finding in found {
            assert_eq!(finding.level, rule.level);
            assert!(!finding.message.ends_with('.'), "{finding:?}");
        }
        let found = of(rule.passes);
        assert!(
            found.is_empty(),
            "{} lets nothing pass: {found:?}",
            rule.name
        );
    }
}

#[test]
fn what_a_configuration_shows_is_found_at_its_place() {
    for rule in RULES {
        if !matches!(rule.fires, Fixture::New(_) | Fixture::Under(..)) {
            continue;
        }
        let found = findings(rule.fires);
        let found = found
            .iter()
            .filter(|finding| finding.rule.name == rule.name);
        for finding in found {
            assert!(finding.place.is_some(), "{finding:?}");
        }
    }
}

#[test]
fn a_hash_of_a_secret_is_no_secret_and_what_stands_beside_it_is() {
    let found = |value: &str| {
        let text = format!(
            "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  ttl = \"90d\"\n}}\n\
             locals {{\n  secret = lanyard_access_token.ci.token\n}}\n\
             resource \"terraform_data\" \"deploy\" {{\n  input = {value}\n}}\n"
        );
        let found = findings(Fixture::New(text.leak()));
        let names = found.iter().map(|finding| finding.rule.name);
        names
            .filter(|name| matches!(*name, "secret-in-terraform-data" | "secret-shown"))
            .collect::<BTreeSet<_>>()
    };
    let kept = BTreeSet::from(["secret-in-terraform-data"]);
    assert_eq!(found("sha256(local.secret)"), BTreeSet::new());
    assert_eq!(found("nonsensitive(bcrypt(local.secret))"), BTreeSet::new());
    assert_eq!(found("substr(sha512(local.secret), 0, 8)"), BTreeSet::new());
    for value in [
        "nonsensitive(local.secret == null)",
        "local.secret != null ? \"set\" : \"unset\"",
        "nonsensitive(length(local.secret))",
        "nonsensitive(startswith(local.secret, \"lyd_\"))",
    ] {
        assert_eq!(found(value), BTreeSet::new(), "{value}");
    }
    assert_eq!(found("local.secret == null ? \"\" : local.secret"), kept);
    assert_eq!(found("[local.secret, sha256(local.secret)]"), kept);
    assert_eq!(found("base64encode(local.secret)"), kept);
    assert_eq!(found("substr(local.secret, 0, 8)"), kept);
}

#[test]
fn who_takes_all_secrets_of_a_resource_is_told_once() {
    let found = findings(Fixture::New(
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl = \"90d\"\n}\n\
         output \"whole\" {\n  value = nonsensitive(jsonencode(lanyard_access_token.ci))\n}\n",
    ));
    let shown = found.iter().filter(|one| one.rule.name == "secret-shown");
    assert_eq!(shown.count(), 1, "{found:?}");
}

#[test]
fn every_rule_has_a_name_of_its_own_and_words() {
    let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
    assert!(names.len() >= 25);
    for rule in RULES {
        let name = rule.name;
        let is_kebab = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(is_kebab, "{name}");
        assert_eq!(find(name).map(|found| found.name), Some(name));
        for words in [rule.summary, rule.why, rule.remedy, rule.silent] {
            assert!(words.ends_with('.'), "{name}: {words:?} is no sentence");
        }
    }
}

#[test]
fn a_fingerprint_does_not_move_with_the_lines() {
    let mut one = findings(RULES[0].fires).remove(0);
    let before = one.fingerprint();
    assert_eq!(before.len(), 64);
    one.message.push_str(" (said otherwise)");
    assert_eq!(one.fingerprint(), before);
    one.path = AttributePath::attribute("name");
    assert_ne!(one.fingerprint(), before);
}

#[test]
fn what_is_hidden_is_never_taken_for_absent() {
    let hidden = |attribute: &str, value: &str| {
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["create"], "before": null,
                  "after": {{"name": "ci", "{attribute}": {value}}}, "after_sensitive": {{"{attribute}": true}}}}}}]}}"#
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let masked = reviewed.plan.masked();
        let found = Review::of(&masked, &reviewed.circumstances, Context::default());
        let rules: Vec<&str> = found
            .findings()
            .iter()
            .map(|found| found.rule.name)
            .collect();
        rules.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(hidden("description", "\"x\"").contains(&"never-expires".to_owned()));
    assert!(!hidden("ttl", "\"9000d\"").contains(&"never-expires".to_owned()));
    assert!(!hidden("ttl", "\"9000d\"").contains(&"lifetime-over-policy".to_owned()));
    assert!(!hidden("scopes", "[\"*\"]").contains(&"wildcard-scope".to_owned()));
}

#[test]
fn a_policy_says_how_much_a_rule_counts_and_what_it_leaves_alone() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"legacy\" {\n  name = \"legacy\"\n}\n";
    let of = |policy: &'static str| {
        assert!(Policy::parse(FILE, policy).is_ok(), "{policy}");
        // The example is reviewed on 2026-11-28.
        let mut found = findings(Fixture::Under(policy, TOKEN));
        found.retain(|finding| finding.rule.name == "never-expires");
        found
    };
    assert_eq!(of("")[0].level, Level::Warning);
    assert_eq!(
        of("[rules]\nnever-expires = \"error\"")[0].level,
        Level::Error
    );
    assert!(of("[rules]\nnever-expires = \"off\"").is_empty());
    // By address, the first that fits.
    let by_address = of("[rules]\nnever-expires = { \"*.legacy\" = \"note\", \"*\" = \"error\" }");
    assert_eq!(by_address[0].level, Level::Note);
    let elsewhere = of("[rules]\nnever-expires = { \"module.*\" = \"off\" }");
    assert_eq!(elsewhere[0].level, Level::Warning);
    assert!(of("[rules]\nnever-expires = { \"*.legacy\" = \"off\" }").is_empty());
    let excepted = of(
        "[[exceptions]]\nrule = \"never-expires\"\naddress = \"lanyard_access_token.*\"\nreason = \"Ticket 4711.\"\nuntil = 2026-11-28\n",
    );
    assert_eq!(excepted[0].excepted.as_deref(), Some("Ticket 4711."));
    let over = of(
        "[[exceptions]]\nrule = \"never-expires\"\naddress = \"lanyard_access_token.*\"\nreason = \"Ticket 4711.\"\nuntil = 2026-11-27\n",
    );
    assert_eq!(over[0].excepted, None);
}

#[test]
fn a_new_token_has_no_role_of_an_account_without_any() {
    let found = |api: &str, roles: &str| {
        let text = format!(
            "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\n\
             resource \"lanyard_service_account\" \"a\" {{\n  name = \"a\"\n  {roles}\n}}\n\
             resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  \
             service_account = lanyard_service_account.a.id\n}}\n"
        );
        let found = findings(Fixture::New(text.leak()));
        let mut names = found.iter().map(|finding| finding.rule.name);
        names.any(|name| name == "roles-beyond-account")
    };
    assert!(found("osmo", ""));
    assert!(found("osmo", "roles = []"));
    assert!(!found("osmo", "roles = [\"osmo-user\"]"));
    assert!(!found("native", ""));
}

#[test]
fn a_review_is_held_to_the_whole_guard() {
    let told = |policy: &str, ends: usize, stays: usize, partial: bool| {
        let change = |index: usize| {
            let (actions, after) = match index < ends {
                true => ("delete", "null"),
                false => ("no-op", "{\"name\": \"x\"}"),
            };
            format!(
                r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"actions": ["{actions}"], "before": {{"name": "x"}}, "after": {after}}}}}"#
            )
        };
        let changes: Vec<String> = (0..ends + stays).map(change).collect();
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": {}, "resource_changes": [{}]}}"#,
            !partial,
            changes.join(", ")
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let policy = Policy::parse(FILE, policy).expect("the policy can be read");
        let mut found = found_by("mass-deletion", &reviewed, Some(&policy));
        found.pop().map(|finding| finding.message)
    };
    let share = "ends 4 of 6 credentials; more than 50 % is told here from 4 on";
    assert_eq!(told("", 4, 2, false).as_deref(), Some(share));
    assert_eq!(told("", 4, 4, false), None);
    assert_eq!(told("", 3, 0, false), None);
    // How many there are is not known.
    assert_eq!(told("", 4, 2, true), None);
    assert!(told("", 10, 0, true).is_some());
    assert!(told("[guard]\nfloor = 2\npercent = 30\n", 2, 3, false).is_some());
    assert_eq!(told("[guard]\npercent = 100\n", 6, 0, false), None);
}

#[test]
fn what_ends_with_its_account_counts() {
    let token = |index: usize| {
        format!(
            r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["no-op"], "before": {{"name": "x", "service_account": "sa_1"}},
                "after": {{"name": "x", "service_account": "sa_1"}}}}}}"#
        )
    };
    let tokens: Vec<String> = (0..3).map(token).collect();
    let plan = format!(
        r#"{{"format_version": "1.2", "complete": true, "resource_changes": [{},
          {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
            "change": {{"actions": ["delete"], "before": {{"id": "sa_1", "name": "a"}}, "after": null}}}}]}}"#,
        tokens.join(", ")
    );
    let found = findings(Fixture::Plan(plan.leak()));
    let told = found
        .iter()
        .find(|finding| finding.rule.name == "mass-deletion");
    assert!(
        told.is_some_and(|told| told.message.starts_with("ends 4 of 4 credentials")),
        "{found:?}"
    );
}

#[test]
fn every_rule_has_a_page_that_shows_what_it_finds() {
    let files = reference::files(&|_| None);
    let page = |path: String| files.iter().find(|file| file.path == path);
    let index = page("docs/rules/index.md".to_owned()).unwrap();
    for rule in RULES {
        let name = rule.name;
        let page = page(format!("docs/rules/{name}.md")).unwrap();
        let shown = format!("```text\n{}[{name}] ", rule.level.name());
        assert!(page.text.contains(&shown), "{}", page.text);
        assert!(index.text.contains(&format!("({name}.md)")));
    }
}

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

/// What a rule says of a plan of these changes, where an output uses the token.
fn said_of(rule: &str, changes: &str) -> Vec<String> {
    let plan = format!(
        r#"{{"format_version": "1.2", "resource_changes": [{changes}],
          "configuration": {{"root_module": {{
            "outputs": {{"t": {{"sensitive": true, "expression": {{"references": ["lanyard_access_token.t.token"]}}}}}},
            "resources": [{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "expressions": {{"service_account": {{"references": ["lanyard_service_account.a.id", "lanyard_service_account.a"]}}}}}}]}}}}}}"#
    );
    let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
    let found = found_by(rule, &reviewed, None).into_iter();
    found.map(|finding| finding.message).collect()
}

/// What a rule finds in a review under this policy.
pub(crate) fn found_by(rule: &str, reviewed: &Reviewed, policy: Option<&Policy>) -> Vec<Finding> {
    let context = Context {
        settings: policy.map(|policy| &policy.rules),
        ..Context::default()
    };
    let masked = reviewed.plan.masked();
    let mut found = Review::of(&masked, &reviewed.circumstances, context).into_findings();
    found.retain(|finding| finding.rule.name == rule);
    found
}

#[test]
fn a_token_that_is_only_made_now_ends_with_no_account() {
    let account = r#"{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
        "change": {"actions": ["delete", "create"], "before": {"id": "sa_1", "name": "a"}, "after": {"name": "b"},
          "after_unknown": {"id": true}}}"#;
    let token = |actions: &str, before: &str| {
        format!(
            r#"{account}, {{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": {actions}, "before": {before}, "after": {{"name": "t"}},
                "after_unknown": {{"service_account": true}}}}}}"#
        )
    };
    let said = |changes: &str| said_of("account-ends-while-used", changes);
    assert!(said(&token(r#"["create"]"#, "null")).is_empty());
    let old = token(
        r#"["delete", "create"]"#,
        r#"{"name": "t", "service_account": "sa_1"}"#,
    );
    assert_eq!(
        said(&old),
        ["takes along lanyard_access_token.t (used by output.t)"]
    );
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

/// Somebody may have put another secret in its place, which the deletion ends.
#[test]
fn the_deletion_of_a_revoked_token_may_end_a_secret() {
    for (status, ends) in [("revoked", true), ("active", true), ("expired", false)] {
        let deletion = format!(
            r#"{{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["delete"], "before": {{"name": "ci", "status": "{status}"}}, "after": null}}}}"#
        );
        assert_eq!(!said_of("ends", &deletion).is_empty(), ends, "{status}");
    }
}

#[test]
fn what_is_imported_under_another_address_is_not_forgotten() {
    let said = |id: &str| {
        let object = |address: &str, id: &str, change: &str| {
            format!(
                r#"{{"address": "lanyard_access_token.{address}", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"before": {{"id": "{id}", "name": "t"}}, {change}}}}}"#
            )
        };
        let after = format!(
            r#""actions": ["no-op"], "after": {{"id": "{id}", "name": "t"}}, "importing": {{"id": "{id}"}}"#
        );
        let forgotten = object("old", "at_1", r#""actions": ["forget"], "after": null"#);
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [{forgotten}, {}],
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"}}}},
                "root_module": {{"resources": [{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
                  "provider_config_key": "lanyard"}}]}}}}}}"#,
            object("t", id, &after)
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let found = found_by("is-forgotten", &reviewed, None).into_iter();
        found.count()
    };
    assert_eq!((said("at_1"), said("at_2")), (0, 1));
}

#[test]
fn an_account_that_is_not_ours_to_delete_locks_nobody_out() {
    let said = |api: &str, name: &str, (actions, after, rule): (&str, &str, &str)| {
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
                "change": {{"actions": [{actions}], "before": {{"id": "{name}", "name": "{name}"}}, "after": {after}}}}},
              {{"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["no-op"], "before": {{"name": "a", "service_account": "{name}"}},
                  "after": {{"name": "a", "service_account": "{name}"}}}}}}],
              "configuration": {{"provider_config": {{"lanyard": {{"full_name": "registry.terraform.io/lanyard/lanyard",
                "expressions": {{"api": {{"constant_value": "{api}"}}}}}}}}, "root_module": {{"resources": [
                {{"address": "output.a", "expressions": {{"x": {{"references": ["lanyard_access_token.a.token"]}}}}}}]}}}}}}"#
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        !found_by(rule, &reviewed, None).is_empty()
    };
    let ends = ("\"delete\"", "null", "ends");
    let renamed = "{\"name\": \"shop/new\"}";
    let is_replaced = ("\"delete\", \"create\"", renamed, "account-ends-while-used");
    for way in [ends, is_replaced] {
        assert!(!said("elasticsearch", "elastic/fleet-server", way));
        assert!(said("elasticsearch", "shop/worker", way));
        assert!(said("native", "elastic/fleet-server", way));
    }
}

#[test]
fn what_a_token_leaves_to_its_account_is_never_beyond_it() {
    let changes = r#"{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
        "change": {"actions": ["update"], "before": {"id": "sa_1", "name": "a", "roles": ["editor", "viewer"]},
          "after": {"id": "sa_1", "name": "a", "roles": ["editor"]}}},
      {"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["update"],
          "before": {"name": "t", "service_account": "sa_1", "roles": ["editor", "viewer"], "description": "one"},
          "after": {"name": "t", "service_account": "sa_1", "roles": ["editor", "viewer"], "description": "two"}}}"#;
    assert!(said_of("roles-beyond-account", changes).is_empty());
}

#[test]
fn a_credential_whose_name_its_successor_takes_ends_first() {
    let said = |choice: &str, name: &str| {
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{"name": "t", "on_conflict": "{choice}"}},
                "after": {{"name": "{name}", "on_conflict": "{choice}"}}, "after_unknown": {{"id": true}}}}}}"#
        );
        said_of("ends-before-replaced", &change).len()
    };
    for choice in ["replace", "adopt"] {
        assert_eq!((said(choice, "t"), said(choice, "u")), (1, 0), "{choice}");
    }
    assert_eq!(said("error", "t"), 0);
    // An account without a secret of its own goes on as it is.
    let account = |choice: &str| {
        let changes = format!(
            r#"{{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
              "change": {{"actions": ["create", "delete"], "before": {{"id": "sa_1", "name": "a", "on_conflict": "{choice}"}},
                "after": {{"name": "a", "on_conflict": "{choice}"}}, "after_unknown": {{"id": true}}}}}},
            {{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["no-op"], "before": {{"name": "t", "service_account": "sa_1"}},
                "after": {{"name": "t", "service_account": "sa_1"}}}}}}"#
        );
        said_of("account-ends-while-used", &changes).len()
    };
    assert_eq!((account("adopt"), account("replace")), (0, 1));
}

#[test]
fn a_token_that_takes_itself_over_leaves_its_old_secret_the_grace_period() {
    let said = |choice: &str, grace: &str, account: &str| {
        let same = format!(r#""name": "t", "on_conflict": "{choice}", "rotation": {{{grace}}}"#);
        let (known, unknown) = match account {
            "" => ("", r#", "service_account": true"#),
            _ => (account, ""),
        };
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{{same}, "service_account": "sa_1"}},
                "after": {{{same}{known}}}, "after_unknown": {{"id": true{unknown}}}}}}}"#
        );
        let mut said = said_of("is-replaced", &change);
        said.extend(said_of("ends-before-replaced", &change));
        said
    };
    let account = r#", "service_account": "sa_1""#;
    let by_itself = "is replaced by itself: `on_conflict` takes it over with a new secret, and the old secret works";
    for (grace, how) in [
        ("48h", "for 48h more"),
        ("until_first_use", "until the first use of the new one"),
    ] {
        let grace = format!(r#""grace_period": "{grace}""#);
        assert_eq!(
            said("adopt", &grace, account),
            [format!("{by_itself} {how}")]
        );
        let may = said("adopt", &grace, "");
        let end = format!("`on_conflict` takes it over, and the old secret works {how}");
        assert!(may.len() == 1 && may[0].ends_with(&end), "{may:?}");
    }
    for (choice, grace) in [("replace", r#""grace_period": "48h""#), ("adopt", "")] {
        let said = said(choice, grace, account);
        assert!(
            said.len() == 2 && said[0].contains("ends the old one first"),
            "{said:?}"
        );
    }
}

#[test]
fn a_credential_whose_account_is_only_known_later_ends_first_where_its_name_stays() {
    let said = |account: &str| {
        let changes = format!(
            r#"{account}{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{"name": "t", "service_account": "sa_1", "on_conflict": "replace"}},
                "after": {{"name": "t", "on_conflict": "replace"}}, "after_unknown": {{"id": true, "service_account": true}}}}}}"#
        );
        said_of("ends-before-replaced", &changes)
    };
    let account = |name: &str| {
        format!(
            r#"{{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
              "change": {{"actions": ["create", "delete"], "before": {{"id": "sa_1", "name": "a", "on_conflict": "adopt"}},
                "after": {{"name": "{name}", "on_conflict": "adopt"}}, "after_unknown": {{"id": true}}}}}},"#
        )
    };
    let ends = |how: &str| format!("{how} before the new one is there, and is used by output.t");
    assert_eq!(said(&account("a")), [ends("ends")]);
    assert!(said(&account("b")).is_empty());
    assert_eq!(said(""), [ends("may end")]);
}

#[test]
fn who_sees_a_token_is_told_where_more_do() {
    let found = |before: &str, after: &str, unknown: &str, hidden: &str| -> Vec<String> {
        let block = |said: &str| match said {
            "" => "null".to_owned(),
            said => format!("{{{said}}}"),
        };
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["update"], "before": {{"name": "ci", "visibility": {}}},
                  "after": {{"name": "ci", "visibility": {}}}, "after_unknown": {{"visibility": {{{unknown}}}}},
                  "before_sensitive": {{"visibility": {{{hidden}}}}}, "after_sensitive": {{"visibility": {{{hidden}}}}}}}}}]}}"#,
            block(before),
            block(after)
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("visibility-widened", &reviewed, None).into_iter();
        found.map(|finding| finding.message).collect()
    };
    let (admins, everyone) = (r#""level": "admins""#, r#""level": "everyone""#);
    let (one, two) = (
        r#""level": "selected", "users": ["u_1"]"#,
        r#""level": "selected", "users": ["u_1"], "teams": ["t_1"]"#,
    );
    for (before, after, expected) in [
        ("", everyone, Some("visible to everyone on its server")),
        (admins, one, Some("visible to user u_1")),
        (one, two, Some("visible to team t_1")),
        (two, everyone, Some("visible to everyone on its server")),
        ("", admins, None),
        (two, one, None),
        (everyone, two, None),
        (everyone, "", None),
    ] {
        let found = found(before, after, "", "");
        let told = found.first().map(String::as_str);
        let expected = expected.map(|by| format!("is seen by more people: {by}"));
        assert_eq!(told, expected.as_deref(), "{before} -> {after}");
    }
    let hidden = found(one, two, "", r#""users": true"#);
    assert_eq!(
        hidden,
        ["is seen by more people: visibility, hidden: maybe more than before"]
    );
    assert!(found(one, r#""level": "selected""#, r#""users": true"#, "").is_empty());
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

/// With `-target`, a plan does not speak of all that the state holds.
#[test]
fn what_a_part_of_a_plan_deletes_may_be_what_the_rest_of_the_state_holds() {
    let told = |kept: &str, id: &str, beside: &str, more: &str| {
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": false, "resource_changes": [
              {{"address": "lanyard_access_token.b", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["delete"], "before": {{"name": "x", "id": "at_1"}}, "after": null}}}}{more}],
              "prior_state": {{"values": {{"root_module": {{"resources": [
                {{"address": "lanyard_access_token.b", "mode": "managed", "type": "lanyard_access_token", "values": {{"id": "at_1"}}}},
                {{"address": "lanyard_access_token.{kept}", "type": "lanyard_access_token", "values": {{"id": "{id}"}}, {beside}}}]}}}}}},
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"}}}}}}}}"#
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("held-twice", &reviewed, None).into_iter();
        found
            .map(|finding| format!("{} {}", finding.address, finding.message))
            .collect::<Vec<_>>()
    };
    let managed = r#""mode": "managed""#;
    assert_eq!(
        told("a", "at_1", managed, ""),
        ["lanyard_access_token.b ends what lanyard_access_token.a holds, which stays"]
    );
    let none = [""; 0];
    assert_eq!(told("a", "at_2", managed, ""), none);
    assert_eq!(told("a", "at_1", r#""mode": "data""#, ""), none);
    for beside in [
        r#""sensitive_values": {"id": true}"#,
        r#""deposed_key": "deadbeef""#,
    ] {
        assert_eq!(told("a", "at_1", &format!("{managed}, {beside}"), ""), none);
    }
    // What the plan speaks of it judges itself: both go, or the other one has this address now.
    let gone = r#", {"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["delete"], "before": {"name": "x", "id": "at_1"}, "after": null}}"#;
    assert_eq!(told("a", "at_1", managed, gone), none);
    let moved = r#", {"address": "lanyard_access_token.c", "previous_address": "lanyard_access_token.a", "mode": "managed",
        "type": "lanyard_access_token", "change": {"actions": ["no-op"], "before": {"id": "at_2"}, "after": {"id": "at_2"}}}"#;
    assert_eq!(told("a", "at_1", managed, moved), none);
}

/// Before an apply and in a review alike.
#[test]
fn what_ends_with_its_account_is_counted_in_one_way() {
    let counted = |api: &str, status: &str| {
        let state = format!(
            r#"{{"id": "at_1", "name": "x", "service_account": "sa_1", "status": "{status}"}}"#
        );
        let token = |index: usize| {
            format!(
                r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"actions": ["no-op"], "before": {state}, "after": {state}}}}}"#
            )
        };
        let tokens: Vec<String> = (0..3).map(token).collect();
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": true, "resource_changes": [{},
              {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
                "change": {{"actions": ["delete"], "before": {{"id": "sa_1", "name": "a"}}, "after": null}}}}],
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard",
                "full_name": "registry.terraform.io/lanyard/lanyard", "expressions": {{"api": {{"constant_value": "{api}"}}}}}}}}}}}}"#,
            tokens.join(", ")
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let along = taken_along(&reviewed.plan, &reviewed.circumstances);
        let limits = guard::Limits::default();
        let refused = guard::mass_deletion(&reviewed.plan, along, 0, limits, None).is_some();
        let found = found_by("mass-deletion", &reviewed, None);
        assert_eq!(!found.is_empty(), refused);
        (along, refused)
    };
    assert_eq!(counted("native", "active"), (3, true));
    // What is dead ends no more.
    assert_eq!(counted("native", "expired"), (0, false));
    // An account there does not end while it has tokens.
    assert_eq!(counted("elasticsearch", "active"), (0, false));
}
