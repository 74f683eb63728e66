//! What exists already comes into the state as it is.

use lanyard_compiler::model::server::{Recovery, RotationCapability};
use serde_json::Value;

use super::ground::Credential;
use super::{ROTATION_IMPOSSIBLE, Told};

pub(super) fn what_exists_is_imported_without_a_change(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = ground.named();
    let address = credential.address();
    let (id, secret) = left_on_the_server(told, credential);

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

/// Makes it, and lets Terraform forget it; what is left is its id and its secret.
fn left_on_the_server(told: &Told<'_>, credential: &Credential) -> (String, String) {
    told.configure(credential, "");
    told.apply();
    let made = (told.id(credential), told.secret(credential));
    let address = credential.address();
    told.story.succeeds(&["state", "rm", &address]);
    made
}

/// One attribute, in the apply that imports: there is a new secret, and the old one ends as the rotation block says.
pub(super) fn a_new_secret_after_an_import_is_one_step(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = ground.named();
    let address = credential.address();
    let (id, old) = left_on_the_server(told, credential);

    let import = format!("\nimport {{\n  to = {address}\n  id = \"{id}\"\n}}\n");
    let after_import = "rotation {\n    after_import = true\n  }";
    let configuration = ground.configuration(credential, after_import);
    story.configure(&format!("{configuration}{import}"));
    if let RotationCapability::Impossible { .. } = ground.can(credential).rotation {
        return told.refused(credential, ROTATION_IMPOSSIBLE);
    }
    told.apply();
    let new = told.secret(credential);
    let shown = ground.can(credential).recovery == Recovery::ReadSecret;
    assert_eq!(new == old, shown, "what comes along stays");
    assert!(hand.lets_in(&id, &new));
    assert_eq!(hand.lets_in(&id, &old), shown);
    story.expect_empty_plan();
    story.destroy();
    told.works(credential);
}
