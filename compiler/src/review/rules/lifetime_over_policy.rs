//! A token that lasts longer than is agreed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Kind;
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::old_secret::OwnEnd;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "lifetime-over-policy",
    level: Level::Warning,
    summary: "A token lasts longer than `lifetime` of `[limits]` allows: 365 days, unless said otherwise.",
    why: "The longer a secret lasts, the more places have a copy of it, and the longer a stolen one is of use.",
    remedy: "Set a shorter `ttl`, and let `rotation` renew the secret.",
    silent: "Lengths that are hidden, or known only after the apply, are not compared. An `expires_at` counts from the issue, or from \
             today where nothing is issued yet.",
    is_told: false,
    check: |subject| {
        let limits = &subject.settings.limits;
        let longest = limits.lifetime.seconds();
        let today = subject.settings.today;
        let today = today.and_then(|today| today.to_zoned(TimeZone::UTC).ok());
        let today: Option<Timestamp> = today.map(|today| today.timestamp());
        let mut found = Vec::new();
        for (item, after) in subject.comes(Kind::AccessToken) {
            let ttl = after.ttl.value().map(|ttl| ttl.value().seconds());
            let issued = after
                .issued_at
                .value()
                .map(|issued| issued.value())
                .or(today);
            let end = OwnEnd::of(after, subject.circumstances.api_of(&item.change.address));
            let lasts = end.as_ref().zip(issued).and_then(|(end, issued)| {
                u64::try_from(end.at.duration_since(issued).as_secs()).ok()
            });
            let (path, seconds) = match (ttl, lasts) {
                (Some(ttl), _) => ("ttl", ttl),
                (None, Some(lasts)) => ("expires_at", lasts),
                (None, None) => continue,
            };
            if seconds > longest {
                let lasts = match (&after.ttl.value(), end) {
                    (Some(ttl), _) => ttl.to_string(),
                    (None, Some(end)) => format!("until {}", end.words),
                    (None, None) => continue,
                };
                let message = format!("lasts {lasts}, and {} are allowed", limits.lifetime);
                found.push(Hit::of(item, AttributePath::attribute(path), message));
            }
        }
        found
    },
    fires: Fixture::Under(
        r#"[limits]
lifetime = "90d"
"#,
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "180d"
}
"#,
    ),
    passes: Fixture::Under(
        r#"[limits]
lifetime = "90d"
"#,
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}
"#,
    ),
};
