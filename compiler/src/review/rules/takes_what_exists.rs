//! A creation that ends what somebody else made.

use crate::model::access_token::OnConflict;
use crate::model::server::{Recovery, ResourceCapabilities, capabilities};
use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::review::old_secret::OldSecret;
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "takes-what-exists",
    level: Level::Warning,
    summary: "A resource is made with `on_conflict` set to `adopt` or `replace`.",
    why: "If somebody else has made an object of that name, the creation ends its secret, at once or after the `grace_period` of what takes it \
          over, or shares it where the server keeps it, and the plan of Terraform does not show it: it says that something new is created. \
          `lanyard plan`, which asks the server, shows which one it is.",
    remedy: "Leave `on_conflict` out, and import what exists. Use it for one apply at most.",
    silent: "Whether there is such an object only the server knows, and `lanyard plan`. An `on_conflict` that is hidden or not known yet is not looked at.",
    is_told: false,
    check: |subject| {
        let mut found = Vec::new();
        for item in subject.touched().filter(|item| item.before.is_none()) {
            let choice = item
                .after
                .as_ref()
                .and_then(|after| after.on_conflict.value());
            let message = match choice {
                Some(OnConflict::Adopt) => {
                    let api = subject.circumstances.api_of(&item.change.address);
                    let after = item.after.as_ref();
                    taken_over(
                        api.zip(after)
                            .map(|(api, after)| after.capabilities(capabilities(api))),
                        &item.old_secret(),
                    )
                }
                Some(OnConflict::Replace) => "ends what has its name already".to_owned(),
                Some(OnConflict::Error) | None => continue,
            };
            found.push(Hit::of(
                item,
                AttributePath::attribute("on_conflict"),
                message,
            ));
        }
        found
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name        = "ci"
  ttl         = "90d"
  on_conflict = "replace"
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}
"#,
    ),
};

/// What adopting does to what has the name, as far as its server is known.
fn taken_over(server: Option<&ResourceCapabilities>, old: &OldSecret) -> String {
    let what = match server {
        None => "takes over what has its name already, and may end its secret",
        Some(can) if can.recovery == Recovery::ReadSecret => {
            "takes over what has its name already, with the secret that it has"
        }
        Some(can) if can.no_secret_of_adopted().is_some() => {
            "stops the apply if something has its name already: its server issues no new secret for that"
        }
        Some(can) if can.issues_secret => match old.works_on() {
            Some(how) => {
                return format!("takes over what has its name already, and its secret works {how}");
            }
            None if matches!(old, OldSecret::MayEnd) => {
                "takes over what has its name already, and may end its secret"
            }
            None => "takes over what has its name already, and ends its secret",
        },
        Some(_) => "takes over what has its name already",
    };
    what.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::server::Api;
    use crate::model::{Kind, facts};

    #[test]
    fn only_a_secret_that_is_ended_is_said_to_be() {
        let says = |api, kind: Kind| {
            let can = kind.capabilities(capabilities(api));
            taken_over(Some(can), &OldSecret::Ends)
        };
        for (api, kind, expected) in [
            (
                Api::Native,
                Kind::AccessToken,
                "already, and ends its secret",
            ),
            (Api::Native, Kind::ServiceAccount, "already"),
            (
                Api::Splunk,
                Kind::AccessToken,
                "with the secret that it has",
            ),
            (
                Api::Chronosphere,
                Kind::ServiceAccount,
                "no new secret for that",
            ),
            (
                Api::Openobserve,
                Kind::ServiceAccount,
                "already, and ends its secret",
            ),
        ] {
            let said = says(api, kind);
            assert!(said.ends_with(expected), "{api:?} {kind:?}: {said}");
        }
        let config = facts::object(Kind::AccessToken, [("name", "ingest".into())]);
        let openobserve = capabilities(Api::Openobserve);
        let ingestion = Kind::AccessToken.capabilities_for(openobserve, &config);
        let said = taken_over(Some(ingestion), &OldSecret::Ends);
        assert!(said.ends_with("with the secret that it has"));
        let native = Some(&capabilities(Api::Native).access_token);
        let days = || OldSecret::WorksFor("2d".to_owned(), None);
        for (server, old, expected) in [
            (native, days(), "already, and its secret works for 2d more"),
            (
                native,
                OldSecret::WorksUntilFirstUse(None),
                "already, and its secret works until the first use of the new one",
            ),
            (native, OldSecret::MayEnd, "may end its secret"),
            (None, days(), "may end its secret"),
        ] {
            let said = taken_over(server, &old);
            assert!(said.ends_with(expected), "{said}");
        }
    }
}
