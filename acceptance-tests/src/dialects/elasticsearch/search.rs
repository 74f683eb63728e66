//! Searching user-managed accounts: filter, sort, `from`/`size` and `search_after`, over an allow-list of fields.

use std::cmp::Ordering;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Refusal;
use super::privileges::QUERY_ACCOUNTS;
use super::{Context, accounts, attribution};
use crate::serving::call::Answer;
use crate::store::ServiceAccount;

const FIELDS: [&str; 4] = ["username", "roles", "enabled", "description"];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    query: Option<Value>,
    #[serde(default)]
    from: Option<i64>,
    #[serde(default)]
    size: Option<i64>,
    #[serde(default)]
    sort: Option<Value>,
    #[serde(default)]
    search_after: Option<Vec<Value>>,
}

pub(super) fn query(context: &Context<'_>) -> Result<Answer, Refusal> {
    context.require(&QUERY_ACCOUNTS)?;
    let query: Query = if context.call.body.is_empty() {
        Query::default()
    } else {
        context.body()?
    };
    let from = not_negative("from", query.from.unwrap_or(0))?;
    let size = not_negative("size", query.size.unwrap_or(10))?;
    let sort = sort(query.sort.as_ref())?;
    let mut found = Vec::new();
    for account in accounts::all(context)? {
        let fits = match &query.query {
            None => true,
            Some(wanted) => matches(wanted, &account)?,
        };
        if fits {
            found.push(account);
        }
    }
    found.sort_by(|left, right| compare(&sort, left, right));
    let total = found.len();
    if let Some(after) = &query.search_after {
        found.retain(|account| is_after(&sort, &keys(&sort, account), after));
    }
    let page: Vec<Value> = found
        .iter()
        .skip(from)
        .take(size)
        .map(|account| {
            let mut shown = accounts::show(account);
            shown["username"] = json!(account.name);
            if !sort.is_empty() {
                shown["_sort"] = json!(keys(&sort, account));
            }
            shown
        })
        .collect();
    let answer = json!({ "total": total, "count": page.len(), "service_accounts": page });
    Ok(Answer::json(StatusCode::OK, &answer))
}

fn not_negative(name: &str, value: i64) -> Result<usize, Refusal> {
    usize::try_from(value).map_err(|_| {
        let fault = format!("[{name}] parameter cannot be negative but was [{value}]");
        Refusal::validation(&[fault])
    })
}

fn field(account: &ServiceAccount, name: &str) -> Value {
    match name {
        "username" => json!(account.name),
        "roles" => json!(account.roles),
        "enabled" => json!(!account.disabled),
        "description" => json!(account.description),
        author => attribution::field(account, author),
    }
}

fn allowed(name: &str) -> Result<(), Refusal> {
    if FIELDS.contains(&name) || attribution::FIELDS.contains(&name) {
        return Ok(());
    }
    let kind = if name.contains('*') {
        "Field name pattern"
    } else {
        "Field"
    };
    Err(Refusal::illegal_argument(format!(
        "{kind} [{name}] is not allowed for querying or aggregation"
    )))
}

/// Field names with whether the order is descending.
fn sort(given: Option<&Value>) -> Result<Vec<(String, bool)>, Refusal> {
    let entries: Vec<&Value> = match given {
        None => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(single) => vec![single],
    };
    let mut sort = Vec::new();
    for entry in entries {
        let (name, descending) = match entry {
            Value::String(name) => (name.clone(), false),
            Value::Object(entry) => {
                let Some((name, order)) = entry.iter().next() else {
                    continue;
                };
                let order = order.get("order").unwrap_or(order);
                (name.clone(), order.as_str() == Some("desc"))
            }
            _ => return Err(Refusal::illegal_argument("unknown sort")),
        };
        allowed(&name)?;
        sort.push((name, descending));
    }
    Ok(sort)
}

fn keys(sort: &[(String, bool)], account: &ServiceAccount) -> Vec<Value> {
    sort.iter().map(|(name, _)| field(account, name)).collect()
}

