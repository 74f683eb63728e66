//! NVIDIA OSMO: users as accounts, and tokens that are replaced by whatever changes them.

use lanyard_token_server::Api;

use super::super::ground::{ACCOUNT, Ground, Operation, TOKEN, Verb};

pub(crate) const OSMO: Ground = Ground {
    api: Api::Osmo,
    title: "NVIDIA OSMO",
    account: Some(r#"{"name": "ci", "roles": ["osmo-user"]}"#),
    operations: OPERATIONS,
};

const SIMPLE_ACCOUNT: &str = r#"{"name": "target", "roles": ["osmo-user"]}"#;
const SIMPLE_TOKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d"}"#;
/// An import cannot know a lifetime, only the end that came of one.
const PLAIN_TOKEN: &str = r#"{"name": "target", "service_account": "ACCOUNT"}"#;
const FIRST: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"triggers": {"round": "1"}}}"#;
const SECOND: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"triggers": {"round": "2"}}}"#;
const FIRST_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"grace_period": "48h", "triggers": {"round": "1"}}}"#;
const SECOND_GRACEFUL: &str = r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "rotation": {"grace_period": "48h", "triggers": {"round": "2"}}}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(ACCOUNT, "create an account", Verb::Apply(SIMPLE_ACCOUNT)),
    Operation::on(ACCOUNT, "create an account, adopting what has the name", Verb::Apply(
        r#"{"name": "target", "roles": ["osmo-user"], "on_conflict": "adopt"}"#,
    ))
    .taken(r#"{"name": "target", "roles": ["osmo-admin"]}"#),
    Operation::on(TOKEN, "create a token", Verb::Apply(SIMPLE_TOKEN)),
    Operation::on(TOKEN, "create a token for a recipient", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT"}"#,
    )),
    Operation::on(TOKEN, "create, adopting what has the name", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "on_conflict": "adopt"}"#,
    ))
    .taken(SIMPLE_TOKEN),
    Operation::on(TOKEN, "create, replacing what has the name", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d", "on_conflict": "replace"}"#,
    ))
    .taken(SIMPLE_TOKEN),
    Operation::on(ACCOUNT, "update an account", Verb::Apply(
        r#"{"name": "target", "roles": ["osmo-backend"]}"#,
    ))
    .after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "change a token, which rotates it", Verb::Apply(
        r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "60d", "description": "new"}"#,
    ))
    .after(&[SIMPLE_TOKEN]),
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
    Operation::on(TOKEN, "import a token", Verb::Import).after(&[PLAIN_TOKEN]),
    Operation::on(ACCOUNT, "refresh an account", Verb::Refresh).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "refresh a token", Verb::Refresh).after(&[SIMPLE_TOKEN]),
];
