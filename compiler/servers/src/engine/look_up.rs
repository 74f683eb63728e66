//! What the data sources answer: what a server says, without ever a secret.

mod access_tokens;
mod identity;
mod service_accounts;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::data::DataKind;
use lanyard_compiler::value::{AttributePath, Value};

use super::list_all;
use crate::object::Object;
use crate::record::Filter;
use crate::token_server::TokenServer;

/// Asks a server what a data source asks for; its arguments are wholly known.
pub async fn look_up(
    kind: DataKind,
    server: &dyn TokenServer,
    config: &Value,
) -> Result<Value, Diagnostic> {
    match kind {
        DataKind::Identity => identity::identity(server, config).await,
        DataKind::Server => Ok(identity::server(server, config).await),
        DataKind::ServiceAccount => service_accounts::one(server, config).await,
        DataKind::ServiceAccounts => service_accounts::all(server, config).await,
        DataKind::AccessToken => access_tokens::one(server, config).await,
        DataKind::AccessTokens => access_tokens::all(server, config).await,
    }
}

/// An optional argument; empty is the same as absent.
fn argument(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The arguments, and what was found where they say nothing.
fn completed<const N: usize>(config: &Value, found: [(&str, Value); N]) -> Value {
    let mut entries = config.as_map().cloned().unwrap_or_default();
    for (name, value) in found {
        if config.get(name).is_null() {
            entries.insert(name.to_owned(), value);
        }
    }
    Value::Map(entries)
}

/// Nothing of this `id` or `name` exists.
fn not_found(title: &str, key: &'static str, wanted: &str) -> Diagnostic {
    Diagnostic::error(Code::ObjectNotFound, "The object does not exist")
        .at(AttributePath::attribute(key))
        .detail(format!(
            "The token server has no {title} with the {key} {wanted:?}."
        ))
        .hint("Check its spelling, case included, and that the provider's credential may see it.")
}

/// Several have this name.
fn ambiguous(title: &str, name: &str, ids: &[&str], hint: &str) -> Diagnostic {
    Diagnostic::error(Code::ObjectAmbiguous, "More than one object has this name")
        .at(AttributePath::attribute("name"))
        .detail(format!(
            "The token server has {} {title}s with the name {name:?}: {}.",
            ids.len(),
            ids.join(", ")
        ))
        .hint(hint)
}

async fn read<O: Object>(
    server: &dyn TokenServer,
    id: &str,
) -> Result<Option<O::Record>, Diagnostic> {
    let found = O::of(server).read(id).await;
    found.map_err(|problem| problem.diagnostic())
}

async fn list<O: Object>(
    server: &dyn TokenServer,
    filter: &Filter,
) -> Result<Vec<O::Record>, Diagnostic> {
    let found = list_all::<O>(server, filter).await;
    found.map_err(|problem| problem.diagnostic())
}
