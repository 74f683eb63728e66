//! What is said of our resources outside of their own blocks: providers handed to modules, imports, moves, removals, lifecycles.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{IgnoreChanges, Language, Mode, Options};
use lanyard_compiler::value::AttributePath;

use crate::support::{compile_files, compile_with, compiled, instance, right, shown};

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
fn imports_name_the_instances_that_they_are_for() {
    let compiled = compiled(
        r#"
        locals {
          ids = { a = "at_1", b = "at_2" }
        }
        resource "lanyard_access_token" "t" {
          for_each = local.ids
          name     = each.key
        }
        resource "lanyard_service_account" "s" {
          name = "s"
        }
        import {
          for_each = local.ids
          to       = lanyard_access_token.t[each.key]
          id       = each.value
        }
        import {
          to       = lanyard_service_account.s
          identity = { id = "sa_${1 + 1}" }
        }
        "#,
    );
    let imports: Vec<(&str, Option<&str>, Option<&str>)> = compiled
        .configuration
        .imports
        .iter()
        .map(|import| {
            (
                import.to.as_str(),
                import.id.as_str(),
                import.identity.get("id").as_str(),
            )
        })
        .collect();
    assert_eq!(
        imports,
        [
            ("lanyard_access_token.t[\"a\"]", Some("at_1"), None),
            ("lanyard_access_token.t[\"b\"]", Some("at_2"), None),
            ("lanyard_service_account.s", None, Some("sa_2")),
        ]
    );
}

#[test]
fn moves_and_removals_are_full_addresses() {
    let compiled = right(compile_files(&[
        (
            "main.tf",
            r#"
            module "m" {
              source = "./m"
            }
            resource "lanyard_access_token" "new" {
              name = "t"
            }
            moved {
              from = lanyard_access_token.old
              to   = lanyard_access_token.new
            }
            removed {
              from = lanyard_access_token.gone
              lifecycle {
                destroy = false
              }
            }
            removed {
              from = module.m.lanyard_service_account.gone
              lifecycle {
                destroy = true
              }
            }
            "#,
        ),
        (
            "m/main.tf",
            "resource \"lanyard_access_token\" \"x\" {\n  count = 1\n  name  = \"x\"\n}\n\
             moved {\n  from = lanyard_access_token.x\n  to   = lanyard_access_token.x[0]\n}\n",
        ),
    ]));
    let configuration = &compiled.configuration;
    let moved: Vec<(&str, &str)> = configuration
        .moved
        .iter()
        .map(|moved| (moved.from.as_str(), moved.to.as_str()))
        .collect();
    assert_eq!(
        moved,
        [
            ("lanyard_access_token.old", "lanyard_access_token.new"),
            (
                "module.m.lanyard_access_token.x",
                "module.m.lanyard_access_token.x[0]"
            ),
        ]
    );
    let removed: Vec<(&str, bool)> = configuration
        .removed
        .iter()
        .map(|removed| (removed.from.as_str(), removed.destroy))
        .collect();
    assert_eq!(
        removed,
        [
            ("lanyard_access_token.gone", false),
            ("module.m.lanyard_service_account.gone", true),
        ]
    );
}

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
fn an_import_in_a_module_counts_for_each_of_its_instances() {
    let main = r#"
        module "m" {
          source   = "./m"
          for_each = toset(["a", "b"])
          id       = each.key
        }
        module "one" {
          source = "./m"
          id     = "c"
        }
        import {
          to = module.one.lanyard_service_account.x
          id = "instead"
        }
        "#;
    let child = r#"
        variable "id" {}
        import {
          to = lanyard_service_account.x
          id = "of-${var.id}"
        }
        resource "lanyard_service_account" "x" {
          name = "x"
        }
        "#;
    let compiled = right(compile_files(&[("main.tf", main), ("m/main.tf", child)]));
    let ids = compiled.configuration.imported_ids();
    let mut ids: Vec<(&str, &str)> = ids.into_iter().collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            ("module.m[\"a\"].lanyard_service_account.x", "of-a"),
            ("module.m[\"b\"].lanyard_service_account.x", "of-b"),
            ("module.one.lanyard_service_account.x", "instead"),
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

#[test]
fn an_import_names_an_instance_that_there_is() {
    let source = |to: &str| {
        format!(
            r#"
            terraform {{
              required_providers {{
                lanyard = {{ source = "lanyard/lanyard" }}
              }}
            }}

            resource "lanyard_access_token" "ci" {{
              for_each = toset(["eu"])
              name     = each.key
            }}

            import {{
              to = lanyard_access_token.ci["{to}"]
              id = "at_1"
            }}
            "#
        )
    };
    assert!(!compile_files(&[("main.tf", &source("eu"))]).has_errors());
    let told = shown(&compile_files(&[("main.tf", &source("us"))]));
    assert!(
        told.contains("There is no instance lanyard_access_token.ci[\"us\"]"),
        "{told}"
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
