//! An account that may do more with the data than before.

use crate::model::Kind;
use crate::model::service_account::Permission;
use crate::model::state::Seen;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "permission-widened",
    level: Level::Warning,
    summary: "The permission of a restricted account grows: from reading or writing to both, or to the other one.",
    why: "Every token of the account that exists, and every copy of it, may do so as soon as the plan is applied.",
    remedy: "Make an account of its own for what needs the wider permission.",
    silent: "A permission that is hidden or not known on one side counts as widened, and the finding says so.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::ServiceAccount) {
            let before = item.before.as_deref().map(|before| &before.restriction);
            let (Some(Seen::Known(Some(before))), Seen::Known(Some(after))) =
                (before, &after.restriction)
            else {
                continue;
            };
            let (before, after) = (&before.permission, &after.permission);
            let message = match (before, after) {
                _ if before == after => continue,
                (Seen::Known(Some(before)), Seen::Known(Some(after))) => match (before, after) {
                    (Permission::ReadAndWrite, _) => continue,
                    _ => format!("may do more: {} becomes {}", before.name(), after.name()),
                },
                _ => {
                    "may do more: its permission changes and is hidden, or not known yet".to_owned()
                }
            };
            let path = AttributePath::attribute("restriction").then("permission");
            found.push(Hit::of(item, path, message));
        }
        found
    },
    fires: Fixture::Change(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
  }
}
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ_AND_WRITE"
  }
}
"#,
    ),
    passes: Fixture::Change(
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ_AND_WRITE"
  }
}
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "ci"
  restriction {
    permission = "READ"
  }
}
"#,
    ),
};
