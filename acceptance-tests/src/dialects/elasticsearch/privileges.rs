//! What a caller may do in the cluster: names of privileges, of which some contain others.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Context;
use super::caller::Identity;
use super::fault::Refusal;
use crate::serving::call::Answer;

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
pub(super) const DELETE_USER: Action = Action {
    name: "cluster:admin/xpack/security/user/delete",
    granted_by: &["manage_security", "all"],
};
pub(super) const CREATE_OAUTH_TOKEN: Action = Action {
    name: "cluster:admin/xpack/security/token/create",
    granted_by: &["manage_token", "manage_security", "all"],
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
        let who = match &self.caller.identity {
            Identity::Account { principal, .. } => format!("service account [{principal}]"),
            Identity::Superuser => "user [elastic]".to_owned(),
            Identity::User { name, roles } => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                format!("user [{name}] with effective roles [{}]", roles.join(","))
            }
        };
        let reason = format!(
            "action [{}] is unauthorized for {who}, this action is granted by the cluster privileges [{granted_by}]",
            action.name
        );
        Err(Refusal::forbidden(reason))
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    cluster: BTreeSet<String>,
}

/// Answers for cluster privileges; nobody here has any on indices.
pub(super) fn has(context: &Context<'_>) -> Result<Answer, Refusal> {
    let asked: Asked =
        serde_json::from_slice(&context.call.body).map_err(|error| Refusal::unreadable(&error))?;
    let held = context.caller.cluster_privileges(context.store)?;
    let cluster: Map<String, Value> = asked
        .cluster
        .into_iter()
        .map(|privilege| {
            let has = held.contains(&privilege)
                || held.contains("all")
                || (privilege == "manage_service_account" && held.contains("manage_security"));
            (privilege, json!(has))
        })
        .collect();
    let body = json!({
        "username": context.caller.username(),
        "has_all_requested": cluster.values().all(|has| *has == json!(true)),
        "cluster": cluster,
        "index": {},
        "application": {},
    });
    Ok(Answer::json(StatusCode::OK, &body))
}
