//! What is said where a server has another address than before, or the credential is of another organization there.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::{Recovery, ResourceCapabilities, RotationCapability};
use lanyard_compiler::model::{Kind, State};

use super::Elsewhere;

/// The server that we are at, and what is not what it was at the one of before.
pub(super) struct Place {
    pub(super) address: String,
    pub(super) elsewhere: Elsewhere,
}

impl Place {
    /// Where something was before: "at another address than …".
    fn another(&self) -> String {
        let address = &self.address;
        match self.elsewhere {
            Elsewhere::Address => format!("at another address than {address}"),
            Elsewhere::Organization => format!(
                "in another organization at {address} than that of the credential, or the credential does not say in which it is"
            ),
        }
    }

    /// What leads to the server of before.
    fn back(&self) -> &'static str {
        match self.elsewhere {
            Elsewhere::Address => "the address of before",
            Elsewhere::Organization => "a credential of the organization of before",
        }
    }
}

pub(super) fn planned_elsewhere(place: Place, kind: Kind, name: &str) -> Diagnostic {
    Diagnostic::error(Code::AnotherServer, "The plan was made for another server")
        .detail(format!(
            "The {} {name:?} was planned for {}. Nothing was changed.",
            kind.title(),
            place.another()
        ))
        .hint(format!(
            "Apply with {}, which the plan was made with, or plan again, with a refresh: that says what is true of it there.",
            place.back()
        ))
}

pub(super) fn not_here(place: Place, kind: Kind, name: &str) -> Diagnostic {
    Diagnostic::error(
        Code::AnotherServer,
        "What is not here may be at another server",
    )
    .detail(format!(
        "The {} {name:?} was last found in order {}, and is not here. So nobody knows whether it is gone, and it stays in the state.",
        kind.title(),
        place.another()
    ))
    .hint(format!(
        "If this is another server: go back to {}. What is there works on.",
        place.back()
    ))
    .hint(
        "If it is gone, or is to be made anew here: `terraform state rm` its address lets go of it, and the next apply makes it.",
    )
}

pub(super) fn in_doubt(
    place: Place,
    kind: Kind,
    name: &str,
    can: &ResourceCapabilities,
) -> Diagnostic {
    let told = Diagnostic::error(
        Code::AnotherServer,
        "What has the name here may be another server's",
    )
    .detail(format!(
        "The {} {name:?} was last found in order {}, and nothing shows that what has its name here is the same one. It is neither \
         deleted nor replaced.",
        kind.title(),
        place.another()
    ))
    .hint(format!(
        "If this is another server: go back to {}, or let go of it with `terraform state rm`.",
        place.back()
    ));
    const SAME: &str = "If the same server has another address now: apply without this change first, with a refresh, which notes the address";
    match way_to_secret(can) {
        Way::Rotation => told.hint(format!(
            "{SAME} or issues a new secret. Where nobody here has the secret, a new value in `rotation.triggers` issues one."
        )),
        Way::Import => told.hint(format!("{SAME} unless another secret is shown here: {IMPORT}")),
        Way::None => told.hint(format!("{SAME}.")),
    }
}

/// What brings the secret of this server to a state that has another one.
enum Way {
    Rotation,
    /// It is shown, and no other can be issued.
    Import,
    None,
}

fn way_to_secret(can: &ResourceCapabilities) -> Way {
    match can.rotation {
        _ if !can.issues_secret => Way::None,
        RotationCapability::Impossible { .. } if can.recovery == Recovery::ReadSecret => {
            Way::Import
        }
        RotationCapability::Impossible { .. } => Way::None,
        RotationCapability::Server { .. }
        | RotationCapability::TwoSlots
        | RotationCapability::NoOverlap { .. } => Way::Rotation,
    }
}

const IMPORT: &str =
    "then `terraform state rm` its address, and import it, which takes the one that is shown.";

/// It may live on where it was last found.
pub(super) fn has_another_secret(
    place: Place,
    state: &State,
    name: &str,
    can: &ResourceCapabilities,
) -> Diagnostic {
    let (title, id) = (
        state.kind().title(),
        state.id.as_deref().unwrap_or_default(),
    );
    let told = Diagnostic::warning(
        Code::SecretOfAnotherServer,
        "What has the name at this address has another secret",
    )
    .detail(format!(
        "The {title} {name:?} ({id}) was last found in order {}. What has its name here has another secret than the state. If this is \
         another server, the secret of the state works on at the first one, and in no state once this is applied.",
        place.another()
    ))
    .hint(format!("If this is another server: go back to {}.", place.back()));
    const SAME: &str = "If the same server has another address now, somebody replaced the secret";
    match way_to_secret(can) {
        Way::Rotation => told.hint(format!("{SAME}: the next apply issues one.")),
        Way::Import => told.hint(format!("{SAME}: {IMPORT}")),
        Way::None => told,
    }
}

/// Only its recipient can try it.
pub(super) fn not_tried(place: Place, state: &State, name: &str) -> Diagnostic {
    let (title, id) = (
        state.kind().title(),
        state.id.as_deref().unwrap_or_default(),
    );
    Diagnostic::warning(
        Code::SecretNotTried,
        "Nobody knows whether a secret is that of this server",
    )
    .detail(format!(
        "The {title} {name:?} ({id}) was last found {}, and no more is told of it here than its name. Its secret is encrypted for its \
         recipient, so that it was not tried.",
        place.another()
    ))
    .hint("If it is another server: change a value in `rotation.triggers`, and the next apply issues a secret there.")
    .hint("If the same server has another address now, the secret goes on working. It is neither deleted nor replaced from here until a secret was \
           issued at this address.")
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::server::{Api, capabilities};
    use lanyard_compiler::value::Value;

    use super::*;

    #[test]
    fn no_hint_names_a_rotation_where_the_server_has_none() {
        let mut seen = [0, 0];
        for server in Api::ALL.map(capabilities) {
            let kinds = [&server.service_account, &server.access_token];
            let alone = server.access_token_without_account.as_ref();
            for can in kinds.into_iter().chain(alone) {
                if can.absent.is_some() {
                    continue;
                }
                let place = || Place {
                    address: "https://t.example".to_owned(),
                    elsewhere: Elsewhere::Address,
                };
                let state = Value::map([("name", "ci".into())]);
                let state = State::read(Kind::AccessToken, &state).unwrap();
                let told = [
                    in_doubt(place(), Kind::AccessToken, "ci", can),
                    has_another_secret(place(), &state, "ci", can),
                ];
                let rotates = !matches!(can.rotation, RotationCapability::Impossible { .. });
                for hint in told.iter().flat_map(|told| &told.hints) {
                    let names = hint.contains("rotation") || hint.contains("issues");
                    assert!(rotates || !names, "{}: {hint}", server.title);
                    seen[usize::from(names)] += 1;
                }
            }
        }
        assert!(seen.iter().all(|count| *count > 3), "{seen:?}");
    }
}
