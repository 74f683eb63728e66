//! Users, which are OSMO's service accounts, and the roles assigned to them. Taking a role from a user takes it from
//! the user's tokens, for good.

use std::collections::BTreeSet;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::Shape;
use super::fault::Refusal;
use super::{Context, body, dates, query, roles, rules};
use crate::serving::call::Answer;
use crate::store::{AccountFilter, ServiceAccount, TokenFilter};

/// Who assigned each role and when, in the user's `vendor` column.
pub(super) const ASSIGNED: &str = "assigned";
pub(super) const CREATED_BY: &str = "created_by";
/// With this switch, a create keeps the user without its roles and answers with the passing database error.
const ROLELESS_CREATE: &str = "roleless_create";
/// With this switch, assigning a role says that the user is not there although it is, as beside a constraint error.
const FALSE_NOT_FOUND: &str = "false_not_found";

/// What an answer without content is here: four bytes, which clients parse.
pub(super) fn null() -> Answer {
    Answer::json(StatusCode::OK, &Value::Null)
}

pub(super) fn find(context: &Context<'_>, id: &str) -> Result<ServiceAccount, Refusal> {
    check_not_blank(id)?;
    context
        .store
        .service_account(id)?
        .ok_or_else(|| not_found(id))
}

pub(super) fn check_not_blank(id: &str) -> Result<(), Refusal> {
    if id.trim().is_empty() {
        return Err(Refusal::user("User ID must not be empty"));
    }
    Ok(())
}

fn not_found(id: &str) -> Refusal {
    Refusal::user(format!("User {id} not found"))
}

#[derive(Deserialize)]
struct Wanted {
    id: String,
    #[serde(default)]
    roles: Option<Vec<String>>,
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Wanted = body::read(
        context,
        &[("id", Shape::Text), ("roles", Shape::OptionalTexts)],
    )?;
    rules::check_user_id(&wanted.id)?;
    if context.store.service_account(&wanted.id)?.is_some() {
        return Err(Refusal::user(format!("User {} already exists", wanted.id)));
    }
    for role in wanted.roles.iter().flatten() {
        if roles::find(context.store, role)?.is_none() {
            return Err(roles::unknown(role));
        }
    }
    let mut user = ServiceAccount {
        sequence: 0,
        id: wanted.id.clone(),
        name: wanted.id,
        description: None,
        roles: BTreeSet::new(),
        disabled: false,
        restriction: None,
        managed_by: None,
        created_at: context.call.now,
        updated_at: context.call.now,
        vendor: Map::from_iter([
            (CREATED_BY.to_owned(), json!(context.caller.user)),
            (ASSIGNED.to_owned(), json!({})),
        ]),
    };
    // The user and its roles are separate transactions upstream: the second can be lost.
    if context.server.profile.is_on(ROLELESS_CREATE) {
        context.store.insert_service_account(&user)?;
        return Ok(Refusal::database().into_answer());
    }
    for role in wanted.roles.into_iter().flatten() {
        give(context, &mut user, &role);
    }
    context.store.insert_service_account(&user)?;
    Ok(Answer::json(StatusCode::OK, &show(&user)))
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    let user = find(context, context.piece(0))?;
    let mut shown = show(&user);
    shown["roles"] = json!(assignments(&user));
    Ok(Answer::json(StatusCode::OK, &shown))
}

pub(super) fn delete(context: &Context<'_>) -> Result<Answer, Refusal> {
    let user = find(context, context.piece(0))?;
    context.store.delete_service_account(&user.id)?;
    Ok(null())
}

