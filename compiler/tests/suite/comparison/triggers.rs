//! What triggers a replacement, and what one triggers.

use super::*;

/// Accounts of which `ci` and `x` are updated, `still` and `y` stay, and `new` is created.
const ACCOUNTS: &str = r#"
resource "lanyard_service_account" "ci" {
  name        = "ci"
  description = "another one"
}

resource "lanyard_service_account" "still" {
  name = "still"
}

resource "lanyard_service_account" "new" {
  name = "new"
}

resource "lanyard_service_account" "many" {
  for_each    = { x = "another one", y = null }
  name        = each.key
  description = each.value
}

resource "terraform_data" "other" {}
"#;

fn triggered(by: &str) -> (Action, Comparison) {
    let comparison = compared(&format!(
        "{ACCOUNTS}resource \"lanyard_access_token\" \"a\" {{
          name = \"a\"
          lifecycle {{
            replace_triggered_by = [{by}]
          }}
        }}"
    ));
    (action(&comparison, "lanyard_access_token.a"), comparison)
}

#[test]
fn an_update_or_a_replacement_triggers_and_nothing_else_does() {
    for (by, expected) in [
        ("lanyard_service_account.ci", Action::Replace),
        ("lanyard_service_account.ci.description", Action::Replace),
        ("lanyard_service_account.ci.name", Action::NoOp),
        ("lanyard_service_account.still", Action::NoOp),
        ("lanyard_service_account.new", Action::NoOp),
        ("lanyard_service_account.many", Action::Replace),
        ("lanyard_service_account.many[\"x\"]", Action::Replace),
        ("lanyard_service_account.many[\"y\"]", Action::NoOp),
        (
            "lanyard_service_account.many[\"x\"].description",
            Action::Replace,
        ),
        ("lanyard_service_account.many[\"x\"].name", Action::NoOp),
        ("terraform_data.other", Action::NoOp),
        (
            "terraform_data.other, lanyard_service_account.ci",
            Action::Replace,
        ),
    ] {
        assert_eq!(triggered(by).0, expected, "{by}");
    }
}

#[test]
fn a_replacement_that_the_lifecycle_forbids_is_an_error() {
    for (word, allowed) in [
        ("prevent_destroy = true", "prevent_destroy = false"),
        ("destroy = false", "destroy = true"),
    ] {
        let of = |lifecycle: &str| {
            compared(&format!(
                "{ACCOUNTS}resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  lifecycle {{\n    replace_triggered_by = [lanyard_service_account.ci]\n    {lifecycle}\n  }}\n}}\n"
            ))
        };
        let problems = |comparison: &Comparison| -> Vec<String> {
            let changes = comparison.plan.changes.iter();
            let all = changes.flat_map(|change| &change.diagnostics);
            all.filter(|problem| problem.code == Code::PreventDestroy)
                .map(|problem| problem.detail.clone())
                .collect()
        };
        let forbidden = problems(&of(word));
        assert!(
            matches!(forbidden.as_slice(), [one] if one.contains("lanyard_access_token.a would be replaced") && one.contains(word.trim_end_matches(" = true"))),
            "{forbidden:?}"
        );
        let comparison = of(allowed);
        assert_eq!(
            action(&comparison, "lanyard_access_token.a"),
            Action::Replace
        );
        assert_eq!(problems(&comparison), [""; 0]);
    }
}

#[test]
fn what_only_terraform_knows_is_warned_of() {
    for (by, expected) in [
        ("lanyard_service_account.ci", 0),
        ("terraform_data.other", 1),
    ] {
        let notes = triggered(by).1.notes;
        let warned = notes
            .iter()
            .filter(|note| note.code == Code::TriggersNotEvaluated);
        assert_eq!(warned.count(), expected, "{by}: {notes:#?}");
    }
}

#[test]
fn a_replacement_triggers_the_next_whatever_their_order() {
    for (first, second) in [("a", "b"), ("b", "a")] {
        let comparison = compared(&format!(
            "{ACCOUNTS}
            resource \"lanyard_access_token\" \"{first}\" {{
              name = \"{first}\"
              lifecycle {{
                replace_triggered_by = [lanyard_service_account.ci]
              }}
            }}
            resource \"lanyard_access_token\" \"{second}\" {{
              name = \"{second}\"
              lifecycle {{
                replace_triggered_by = [lanyard_access_token.{first}.id]
              }}
            }}"
        ));
        for name in [first, second] {
            let address = format!("lanyard_access_token.{name}");
            assert_eq!(action(&comparison, &address), Action::Replace, "{address}");
        }
    }
}

#[test]
fn each_instance_has_triggers_of_its_own() {
    let comparison = compared(&format!(
        "{ACCOUNTS}
        resource \"lanyard_access_token\" \"of\" {{
          for_each = {{ x = \"a\", y = \"b\" }}
          name     = each.value
          lifecycle {{
            replace_triggered_by = [lanyard_service_account.many[each.key]]
          }}
        }}"
    ));
    let of = |key: &str| action(&comparison, &format!("lanyard_access_token.of[{key:?}]"));
    assert_eq!([of("x"), of("y")], [Action::Replace, Action::NoOp]);
}

#[test]
fn a_forced_replacement_stays_one_when_it_is_planned_again() {
    let (_, comparison) = triggered("lanyard_service_account.ci");
    let mut changes = comparison.plan.changes.iter();
    let change = changes
        .find(|change| change.address == "lanyard_access_token.a")
        .unwrap();
    let again = change.plan_again(Some(&native::CAPABILITIES), &change.prior, &change.config);
    assert_eq!(again.action, Action::Replace);
    assert_eq!(again.reasons, change.reasons);
    assert!(
        again.reasons[0]
            .to_string()
            .contains("names `lanyard_service_account.ci`"),
        "{:?}",
        again.reasons
    );
}

#[test]
fn an_expression_is_evaluated_with_what_exists() {
    let comparison = compared(
        "resource \"lanyard_service_account\" \"ci\" {
          name = \"ci\"
        }
        resource \"lanyard_access_token\" \"a\" {
          name        = \"a\"
          description = \"of ${lanyard_service_account.ci.id}\"
        }",
    );
    let mut changes = comparison.plan.changes.iter();
    let token = changes
        .find(|change| change.kind == Kind::AccessToken)
        .unwrap();
    assert_eq!(token.planned.get("description").as_str(), Some("of sa_ci"));
    assert_eq!(token.depends_on, ["lanyard_service_account.ci"]);
}
