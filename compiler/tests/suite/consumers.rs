//! Who uses a secret: a plan of Terraform beside its folder and `lanyard plan` say the same.

use lanyard_compiler::comparison::null_secrets;
use lanyard_compiler::language::{self, MemoryLoader, MissingVariables, Options, Schemas};
use lanyard_compiler::review::{Format, Options as Look, Reviewed, render_reviewed, terraform};
use serde_json::{Value as Json, json};

use crate::comparison::{compared_on, side};

const MODULE: &str = r#"
variable "secret" {}
resource "vault_kv_secret_v2" "inside" {
  data_json = jsonencode({ token = var.secret })
}
output "out" {
  value     = var.secret
  sensitive = true
}
"#;

const CONFIGURATION: &str = r#"
locals {
  direct = lanyard_access_token.ci.token
  all    = { for key, token in lanyard_access_token.many : key => token.token }
}
resource "lanyard_access_token" "ci" {
  name = "ci"
}
resource "lanyard_access_token" "many" {
  for_each = toset(["eu", "us"])
  name     = each.key
}
resource "github_actions_secret" "local" {
  plaintext_value = local.direct
}
resource "github_actions_secret" "each" {
  for_each        = local.all
  plaintext_value = each.value
}
resource "github_actions_secret" "splat" {
  plaintext_value = join(",", values(lanyard_access_token.many)[*].token)
}
module "pass" {
  source = "./pass"
  secret = lanyard_access_token.ci.token
}
output "through" {
  value     = module.pass.out
  sensitive = true
}
resource "terraform_data" "machine" {
  provisioner "local-exec" {
    command = "login ${upper(local.direct)}"
  }
}
"#;

/// What Terraform's plan of it shows: resources, and the references in expressions, without locals.
const PLAN: &str = r#"{"format_version": "1.2", "resource_changes": [
  {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "ci"}, "after_unknown": {"id": true, "token": true}}},
  {"address": "lanyard_access_token.many[\"eu\"]", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "eu"}, "after_unknown": {"id": true, "token": true}}},
  {"address": "lanyard_access_token.many[\"us\"]", "mode": "managed", "type": "lanyard_access_token",
   "change": {"actions": ["create"], "before": null, "after": {"name": "us"}, "after_unknown": {"id": true, "token": true}}}],
 "configuration": {"root_module": {
   "resources": [
     {"address": "github_actions_secret.local", "expressions": {"plaintext_value": {"references": ["local.direct"]}}},
     {"address": "github_actions_secret.each", "expressions": {"plaintext_value": {"references": ["each.value"]}},
      "for_each_expression": {"references": ["local.all"]}},
     {"address": "github_actions_secret.splat", "expressions": {"plaintext_value": {"references": ["lanyard_access_token.many"]}}},
     {"address": "terraform_data.machine", "provisioners": [{"type": "local-exec", "expressions": {"command": {"references": ["local.direct"]}}}]}],
   "outputs": {"through": {"sensitive": true, "expression": {"references": ["module.pass.out", "module.pass"]}}},
   "module_calls": {"pass": {"source": "./pass",
     "expressions": {"secret": {"references": ["lanyard_access_token.ci.token", "lanyard_access_token.ci"]}},
     "module": {"outputs": {"out": {"sensitive": true, "expression": {"references": ["var.secret"]}}},
       "resources": [{"address": "vault_kv_secret_v2.inside", "expressions": {"data_json": {"references": ["var.secret"]}}}]}}}}}}"#;

#[test]
fn both_doors_agree_on_who_uses_a_token() {
    let files = [("pass/main.tf", MODULE)];
    let planned = compared_on(&files, CONFIGURATION, vec![side()], (false, &[]));
    let loader = MemoryLoader::new([("main.tf", CONFIGURATION), ("pass/main.tf", MODULE)]);
    let options = Options {
        missing_variables: MissingVariables::Unknown,
        ..Options::default()
    };
    let compiled = language::compile(&loader, &options, &Schemas::lanyard());
    let mut reviewed = terraform::parse(PLAN).unwrap();
    let alone: Vec<_> = reviewed.plan.changes[0].consumers.clone();
    assert_eq!(
        alone,
        [
            "module.pass.vault_kv_secret_v2.inside.data_json",
            "output.through"
        ],
        "a plan does not hold locals"
    );
    let hint = "cannot be seen in a plan: `--dir FOLDER` shows them";
    assert!(render_reviewed(&reviewed, Format::Text, Look::default()).contains(hint));

    reviewed.learn(&compiled.configuration, true, |_| None);
    for change in &reviewed.plan.changes {
        let mut others = planned.plan.changes.iter();
        let other = others.find(|other| other.address == change.address);
        assert_eq!(
            change.consumers,
            other.unwrap().consumers,
            "{}",
            change.address
        );
    }
    assert_eq!(
        reviewed.plan.changes[0].consumers,
        [
            "github_actions_secret.local.plaintext_value",
            "module.pass.vault_kv_secret_v2.inside.data_json",
            "output.through",
            "terraform_data.machine (provisioner).command",
        ]
    );
    assert_eq!(
        reviewed.plan.changes[1].consumers,
        [
            "github_actions_secret.each[\"eu\"].plaintext_value",
            "github_actions_secret.splat.plaintext_value",
        ]
    );
    assert!(!render_reviewed(&reviewed, Format::Text, Look::default()).contains(hint));
}

