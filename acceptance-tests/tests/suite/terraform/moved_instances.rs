//! Many instances, states that are odd, and several workspaces: each token keeps its own secret, and where Terraform would end one,
//! the plan says so.

use aws_lc_rs::digest;
use serde_json::{Value, json};

use super::migrate::migrate;
use super::moved::sent;
use crate::support::hand::Hand;
use crate::support::http;
use crate::support::story::{Story, on_every_terraform_with_server};

const PROVIDER: &str = "splunk-terraform/signalfx";

/// A token as Splunk's own provider makes it: its secret, and an instance of its state.
fn made(story: &Story, name: &str) -> (String, Value) {
    let url = format!("{}/v2/token", story.server.ready.url);
    let request = http::blocking()
        .post(url)
        .header("X-SF-Token", story.server.operator_token());
    let made = sent(request, &json!({ "name": name, "authScopes": ["INGEST"] }));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let instance = json!({
        "schema_version": 0, "sensitive_attributes": [], "private": "bnVsbA==",
        "attributes": {
            "id": name, "name": name, "description": "", "auth_scopes": ["INGEST"], "disabled": false,
            "dpm_limits": [], "host_or_usage_limits": [], "notifications": [], "secret": secret,
        },
    });
    (secret, instance)
}

fn resource(module: Option<&str>, name: &str, instances: &[Value]) -> Value {
    let mut resource = json!({
        "mode": "managed", "type": "signalfx_org_token", "name": name,
        "provider": format!("provider[\"registry.terraform.io/{PROVIDER}\"]"), "instances": instances,
    });
    if let Some(module) = module {
        resource["module"] = json!(module);
    }
    resource
}

fn state(resources: &[Value]) -> String {
    json!({
        "version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "5f1d1f6c-7a8b-4d0c-9a53-0c2f4d3d8a11", "outputs": {},
        "resources": resources, "check_results": null,
    })
    .to_string()
}

/// What may be shown of a secret.
fn hash(secret: &str) -> String {
    let digest = digest::digest(&digest::SHA256, secret.as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What the state holds after a move, as (id, hash of the secret).
fn held(text: &str) -> Vec<(String, String)> {
    let state: Value = serde_json::from_str(text).expect("a state is JSON");
    let resources = state["resources"].as_array().into_iter().flatten();
    let ours = resources.filter(|resource| resource["type"] == "lanyard_access_token");
    let instances =
        ours.flat_map(|resource| resource["instances"].as_array().into_iter().flatten());
    let mut held: Vec<_> = instances
        .map(|instance| {
            let attribute = |name: &str| instance["attributes"][name].as_str().unwrap_or_default();
            (attribute("id").to_owned(), hash(attribute("token")))
        })
        .collect();
    held.sort();
    held
}

const REQUIRED: &str = "terraform {\n  required_providers {\n    signalfx = {\n      source = \"splunk-terraform/signalfx\"\n    }\n  }\n}\n";

#[test]
fn every_instance_keeps_its_own_secret_in_modules_with_for_each() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        story.stand_in(PROVIDER);
        let teams = [
            ("shop", vec!["ci", "deploy"]),
            ("web", vec!["ci", "deploy"]),
        ];
        let mut before = Vec::new();
        let mut resources = Vec::new();
        for (team, tokens) in &teams {
            let mut instances = Vec::new();
            for token in tokens {
                let name = format!("{team}/{token}");
                let (secret, mut instance) = made(story, &name);
                instance["index_key"] = json!(token);
                instances.push(instance);
                before.push((name, hash(&secret)));
            }
            let module = format!("module.team[\"{team}\"]");
            resources.push(resource(Some(&module), "this", &instances));
        }
        before.sort();
        story.file("terraform.tfstate", &state(&resources));
        std::fs::create_dir_all(story.path("team")).expect("the story's folder is ours");
        story.file(
            "team/main.tf",
            &format!(
                "{REQUIRED}\nvariable \"team\" {{\n  type = string\n}}\n\nresource \"signalfx_org_token\" \"this\" {{\n  \
                 for_each    = toset([\"ci\", \"deploy\"])\n  name        = \"${{var.team}}/${{each.key}}\"\n  auth_scopes = [\"INGEST\"]\n}}\n"
            ),
        );
        story.file("versions.tf", REQUIRED);
        story.configure(
            "module \"team\" {\n  source   = \"./team\"\n  for_each = toset([\"shop\", \"web\"])\n  team     = each.key\n}\n",
        );
        let said = migrate(story, &["--write"]);
        assert!(said.contains("Migrated 1 resource in"), "{said}");
        story.succeeds(&["init", "-input=false"]);
        let said = story.succeeds(&["plan", "-out=saved.plan"]);
        assert_eq!(said.matches(" has moved to ").count(), 4, "{said}");
        assert!(
            said.contains("Plan: 0 to add, 0 to change, 0 to destroy."),
            "{said}"
        );
        story.apply_saved_plan();
        let after = std::fs::read_to_string(story.path("terraform.tfstate")).expect("it is there");
        assert_eq!(held(&after), before, "each has the secret that it had");
        let hand = Hand::on(&story.server);
        let state: Value = serde_json::from_str(&after).expect("a state is JSON");
        for resource in state["resources"].as_array().into_iter().flatten() {
            for instance in resource["instances"].as_array().into_iter().flatten() {
                let attribute = |name: &str| instance["attributes"][name].as_str().expect("text");
                assert!(hand.lets_in(attribute("id"), attribute("token")));
            }
        }
        story.destroy();
    });
}

