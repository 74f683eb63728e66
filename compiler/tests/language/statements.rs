//! What is said of our resources outside of their own blocks: lifecycles, conditions, actions, and what is not there.

use lanyard_compiler::language::{IgnoreChanges, Language, Mode, Options};
use lanyard_compiler::value::AttributePath;

use crate::support::{compile_files, compile_with, compiled, instance, right, shown};

#[test]
fn a_lifecycle_is_read_as_written() {
    let compiled = compiled(
        r#"
        resource "lanyard_access_token" "a" {
          name = "a"
          lifecycle {
            create_before_destroy = true
            prevent_destroy       = true
            ignore_changes        = [description, rotation]
          }
        }
        resource "lanyard_access_token" "b" {
          name = "b"
          lifecycle {
            ignore_changes = all
          }
        }
        "#,
    );
    let lifecycle = |address: &str| instance(&compiled, address).lifecycle.clone();
    let of_a = lifecycle("lanyard_access_token.a");
    assert!(of_a.create_before_destroy && of_a.prevent_destroy);
    assert_eq!(
        of_a.ignore_changes,
        IgnoreChanges::Some(
            ["description", "rotation"]
                .map(AttributePath::attribute)
                .into()
        )
    );
    let of_b = lifecycle("lanyard_access_token.b");
    assert_eq!(of_b.ignore_changes, IgnoreChanges::All);
    assert!(!of_b.create_before_destroy);
}

#[test]
fn what_opentofus_lifecycle_says_of_our_resources() {
    let options = Options {
        language: Some(Language::OpenTofu),
        ..Options::default()
    };
    let source = r#"
        variable "production" {
          default = true
        }
        resource "lanyard_access_token" "kept" {
          name = "a"
          lifecycle {
            prevent_destroy = var.production
            destroy         = false
          }
        }
        resource "lanyard_access_token" "off" {
          name = "b"
          lifecycle {
            enabled = !var.production
            destroy = false
          }
        }
        "#;
    let call = "module \"m\" {\n  source = \"./m\"\n  for_each = {}\n}\n";
    let inner = "resource \"lanyard_access_token\" \"inner\" {\n  name = \"c\"\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let files = [("main.tf", source), ("call.tf", call), ("m/main.tf", inner)];
    let compiled = right(compile_with(&files, &options));
    let kept = &instance(&compiled, "lanyard_access_token.kept").lifecycle;
    assert!(kept.prevent_destroy && kept.forgets && kept.state_remembers);
    assert_eq!(compiled.configuration.instances.len(), 1);
    // What has no instance any more stays where it is, and is not pruned.
    let mut removed: Vec<_> = compiled
        .configuration
        .removed
        .iter()
        .map(|removed| (removed.from.as_str(), removed.destroy))
        .collect();
    removed.sort_unstable();
    assert_eq!(
        removed,
        [
            ("lanyard_access_token.off", false),
            ("module.m.lanyard_access_token.inner", false)
        ]
    );
}

#[test]
fn an_action_on_a_destroy_event_has_no_condition() {
    let report = |event: &str| {
        let source = format!(
            r#"
            resource "terraform_data" "x" {{
              lifecycle {{
                action_trigger {{
                  events    = [{event}]
                  condition = true
                  actions   = [action.lanyard_rotate_access_token.x]
                }}
              }}
            }}
            "#
        );
        shown(&compile_files(&[("main.tf", &source)]))
    };
    assert_eq!(report("after_create"), "");
    for event in ["before_destroy", "after_destroy"] {
        let report = report(event);
        assert!(report.contains("Condition on destroy action"), "{report}");
        assert!(report.contains("--> main.tf:6:31"), "{report}");
    }
}

#[test]
fn a_file_in_a_home_folder_is_unknown_and_no_mistake() {
    let compiled = compile_files(&[(
        "main.tf",
        r#"
        resource "terraform_data" "x" {
          input = file("~/.ssh/id_ed25519.pub")
        }
        output "exists" {
          value = fileexists("~/nothing")
        }
        "#,
    )]);
    assert!(!compiled.has_errors(), "{}", shown(&compiled));
    let notes = shown(&compiled);
    assert_eq!(notes.matches("warning[file-at-home]").count(), 2, "{notes}");
    assert!(compiled.configuration.outputs[0].value.is_unknown());
}

#[test]
fn a_word_of_the_other_program_is_an_error_that_says_whose_it_is() {
    let main = |language: Language, source: &str| {
        let options = Options {
            language: Some(language),
            ..Options::default()
        };
        shown(&compile_with(&[("main.tf", source)], &options))
    };
    for (language, source, told) in [
        (
            Language::Terraform,
            "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    enabled = true\n  }\n}\n",
            "OpenTofu 1.12 has it; if this folder is OpenTofu's, say `--language opentofu`",
        ),
        (
            Language::Terraform,
            "language {\n}\n",
            "OpenTofu 1.12 has it",
        ),
        (
            Language::OpenTofu,
            "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    action_trigger {\n    }\n  }\n}\n",
            "Terraform 1.14 and newer have it; if this folder is Terraform's, say `--language terraform`",
        ),
    ] {
        let report = main(language, source);
        assert!(report.contains(told), "{report}");
        assert!(report.contains("--> main.tf:"), "{report}");
    }
}

