//! Which provider a resource has: handed to modules, by its key, and not known.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{Language, Options};

use crate::support::{compile_files, compile_with, instance, right, shown};

#[test]
fn a_module_gets_the_providers_that_are_passed_to_it() {
    let compiled = right(compile_files(&[
        (
            "main.tf",
            r#"
            provider "lanyard" {
              url = "https://one.example.com"
            }
            provider "lanyard" {
              alias = "eu"
              url   = "https://eu.example.com"
            }
            module "inherits" {
              source = "./tokens"
            }
            module "eu" {
              source    = "./tokens"
              for_each  = toset(["a"])
              providers = { lanyard = lanyard.eu }
            }
            module "both" {
              source    = "./both"
              providers = { lanyard.first = lanyard, lanyard.second = lanyard.eu }
            }
            "#,
        ),
        (
            "tokens/main.tf",
            "resource \"lanyard_access_token\" \"t\" {\n  name = \"t\"\n}\nmodule \"inner\" {\n  source = \"../leaf\"\n}\n",
        ),
        (
            "leaf/main.tf",
            "resource \"lanyard_access_token\" \"t\" {\n  name = \"leaf\"\n}\n",
        ),
        (
            "both/main.tf",
            r#"
            terraform {
              required_providers {
                lanyard = {
                  source                = "lanyard/lanyard"
                  configuration_aliases = [lanyard.first, lanyard.second]
                }
              }
            }
            resource "lanyard_access_token" "one" {
              provider = lanyard.first
              name     = "one"
            }
            resource "lanyard_access_token" "two" {
              provider = lanyard.second
              name     = "two"
            }
            "#,
        ),
    ]));
    let alias = |address: &str| {
        let provider = &instance(&compiled, address).provider;
        assert_eq!(provider.module, "", "{address}");
        provider.alias.clone().unwrap_or_default()
    };
    assert_eq!(alias("module.inherits.lanyard_access_token.t"), "");
    assert_eq!(
        alias("module.inherits.module.inner.lanyard_access_token.t"),
        ""
    );
    assert_eq!(alias("module.eu[\"a\"].lanyard_access_token.t"), "eu");
    assert_eq!(
        alias("module.eu[\"a\"].module.inner.lanyard_access_token.t"),
        "eu"
    );
    assert_eq!(alias("module.both.lanyard_access_token.one"), "");
    assert_eq!(alias("module.both.lanyard_access_token.two"), "eu");
}

#[test]
fn a_key_of_a_provider_that_is_not_known_leaves_nothing_for_absent() {
    let options = Options {
        language: Some(Language::OpenTofu),
        ..Options::default()
    };
    let main = r#"
        provider "lanyard" {
          alias    = "by_region"
          for_each = toset(["eu"])
          url      = "https://${each.key}.example.com"
        }
        resource "terraform_data" "region" {}
        resource "lanyard_service_account" "somewhere" {
          provider = lanyard.by_region[terraform_data.region.id]
          name     = "somewhere"
        }
        output "account" {
          value = lanyard_service_account.somewhere.name
        }
        "#;
    let compiled = compile_with(&[("main.tf", main)], &options);
    let codes: Vec<_> = compiled.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::UnknownInstances], "{}", shown(&compiled));
    assert!(compiled.configuration.instances.is_empty());
    let unread = &compiled.configuration.unread;
    let told: Vec<String> = unread.iter().map(|unread| unread.why.to_string()).collect();
    assert!(
        matches!(told.as_slice(), [one] if one.contains("lanyard_service_account.somewhere")),
        "{told:?}"
    );
    assert!(compiled.configuration.outputs[0].value.is_unknown());
}

#[test]
fn each_instance_has_the_provider_of_its_key() {
    let options = Options {
        language: Some(Language::OpenTofu),
        ..Options::default()
    };
    let main = r#"
        variable "regions" {
          default = ["eu", "us"]
        }
        provider "lanyard" {
          alias    = "by_region"
          for_each = toset(var.regions)
          url      = "https://${each.key}.example.com"
        }
        resource "lanyard_service_account" "here" {
          for_each = toset(var.regions)
          provider = lanyard.by_region[each.key]
          name     = "here"
        }
        module "m" {
          source   = "./m"
          for_each = toset(var.regions)
          providers = {
            lanyard = lanyard.by_region[each.value]
          }
        }
        "#;
    let child = r#"
        resource "lanyard_service_account" "there" {
          name = "there"
        }
        "#;
    let compiled = right(compile_with(
        &[("main.tf", main), ("m/main.tf", child)],
        &options,
    ));
    let providers = &compiled.configuration.providers;
    let urls: Vec<(String, Option<&str>)> = providers
        .iter()
        .map(|provider| {
            let url = provider.config.get("url").as_str();
            (provider.reference.to_string(), url)
        })
        .collect();
    assert_eq!(
        urls,
        [
            (
                "provider[\"lanyard\"].by_region[\"eu\"]".to_owned(),
                Some("https://eu.example.com")
            ),
            (
                "provider[\"lanyard\"].by_region[\"us\"]".to_owned(),
                Some("https://us.example.com")
            ),
        ]
    );
    for (address, provider) in [
        ("lanyard_service_account.here[\"eu\"]", 0),
        ("lanyard_service_account.here[\"us\"]", 1),
        ("module.m[\"eu\"].lanyard_service_account.there", 0),
        ("module.m[\"us\"].lanyard_service_account.there", 1),
    ] {
        let found = &instance(&compiled, address).provider;
        assert_eq!(**found, providers[provider].reference, "{address}");
    }
}

#[test]
fn our_own_functions_are_evaluated_whatever_a_module_calls_our_provider() {
    let source = |calls: &str| {
        format!(
            r#"
            terraform {{
              required_providers {{
                keys  = {{ source = "lanyard/lanyard" }}
                other = {{ source = "example/other" }}
              }}
            }}

            {calls}
            "#
        )
    };
    let compiled = compile_files(&[(
        "main.tf",
        &source(
            r#"
            output "hours" { value = provider::keys::duration_hours("90d") }
            output "header" {
              sensitive = true
              value     = provider::keys::authorization_header(sensitive("hunter2"), "me")
            }
            output "others" { value = provider::other::anything(1) }
            "#,
        ),
    )]);
    assert!(compiled.diagnostics.is_empty(), "{}", shown(&compiled));
    let value = |name: &str| {
        let mut outputs = compiled.configuration.outputs.iter();
        outputs
            .find(|output| output.name == name)
            .unwrap()
            .value
            .clone()
    };
    assert_eq!(value("hours"), 2160.into());
    assert!(value("others").is_unknown());
    let header = value("header");
    assert_eq!(
        header.as_secret().map(|secret| secret.expose().to_owned()),
        Some("Basic bWU6aHVudGVyMg==".to_owned())
    );
    for (call, expected) in [
        (
            "provider::keys::duration_hours(\"90x\")",
            "is not a duration",
        ),
        ("provider::keys::duration_hour(\"90d\")", "duration_hours"),
        (
            "provider::keys::duration_hours()",
            "Not enough function arguments",
        ),
        (
            "provider::lanyard::duration_hours(\"90d\")",
            "no provider with the local name",
        ),
    ] {
        let text = source(&format!("output \"x\" {{ value = {call} }}"));
        let told = shown(&compile_files(&[("main.tf", &text)]));
        assert!(told.contains(expected), "{call}: {told}");
    }
}