const MOVED: &str = "resource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"ingest\"]\n}\n\n\
                     moved {\n  from = signalfx_org_token.old\n  to   = lanyard_access_token.ci\n}\n";

#[test]
fn what_was_to_be_replaced_anyway_is_told_by_the_plan_and_can_be_kept() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        story.stand_in(PROVIDER);
        let (secret, mut tainted) = made(story, "ci");
        tainted["status"] = json!("tainted");
        story.file(
            "terraform.tfstate",
            &state(&[resource(None, "old", &[tainted])]),
        );
        story.configure(MOVED);
        let said = story.succeeds(&["plan"]);
        assert!(
            // OpenTofu puts an "it" between them.
            said.contains("lanyard_access_token.ci is tainted, so ")
                && said.contains("must be replaced"),
            "{said}"
        );
        assert!(
            said.contains("1 to add, 0 to change, 1 to destroy"),
            "{said}"
        );
        // As the guide says.
        story.succeeds(&["untaint", "signalfx_org_token.old"]);
        let hand = Hand::on(&story.server);
        super::moved::taken_over(story, &hand, "lanyard_access_token.ci", "ci", &secret);
        story.destroy();
    });
}

#[test]
fn what_a_failed_replacement_left_is_told_by_the_plan_and_ended_alone() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        story.stand_in(PROVIDER);
        let (secret, current) = made(story, "ci");
        let (left, mut deposed) = made(story, "left");
        deposed["deposed"] = json!("0badf00d");
        story.file(
            "terraform.tfstate",
            &state(&[resource(None, "old", &[current, deposed])]),
        );
        story.configure(MOVED);
        let said = story.succeeds(&["plan", "-out=saved.plan"]);
        assert!(
            said.contains("lanyard_access_token.ci (deposed object 0badf00d) will be destroyed"),
            "{said}"
        );
        assert!(
            said.contains("0 to add, 0 to change, 1 to destroy"),
            "{said}"
        );
        story.apply_saved_plan();
        let hand = Hand::on(&story.server);
        assert!(hand.lets_in("ci", &secret), "the current one lives on");
        assert!(!hand.lets_in("left", &left), "as the plan said");
        story.destroy();
    });
}

#[test]
fn every_workspace_comes_over_by_the_one_migration() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        story.stand_in(PROVIDER);
        story.file("versions.tf", REQUIRED);
        story.configure(
            "resource \"signalfx_org_token\" \"ci\" {\n  name        = \"${terraform.workspace}/ci\"\n  auth_scopes = [\"INGEST\"]\n}\n",
        );
        let mut before = Vec::new();
        for (workspace, folder) in [("default", ""), ("staging", "terraform.tfstate.d/staging/")] {
            let name = format!("{workspace}/ci");
            let (secret, instance) = made(story, &name);
            std::fs::create_dir_all(story.path(folder)).expect("the story's folder is ours");
            let state = state(&[resource(None, "ci", &[instance])]);
            story.file(&format!("{folder}terraform.tfstate"), &state);
            before.push((name, hash(&secret)));
        }
        migrate(story, &["--write"]);
        story.succeeds(&["init", "-input=false"]);
        for (workspace, before) in ["default", "staging"].iter().zip(before) {
            story.succeeds(&["workspace", "select", workspace]);
            let said = story.succeeds(&["plan", "-out=saved.plan"]);
            assert!(
                said.contains(" has moved to ")
                    && said.contains("0 to add, 0 to change, 0 to destroy"),
                "{said}"
            );
            story.apply_saved_plan();
            let text = story.data(&["state", "pull"]);
            assert_eq!(held(&text), [before], "{workspace}");
        }
    });
}
