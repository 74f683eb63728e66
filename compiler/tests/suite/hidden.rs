//! What the configuration marks as sensitive: planned like everything else, and shown to no reviewer.

use lanyard_compiler::plan::file::{SavedPlan, SavedServer};
use lanyard_compiler::plan::{Action, Plan};
use lanyard_compiler::review::{Format, Options, render};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::comparison::compared;

const SENSITIVE: &str = r#"
variable "team" {
  sensitive = true
  default   = "hunter2"
}

resource "lanyard_service_account" "x" {
  name  = "x"
  roles = [var.team]
}

resource "lanyard_service_account" "new" {
  name = "new"

  restriction {
    permission = "READ"
    labels     = { team = var.team }
  }
}

resource "lanyard_access_token" "a" {
  name        = "a"
  description = "for ${var.team}"

  rotation {
    triggers     = { team = var.team }
    grace_period = var.team == "hunter2" ? "1h" : "2h"
  }
}
"#;

fn shown(plan: &Plan) -> String {
    Format::ALL
        .map(|format| render(plan, format, Options::default()))
        .join("\n")
}

#[test]
fn sensitive_variables_are_planned_and_not_shown() {
    let plan = compared(SENSITIVE).plan;
    let changes = plan.changes.iter();
    let changing = changes.filter(|change| change.action != Action::NoOp);
    assert_eq!(changing.count(), 3);
    let text = shown(&plan);
    assert!(!text.contains("hunter"), "{text}");
    assert!(
        text.contains("roles, hidden: maybe more than before"),
        "{text}"
    );
    assert!(text.contains("description"), "{text}");
}

#[test]
fn neither_does_a_saved_plan_show_them() {
    let plan = compared(SENSITIVE).plan;
    let saved = SavedPlan {
        servers: vec![SavedServer {
            api: "native".to_owned(),
            ..SavedServer::default()
        }],
        server_of: vec![0; plan.changes.len()],
        left_out: Vec::new(),
        protected: 0,
        plan,
    };
    let read = SavedPlan::parse(&saved.to_text()).unwrap();
    assert_eq!(shown(&read.plan), shown(&saved.plan));
    assert!(!shown(&read.plan).contains("hunter"));
}

/// A secret of the native form, as nobody ever issued it.
fn native_secret() -> String {
    let body = format!("lyd_{}", "aZ09".repeat(8));
    let checksum = lanyard_compiler::secret::native_form::checksum(&body);
    body + &checksum
}

#[test]
fn a_secret_that_somebody_wrote_in_clear_is_not_shown() {
    let secret = native_secret();
    let text = format!(
        "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  description = \"use {secret}\"\n}}
         resource \"lanyard_access_token\" \"b\" {{\n  name = \"b\"\n}}"
    );
    let mut plan = compared(&text).plan;
    let text = shown(&plan);
    assert!(!text.contains(&secret), "{text}");
    assert!(text.contains("use (a secret, hidden)"), "{text}");
    // Of a server that shows secrets, any of them is known.
    let known = Value::Secret(Secret::new("hunter2-of-b"));
    for (index, name, value) in [
        (1, "token", known),
        (0, "description", "hunter2-of-b".into()),
    ] {
        let prior = plan.changes[index].prior.as_map_mut();
        prior.expect("both exist").insert(name, value);
    }
    for field in plan.changes[0].fields_mut() {
        field.before = "hunter2-of-b".into();
    }
    let text = shown(&plan);
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn what_a_secret_of_ours_is_in_is_hidden_whatever_it_is_called() {
    let hidden = |description: &str| {
        let comparison = compared(&format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n}}
             resource \"lanyard_access_token\" \"b\" {{\n  name = \"b\"\n  description = {description}\n}}"
        ));
        !comparison.plan.changes[1].hidden.is_empty()
    };
    let token = "lanyard_access_token.a.token";
    assert!(hidden(&format!("nonsensitive({token})")));
    assert!(hidden(&format!(
        "nonsensitive(base64encode(\"x:${{{token}}}\"))"
    )));
    assert!(!hidden(&format!("nonsensitive(sha256({token}))")));
    assert!(!hidden("lanyard_access_token.a.name"));
}