#[test]
fn a_condition_holds_for_each_instance_of_ours() {
    let source = |limit: u32| {
        format!(
            r#"
            variable "lifetimes" {{
              type    = map(number)
              default = {{ short = 10, long = 400 }}
              validation {{
                condition     = length(var.lifetimes) < 5
                error_message = "At most four."
              }}
            }}
            resource "lanyard_access_token" "t" {{
              for_each = var.lifetimes
              name     = each.key
              ttl      = "${{each.value}}d"
              lifecycle {{
                precondition {{
                  condition     = each.value <= {limit}
                  error_message = "${{each.key}} lives longer than {limit} days."
                }}
                postcondition {{
                  condition     = self.id != ""
                  error_message = "Only the server can tell."
                }}
              }}
            }}
            "#
        )
    };
    right(compile_files(&[("main.tf", &source(400))]));
    let refused = shown(&compile_files(&[("main.tf", &source(90))]));
    assert!(
        refused.contains("long lives longer than 90 days."),
        "{refused}"
    );
    assert!(!refused.contains("short lives"), "{refused}");
    assert!(!refused.contains("Only the server"), "{refused}");
}

#[test]
fn what_is_not_on_disk_or_elsewhere_is_unknown_and_no_mistake() {
    let compiled = compile_files(&[(
        "main.tf",
        r#"
        module "remote" {
          source  = "acme/names/any"
          version = "~> 1.0"
        }
        data "terraform_remote_state" "other" {
          backend = "local"
        }
        data "aws_region" "here" {}
        resource "lanyard_access_token" "t" {
          name        = "t"
          description = "${module.remote.name} ${data.terraform_remote_state.other.outputs.x} ${data.aws_region.here.name}"
        }
        "#,
    )]);
    assert!(!compiled.has_errors(), "{}", shown(&compiled));
    let token = instance(&compiled, "lanyard_access_token.t");
    assert_eq!(token.mode, Mode::Managed);
    assert!(token.config.get("description").is_unknown());
    // A module that is given what another output of it decides is no circle.
    let given = compile_files(&[(
        "main.tf",
        r#"
        module "remote" {
          source   = "acme/names/any"
          for_each = toset(["a"])
          names    = [local.first, each.key]
          token    = lanyard_access_token.t.token
        }
        locals {
          first = "x-${module.remote["a"].prefix}"
        }
        resource "lanyard_access_token" "t" {
          name = local.first
        }
        "#,
    )]);
    assert!(!given.has_errors(), "{}", shown(&given));
    let consumers = &given.configuration.consumers["lanyard_access_token.t"];
    assert_eq!(consumers.len(), 1, "{consumers:?}");
    assert_eq!(consumers[0].address, "module.remote[\"a\"]");
    assert_eq!(consumers[0].path, "token");
    // A note tells why.
    assert!(
        shown(&compiled).contains("acme/names/any"),
        "{}",
        shown(&compiled)
    );
}

#[test]
fn what_has_no_instances_need_not_make_sense() {
    let source = |count: &str| {
        format!(
            r#"
            variable "enabled" {{
              default = false
            }}
            locals {{
              names = var.enabled ? ["a"] : []
            }}
            resource "aws_thing" "this" {{
              count = var.enabled ? 1 : 0
            }}
            resource "aws_other" "this" {{
              count = {count}
              thing = aws_thing.this[0].id
              name  = element(local.names, 0)
              first = local.names[0]
            }}
            resource "lanyard_access_token" "this" {{
              count           = {count}
              name            = local.names[0]
              service_account = aws_thing.this[0].id
            }}
            output "token" {{
              value = one(lanyard_access_token.this[*].id)
            }}
            "#
        )
    };
    right(compile_files(&[(
        "main.tf",
        &source("var.enabled ? 1 : 0"),
    )]));
    let unknown = compile_files(&[("main.tf", &source("aws_thing.other.count"))]);
    assert!(
        shown(&unknown).contains("aws_thing.other"),
        "{}",
        shown(&unknown)
    );
    // Where there are instances, it has to.
    let refused = compile_files(&[("main.tf", &source("1"))]);
    assert!(
        shown(&refused).contains("Invalid index"),
        "{}",
        shown(&refused)
    );
    // And what is wrong in any case is told.
    let misspelled = source("0").replace("local.names[0]", "local.nmes[0]");
    let refused = compile_files(&[("main.tf", &misspelled)]);
    assert!(
        shown(&refused).contains("did you mean \"names\"?"),
        "{}",
        shown(&refused)
    );
}

#[test]
fn what_is_stored_nowhere_takes_ephemeral_values() {
    let compiled = compile_files(&[(
        "main.tf",
        r#"
        terraform {
          required_providers {
            lanyard = { source = "lanyard/lanyard" }
          }
        }

        variable "login" {
          ephemeral = true
          default   = "x"
        }

        provider "lanyard" {
          token = var.login
        }

        ephemeral "lanyard_token_exchange" "ci" {
          endpoint      = "https://dex.example/token"
          subject_token = var.login
        }
        "#,
    )]);
    assert!(compiled.diagnostics.is_empty(), "{}", shown(&compiled));
}
