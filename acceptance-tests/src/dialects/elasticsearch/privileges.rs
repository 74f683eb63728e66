//! What a caller may do in the cluster: names of privileges, of which some contain others.

use std::collections::BTreeSet;

use super::Context;
use super::caller::Identity;
use super::fault::Refusal;
use super::indices::IndexAction;

/// An action: its name in refusals, and the privileges that grant it, the weakest first.
pub(super) struct Action {
    name: &'static str,
    granted_by: &'static [&'static str],
}

pub(super) const READ_ACCOUNTS: Action = Action {
    name: "cluster:admin/xpack/security/service_account/get",
    granted_by: &[
        "manage_service_account",
        "read_security",
        "manage_security",
        "all",
    ],
};
pub(super) const BUILTIN_TOKEN_CREATE: Action = Action {
    name: "cluster:admin/xpack/security/service_account/token/create",
    granted_by: &["manage_service_account", "manage_security", "all"],
};
pub(super) const BUILTIN_TOKEN_DELETE: Action = Action {
    name: "cluster:admin/xpack/security/service_account/token/delete",
    granted_by: &["manage_service_account", "manage_security", "all"],
};
pub(super) const TOKEN_CREATE: Action = Action {
    name: "cluster:admin/xpack/security/user_managed_service_account/token/create",
    granted_by: &["manage_security", "all"],
};
pub(super) const TOKEN_DELETE: Action = Action {
    name: "cluster:admin/xpack/security/user_managed_service_account/token/delete",
    granted_by: &["manage_security", "all"],
};
pub(super) const READ_CREDENTIALS: Action = Action {
    name: "cluster:admin/xpack/security/service_account/credential/get",
    granted_by: &[
        "read_security",
        "manage_service_account",
        "manage_security",
        "all",
    ],
};
pub(super) const CLEAR_CACHE: Action = Action {
    name: "cluster:admin/xpack/security/cache/clear",
    granted_by: &["manage_security", "all"],
};
pub(super) const PUT_ACCOUNT: Action = Action {
    name: "cluster:admin/xpack/security/user_managed_service_account/put",
    granted_by: &["manage_security", "all"],
};
pub(super) const DELETE_ACCOUNT: Action = Action {
    name: "cluster:admin/xpack/security/user_managed_service_account/delete",
    granted_by: &["manage_security", "all"],
};
pub(super) const QUERY_ACCOUNTS: Action = Action {
    name: "cluster:admin/xpack/security/service_account/query",
    granted_by: &[
        "read_security",
        "manage_service_account",
        "manage_security",
        "all",
    ],
};
pub(super) const MANAGE_ROLES: Action = Action {
    name: "cluster:admin/xpack/security/role/put",
    granted_by: &["manage_security", "all"],
};
pub(super) const READ_ROLES: Action = Action {
    name: "cluster:admin/xpack/security/role/get",
    granted_by: &["read_security", "manage_security", "all"],
};
pub(super) const PUT_USER: Action = Action {
    name: "cluster:admin/xpack/security/user/put",
    granted_by: &["manage_security", "all"],
};
pub(super) const READ_USERS: Action = Action {
    name: "cluster:admin/xpack/security/user/get",
    granted_by: &["read_security", "manage_security", "all"],
};
pub(super) const DELETE_USER: Action = Action {
    name: "cluster:admin/xpack/security/user/delete",
    granted_by: &["manage_security", "all"],
};
pub(super) const CREATE_API_KEY: Action = Action {
    name: "cluster:admin/xpack/security/api_key/create",
    granted_by: &[
        "manage_own_api_key",
        "manage_api_key",
        "manage_security",
        "all",
    ],
};
pub(super) const GRANT_API_KEY: Action = Action {
    name: "cluster:admin/xpack/security/api_key/grant",
    granted_by: &["grant_api_key", "manage_api_key", "manage_security", "all"],
};
pub(super) const GET_API_KEYS: Action = Action {
    name: "cluster:admin/xpack/security/api_key/get",
    granted_by: &["manage_api_key", "read_security", "manage_security", "all"],
};
pub(super) const INVALIDATE_API_KEYS: Action = Action {
    name: "cluster:admin/xpack/security/api_key/invalidate",
    granted_by: &["manage_api_key", "manage_security", "all"],
};
pub(super) const CLEAR_KEY_CACHE: Action = Action {
    name: "cluster:admin/xpack/security/api_key/cache/clear",
    granted_by: &["manage_api_key", "manage_security", "all"],
};
pub(super) const CREATE_OAUTH_TOKEN: Action = Action {
    name: "cluster:admin/xpack/security/token/create",
    granted_by: &["manage_token", "manage_security", "all"],
};

pub(super) const WRITE_DOCUMENT: IndexAction = IndexAction {
    name: "indices:data/write/index",
    granted_by: &["create_doc", "create", "index", "write", "all"],
};
pub(super) const SEARCH: IndexAction = IndexAction {
    name: "indices:data/read/search",
    granted_by: &["read", "all"],
};
pub(super) const DELETE_INDEX: IndexAction = IndexAction {
    name: "indices:admin/delete",
    granted_by: &["delete_index", "manage", "all"],
};

impl Context<'_> {
    pub(super) fn require(&self, action: &Action) -> Result<(), Refusal> {
        let held = self.caller.cluster_privileges(self.store)?;
        if action
            .granted_by
            .iter()
            .any(|privilege| held.contains(*privilege))
        {
            return Ok(());
        }
        let granted_by = action.granted_by.join(",");
        let reason = format!(
            "action [{}] is unauthorized for {}, this action is granted by the cluster privileges [{granted_by}]",
            action.name,
            self.who()
        );
        Err(Refusal::forbidden(reason))
    }

    /// The caller, as refusals say it.
    pub(super) fn who(&self) -> String {
        match &self.caller.identity {
            Identity::Account { principal, .. } => format!("service account [{principal}]"),
            Identity::Superuser => "user [elastic]".to_owned(),
            Identity::ApiKey(key) => format!("API key id [{}] of user [{}]", key.id, key.owner),
            Identity::User { name, roles } => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                format!("user [{name}] with effective roles [{}]", roles.join(","))
            }
        }
    }
}

/// Privileges that contain others.
const CONTAINS: [(&str, &[&str]); 4] = [
    (
        "manage_security",
        &[
            "manage_service_account",
            "read_security",
            "manage_api_key",
            "manage_own_api_key",
            "grant_api_key",
            "manage_token",
        ],
    ),
    ("manage_api_key", &["manage_own_api_key", "grant_api_key"]),
    ("manage", &["monitor"]),
    ("read_security", &[]),
];

/// Whether what is held includes this privilege, by its own name or inside another.
pub(super) fn includes(held: &BTreeSet<String>, asked: &str) -> bool {
    held.contains(asked)
        || held.contains("all")
        || CONTAINS
            .iter()
            .any(|(whole, parts)| held.contains(*whole) && parts.contains(&asked))
}
