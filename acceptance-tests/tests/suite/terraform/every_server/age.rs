//! A secret that gets old, where it ends and where it never does.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::RotationCapability;

use super::{ROTATION_IMPOSSIBLE, Told};

const DAY: u64 = 24 * 60 * 60;
/// Within what servers give a token that asks for no end.
const EVERY: &str = "rotation {\n    every = \"20d\"\n  }";

pub(super) fn a_secret_is_replaced_when_it_is_old_enough(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = &ground.credential;
    told.configure(credential, EVERY);
    if let RotationCapability::Impossible { .. } = ground.can(credential).rotation {
        return told.refused(credential, ROTATION_IMPOSSIBLE);
    }
    assert_eq!(credential.kind, Kind::AccessToken);
    told.apply();
    let address = credential.address();
    let first = told.secret(credential);
    let mut old = first.clone();
    for round in 2..=3 {
        story.native().advance_clock(15 * DAY);
        story.expect_empty_plan();
        story.native().advance_clock(6 * DAY);
        let planned = story.succeeds(&["plan"]);
        assert!(planned.contains("and rotates every 20d"), "{planned}");
        assert!(planned.contains(&format!("-> {round}")), "{planned}");
        told.apply();
        let new = told.secret(credential);
        assert_ne!(new, old, "{address}");
        assert!(hand.lets_in(&told.id(credential), &new));
        old = new;
    }
    assert!(!hand.lets_in(&told.id(credential), &first));
    story.destroy();
    told.works(credential);
}
