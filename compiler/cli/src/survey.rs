//! Reads everything that a server has.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_servers::engine::{self, Current};
use lanyard_servers::{Filter, MANAGED_BY, Object, Objects, Record as _, TokenServer};

use crate::console::Console;
use crate::progress::during;

/// Reads all accounts and tokens of a server.
pub(crate) async fn survey(
    server: &dyn TokenServer,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    let reading = format!("reading {url}");
    let current = during(
        console,
        &reading,
        engine::read_all(server, &Filter::default()),
    )
    .await?;
    let Current {
        service_accounts,
        access_tokens,
        read_at,
    } = current;
    let accounts = service_accounts.iter().map(found::<ServiceAccount>);
    let tokens = access_tokens.iter().map(found::<AccessToken>);
    let keeps_owners = Objects::<AccessToken>::ours(server).managed_by.is_some()
        || Objects::<ServiceAccount>::ours(server).managed_by.is_some();
    let owner = keeps_owners.then_some(MANAGED_BY);
    Ok(Inventory::new(
        accounts.chain(tokens).collect(),
        owner,
        read_at,
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
