//! From nothing to a secret that works, through its rotation, to its end.

use lanyard_compiler::model::server::{Api, RotationCapability};
use serde_json::json;

use super::{ROTATION_IMPOSSIBLE, Told, round};

const CONSUMER: &str = r#"
    resource "terraform_data" "consumer" {
      # A hash, because `terraform_data` itself shows its old output in plans.
      input = sha256(CREDENTIAL.token)
    }
"#;

pub(super) fn a_secret_survives_a_lost_answer_rotates_and_ends(told: &Told<'_>) {
    let Told {
        ground,
        story,
        hand,
        ..
    } = told;
    let credential = &ground.credential;
    let address = credential.address();
    let configure = |rotation: &str| {
        story.configure(&format!(
            "{}\n{}",
            ground.configuration(credential, rotation),
            CONSUMER.replace("CREDENTIAL", &address)
        ));
    };
    let rotates = !matches!(
        ground.can(credential).rotation,
        RotationCapability::Impossible { .. }
    );
    configure(&round("1", ""));
    if !rotates {
        told.refused(credential, ROTATION_IMPOSSIBLE);
        configure("");
    }
    story.save_plan();
    // The server does the work, and its answer is lost.
    let (method, path) = creation(ground.api);
    story.native().put(
        "/-/faults",
        &json!([{ "method": method, "path": path, "times": 1, "fault": { "kind": "cut", "when": "after" } }]),
    );
    story.apply_saved_plan();
    let (id, first) = (told.id(credential), told.secret(credential));
    assert!(hand.lets_in(&id, &first));

    if rotates {
        configure(&round("2", ""));
        let plan = story.plan();
        assert_eq!(plan.after(&address, "generation"), 2);
        let said = plan.to_string();
        assert!(
            said.contains("update terraform_data.consumer: input?, output?"),
            "the consumer should follow:\n{said}"
        );
        story.apply_saved_plan();
        assert_eq!(told.id(credential), id, "a rotation is an update in place");
        assert!(told.secret(credential) != first);
        assert!(!hand.lets_in(&id, &first), "the old secret should end");
    }
    let last = told.secret(credential);
    assert!(hand.lets_in(&id, &last));
    story.destroy();
    assert!(!hand.lets_in(&id, &last), "a destroyed secret should end");
    told.works(credential);
}

/// The call that makes the credential.
fn creation(api: Api) -> (&'static str, &'static str) {
    match api {
        Api::Native => ("POST", "/v1/access-tokens"),
        Api::Chronosphere => ("POST", "/api/v1/config/service-accounts"),
        Api::Elasticsearch => ("POST", "/_security/service/shop/owner/credential/*"),
        // Taking an account's secret is a rotation of it.
        Api::Openobserve => ("PUT", "/api/default/service_accounts/*"),
        Api::Osmo => ("POST", "/api/auth/user/owner/access_token/*"),
        Api::Splunk => ("POST", "/v2/token"),
    }
}
