//! What `replace_triggered_by` replaces is carried out by an apply. That Terraform plans the same stands in `terraform/triggers.rs`.

use super::delivery::expect_a_working_secret;
use super::story::Story;

pub(super) const BEFORE: &str = r#"
    resource "lanyard_service_account" "changing" {
      name = "changing"
    }

    resource "lanyard_service_account" "many" {
      for_each    = { x = null, y = null }
      name        = each.key
      description = each.value
    }

    resource "lanyard_access_token" "by_resource" {
      name = "by resource"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing]
      }
    }

    resource "lanyard_access_token" "by_attribute" {
      name = "by attribute"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing.description]
      }
    }

    resource "lanyard_access_token" "by_another" {
      name = "by another"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.changing.name]
      }
    }

    resource "lanyard_access_token" "by_any" {
      name = "by any"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.many]
      }
    }

    resource "lanyard_access_token" "by_each" {
      for_each = toset(["x", "y"])
      name     = "by ${each.key}"
      lifecycle {
        replace_triggered_by = [lanyard_service_account.many[each.key]]
      }
    }

    resource "lanyard_access_token" "chained" {
      name = "chained"
      lifecycle {
        replace_triggered_by = [lanyard_access_token.by_resource.id]
      }
    }
"#;

pub(super) fn after() -> String {
    BEFORE
        .replace(
            "name = \"changing\"",
            "name = \"changing\"\n      description = \"changed\"",
        )
        .replace("{ x = null, y", "{ x = \"changed\", y")
}

#[test]
fn a_reviewed_replacement_is_carried_out() {
    let story = Story::new(BEFORE);
    story.apply();
    let ids = || -> Vec<String> {
        let tokens = story.native().get("/v1/access-tokens").body;
        let items = tokens["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|token| token["id"].to_string()).collect()
    };
    let before = ids();
    story.configure(&after());
    story.succeeds("plan -o plan.json");
    story.succeeds("apply plan.json --out-file secrets.jsonl");
    story.expect_nothing_to_do();
    let after = ids();
    assert_eq!(after.len(), before.len());
    let kept = after.iter().filter(|id| before.contains(id)).count();
    assert_eq!(kept, 2, "by another and by y: {before:?} became {after:?}");
    assert_eq!(story.handed_over().len(), 7 + 5);
}

/// What would end with its account, and be made by the next apply only. Elasticsearch lets no account go that has a token.
#[test]
fn the_tokens_of_a_replaced_account_are_made_anew_in_the_same_apply() {
    for (api, prefix, role, changed) in [
        ("native", "", "viewer", "editor"),
        ("osmo", "", "osmo-user", "osmo-default"),
        ("elasticsearch", "shop/", "viewer", "editor"),
    ] {
        let token = |name: &str, lifecycle: &str| {
            format!(
                "resource \"lanyard_access_token\" \"{name}\" {{\n  name            = \"{name}\"\n  service_account = lanyard_service_account.a.id\n{lifecycle}}}\n"
            )
        };
        let triggered =
            "  lifecycle {\n    replace_triggered_by = [lanyard_service_account.b]\n  }\n";
        let configuration = |roles: &str| {
            format!(
                "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\nresource \"lanyard_service_account\" \"b\" {{\n  name  = \"{prefix}other\"\n  roles = [{roles}]\n}}\nresource \"lanyard_service_account\" \"a\" {{\n  name  = \"{prefix}acc\"\n  roles = [\"{role}\"]\n{triggered}}}\n{}{}",
                token("t", ""),
                token("too", triggered),
            )
        };
        let story = Story::on(api, &configuration(&format!("\"{role}\"")));
        story.apply();
        let changed = configuration(&format!("\"{role}\", \"{changed}\""));
        story.configure(&format!("{changed}{}", token("new", "")));
        let planned = story.planned("");
        for address in ["lanyard_service_account.a", "lanyard_access_token.t"] {
            let expected = format!("replace {address}");
            assert!(planned.contains(&expected), "{api}: {planned:?}");
        }
        let shown = story.succeeds("plan");
        assert!(!shown.stdout.contains("replaced-by-hand"), "{shown}");
        story.apply();
        let handed_over = story.handed_over();
        assert_eq!(handed_over.len(), 2 + 3, "{api}");
        expect_a_working_secret(&story);
        story.expect_nothing_to_do();
    }
}
