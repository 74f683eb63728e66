//! What exists already is taken over, by command and by block, without a change.

use serde_json::{Value, json};

use super::moved::sent;
use crate::support::hand::Hand;
use crate::support::http;
use crate::support::story::{Story, on_every_terraform, on_every_terraform_with_server};

const CONFIGURATION: &str = r#"
    resource "lanyard_service_account" "deploy" {
      name        = "deploy"
      description = "Made by hand"
      roles       = ["viewer"]

      restriction {
        permission = "READ"
        labels     = { team = "shop" }
      }
    }
    resource "lanyard_access_token" "ci" {
      name            = "ci"
      service_account = lanyard_service_account.deploy.id
      description     = "Made by hand"
      roles           = ["viewer"]
      scopes          = ["samples:read"]
      expires_at      = "2099-01-01T00:00:00Z"

      visibility {
        level = "everyone"
      }
    }
    resource "lanyard_access_token" "plain" {
      name = "plain"
    }
"#;

/// What somebody made by hand long ago: an account's id and the ids of two tokens.
fn made_by_hand(story: &Story) -> [String; 3] {
    let native = story.native();
    let id = |object: Value| {
        object["id"]
            .as_str()
            .expect("an object has an id")
            .to_owned()
    };
    let account = id(native.post(
        "/v1/service-accounts",
        &json!({
            "name": "deploy", "description": "Made by hand", "roles": ["viewer"],
            "restriction": { "permission": "READ", "labels": { "team": "shop" } },
        }),
    ));
    let token = id(native.post(
        "/v1/access-tokens",
        &json!({
            "name": "ci", "service_account_id": account, "description": "Made by hand", "roles": ["viewer"],
            "scopes": ["samples:read"], "expires_at": "2099-01-01T00:00:00Z",
            "visibility": { "level": "everyone", "users": [], "teams": [] },
        }),
    ));
    let plain = id(native.post("/v1/access-tokens", &json!({ "name": "plain" })));
    [account, token, plain]
}

#[test]
fn the_import_command_takes_over_without_a_change() {
    on_every_terraform(|story| {
        let [account, token, plain] = made_by_hand(story);
        story.configure(CONFIGURATION);
        story.succeeds(&["import", "lanyard_service_account.deploy", &account]);
        let said = story.succeeds(&["import", "lanyard_access_token.ci", &token]);
        assert!(
            said.contains("Warning"),
            "it should say that the secret is not known:\n{said}"
        );
        story.snapshot("import_warning", warning(&said));
        story.succeeds(&["import", "lanyard_access_token.plain", &plain]);
        story.expect_empty_plan();
        assert_eq!(
            story.attribute("lanyard_access_token.ci", "token"),
            Value::Null
        );
        story.destroy();
    });
}

#[test]
fn import_blocks_take_over_without_a_change() {
    on_every_terraform(|story| {
        let [account, token, plain] = made_by_hand(story);
        story.configure(&format!(
            "{CONFIGURATION}
             import {{
               to = lanyard_service_account.deploy
               id = \"{account}\"
             }}
             import {{
               to = lanyard_access_token.ci
               id = \"{token}\"
             }}
             import {{
               to = lanyard_access_token.plain
               id = \"{plain}\"
             }}"
        ));
        story.apply(
            "import lanyard_service_account.deploy
             import lanyard_access_token.ci
             import lanyard_access_token.plain",
        );
        story.destroy();
    });
}

/// OpenObserve has no names for accounts: Terraform writes one, and another one costs nothing.
#[test]
fn an_account_known_by_its_address_is_imported_as_terraform_generates_it() {
    on_every_terraform_with_server(&["--api", "openobserve"], |story| {
        let hand = Hand::on(&story.server);
        let ready = &story.server.ready;
        let (mut imports, mut expected, mut made) = (String::new(), String::new(), Vec::new());
        for (label, email) in [
            ("chosen", "ci.pipeline@example.com"),
            ("made", "ci.default@sa.internal"),
        ] {
            let user = ready.username.as_deref().expect("OpenObserve has users");
            let request = http::blocking()
                .post(format!("{}/api/default/service_accounts", ready.url))
                .basic_auth(user, ready.password.as_deref());
            let body = json!({ "email": email, "first_name": "CI", "last_name": "" });
            let secret = sent(request, &body)["token"]
                .as_str()
                .expect("a secret")
                .to_owned();
            let (target, id) = (
                format!("lanyard_service_account.{label}"),
                format!("default/{email}"),
            );
            imports.push_str(&format!(
                "import {{\n  to = {target}\n  id = \"{id}\"\n}}\n"
            ));
            expected.push_str(&format!("import {target}\n"));
            made.push((id, secret));
        }
        story.configure(&imports);
        story
            .plan_with(&["-generate-config-out=generated.tf"])
            .expect(&expected);
        let generated = std::fs::read_to_string(story.path("generated.tf"));
        let generated = generated.expect("Terraform has written it");
        for name in ["\"ci-pipeline\"", "\"ci\""] {
            assert!(generated.contains(name), "{generated}");
        }
        story.succeeds(&["apply", "-auto-approve"]);
        story.configure("");
        story.expect_empty_plan();
        story.file(
            "generated.tf",
            &generated
                .replace("\"ci-pipeline\"", "\"front\"")
                .replace("\"ci\"", "\"back\""),
        );
        story.apply("update lanyard_service_account.chosen: name\nupdate lanyard_service_account.made: name");
        story.expect_empty_plan();
        assert!(made.iter().all(|(id, secret)| hand.lets_in(id, secret)));
        story.destroy();
    });
}

#[test]
fn an_id_that_does_not_exist_cannot_be_imported() {
    on_every_terraform(|story| {
        story.configure(CONFIGURATION);
        let complaint = story.fails(&[
            "import",
            "lanyard_access_token.ci",
            "at_00000000000000000000",
        ]);
        story.snapshot("import_unknown_id", &complaint);
        let complaint = story.fails(&["import", "lanyard_access_token.ci", "no id at all"]);
        story.snapshot("import_malformed_id", &complaint);
    });
}

/// From the first warning to its end.
fn warning(said: &str) -> &str {
    let start = said.find("Warning").unwrap_or(0);
    let end = said[start..]
        .find("Import successful")
        .map_or(said.len(), |length| start + length);
    said[start..end].trim()
}
