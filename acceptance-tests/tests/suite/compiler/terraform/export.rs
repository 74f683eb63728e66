//! What `lanyard export` writes is what Terraform finds: it imports everything and changes nothing.

use serde_json::json;

use crate::support::story::on_every_terraform;

#[test]
fn terraform_imports_an_exported_estate_without_a_change() {
    on_every_terraform(|story| {
        let native = story.native();
        let account = native.post(
            "/v1/service-accounts",
            &json!({
                "name": "Deploy (prod)", "description": "say \"${x}\" and %{y}", "roles": ["viewer"],
                "restriction": {"permission": "READ", "labels": {"cost center": "7"}},
            }),
        );
        native.post(
            "/v1/access-tokens",
            &json!({
                "name": "ci", "service_account_id": account["id"], "scopes": ["samples:read"],
                "ttl_seconds": 8_640_000, "visibility": {"level": "selected", "users": ["u1"], "teams": []},
            }),
        );
        native.post(
            "/v1/access-tokens",
            &json!({"name": "ci", "disabled": true}),
        );

        story.configure(&story.lanyard("export --no-configuration"));
        story.apply(
            "import lanyard_access_token.ci
             import lanyard_access_token.ci_2
             import lanyard_service_account.deploy_prod",
        );
    });
}
