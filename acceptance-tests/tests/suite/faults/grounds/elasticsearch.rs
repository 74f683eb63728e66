//! Elasticsearch: accounts of the user's own, and tokens whose every secret is a token of its own.

use lanyard_token_server::Api;

use super::super::ground::{ACCOUNT, Ground, Operation, TOKEN, Verb};

pub(crate) const ELASTICSEARCH: Ground = Ground {
    api: Api::Elasticsearch,
    title: "Elasticsearch",
    account: Some(r#"{"name": "shop/ci", "roles": ["viewer"]}"#),
    operations: OPERATIONS,
};

const SIMPLE_ACCOUNT: &str = r#"{"name": "shop/target", "roles": ["viewer"]}"#;
const SIMPLE_TOKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT"}"#;
const FIRST: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "1"}}}"#;
const SECOND: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "2"}}}"#;
const FIRST_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "1"}}}"#;
const SECOND_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"grace_period": "48h", "triggers": {"round": "2"}}}"#;
const FOR_RECIPIENT: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT"}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(ACCOUNT, "create an account", Verb::Apply(SIMPLE_ACCOUNT)),
    Operation::on(ACCOUNT, "create an account, adopting what has the name", Verb::Apply(
        r#"{"name": "shop/target", "roles": ["viewer"], "on_conflict": "adopt"}"#,
    ))
    .taken(r#"{"name": "shop/target"}"#),
    Operation::on(TOKEN, "create a token", Verb::Apply(SIMPLE_TOKEN)),
    Operation::on(TOKEN, "create a token for a recipient", Verb::Apply(FOR_RECIPIENT)),
    Operation::on(TOKEN, "create, adopting what has the name", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "on_conflict": "adopt"}"#,
    ))
    .taken(SIMPLE_TOKEN),
    Operation::on(TOKEN, "create, replacing what has the name", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "on_conflict": "replace"}"#,
    ))
    .taken(SIMPLE_TOKEN),
    Operation::on(ACCOUNT, "update an account", Verb::Apply(
        r#"{"name": "shop/target", "roles": ["viewer", "editor"], "description": "new"}"#,
    ))
    .after(&[SIMPLE_ACCOUNT]),
    Operation::on(ACCOUNT, "disable an account", Verb::Apply(
        r#"{"name": "shop/target", "roles": ["viewer"], "disabled": true}"#,
    ))
    .after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "rotate a token", Verb::Apply(SECOND)).after(&[FIRST]),
    Operation::on(TOKEN, "rotate with a grace period", Verb::Apply(SECOND_GRACEFUL))
        .after(&[FIRST_GRACEFUL]),
    Operation::on(TOKEN, "end a grace period", Verb::ApplyLater(SECOND_GRACEFUL))
        .after(&[FIRST_GRACEFUL, SECOND_GRACEFUL]),
    Operation::on(TOKEN, "rotate for a recipient", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "2"}}}"#,
    ))
    .after(&[r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "1"}}}"#]),
    Operation::on(ACCOUNT, "delete an account", Verb::Delete).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "delete a token", Verb::Delete).after(&[SIMPLE_TOKEN]),
    Operation::on(TOKEN, "delete in a grace period", Verb::Delete)
        .after(&[FIRST_GRACEFUL, SECOND_GRACEFUL]),
    Operation::on(ACCOUNT, "import an account", Verb::Import).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "import a token", Verb::Import).after(&[SIMPLE_TOKEN]),
    Operation::on(ACCOUNT, "refresh an account", Verb::Refresh).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "refresh a token", Verb::Refresh).after(&[SIMPLE_TOKEN]),
];
