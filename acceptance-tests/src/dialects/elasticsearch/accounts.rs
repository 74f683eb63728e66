//! Service accounts: the vendor's own, which are only read, and user-managed ones. A `PUT` replaces the whole: what it
//! leaves out goes back to its default.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::Refusal;
use super::privileges::{DELETE_ACCOUNT, PUT_ACCOUNT, READ_ACCOUNTS};
use super::{Context, attribution, builtin, cluster, principal, tokens};
use crate::serving::call::Answer;
use crate::store::{AccountFilter, ServiceAccount, Store, StoreError};

pub(super) fn find(store: &Store, principal: &str) -> Result<Option<ServiceAccount>, StoreError> {
    store.service_account(principal)
}

/// Answers for all, a namespace, or one account; what is not there is left out, never a 404.
pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&READ_ACCOUNTS)?;
    let (mut built_in, mut user_managed) = (true, context.piece(0).is_some());
    if let Some(types) = context.parameters.get("type") {
        if !cluster::manages_accounts(context.server) {
            return Err(Refusal::unrecognized_parameters(context.call, &["type"]));
        }
        (built_in, user_managed) = (false, false);
        for kind in types.split(',') {
            match kind {
                "built_in" => built_in = true,
                "user_managed" => user_managed = true,
                other => {
                    return Err(Refusal::illegal_argument(format!(
                        "invalid type value [{other}]; must be one of [built_in, user_managed]"
                    )));
                }
            }
        }
    }
    let wanted = |principal: &str| {
        let (namespace, service) = principal.split_once('/').unwrap_or_default();
        context.piece(0).is_none_or(|piece| piece == namespace)
            && context.piece(1).is_none_or(|piece| piece == service)
    };
    let mut found = Map::new();
    if built_in {
        for principal in builtin::PRINCIPALS.into_iter().filter(|name| wanted(name)) {
            let mut shown = json!({ "role_descriptor": builtin::role_descriptor(principal) });
            if cluster::manages_accounts(context.server) {
                shown["type"] = json!("built_in");
            }
            found.insert(principal.to_owned(), shown);
        }
    }
    if user_managed {
        for account in all(context)?.iter().filter(|account| wanted(&account.name)) {
            found.insert(account.name.clone(), show(account));
        }
    }
    Ok(Answer::json(StatusCode::OK, &Value::Object(found)))
}

pub(super) fn all(context: &Context<'_>) -> Result<Vec<ServiceAccount>, StoreError> {
    let filter = AccountFilter {
        created_until: context.call.lists_as_of,
        ..AccountFilter::default()
    };
    let mut accounts = context.store.service_accounts(&filter, 0, usize::MAX)?;
    accounts.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(accounts)
}

pub(super) fn show(account: &ServiceAccount) -> Value {
    let mut shown = json!({
        "type": "user_managed",
        "roles": account.roles,
        "enabled": !account.disabled,
    });
    if let Some(description) = &account.description {
        shown["description"] = json!(description);
    }
    for (field, value) in &account.vendor {
        shown[field] = value.clone();
    }
    shown
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    roles: Option<Names>,
    #[serde(default)]
    enabled: Option<Switch>,
    #[serde(default)]
    description: Option<String>,
}

/// One name stands for a list of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

/// Also as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Switch {
    Plain(bool),
    Text(Text),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Text {
    True,
    False,
}

/// Places of unknown fields are told by where they begin.
fn misfit(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let field = text.strip_prefix("unknown field `");
    match field.and_then(|field| field.split_once('`')) {
        Some((field, _)) => {
            let column = error.column().saturating_sub(field.len() + 1);
            Refusal::unparsed(format!(
                "[{}:{column}] [put_user_managed_service_account_request] unknown field [{field}]",
                error.line()
            ))
        }
        None => Refusal::unreadable(error),
    }
}

pub(super) fn put(context: &Context<'_>) -> Result<Answer, Refusal> {
    // As everywhere in the vendor's server: what makes no sense is refused before it is asked who may do it.
    let wanted: Wanted = context.body_or(misfit)?;
    let roles = match wanted.roles {
        None => return Err(Refusal::illegal_argument("Required [roles]")),
        Some(Names::One(role)) => vec![role],
        Some(Names::Many(roles)) => roles,
    };
    let name = context.principal();
    let mut faults = principal::faults(
        context.piece(0).unwrap_or_default(),
        context.piece(1).unwrap_or_default(),
    );
    let misnamed = roles.iter().filter(|role| !principal::is_role_name(role));
    faults.extend(misnamed.map(|_| principal::ROLE_NAME_FAULT.to_owned()));
    if !faults.is_empty() {
        return Err(Refusal::validation(&faults));
    }
    context.require(&PUT_ACCOUNT)?;
    if roles.len() > 1000 {
        return Err(Refusal::stored_validation(
            "at most [1000] roles are allowed",
        ));
    }
    let before = find(context.store, &name)?;
    if before.is_none() && !tokens::of(context, &name)?.is_empty() {
        return Err(Refusal::illegal_argument(format!(
            "cannot create service account [{name}] because it has leftover service tokens; delete the tokens first"
        )));
    }
    let account = ServiceAccount {
        sequence: 0,
        id: name.clone(),
        name,
        description: wanted.description,
        roles: roles.into_iter().collect::<BTreeSet<_>>(),
        disabled: matches!(
            wanted.enabled,
            Some(Switch::Plain(false) | Switch::Text(Text::False))
        ),
        restriction: None,
        managed_by: None,
        created_at: context.call.now,
        updated_at: context.call.now,
        vendor: attribution::of_write(context, before.as_ref())?,
    };
    if before.is_some() {
        context.store.update_service_account(&account)?;
    } else {
        context.store.insert_service_account(&account)?;
    }
    let body = json!({ "created": before.is_none() });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    let force = context.parameters.flag("force")?;
    let name = context.principal();
    let faults = principal::faults(
        context.piece(0).unwrap_or_default(),
        context.piece(1).unwrap_or_default(),
    );
    if !faults.is_empty() {
        return Err(Refusal::validation(&faults));
    }
    context.require(&DELETE_ACCOUNT)?;
    if find(context.store, &name)?.is_none() {
        let body = json!({ "found": false });
        return Err(Refusal::plain(StatusCode::NOT_FOUND, &body));
    }
    if !force && !tokens::of(context, &name)?.is_empty() {
        return Err(Refusal::illegal_argument(format!(
            "cannot delete service account [{name}] because it has service tokens; delete the tokens first, \
             or set force=true to delete the account and leave its tokens in place"
        )));
    }
    // The tokens belong to the name, not to the row: they stay behind, are listed, and open nothing.
    context.store.delete_service_account(&name)?;
    Ok(Answer::json(StatusCode::OK, &json!({ "found": true })))
}
