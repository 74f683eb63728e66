//! Reads everything that a server has.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_servers::engine;
use lanyard_servers::{Filter, MANAGED_BY, Object, Objects, Record as _, TokenServer};

use crate::console::Console;
use crate::progress::during;

/// Reads all accounts and tokens of a server.
pub(crate) async fn survey(
    server: &dyn TokenServer,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    read(server, &Filter::default(), url, console).await
}

/// Likewise, with the secrets that belong to accounts and have no names of their own: a configuration may speak of these as tokens.
pub(crate) async fn survey_with_nameless(
    server: &dyn TokenServer,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    // Where owners are kept, ours are among the others. Elsewhere the filter for what we manage leaves nothing out, and reaches further.
    let filter = if server.keeps_owners() {
        Filter::default()
    } else {
        Objects::<AccessToken>::ours(server)
    };
    read(server, &filter, url, console).await
}

async fn read(
    server: &dyn TokenServer,
    filter: &Filter,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    let reading = format!("reading {url}");
    let current = during(console, &reading, engine::read_all(server, filter)).await?;
    let accounts = current.service_accounts.iter().map(found::<ServiceAccount>);
    let tokens = current.access_tokens.iter().map(found::<AccessToken>);
    Ok(Inventory::new(
        accounts.chain(tokens).collect(),
        server.keeps_owners().then_some(MANAGED_BY),
        current.read_at,
    ))
}

fn found<O: Object>(record: &O::Record) -> Found {
    Found {
        kind: O::KIND,
        state: O::observe(record),
        managed_by: record.managed_by().map(str::to_owned),
        created_at: record.created_at(),
        last_used_at: record.last_used_at(),
    }
}
