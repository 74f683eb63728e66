//! A credential that stops working under those who use it.

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "disabled-while-used",
    level: Level::Warning,
    summary: "A token, or the account of tokens, is disabled while somebody uses it.",
    why: "From the apply on its server refuses the secret, and all who use it are locked out until it is enabled again.",
    remedy: "Move the users to another token first. If the secret leaked, rotate it: then the users get a new one in the same apply.",
    silent: "Only tokens in this plan are seen. Whether `disabled` changes is not looked at where it is hidden or not known yet.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.touched().filter(|item| item.is_disabled()) {
            let users = &item.change.consumers;
            let message = match item.change.kind {
                Kind::AccessToken if users.is_empty() => continue,
                Kind::AccessToken => format!("is disabled, and is used by {}", users.join(", ")),
                Kind::ServiceAccount => {
                    let tokens = subject.used_tokens_of(item);
                    if tokens.is_empty() {
                        continue;
                    }
                    format!("is disabled, and with it {}", tokens.join(", "))
                }
            };
            let path = AttributePath::attribute("disabled");
            found.push(Hit::of(item, path, message));
        }
        found
    },
    fires: Fixture::Change(USED, DISABLED),
    passes: Fixture::Change(DISABLED, USED),
};

const USED: &str = r#"resource "lanyard_access_token" "ci" {
  name     = "ci"
  ttl      = "90d"
  disabled = false
}

resource "github_actions_secret" "ci" {
  plaintext_value = lanyard_access_token.ci.token
}
"#;

const DISABLED: &str = r#"resource "lanyard_access_token" "ci" {
  name     = "ci"
  ttl      = "90d"
  disabled = true
}

resource "github_actions_secret" "ci" {
  plaintext_value = lanyard_access_token.ci.token
}
"#;
