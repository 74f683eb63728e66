//! Two secrets at once, for a while.

use lanyard_compiler::model::server::RotationCapability;

use super::{ROTATION_IMPOSSIBLE, Told, round};

const DAY: u64 = 24 * 60 * 60;
const GRACE: &str = "grace_period = \"48h\"";

pub(super) fn the_old_secret_works_for_its_grace_period(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = &ground.credential;
    let configure = |number: &str| told.configure(credential, &round(number, GRACE));
    configure("1");
    match ground.can(credential).rotation {
        RotationCapability::Impossible { .. } => {
            return told.refused(credential, ROTATION_IMPOSSIBLE);
        }
        RotationCapability::NoOverlap { .. } => {
            let grace_impossible = [
                "grace-impossible",
                "The old secret cannot stay valid on this server",
                "rotation.grace_period",
            ];
            return told.refused(credential, grace_impossible);
        }
        RotationCapability::Server { .. } | RotationCapability::TwoSlots => {}
    }
    told.apply();
    let (id, first) = (told.id(credential), told.secret(credential));
    configure("2");
    told.apply();
    let second = told.secret(credential);
    assert!(hand.lets_in(&id, &first) && hand.lets_in(&id, &second));
    assert!(story.text(&credential.address(), "previous_token") == first);

    story.native().advance_clock(3 * DAY);
    told.apply();
    assert!(!hand.lets_in(&id, &first), "its grace period is over");
    assert!(hand.lets_in(&id, &second));

    configure("3");
    // Terraform hides what stays as it is, and the reason is that of the rotation before.
    let planned = story.succeeds(&["plan"]);
    assert!(planned.contains("changed (generation 3)"), "{planned}");
    told.apply();
    let third = told.secret(credential);
    assert!(hand.lets_in(&id, &second) && hand.lets_in(&id, &third));
    story.destroy();
    assert!(!hand.lets_in(&id, &second), "a destroy ends both secrets");
    assert!(!hand.lets_in(&id, &third), "a destroy ends both secrets");
    told.works(credential);
}
