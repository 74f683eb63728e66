//! A secret that lies in the state for nobody.

use crate::model::Kind;
use crate::plan::Action;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "secret-in-state",
    level: Level::Note,
    summary: "A new token has no `recipient`, so its secret lies in the state in clear, and nothing in the configuration uses it there.",
    why: "Whoever may read the state has the secret. Nobody in the configuration needs it there: somebody copies it out of the state by \
          hand.",
    remedy: "Set `recipient` to the age key of whoever needs the secret, or make it an ephemeral resource.",
    silent: "Nothing is said while a use may be hidden: without the configuration's folder, only direct references are seen.",
    is_told: false,
    check: |subject| {
        if subject.circumstances.uses.only_direct {
            return Vec::new();
        }
        let tokens = subject.comes(Kind::AccessToken);
        tokens
            .filter(|(item, after)| {
                item.change.action == Action::Create
                    && after.recipient.is_null()
                    && item.change.consumers.is_empty()
            })
            .map(|(item, _)| {
                let message = "with Terraform, its secret lies in the state in clear, and nothing in the configuration uses it";
                Hit::of(item, AttributePath::attribute("recipient"), message)
            })
            .collect()
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name      = "ci"
  ttl       = "90d"
  recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
}
"#,
    ),
};
