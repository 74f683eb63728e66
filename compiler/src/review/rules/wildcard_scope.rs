//! Power that is not listed but matched.

use crate::model::state::{Form as _, Shown};
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "wildcard-scope",
    level: Level::Warning,
    summary: "A role or a scope has a wildcard: `*`.",
    why: "What it allows grows with everything that the server learns later, and nobody will review that.",
    remedy: "List the scopes that are needed.",
    silent: "Scopes that are hidden, or known only after the apply, are not looked at.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.touched() {
            let Some(after) = &item.after else { continue };
            for (word, names) in [("roles", &after.roles), ("scopes", &after.scopes)] {
                let had = item.before.as_deref().map(|before| match word {
                    "roles" => &before.roles,
                    _ => &before.scopes,
                });
                if had == Some(names) {
                    continue;
                }
                let names = names.value().into_iter().flatten();
                let wide = names
                    .filter_map(Shown::known)
                    .filter(|name| name.contains('*'));
                found.extend(wide.map(|name| {
                    let message = format!("{name:?} matches more than is listed here");
                    Hit::of(item, AttributePath::attribute(word).key(name), message)
                }));
            }
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name   = "ci"
  scopes = ["samples:*"]
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name   = "ci"
  scopes = ["samples:read"]
}
"#,
    ),
};
