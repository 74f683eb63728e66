//! What the configuration marks as sensitive: planned like everything else, and shown to no reviewer.

use lanyard_compiler::plan::file::{SavedPlan, SavedServer};
use lanyard_compiler::plan::{Action, Plan};
use lanyard_compiler::review::{Format, Options, render};

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
        plan,
    };
    let read = SavedPlan::parse(&saved.to_text()).unwrap();
    assert_eq!(shown(&read.plan), shown(&saved.plan));
    assert!(!shown(&read.plan).contains("hunter"));
}
