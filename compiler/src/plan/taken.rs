//! What can be done about a name that something else has: what `on_conflict` can be there.

use crate::model::server::{DeleteCapability, Recovery, ResourceCapabilities, RotationCapability};

/// How to take over what has the name, or to put something new in its place; a sentence each, none where neither is possible.
pub fn ways_with_taken_name(can: &ResourceCapabilities) -> Vec<String> {
    let secret = match can.recovery {
        Recovery::ReadSecret => " with the secret that it has",
        _ if can.issues_secret => match can.rotation {
            RotationCapability::Server { .. } | RotationCapability::TwoSlots => {
                " and issue a new secret for it, which ends the old one, at once or after its `grace_period`"
            }
            RotationCapability::NoOverlap { .. } | RotationCapability::Impossible { .. } => {
                " and issue a new secret for it, which ends the old one"
            }
        },
        _ => "",
    };
    let mut ways = Vec::new();
    if can.no_secret_of_adopted().is_none() {
        ways.push(format!(
            "To take it over{secret}: `on_conflict = \"adopt\"`."
        ));
    }
    if matches!(
        can.delete,
        DeleteCapability::Deletes | DeleteCapability::DeletesAlone
    ) {
        ways.push("To delete it and create it anew: `on_conflict = \"replace\"`.".to_owned());
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::model::server::{Api, capabilities};

    #[test]
    fn what_has_no_secret_is_not_said_to_get_one() {
        for api in Api::ALL {
            for kind in Kind::ALL {
                let can = kind.capabilities(capabilities(api));
                for way in ways_with_taken_name(can) {
                    let speaks = way.contains("secret");
                    let has = can.issues_secret || can.recovery == Recovery::ReadSecret;
                    assert!(has || !speaks, "{api:?} {kind:?}: {way}");
                }
            }
        }
        let native = capabilities(Api::Native);
        assert_eq!(
            ways_with_taken_name(&native.service_account),
            [
                "To take it over: `on_conflict = \"adopt\"`.",
                "To delete it and create it anew: `on_conflict = \"replace\"`."
            ]
        );
    }
}