/// Newest first. The two filters together find nothing: upstream binds their arguments in the wrong order.
pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let mut mistakes = Vec::new();
    let start = query::number(context, "start_index", 1, &mut mistakes).max(1);
    let count = query::number(context, "count", 100, &mut mistakes).clamp(1, 1000);
    body::refuse(mistakes)?;
    let prefix = query::text(context, "id_prefix").filter(|prefix| !prefix.is_empty());
    let wanted_roles = context.parameter("roles").collect::<Vec<_>>();
    let filter = AccountFilter {
        created_until: context.call.lists_as_of,
        ..AccountFilter::default()
    };
    let mut users = context.store.service_accounts(&filter, 0, usize::MAX)?;
    users.retain(|user| {
        let has_prefix = prefix
            .as_ref()
            .is_none_or(|prefix| rules::has_prefix_like(&user.id, prefix));
        let has_role =
            wanted_roles.is_empty() || wanted_roles.iter().any(|role| user.roles.contains(role));
        has_prefix && has_role
    });
    if prefix.is_some() && !wanted_roles.is_empty() {
        users.clear();
    }
    users.reverse();
    let page: Vec<Value> = users
        .iter()
        .skip(usize::try_from(start - 1).unwrap_or(usize::MAX))
        .take(usize::try_from(count).unwrap_or(0))
        .map(show)
        .collect();
    let body = json!({
        "total_results": users.len(),
        "start_index": start,
        "items_per_page": page.len(),
        "users": page,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

pub(super) fn roles(context: &Context<'_>) -> Result<Answer, Refusal> {
    let user = find(context, context.piece(0))?;
    let body = json!({ "user_id": user.id, "roles": assignments(&user) });
    Ok(Answer::json(StatusCode::OK, &body))
}

#[derive(Deserialize)]
struct Assignment {
    role_name: String,
}

/// Assigning what is assigned answers with the first assignment.
pub(super) fn assign(context: &Context<'_>) -> Result<Answer, Refusal> {
    let wanted: Assignment = body::read(context, &[("role_name", Shape::Text)])?;
    check_not_blank(context.piece(0))?;
    if roles::find(context.store, &wanted.role_name)?.is_none() {
        return Err(roles::unknown(&wanted.role_name));
    }
    let mut user = find(context, context.piece(0))?;
    if context.server.profile.is_on(FALSE_NOT_FOUND) {
        return Err(not_found(&user.id));
    }
    if !user.roles.contains(&wanted.role_name) {
        give(context, &mut user, &wanted.role_name);
        context.store.update_service_account(&user)?;
    }
    let mut shown = assignment(&user, &wanted.role_name);
    shown["user_id"] = json!(user.id);
    Ok(Answer::json(StatusCode::OK, &shown))
}

/// Says yes to whatever is not there.
pub(super) fn unassign(context: &Context<'_>) -> Result<Answer, Refusal> {
    check_not_blank(context.piece(0))?;
    if let Some(user) = context.store.service_account(context.piece(0))? {
        take(context, user, context.piece(1))?;
    }
    Ok(null())
}

pub(super) fn of_role(context: &Context<'_>) -> Result<Answer, Refusal> {
    let role = context.piece(0);
    if roles::find(context.store, role)?.is_none() {
        return Err(roles::unknown(role));
    }
    let users = context
        .store
        .service_accounts(&AccountFilter::default(), 0, usize::MAX)?;
    let mut holders: Vec<_> = users
        .iter()
        .filter(|user| user.roles.contains(role))
        .collect();
    // Whoever got the role last stands first.
    let since = |user: &&ServiceAccount| text_of(&assignment(user, role), "assigned_at");
    holders.sort_by_key(|user| std::cmp::Reverse(since(user)));
    let holders: Vec<Value> = holders
        .into_iter()
        .map(|user| {
            let assigned = assignment(user, role);
            json!({
                "user_id": user.id,
                "assigned_by": text_of(&assigned, "assigned_by"),
                // This one place shows an offset instead of a Z.
                "assigned_at": text_of(&assigned, "assigned_at").replace('Z', "+00:00"),
            })
        })
        .collect();
    let body = json!({ "role_name": role, "users": holders });
    Ok(Answer::json(StatusCode::OK, &body))
}

#[derive(Deserialize)]
struct Many {
    user_ids: Vec<String>,
}

pub(super) fn assign_many(context: &Context<'_>) -> Result<Answer, Refusal> {
    let role = context.piece(0);
    let wanted: Many = body::read(context, &[("user_ids", Shape::Texts)])?;
    for id in &wanted.user_ids {
        check_not_blank(id)?;
    }
    if roles::find(context.store, role)?.is_none() {
        return Err(roles::unknown(role));
    }
    let (mut assigned, mut already_assigned, mut failed) = (vec![], vec![], vec![]);
    for id in wanted.user_ids {
        match context.store.service_account(&id)? {
            None => failed.push(id),
            Some(user) if user.roles.contains(role) => already_assigned.push(id),
            Some(mut user) => {
                give(context, &mut user, role);
                context.store.update_service_account(&user)?;
                assigned.push(id);
            }
        }
    }
    let body = json!({
        "role_name": role,
        "assigned": assigned,
        "already_assigned": already_assigned,
        "failed": failed,
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// Takes a role that is no more from everyone.
pub(super) fn forget_role(context: &Context<'_>, role: &str) -> Result<(), Refusal> {
    let users = context
        .store
        .service_accounts(&AccountFilter::default(), 0, usize::MAX)?;
    for user in users {
        take(context, user, role)?;
    }
    Ok(())
}

fn give(context: &Context<'_>, user: &mut ServiceAccount, role: &str) {
    if !user.roles.insert(role.to_owned()) {
        return;
    }
    let assigned = json!({
        "assigned_by": context.caller.user,
        "assigned_at": dates::show_moment(context.call.now),
    });
    if let Some(Value::Object(all)) = user.vendor.get_mut(ASSIGNED) {
        all.insert(role.to_owned(), assigned);
    }
}

fn take(context: &Context<'_>, mut user: ServiceAccount, role: &str) -> Result<(), Refusal> {
    if !user.roles.remove(role) {
        return Ok(());
    }
    if let Some(Value::Object(all)) = user.vendor.get_mut(ASSIGNED) {
        all.remove(role);
    }
    context.store.update_service_account(&user)?;
    let filter = TokenFilter {
        service_account_id: Some(user.id),
        ..TokenFilter::default()
    };
    for mut token in context.store.access_tokens(&filter, 0, usize::MAX)? {
        if token.roles.remove(role) {
            context.store.update_access_token(&token)?;
        }
    }
    Ok(())
}

/// A role of the user, with who assigned it and when.
pub(super) fn assignment(user: &ServiceAccount, role: &str) -> Value {
    let assigned = user.vendor.get(ASSIGNED).and_then(|all| all.get(role));
    let field = |name: &str| assigned.and_then(|assigned| assigned.get(name)).cloned();
    json!({
        "role_name": role,
        "assigned_by": field("assigned_by"),
        "assigned_at": field("assigned_at"),
    })
}

fn text_of(value: &Value, name: &str) -> String {
    let found = value.get(name).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

fn assignments(user: &ServiceAccount) -> Vec<Value> {
    let roles = user.roles.iter();
    roles.map(|role| assignment(user, role)).collect()
}

fn show(user: &ServiceAccount) -> Value {
    json!({
        "id": user.id,
        "created_at": dates::show_moment(user.created_at),
        "created_by": user.vendor.get(CREATED_BY),
    })
}
