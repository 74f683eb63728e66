//! Splunk Observability: tokens of the organization, which show their secret again and rotate with a grace period of the server's own.

use lanyard_token_server::Api;

use super::super::ground::{Ground, Operation, TOKEN, Verb};

pub(crate) const SPLUNK: Ground = Ground {
    api: Api::Splunk,
    title: "Splunk Observability",
    account: None,
    operations: OPERATIONS,
};

const SIMPLE: &str = r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d"}"#;
/// An import cannot know a lifetime, only the end that came of one.
const PLAIN: &str = r#"{"name": "target", "scopes": ["ingest"]}"#;
const FIRST: &str = r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "rotation": {"triggers": {"round": "1"}}}"#;
const SECOND: &str = r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "rotation": {"triggers": {"round": "2"}}}"#;
const FIRST_GRACEFUL: &str = r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "rotation": {"grace_period": "48h", "triggers": {"round": "1"}}}"#;
const SECOND_GRACEFUL: &str = r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "rotation": {"grace_period": "48h", "triggers": {"round": "2"}}}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(TOKEN, "create a token", Verb::Apply(SIMPLE)),
    Operation::on(TOKEN, "create a token that everyone may see", Verb::Apply(
        r#"{"name": "target", "scopes": ["api"], "roles": ["read_only"], "visibility": {"level": "everyone"}}"#,
    )),
    Operation::on(TOKEN, "create a token for a recipient", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "recipient": "RECIPIENT"}"#,
    )),
    Operation::on(TOKEN, "create, adopting what has the name", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "description": "ours", "ttl": "90d", "on_conflict": "adopt"}"#,
    ))
    .taken(SIMPLE),
    Operation::on(TOKEN, "create, replacing what has the name", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "description": "ours", "ttl": "90d", "on_conflict": "replace"}"#,
    ))
    .taken(SIMPLE),
    Operation::on(TOKEN, "update a token", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "ttl": "60d", "description": "new", "limits": {"custom_metrics": 100}}"#,
    ))
    .after(&[SIMPLE]),
    Operation::on(TOKEN, "rename a token", Verb::Apply(
        r#"{"name": "moved", "scopes": ["ingest"], "ttl": "90d"}"#,
    ))
    .after(&[SIMPLE]),
    Operation::on(TOKEN, "rotate a token", Verb::Apply(SECOND)).after(&[FIRST]),
    Operation::on(TOKEN, "rotate with a grace period", Verb::Apply(SECOND_GRACEFUL))
        .after(&[FIRST_GRACEFUL]),
    Operation::on(TOKEN, "rotate for a recipient", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "2"}}}"#,
    ))
    .after(&[r#"{"name": "target", "scopes": ["ingest"], "recipient": "RECIPIENT", "rotation": {"triggers": {"round": "1"}}}"#]),
    Operation::on(TOKEN, "update and rotate", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "description": "new", "rotation": {"triggers": {"round": "2"}}}"#,
    ))
    .after(&[FIRST]),
    Operation::on(TOKEN, "disable a token", Verb::Apply(
        r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "disabled": true}"#,
    ))
    .after(&[SIMPLE]),
    Operation::on(TOKEN, "delete a token", Verb::Delete).after(&[SIMPLE]),
    Operation::on(TOKEN, "delete in a grace period", Verb::Delete)
        .after(&[FIRST_GRACEFUL, SECOND_GRACEFUL]),
    Operation::on(TOKEN, "import a token", Verb::Import).after(&[PLAIN]),
    Operation::on(TOKEN, "refresh a token", Verb::Refresh).after(&[SIMPLE]),
];