/// A plan with these tokens and nothing else of ours; the rest as a plan has it.
fn plan(changes: &Json, configuration: &Json) -> Json {
    let token = json!({"name": "ci", "id": "at_1", "token": "lyd_hunter2"});
    let sensitive = json!({"token": true});
    let change = json!({"actions": ["no-op"], "before": token, "after": token, "after_unknown": {},
        "before_sensitive": sensitive, "after_sensitive": sensitive});
    let mut all = vec![
        json!({"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "change": change}),
    ];
    for (address, change) in changes.as_object().expect("an object") {
        let kind = address.split('.').rev().nth(1).expect("a type");
        all.push(json!({"address": address, "mode": "managed", "type": kind, "change": change}));
    }
    json!({"format_version": "1.2", "resource_changes": all, "configuration": {"root_module": configuration}})
}

fn read(plan: &Json) -> Reviewed {
    terraform::parse(&plan.to_string()).expect("the plan is understood")
}

/// A new object of which one argument is sensitive, and another one is not.
fn created() -> Json {
    json!({"actions": ["create"], "before": null, "after": {"hidden": "x", "open": "y"}, "after_unknown": {},
        "before_sensitive": false, "after_sensitive": {"hidden": true}})
}

#[test]
fn whoever_refers_to_a_whole_token_uses_its_secret_where_that_is_sensitive() {
    // As Terraform writes `lanyard_access_token.ci[*].token`, `lanyard_access_token.ci[count.index].id` and the like.
    let whole = json!({"references": ["count.index", "lanyard_access_token.ci"]});
    let id = json!({"references": ["lanyard_access_token.ci[0].id", "lanyard_access_token.ci[0]", "lanyard_access_token.ci"]});
    let changes = json!({"acme_secret.a": created(), "acme_secret.id": created(),
        "acme_secret.each": created(), "module.pass.acme_secret.inside": created()});
    let reviewed = read(&plan(
        &changes,
        &json!({
            "resources": [
                {"address": "acme_secret.a", "expressions": {"hidden": whole, "open": whole}},
                {"address": "acme_secret.id", "expressions": {"hidden": id}},
                {"address": "acme_secret.each", "for_each_expression": whole, "expressions": {
                    "hidden": {"references": ["each.value.token", "each.value"]},
                    "open": {"references": ["each.value.id", "each.value"]}}},
                {"address": "lanyard_access_token.ci", "expressions": {}, "provisioners": [
                    {"type": "local-exec", "expressions": {"command": {"references": ["self.token", "self"]}}}]}],
            "outputs": {
                "ids": {"expression": whole},
                "all": {"sensitive": true, "expression": whole},
                "through": {"sensitive": true, "expression": {"references": ["module.pass.out", "module.pass"]}}},
            "module_calls": {
                "pass": {"expressions": {"token": whole, "unused": {"references": ["lanyard_access_token.ci.token", "lanyard_access_token.ci"]}},
                    "module": {
                        "outputs": {"out": {"sensitive": true, "expression": {"references": ["var.token.token", "var.token"]}}},
                        "resources": [{"address": "acme_secret.inside", "expressions": {"hidden": {"references": ["var.token"]}}}]}}}
        }),
    ));
    assert_eq!(
        reviewed.plan.changes[0].consumers,
        [
            "acme_secret.a.hidden",
            "acme_secret.each.hidden",
            "lanyard_access_token.ci (provisioner).command",
            "module.pass.acme_secret.inside.hidden",
            // A local of the module may use it.
            "module.pass.unused",
            "output.all",
            "output.through",
        ]
    );
}

/// An account that a plan renews the secret of, or one that has none.
fn account(has_secret: bool) -> Json {
    let token = has_secret.then_some("lyd_hunter2");
    let account = json!({"name": "ci", "id": "sa_1", "token": token});
    let sensitive = json!({"token": has_secret});
    json!({"actions": ["update"], "before": account, "after": account, "after_unknown": {"token": has_secret},
        "before_sensitive": sensitive, "after_sensitive": sensitive})
}

#[test]
fn whoever_refers_to_the_secret_of_an_account_that_has_one_uses_it() {
    let secret =
        json!({"references": ["lanyard_service_account.ci.token", "lanyard_service_account.ci"]});
    let id = json!({"references": ["lanyard_service_account.ci.id", "lanyard_service_account.ci"]});
    let whole = json!({"references": ["lanyard_service_account.ci"]});
    let outputs = json!({"outputs": {
        "clear": {"expression": secret},
        "id": {"expression": id},
        "secret": {"sensitive": true, "expression": secret},
        "whole": {"sensitive": true, "expression": whole}}});
    for (has_secret, expected) in [
        (true, &["output.clear", "output.secret", "output.whole"][..]),
        (false, &[]),
    ] {
        let changes = json!({"lanyard_service_account.ci": account(has_secret)});
        let reviewed = read(&plan(&changes, &outputs));
        assert_eq!(reviewed.plan.changes[1].consumers, expected);
        let text = render_reviewed(&reviewed, Format::Text, Look::default());
        assert_eq!(text.contains("secret-shown"), has_secret, "{text}");
        assert!(!text.contains("may show a secret"), "{text}");
    }
}

#[test]
fn what_may_show_a_secret_and_cannot_be_followed_is_said() {
    let says = |changes: &Json, configuration: &Json| {
        let reviewed = read(&plan(changes, configuration));
        Format::ALL
            .into_iter()
            .filter(|format| matches!(format, Format::Text | Format::Markdown | Format::Html))
            .map(|format| render_reviewed(&reviewed, format, Look::default()))
            .map(|text| text.contains("may show a secret") && text.contains("--dir"))
            .reduce(|one, other| {
                assert_eq!(one, other);
                one
            })
            .unwrap()
    };
    let local = json!({"references": ["local.x"]});
    let whole = json!({"references": ["lanyard_access_token.ci"]});
    let none = json!({});
    let names = |outputs: &[&str]| {
        let outputs: serde_json::Map<String, Json> = outputs
            .iter()
            .map(|name| ((*name).to_owned(), json!({"expression": whole})))
            .collect();
        let text = render_reviewed(
            &read(&plan(&none, &json!({"outputs": outputs}))),
            Format::Text,
            Look::default(),
        );
        let (_, told) = text.split_once("seen in a plan: ").unwrap();
        told.split_once(", not sensitive").unwrap().0.to_owned()
    };
    assert_eq!(names(&["a"]), "output.a");
    assert_eq!(names(&["a", "b", "c"]), "output.a, output.b, output.c");
    assert_eq!(
        names(&["a", "b", "c", "d", "e"]),
        "output.a, output.b, output.c, others"
    );
    let output = |sensitive: bool, expression: &Json| json!({"outputs": {"x": {"sensitive": sensitive, "expression": expression}}});
    assert!(says(&none, &output(false, &local)));
    assert!(says(&none, &output(false, &whole)));
    assert!(!says(&none, &output(true, &local)));
    let id = json!({"references": ["lanyard_access_token.ci.id", "lanyard_access_token.ci"]});
    assert!(!says(&none, &output(false, &id)));

    let argument = |address: &str, name: &str| json!({"resources": [{"address": address, "expressions": {name: local}}]});
    let new = json!({"acme_secret.a": created()});
    assert!(says(&new, &argument("acme_secret.a", "open")));
    assert!(!says(&new, &argument("acme_secret.a", "hidden")));
    assert!(!says(&none, &argument("acme_secret.a", "open")));
    // Through a module, too.
    let module = json!({"module_calls": {"m": {"expressions": {"x": local}, "module": {
        "resources": [{"address": "acme_secret.a", "expressions": {"open": {"references": ["var.x"]}}}]}}}});
    assert!(says(&json!({"module.m.acme_secret.a": created()}), &module));
}

#[test]
fn each_instance_has_its_own_users_where_the_reference_names_one() {
    let instance = |key: &str| {
        json!({"address": format!("lanyard_access_token.ci[{key}]"), "mode": "managed", "type": "lanyard_access_token",
            "change": {"actions": ["delete"], "before": {"name": "ci", "id": key}, "after": null}})
    };
    let one = |key: &str| {
        let whole = format!("lanyard_access_token.ci[{key}]");
        json!({"references": [format!("{whole}.token"), whole, "lanyard_access_token.ci"]})
    };
    let any = json!({"references": ["each.key", "lanyard_access_token.ci"]});
    let plan = json!({"format_version": "1.2",
        "resource_changes": [instance("\"eu\""), instance("\"a.b\""), instance("\"u]s\"")],
        "configuration": {"root_module": {
            "resources": [
                {"address": "acme_secret.eu", "expressions": {"value": one("\"eu\"")}},
                {"address": "acme_secret.dotted", "expressions": {"value": one("\"a.b\"")}},
                {"address": "acme_secret.gone", "expressions": {"value": one("\"gone\"")}}],
            "outputs": {"all": {"sensitive": true, "expression": any}}}}});
    let reviewed = read(&plan);
    let of = |index: usize| reviewed.plan.changes[index].consumers.clone();
    assert_eq!(of(0), ["acme_secret.eu.value", "output.all"]);
    assert_eq!(of(1), ["acme_secret.dotted.value", "output.all"]);
    assert_eq!(of(2), ["output.all"]);
}

/// A module has outputs that nobody takes, and many an expression takes the secret of a token and gets what is encrypted.
#[test]
fn with_the_folder_a_review_names_those_whom_a_validation_warns() {
    const INSIDE: &str = r#"
variable "recipient" {
  default = null
}
resource "lanyard_access_token" "ci" {
  name      = "ci"
  recipient = var.recipient
}
output "token" {
  value     = lanyard_access_token.ci.token
  sensitive = true
}
output "encrypted_token" {
  value = lanyard_access_token.ci.encrypted_token
}
output "whole" {
  value     = lanyard_access_token.ci
  sensitive = true
}
"#;
    const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let module = format!("module \"m\" {{\n  source    = \"./m\"\n  recipient = \"{KEY}\"\n}}\n");
    let named = |takes: &str, is_known: bool| {
        let output = format!("output \"o\" {{\n  value     = {takes}\n  sensitive = true\n}}\n");
        let module = match is_known {
            true => module.clone(),
            false => module.replace(&format!("\"{KEY}\""), "var.key") + "variable \"key\" {}\n",
        };
        let text = module + &output;
        let loader = MemoryLoader::new([("main.tf", text.as_str()), ("m/main.tf", INSIDE)]);
        let options = Options {
            missing_variables: MissingVariables::Unknown,
            ..Options::default()
        };
        let compiled = language::compile(&loader, &options, &Schemas::lanyard());
        let warned = !null_secrets(&compiled.configuration).is_empty();
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "module.m.lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
             "change": {"actions": ["create"], "before": null, "after": {"name": "ci", "recipient": KEY},
                 "after_unknown": {"id": true, "encrypted_token": true}}}]});
        let mut reviewed = terraform::parse(&plan.to_string()).unwrap();
        reviewed.learn(&compiled.configuration, true, |_| None);
        let told = render_reviewed(&reviewed, Format::Text, Look::default());
        let line = told.lines().find(|line| line.contains("[dead-secret]"));
        let line = line.map(str::to_owned);
        (
            warned,
            line.map(|line| line.contains("it is not known here")),
        )
    };
    let token = "module.m.whole.token";
    for takes in [
        "module.m.token",
        token,
        "[{ a = module.m.token }]",
        "1 == 1 ? module.m.token : module.m.encrypted_token",
        "jsonencode({ token = module.m.token })",
        "yamlencode([module.m.token])",
        "format(\"%v\", module.m.token)",
        "base64encode(jsonencode(module.m.whole.token))",
        "\"a: ${jsonencode({ token = module.m.token })}\"",
        "[{ a = jsonencode({ token = module.m.token, sealed = module.m.encrypted_token }) }]",
        "1 == 1 ? jsonencode(module.m.token) : module.m.encrypted_token",
    ] {
        assert_eq!(named(takes, true), (true, Some(false)), "{takes}");
    }
    for takes in [
        "module.m.encrypted_token",
        "module.m.whole",
        "[module.m.whole]",
        "coalesce(module.m.token, module.m.encrypted_token)",
        "module.m.whole.recipient != null ? module.m.encrypted_token : module.m.token",
        "module.m.token == null ? \"none\" : \"some\"",
        "jsonencode(module.m.encrypted_token)",
        "1 == 1 ? module.m.encrypted_token : jsonencode(module.m.token)",
        "sha256(jsonencode(module.m.token))",
    ] {
        assert_eq!(named(takes, true), (false, None), "{takes}");
    }
    // What stands there, nobody can tell.
    for (takes, is_known) in [
        ("module.m.token", false),
        ("jsonencode({ token = module.m.token })", false),
        ("jsonencode(module.m.whole)", true),
    ] {
        assert_eq!(named(takes, is_known), (false, Some(true)), "{takes}");
    }
}
