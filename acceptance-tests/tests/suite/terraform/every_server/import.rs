//! What exists already comes into the state as it is.

use lanyard_compiler::model::server::Recovery;
use serde_json::Value;

use super::Told;

pub(super) fn what_exists_is_imported_without_a_change(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = ground.named();
    let address = credential.address();
    told.configure(credential, "");
    told.apply();
    let (id, secret) = (told.id(credential), told.secret(credential));
    story.succeeds(&["state", "rm", &address]);

    let said = story.succeeds(&["import", &address, &id]);
    let shown = ground.can(credential).recovery == Recovery::ReadSecret;
    assert_eq!(said.contains("Warning"), !shown, "{said}");
    assert_eq!(story.attribute(&address, "token") == Value::Null, !shown);
    story.expect_empty_plan();
    assert!(hand.lets_in(&id, &secret), "an import changes nothing");
    story.destroy();
    assert!(!hand.lets_in(&id, &secret));
    told.works(credential);
}