fn compare(sort: &[(String, bool)], left: &ServiceAccount, right: &ServiceAccount) -> Ordering {
    // Of two accounts made within a millisecond, the later one counts as later.
    let last = |(_, descending): &(String, bool)| {
        let order = left.sequence.cmp(&right.sequence);
        if *descending { order.reverse() } else { order }
    };
    order(sort, &keys(sort, left), &keys(sort, right))
        .then_with(|| sort.last().map_or(Ordering::Equal, last))
}

fn is_after(sort: &[(String, bool)], keys: &[Value], after: &[Value]) -> bool {
    order(sort, keys, after) == Ordering::Greater
}

fn order(sort: &[(String, bool)], left: &[Value], right: &[Value]) -> Ordering {
    let pairs = sort.iter().zip(left.iter().zip(right));
    pairs
        .map(|((_, descending), (left, right))| {
            // Texts, booleans, lists of texts and today's times sort as their JSON does.
            let order = left.to_string().cmp(&right.to_string());
            if *descending { order.reverse() } else { order }
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

fn matches(query: &Value, account: &ServiceAccount) -> Result<bool, Refusal> {
    let Some((kind, body)) = query.as_object().and_then(|query| query.iter().next()) else {
        return Err(Refusal::illegal_argument(
            "query malformed, empty clause found",
        ));
    };
    match kind.as_str() {
        "match_all" => Ok(true),
        "term" | "match" | "prefix" | "terms" | "wildcard" => leaf(kind, body, account),
        "exists" => {
            let name = body
                .get("field")
                .and_then(Value::as_str)
                .unwrap_or_default();
            allowed(name)?;
            Ok(!field(account, name).is_null())
        }
        "ids" => {
            let ids = body.get("values").and_then(Value::as_array);
            Ok(ids.is_some_and(|ids| ids.contains(&json!(account.name))))
        }
        "bool" => boolean(body, account),
        other => Err(Refusal::illegal_argument(format!(
            "Query type [{other}] is not currently supported in this context"
        ))),
    }
}

fn boolean(body: &Value, account: &ServiceAccount) -> Result<bool, Refusal> {
    let clauses = |name: &str| -> Vec<Value> {
        match body.get(name) {
            None => Vec::new(),
            Some(Value::Array(clauses)) => clauses.clone(),
            Some(single) => vec![single.clone()],
        }
    };
    for clause in clauses("must").into_iter().chain(clauses("filter")) {
        if !matches(&clause, account)? {
            return Ok(false);
        }
    }
    for clause in clauses("must_not") {
        if matches(&clause, account)? {
            return Ok(false);
        }
    }
    let should = clauses("should");
    let mut fitting = 0;
    for clause in &should {
        fitting += u64::from(matches(clause, account)?);
    }
    let asked = body.get("minimum_should_match");
    let asked = asked.and_then(|asked| asked.as_u64().or_else(|| asked.as_str()?.parse().ok()));
    let is_free = should.is_empty() || body.get("must").or(body.get("filter")).is_some();
    Ok(fitting >= asked.unwrap_or(u64::from(!is_free)))
}

fn leaf(kind: &str, body: &Value, account: &ServiceAccount) -> Result<bool, Refusal> {
    let Some((name, wanted)) = body.as_object().and_then(|body| body.iter().next()) else {
        return Err(Refusal::illegal_argument("query malformed, no field"));
    };
    allowed(name)?;
    if kind == "terms" && wanted.is_object() {
        return Err(Refusal::illegal_argument(
            "terms query with terms lookup is not currently supported in this context",
        ));
    }
    let value = wanted.get("value").or(wanted.get("query"));
    let wanted = value.unwrap_or(wanted);
    let values = match field(account, name) {
        Value::Array(values) => values,
        value => vec![value],
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let expected = text(wanted);
    Ok(values.iter().any(|value| match kind {
        "term" | "match" => text(value) == expected,
        "prefix" => text(value).starts_with(&expected),
        "wildcard" => fits(&expected, &text(value)),
        _ => wanted
            .as_array()
            .is_some_and(|wanted| wanted.iter().any(|wanted| text(wanted) == text(value))),
    }))
}

/// `*` stands for any characters.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(tail) = text.strip_prefix(head) else {
        return false;
    };
    (0..=tail.len())
        .filter(|index| tail.is_char_boundary(*index))
        .any(|index| fits(rest, &tail[index..]))
}
