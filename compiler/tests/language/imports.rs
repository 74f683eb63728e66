//! Imports, moves and removals.

use crate::support::{compile_files, compiled, right, shown};

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
