//! A token that more people see.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::sight::seen_by_more;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "visibility-widened",
    level: Level::Warning,
    summary: "More people may see a token on its server than before: `visibility` names more of them, or everyone.",
    why: "Whoever sees the token there can use it, and nobody notices: the server tells its use from that of the machine by nothing.",
    remedy: "Keep `level = \"admins\"`, or name the few who need it. Give others a token of their own.",
    silent: "Who is in a team only the server knows. A visibility that is known only after the apply is not looked at; one that is hidden \
             counts as wider where it changes.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::AccessToken) {
            if let Some(by) = seen_by_more(item.before.as_deref(), after) {
                let path = AttributePath::attribute("visibility");
                found.push(Hit::of(item, path, format!("is seen by more people: {by}")));
            }
        }
        found
    },
    fires: Fixture::Change(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  visibility {
    level = "selected"
    teams = ["platform"]
  }
}
"#,
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  visibility {
    level = "selected"
    teams = ["platform", "support"]
  }
}
"#,
    ),
    passes: Fixture::Change(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  visibility {
    level = "everyone"
  }
}
"#,
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
  visibility {
    level = "selected"
    teams = ["platform"]
  }
}
"#,
    ),
};
