//! The first whole path: a folder of files to the instances of our resources.

use crate::support::{compile_files, compiled, instance, right, shown};
use lanyard_compiler::language::Link;
use lanyard_compiler::value::{AttributePath, Value};

#[test]
fn a_token_of_an_account_is_compiled_with_all_its_attributes() {
    let compiled = compiled(
        r#"
        variable "team" {
          default = "core"
        }
        locals {
          name = "ci-${var.team}"
        }
        resource "lanyard_service_account" "ci" {
          name  = local.name
          roles = ["writer", "reader", "reader"]
        }
        resource "lanyard_access_token" "deploy" {
          for_each        = { a = "30d", b = "90d" }
          name            = "${local.name}-${each.key}"
          service_account = lanyard_service_account.ci.id
          ttl             = each.value
          rotation {
            before_expiry = "7d"
          }
        }
        output "token" {
          value     = lanyard_access_token.deploy["a"].token
          sensitive = true
        }
        "#,
    );
    let account = instance(&compiled, "lanyard_service_account.ci");
    assert_eq!(account.config.get("name"), &Value::from("ci-core"));
    assert_eq!(
        account.config.get("roles"),
        &Value::set(["reader".into(), "writer".into()])
    );
    assert_eq!(account.config.get("description"), &Value::Null);
    let token = instance(&compiled, "lanyard_access_token.deploy[\"b\"]");
    assert_eq!(token.config.get("ttl"), &Value::from("90d"));
    assert_eq!(token.config.get("service_account"), &Value::Unknown);
    assert_eq!(
        *token
            .links
            .get(&AttributePath::attribute("service_account"))
            .unwrap(),
        Link {
            address: "lanyard_service_account.ci".into(),
            attribute: "id".into()
        }
    );
    assert_eq!(
        token.config.get("rotation").get("before_expiry"),
        &Value::from("7d")
    );
    assert_eq!(token.resource(), "lanyard_access_token.deploy");
    assert!(token.dependencies.contains("lanyard_service_account.ci"));
    let consumers = &compiled.configuration.consumers["lanyard_access_token.deploy[\"a\"]"];
    assert_eq!(consumers.len(), 1);
    assert_eq!(consumers[0].address, "output.token");
}

#[test]
fn the_json_spelling_means_the_same() {
    let compiled = right(compile_files(&[(
        "main.tf.json",
        r#"{
          "variable": {"team": {"default": "core", "type": "string"}},
          "resource": {
            "lanyard_service_account": {"ci": {"name": "ci-${var.team}", "roles": ["a"]}},
            "lanyard_access_token": {"t": [{
              "name": "x", "service_account": "${lanyard_service_account.ci.id}",
              "depends_on": ["lanyard_service_account.ci"],
              "rotation": {"before_expiry": "7d"}
            }]}
          }
        }"#,
    )]));
    assert_eq!(
        instance(&compiled, "lanyard_service_account.ci")
            .config
            .get("name"),
        &Value::from("ci-core")
    );
    let token = instance(&compiled, "lanyard_access_token.t");
    assert_eq!(
        token.config.get("rotation").get("before_expiry"),
        &Value::from("7d")
    );
}

#[test]
fn a_document_needs_no_terraform_around_it() {
    let compiled = right(compile_files(&[(
        "tokens.lanyard.hcl",
        r#"
        server "native" {
          url = "https://tokens.example.com"
        }
        server "openobserve" {
          alias = "logs"
          url   = "https://logs.example.com"
        }
        service_account "ci" {
          name = "ci"
        }
        access_token "deploy" {
          server          = server.logs
          name            = "deploy"
          service_account = service_account.ci.id
        }
        "#,
    )]));
    let token = instance(&compiled, "lanyard_access_token.deploy");
    assert_eq!(token.provider.alias.as_deref(), Some("logs"));
    assert!(
        token
            .links
            .get(&AttributePath::attribute("service_account"))
            .is_some()
    );
    let providers = &compiled.configuration.providers;
    assert_eq!(providers.len(), 2);
    assert_eq!(providers[0].config.get("api"), &Value::from("native"));
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let compiled = compile_files(&[(
        "main.tf",
        "resource \"lanyard_access_token\" \"ci\" {\n  nme = \"x\"\n  ttl = local.lifetme\n}\nlocals {\n  lifetime = \"90d\"\n}\nresource \"broken\" {\n  x = = 1\n}\noutput \"o\" {\n  value = upper(1, 2)\n}\n",
    )]);
    insta::assert_snapshot!(shown(&compiled));
}
