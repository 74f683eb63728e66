//! Chronosphere: accounts that carry one secret for life, and cannot be changed.

use lanyard_token_server::Api;

use super::super::ground::{ACCOUNT, Ground, Operation, Verb};

pub(crate) const CHRONOSPHERE: Ground = Ground {
    api: Api::Chronosphere,
    title: "Chronosphere",
    account: None,
    operations: OPERATIONS,
};

const SIMPLE: &str = r#"{"name": "target", "unrestricted": true}"#;
const RESTRICTED: &str =
    r#"{"name": "target", "restriction": {"permission": "READ", "labels": {"tenant": "acme"}}}"#;

const OPERATIONS: &[Operation] = &[
    Operation::on(ACCOUNT, "create an account", Verb::Apply(SIMPLE)),
    Operation::on(
        ACCOUNT,
        "create a restricted account",
        Verb::Apply(RESTRICTED),
    ),
    Operation::on(
        ACCOUNT,
        "create, replacing what has the name",
        Verb::Apply(r#"{"name": "target", "unrestricted": true, "on_conflict": "replace"}"#),
    )
    .taken(RESTRICTED),
    Operation::on(
        ACCOUNT,
        "change an account, which replaces it",
        Verb::Apply(RESTRICTED),
    )
    .after(&[SIMPLE]),
    Operation::on(
        ACCOUNT,
        "rename an account, which replaces it",
        Verb::Apply(r#"{"name": "moved", "unrestricted": true}"#),
    )
    .after(&[SIMPLE]),
    Operation::on(ACCOUNT, "delete an account", Verb::Delete).after(&[SIMPLE]),
    Operation::on(ACCOUNT, "import an account", Verb::Import).after(&[SIMPLE]),
    Operation::on(ACCOUNT, "refresh an account", Verb::Refresh).after(&[SIMPLE]),
];
