//! A secret that everybody may read.

use crate::language::{ConsumerKind, without_keys};
use crate::review::circumstances::InClear;
use crate::review::findings::{Fixture, Hit, Level, Rule};

const IF_NOT_IT: &str =
    "If only a hash of it stands there, its length or what compares it, `--dir FOLDER` tells.";

pub(super) const RULE: Rule = Rule {
    name: "secret-shown",
    level: Level::Error,
    summary: "A secret reaches an output, an argument or an error message that is not sensitive, by `nonsensitive` for example.",
    why: "Terraform prints it: in each plan, in the log of the pipeline, and in the comment on the pull request.",
    remedy: "Take `nonsensitive` away, and set `sensitive = true` on outputs.",
    silent: "Whether a provider marks its argument as sensitive by itself only a plan of Terraform tells. Nothing is said \
             of a hash of a secret, of its length and of what compares it; without the configuration's folder, these are told from the secret only in an output or an argument \
             whose value the plan knows. Without it, too, what goes through locals is seen only where the plan holds the very value: not of a secret that \
             is issued by the apply, unless an output showed the one before; the review names what may show one.",
    is_told: false,
    check: |subject| {
        let uses = subject.uses_in_clear();
        let mut hits: Vec<Hit> = uses
            .filter(|(_, one)| one.shown == Some(true))
            .filter_map(|(owner, one)| {
                let how = match one.kind {
                    ConsumerKind::Output => "an output that is not sensitive",
                    ConsumerKind::Argument => "an argument that is not sensitive",
                    ConsumerKind::Message => "part of an error message",
                    // A command that is shown is told as a provisioner; settings of providers are kept nowhere.
                    ConsumerKind::Provider | ConsumerKind::Provisioner => return None,
                };
                let message = format!("shows the secret of {owner}: it is {how}");
                // Only references are known of what the plan alone tells.
                let is_only_referred = one.place.is_none();
                Some(Hit {
                    hint: is_only_referred.then(|| IF_NOT_IT.to_owned()),
                    ..Hit::of_use(&one, message)
                })
            })
            .collect();
        for InClear { address, path } in &subject.circumstances.in_clear {
            let whole = match path.is_root() {
                true => address.clone(),
                false => format!("{address}.{path}"),
            };
            let mut known = hits.iter();
            if !known.any(|hit| hit.address == whole || hit.address == without_keys(&whole)) {
                hits.push(Hit {
                    address: address.clone(),
                    path: path.clone(),
                    message:
                        "shows a secret: the plan holds the same value as the secret of a resource"
                            .to_owned(),
                    hint: None,
                    place: None,
                    left_over: None,
                });
            }
        }
        hits
    },
    fires: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

output "token" {
  value = nonsensitive(lanyard_access_token.ci.token)
}
"#,
    ),
    passes: Fixture::New(
        r#"resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

output "token" {
  value     = lanyard_access_token.ci.token
  sensitive = true
}
"#,
    ),
};
