//! What others did meanwhile shows in the plan, and the apply puts it back.

use lanyard_compiler::model::server::Api;
use lanyard_compiler::value::Value;

use super::Told;
use super::ground::{Changed, Theirs};

pub(super) fn what_others_changed_or_deleted_is_put_back(told: &Told<'_>) {
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

    match &ground.change {
        Some(Changed {
            kind,
            address,
            attribute,
            theirs,
        }) => {
            let ours = story.attribute(address, attribute);
            let theirs: Value = match theirs {
                Theirs::Text(text) => (*text).into(),
                Theirs::Flag(flag) => (*flag).into(),
                Theirs::Texts(texts) => Value::set(texts.iter().map(|text| (*text).into())),
            };
            hand.change(*kind, &story.text(address, "id"), attribute, theirs);
            let plan = told.put_back();
            assert!(
                plan.starts_with(&format!("update {address}: {attribute}")),
                "{plan}"
            );
            assert_eq!(story.attribute(address, attribute), ours);
        }
        // Nothing can be changed there, by anybody.
        None => {
            told.configure(credential, "description = \"theirs\"");
            told.refused(
                credential,
                [
                    "unsupported-attribute",
                    "The server does not have this attribute",
                    "description",
                ],
            );
            told.configure(credential, "");
        }
    }

    let old = told.secret(credential);
    hand.delete(credential.kind, &told.id(credential));
    assert!(!hand.lets_in(&told.id(credential), &old));
    if ground.api == Api::Openobserve {
        // There it is only disabled, and the same secret comes back where that is asked for.
        assert_eq!(told.put_back(), "");
        told.configure(credential, "disabled = false");
    }
    let plan = told.put_back();
    assert!(plan.contains(&address), "{plan}");
    assert!(hand.lets_in(&told.id(credential), &told.secret(credential)));
    story.destroy();
    told.works(credential);
}

impl Told<'_> {
    /// Applies, and says what was planned.
    fn put_back(&self) -> String {
        let plan = self.story.plan().to_string();
        self.story.apply_saved_plan();
        plan
    }
}
