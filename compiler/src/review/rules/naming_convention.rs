//! Names that do not look as agreed.

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "naming-convention",
    level: Level::Warning,
    summary: "A name does not fit `name` of `[limits]`, a regular expression. Without one, nothing is looked at.",
    why: "Who finds a token on the server, or in a log, should see from its name whose it is.",
    remedy: "Choose a name that fits. On many servers a rename is a new credential: see what the plan says.",
    silent: "Names that are hidden or not known yet are not looked at, nor are names that do not change.",
    is_told: false,
    check: |subject| {
        let Some(convention) = &subject.settings.limits.name else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in subject.touched() {
            let name = item.after.as_deref().and_then(|after| after.name.value());
            let before = item
                .before
                .as_deref()
                .and_then(|before| before.name.value());
            if let Some(name) =
                name.filter(|name| before != Some(name) && !convention.is_match(name))
            {
                let message = format!(
                    "is called {name:?}, which does not fit {:?}",
                    convention.as_str()
                );
                found.push(Hit::of(item, AttributePath::attribute("name"), message));
            }
        }
        found
    },
    fires: Fixture::Under(
        r#"[limits]
name = "^(shop|pay)-[a-z-]+$"
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "CI of the shop"
}
"#,
    ),
    passes: Fixture::Under(
        r#"[limits]
name = "^(shop|pay)-[a-z-]+$"
"#,
        r#"resource "lanyard_service_account" "ci" {
  name = "shop-ci"
}
"#,
    ),
};
