//! What is configured on each server at the beginning: one account where there are accounts, and tokens of every way of life.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::{
    self, Capabilities, ExpiryCapability, RotationCapability, UpdateCapability,
};
use lanyard_token_server::Api;
use serde_json::{Value as Json, json};

/// Of tokens, the account is filled in once it exists.
pub(super) fn account(api: Api) -> Option<Json> {
    match api {
        Api::Native | Api::OpenObserve => Some(json!({"name": "svc"})),
        Api::Chronosphere => Some(json!({"name": "svc", "unrestricted": true})),
        Api::Osmo => Some(json!({"name": "svc", "roles": ["osmo-user"]})),
        Api::Elasticsearch => Some(json!({"name": "shop/svc"})),
        Api::Splunk => None,
    }
}

pub(super) fn tokens(api: Api) -> Vec<Json> {
    match api {
        Api::Chronosphere => Vec::new(),
        // An account has one secret; tokens without account are for data.
        Api::OpenObserve => vec![
            json!({"name": "own", "service_account": ACCOUNT, "rotation": {"triggers": {"round": "1"}}}),
            json!({"name": "data"}),
        ],
        Api::Elasticsearch => vec![
            json!({"name": "plain", "service_account": ACCOUNT}),
            json!({"name": "kept", "service_account": ACCOUNT, "rotation": {"grace_period": "2d", "triggers": {"round": "1"}}}),
        ],
        Api::Native | Api::Osmo | Api::Splunk => {
            let mut tokens = vec![
                json!({"name": "plain", "ttl": "60d"}),
                json!({"name": "ahead", "ttl": "45d", "rotation": {"before_expiry": "7d", "grace_period": "2d"}}),
                json!({"name": "asked", "ttl": "90d", "rotation": {"triggers": {"round": "1"}}}),
            ];
            if api != Api::Splunk {
                for token in &mut tokens {
                    token["service_account"] = ACCOUNT.into();
                }
            }
            tokens
        }
    }
}

/// Stands for the account's id.
pub(super) const ACCOUNT: &str = "(the account)";

pub(super) fn capabilities(api: Api) -> &'static Capabilities {
    server::capabilities(server::Api::parse(api.name()).expect("the APIs have one name"))
}

/// What may be edited of a resource on a server.
pub(super) struct Able {
    pub(super) ends: bool,
    pub(super) moves_ends: bool,
    pub(super) rotates: bool,
    pub(super) grace: bool,
    pub(super) disables: bool,
    pub(super) describes: bool,
    pub(super) slots: bool,
}

impl Able {
    pub(super) fn of(api: Api, kind: Kind, config: &Json) -> Self {
        let server = capabilities(api);
        let can = match (kind, &server.access_token_without_account) {
            (Kind::AccessToken, Some(without)) if config["service_account"].is_null() => without,
            (Kind::AccessToken, _) => &server.access_token,
            (Kind::ServiceAccount, _) => &server.service_account,
        };
        let in_place = |name: &str| {
            can.attribute(name)
                .is_some_and(|attribute| attribute.change == UpdateCapability::InPlace)
        };
        let (ends, moves_ends) = match can.expiry {
            ExpiryCapability::Supported { change, .. } => {
                (true, change == UpdateCapability::InPlace)
            }
            ExpiryCapability::Never { .. } => (false, false),
        };
        Self {
            ends,
            moves_ends,
            rotates: kind == Kind::AccessToken
                && !matches!(can.rotation, RotationCapability::Impossible { .. }),
            grace: matches!(
                can.rotation,
                RotationCapability::Server { .. } | RotationCapability::TwoSlots
            ),
            // An account that is disabled takes its tokens along, which says nothing of them.
            disables: kind == Kind::AccessToken && in_place("disabled"),
            describes: can
                .attribute("description")
                .is_some_and(|attribute| attribute.change != UpdateCapability::Replace),
            slots: matches!(can.rotation, RotationCapability::TwoSlots),
        }
    }
}
