//! The native token server.

use lanyard_token_server::Api;

use super::super::ground::{ACCOUNT, Ground, Operation, TOKEN, Verb};

pub(crate) const NATIVE: Ground = Ground {
    api: Api::Native,
    title: "The native token server",
    account: Some(r#"{"name": "ci", "roles": ["viewer", "editor"]}"#),
    operations: OPERATIONS,
};

const SIMPLE_ACCOUNT: &str = r#"{"name": "target", "roles": ["viewer"]}"#;
const SIMPLE_TOKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d"}"#;

const FIRST_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "1"}}}"#;
const SECOND_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "2"}}}"#;
/// An import cannot know a lifetime, only the end that came of one.
const FIXED_TOKEN: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "expires_at": "2099-01-01T00:00:00Z"}"#;
/// Nobody manages it.
const TAKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT"}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(ACCOUNT, "create an account", Verb::Apply(SIMPLE_ACCOUNT)),
    Operation::on(TOKEN, "create a token", Verb::Apply(SIMPLE_TOKEN)),
    Operation::on(TOKEN, "create a token for a recipient", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT"}"#,
        )),
    Operation::on(TOKEN, "create, adopting what has the name", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "description": "ours", "on_conflict": "adopt"}"#,
        )).taken(TAKEN),
    Operation::on(TOKEN, "create, replacing what has the name", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "description": "ours", "on_conflict": "replace"}"#,
        )).taken(TAKEN),
    Operation::on(ACCOUNT, "update an account", Verb::Apply(
            r#"{"name": "target", "roles": ["viewer", "editor"], "description": "new"}"#,
        )).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "update a token", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "60d", "description": "new"}"#,
        )).after(&[SIMPLE_TOKEN]),
    Operation::on(TOKEN, "rotate a token", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "2"}}}"#,
        )).after(&[r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "1"}}}"#]),
    Operation::on(TOKEN, "rotate with a grace period", Verb::Apply(SECOND_GRACEFUL)).after(&[FIRST_GRACEFUL]),
    Operation::on(TOKEN, "rotate for a recipient", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "2"}}}"#,
        )).after(&[r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "1"}}}"#]),
    Operation::on(TOKEN, "update and rotate", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "description": "new", "rotation": {"triggers": {"round": "2"}}}"#,
        )).after(&[r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"triggers": {"round": "1"}}}"#]),
    Operation::on(TOKEN, "disable a token", Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "disabled": true}"#,
        )).after(&[SIMPLE_TOKEN]),
    Operation::on(ACCOUNT, "delete an account", Verb::Delete).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "delete a token", Verb::Delete).after(&[SIMPLE_TOKEN]),
    Operation::on(TOKEN, "delete in a grace period", Verb::Delete).after(&[FIRST_GRACEFUL, SECOND_GRACEFUL]),
    Operation::on(ACCOUNT, "import an account", Verb::Import).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "import a token", Verb::Import).after(&[FIXED_TOKEN]),
    Operation::on(ACCOUNT, "refresh an account", Verb::Refresh).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "refresh a token", Verb::Refresh).after(&[SIMPLE_TOKEN]),
];
