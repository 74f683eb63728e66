//! OpenObserve: accounts with one secret each, and ingestion tokens of the organization, which nothing deletes.

use lanyard_token_server::Api;

use super::super::ground::{ACCOUNT, Ground, Operation, TOKEN, Verb};

pub(crate) const OPENOBSERVE: Ground = Ground {
    api: Api::OpenObserve,
    title: "OpenObserve",
    account: Some(r#"{"name": "ci"}"#),
    operations: OPERATIONS,
};

const SIMPLE_ACCOUNT: &str = r#"{"name": "target", "description": "builds"}"#;
const FIRST_ACCOUNT: &str = r#"{"name": "target", "rotation": {"triggers": {"round": "1"}}}"#;
const SECOND_ACCOUNT: &str = r#"{"name": "target", "rotation": {"triggers": {"round": "2"}}}"#;
const OWN_SECRET: &str = r#"{"name": "target", "service_account": "ACCOUNT"}"#;
const FIRST: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "1"}}}"#;
const SECOND: &str =
    r#"{"name": "target", "service_account": "ACCOUNT", "rotation": {"triggers": {"round": "2"}}}"#;
const INGESTION: &str = r#"{"name": "target"}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(ACCOUNT, "create an account", Verb::Apply(SIMPLE_ACCOUNT)),
    Operation::on(
        ACCOUNT,
        "create an account, adopting what has the name",
        Verb::Apply(r#"{"name": "target", "description": "builds", "on_conflict": "adopt"}"#),
    )
    .taken(r#"{"name": "target", "description": "theirs"}"#),
    Operation::on(
        ACCOUNT,
        "create an account, replacing what has the name",
        Verb::Apply(r#"{"name": "target", "description": "builds", "on_conflict": "replace"}"#),
    )
    .taken(r#"{"name": "target", "description": "theirs"}"#),
    Operation::on(TOKEN, "take an account's secret", Verb::Apply(OWN_SECRET)),
    Operation::on(
        TOKEN,
        "take an account's secret for a recipient",
        Verb::Apply(
            r#"{"name": "target", "service_account": "ACCOUNT", "recipient": "RECIPIENT"}"#,
        ),
    ),
    Operation::on(TOKEN, "create an ingestion token", Verb::Apply(INGESTION)),
    Operation::on(
        TOKEN,
        "create a disabled ingestion token",
        Verb::Apply(r#"{"name": "target", "disabled": true}"#),
    ),
    Operation::on(
        TOKEN,
        "create an ingestion token, adopting what has the name",
        Verb::Apply(r#"{"name": "target", "on_conflict": "adopt"}"#),
    )
    .taken(INGESTION),
    Operation::on(
        ACCOUNT,
        "update an account",
        Verb::Apply(r#"{"name": "target", "description": "new"}"#),
    )
    .after(&[SIMPLE_ACCOUNT]),
    Operation::on(
        ACCOUNT,
        "rotate an account's secret",
        Verb::Apply(SECOND_ACCOUNT),
    )
    .after(&[FIRST_ACCOUNT]),
    Operation::on(TOKEN, "rotate a token", Verb::Apply(SECOND)).after(&[FIRST]),
    Operation::on(
        TOKEN,
        "disable an ingestion token",
        Verb::Apply(r#"{"name": "target", "disabled": true}"#),
    )
    .after(&[INGESTION]),
    Operation::on(ACCOUNT, "delete an account", Verb::Delete).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "give up an account's secret", Verb::Delete).after(&[OWN_SECRET]),
    Operation::on(TOKEN, "delete an ingestion token", Verb::Delete).after(&[INGESTION]),
    Operation::on(ACCOUNT, "import an account", Verb::Import).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "import an ingestion token", Verb::Import).after(&[INGESTION]),
    Operation::on(ACCOUNT, "refresh an account", Verb::Refresh).after(&[SIMPLE_ACCOUNT]),
    Operation::on(TOKEN, "refresh a token", Verb::Refresh).after(&[OWN_SECRET]),
    Operation::on(TOKEN, "refresh an ingestion token", Verb::Refresh).after(&[INGESTION]),
];
