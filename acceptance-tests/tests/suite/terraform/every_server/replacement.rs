//! What has one name is replaced by another of the same name, in the order that makes the new one first: the secret in the state works
//! in the end, whether the apply went through or another one had to finish it.

use lanyard_compiler::model::server::DeleteCapability;

use super::{Credential, Told};

const CREATE_FIRST: &str = "lifecycle {\n    create_before_destroy = true\n  }";

pub(super) fn what_is_created_before_the_old_one_goes_works_in_the_end(told: &Told<'_>) {
    let credential = told.ground.named();
    told.configure(credential, &format!("{}\n  {CREATE_FIRST}", takes(told)));
    told.apply();
    told.replace(credential);
    // Likewise where what depends on it wants that order.
    told.depend(credential, "true");
    told.apply();
    told.replace(credential);
    told.ends_in_between(credential);
    told.renames(credential);
    told.story.destroy();
    told.works(credential);
}

/// What lets the new one have the name.
fn takes(told: &Told<'_>) -> &'static str {
    match told.ground.can(told.ground.named()).delete {
        DeleteCapability::Deletes => "on_conflict = \"replace\"",
        _ => "on_conflict = \"adopt\"",
    }
}

impl Told<'_> {
    fn replace(&self, credential: &Credential) {
        let option = format!("-replace={}", credential.address());
        if self.stays(credential) {
            let said = self.story.fails(&["plan", &option]);
            assert!(
                said.contains("What cannot be deleted cannot be replaced"),
                "{said}"
            );
            return;
        }
        self.story.plan_with(&[&option]);
        self.story.apply_saved_plan();
        self.lets_in(credential);
    }

    fn lets_in(&self, credential: &Credential) {
        assert!(
            self.hand
                .lets_in(&self.id(credential), &self.secret(credential)),
            "the secret in the state should work"
        );
    }

    /// Its server deletes no such object, so another one of its name would have its secret.
    fn stays(&self, credential: &Credential) -> bool {
        let delete = self.ground.can(credential).delete;
        matches!(delete, DeleteCapability::Disables { .. })
    }

    /// With a user of its secret that runs this command whenever it is another one.
    fn depend(&self, credential: &Credential, command: &str) {
        let address = credential.address();
        let user = format!(
            "resource \"terraform_data\" \"user\" {{
               triggers_replace = sha256({address}.token)
               {CREATE_FIRST}
               provisioner \"local-exec\" {{
                 command = \"{command}\"
               }}
             }}"
        );
        let configuration = self.ground.configuration(credential, takes(self));
        self.story.configure(&format!("{configuration}\n{user}"));
    }

    /// The user of the new secret fails, so the old object is left to the next apply.
    fn ends_in_between(&self, credential: &Credential) {
        if self.stays(credential) {
            return;
        }
        let (story, address) = (self.story, credential.address());
        let before = self.secret(credential);
        // Two of one second are hard to tell apart.
        story.native().advance_clock(5);
        self.depend(credential, "false");
        let option = format!("-replace={address}");
        let also = "-replace=terraform_data.user";
        story.fails(&["apply", "-auto-approve", &option, also]);
        self.lets_in(credential);
        self.depend(credential, "true");
        let id = self.id(credential);
        let plan = story.run(&["plan", "-out=saved.plan"]);
        if plan.code == Some(0) {
            story.apply_saved_plan();
            assert_ne!(self.secret(credential), before);
        } else {
            // Nothing tells the two apart: the plan says what to do, which costs nothing where the secret is shown.
            assert!(
                plan.stderr
                    .contains("A deletion would end what another resource holds"),
                "{plan}"
            );
            story.succeeds(&["state", "rm", &address]);
            story.succeeds(&["import", &address, &id]);
            self.apply();
        }
        self.lets_in(credential);
    }

    /// Another address for the same name, and nobody says that it moved.
    fn renames(&self, credential: &Credential) {
        let kind = credential.kind.type_name();
        let old = format!("resource \"{kind}\" \"ci\"");
        let configuration = self.ground.configuration(credential, takes(self));
        self.story
            .configure(&configuration.replace(&old, &format!("resource \"{kind}\" \"renamed\"")));
        self.apply();
        let address = format!("{kind}.renamed");
        let (id, secret) = (
            self.story.text(&address, "id"),
            self.story.text(&address, "token"),
        );
        assert!(self.hand.lets_in(&id, &secret));
    }
}
