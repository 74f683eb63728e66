//! One secret for two teams.

use std::collections::{BTreeMap, BTreeSet};

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "shared-across-teams",
    level: Level::Warning,
    summary: "Users of one token belong to different teams, as `[owners]` has it. Without owners, nothing is looked at.",
    why: "Nobody can rotate it without asking the others, a leak cannot be told from its use, and one team's wish for more power is all \
          teams' power.",
    remedy: "Make a token for each team.",
    silent: "Users that no pattern names belong to nobody. Without the configuration's folder, what goes through locals is \
             not seen.",
    is_told: false,
    check: |subject| {
        let limits = &subject.settings.limits;
        let mut teams: BTreeMap<&str, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
        let uses = subject.all_uses();
        for (owner, one) in &uses {
            if let Some(team) = limits.owner(&one.address) {
                let teams = teams.entry(owner).or_default();
                teams.entry(team).or_default().insert(one.name());
            }
        }
        let shared = teams.into_iter().filter(|(_, teams)| teams.len() > 1);
        shared
            .map(|(owner, teams)| {
                let named = teams.into_iter().map(|(team, users)| {
                    let users: Vec<String> = users.into_iter().collect();
                    format!("{team} ({})", users.join(", "))
                });
                let teams: Vec<String> = named.collect();
                Hit {
                    address: owner.to_owned(),
                    path: AttributePath::root(),
                    message: format!("is used by more than one team: {}", teams.join(", ")),
                    hint: None,
                    place: None,
                    left_over: None,
                }
            })
            .collect()
    },
    fires: Fixture::Under(
        r#"[owners]
"github_actions_secret.shop" = "shop"
"github_actions_secret.pay"  = "payments"
"#,
        TWO_USERS,
    ),
    passes: Fixture::Under(
        r#"[owners]
"github_actions_secret.*" = "platform"
"#,
        TWO_USERS,
    ),
};

const TWO_USERS: &str = r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

resource "github_actions_secret" "shop" {
  plaintext_value = lanyard_access_token.ci.token
}

resource "github_actions_secret" "pay" {
  plaintext_value = lanyard_access_token.ci.token
}
"#;
