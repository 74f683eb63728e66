//! Each rule on its own fixtures.

mod ends;
mod power;
mod rotation;

use std::collections::BTreeSet;

use lanyard_compiler::policy::{FILE, Policy};
use lanyard_compiler::reference::{self, rules::findings};
use lanyard_compiler::review::findings::{Finding, Fixture};
use lanyard_compiler::review::rules::find;
use lanyard_compiler::review::{Context, Level, RULES, Review, Reviewed, terraform};
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
