//! The name is taken: nothing happens to whoever has it, until the user says what should.

use lanyard_compiler::model::server::{Recovery, RotationCapability};

use super::Told;

pub(super) fn a_taken_name_stops_until_on_conflict_says_how_to_go_on(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = ground.named();
    let (address, can) = (credential.address(), ground.can(credential));
    told.configure(credential, "");
    told.apply();
    let (id, theirs) = (told.id(credential), told.secret(credential));
    // Its use shows that it is nobody's leftover.
    assert!(hand.lets_in(&id, &theirs));
    story.succeeds(&["state", "rm", &address]);

    let complaint = story.fails(&["apply", "-auto-approve"]);
    assert!(complaint.contains("The name is taken"), "{complaint}");
    assert!(!story.state().addresses().contains(&address));
    assert!(hand.lets_in(&id, &theirs));

    told.configure(credential, "on_conflict = \"adopt\"");
    let shown = can.recovery == Recovery::ReadSecret;
    let cannot_rotate = matches!(can.rotation, RotationCapability::Impossible { .. });
    if cannot_rotate && !shown {
        let complaint = story.fails(&["apply", "-auto-approve"]);
        assert!(complaint.contains("cannot be taken over"), "{complaint}");
        assert!(hand.lets_in(&id, &theirs));
        told.configure(credential, "on_conflict = \"replace\"");
    }
    told.apply();
    let ours = told.secret(credential);
    assert!(hand.lets_in(&told.id(credential), &ours));
    assert!((ours == theirs) == shown, "a secret that is shown stays");
    assert_eq!(hand.lets_in(&id, &theirs), shown);
    story.destroy();
    told.works(credential);
}
