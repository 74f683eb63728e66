//! Going away again, as the guide says: the object and its secret stay, the state forgets them, and what the vendor's provider would
//! import is what ours had.

use serde_json::{Value, json};

use super::moved::{Old, sent};
use crate::support::hand::Hand;
use crate::support::http;
use crate::support::story::{Story, on_every_terraform_with_server};

/// The guide's block, for another resource.
fn removed(target: &str) -> String {
    let guide = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/guides/going-away.md"
    ))
    .expect("the guide should be readable");
    let (_, rest) = guide
        .split_once("```terraform\nremoved")
        .expect("it has one");
    let (block, _) = rest.split_once("```").expect("it ends");
    format!("removed{block}").replace("lanyard_access_token.ci", target)
}

/// Makes a resource, and forgets it. Returns its id and its secret.
fn made_and_left(story: &Story, target: &str, configuration: &str) -> (String, String) {
    story.configure(configuration);
    story.settle();
    let [id, secret] = ["id", "token"].map(|name| story.text(target, name));
    story.configure(&removed(target));
    let said = story.succeeds(&["plan"]);
    assert!(
        said.contains("0 to add, 0 to change, 0 to destroy"),
        "{said}"
    );
    story.succeeds(&["apply", "-auto-approve"]);
    assert_eq!(story.succeeds(&["state", "list"]).trim(), "");
    // The block may go, and so may our provider.
    story.configure("");
    story.expect_empty_plan();
    assert!(
        Hand::on(&story.server).lets_in(&id, &secret),
        "who leaves takes the secret along"
    );
    (id, secret)
}

#[test]
fn splunks_provider_imports_the_same_secret_and_one_may_come_back() {
    on_every_terraform_with_server(&["--api", "splunk"], |story| {
        let target = "lanyard_access_token.ci";
        let configuration = "resource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"ingest\"]\n}\n";
        let (id, secret) = made_and_left(story, target, configuration);
        // As the vendor's import reads it.
        let read = http::blocking()
            .get(format!("{}/v2/token/{id}", story.server.ready.url))
            .header("X-SF-Token", story.server.operator_token())
            .send()
            .expect("the server answers");
        let read: Value =
            serde_json::from_str(&read.text().expect("it is text")).expect("it is JSON");
        assert!(
            read["secret"] == json!(secret),
            "the vendor's provider imports the same secret"
        );
        Old {
            provider: "splunk-terraform/signalfx",
            type_name: "signalfx_org_token",
            attributes: json!({
                "id": id, "name": id, "description": "", "auth_scopes": read["authScopes"], "disabled": false,
                "dpm_limits": [], "host_or_usage_limits": [], "notifications": [], "secret": read["secret"],
            }),
        }
        .enter_state(story);
        story.configure(&format!(
            "{configuration}\nmoved {{\n  from = signalfx_org_token.old\n  to   = {target}\n}}\n"
        ));
        super::moved::taken_over(story, &Hand::on(&story.server), target, &id, &secret);
        story.destroy();
    });
}

#[test]
fn chronospheres_account_keeps_the_secret_that_its_provider_cannot_read() {
    on_every_terraform_with_server(&["--api", "chronosphere"], |story| {
        let target = "lanyard_service_account.ci";
        let configuration = "resource \"lanyard_service_account\" \"ci\" {\n  name         = \"CI\"\n  unrestricted = true\n}\n";
        let (id, _) = made_and_left(story, target, configuration);
        let read = http::blocking()
            .get(format!(
                "{}/api/v1/config/service-accounts/{id}",
                story.server.ready.url
            ))
            .header("api-token", story.server.operator_token())
            .send()
            .expect("the server answers");
        let read: Value =
            serde_json::from_str(&read.text().expect("it is text")).expect("it is JSON");
        assert!(
            read["service_account"]["token"]
                .as_str()
                .unwrap_or_default()
                .is_empty(),
            "it is shown once"
        );
    });
}

#[test]
fn openobserves_account_keeps_its_secret_and_its_ingestion_token_is_shown() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let account = "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n";
        made_and_left(story, "lanyard_service_account.ci", account);
        let token = "resource \"lanyard_access_token\" \"otel\" {\n  name = \"otel\"\n}\n";
        let (_, secret) = made_and_left(story, "lanyard_access_token.otel", token);
        let ready = &story.server.ready;
        let list = sent(
            http::blocking()
                .get(format!("{}/api/default/ingestion-tokens", ready.url))
                .basic_auth(
                    ready.username.as_deref().expect("OpenObserve has users"),
                    ready.password.as_deref(),
                ),
            &Value::Null,
        );
        assert!(
            list.to_string().contains(&secret),
            "the vendor's provider imports the same secret"
        );
    });
}
