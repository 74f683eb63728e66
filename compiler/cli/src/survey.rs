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
    Ok(inventory(server, &current))
}

/// Likewise, with the secrets that belong to accounts and have no names of their own: a configuration may speak of these as tokens.
pub(crate) async fn survey_with_nameless(
    server: &dyn TokenServer,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    let reading = format!("reading {url}");
    let mut current = during(
        console,
        &reading,
        engine::read_all(server, &Filter::default()),
    )
    .await?;
    // Where owners are kept, ours are among those already. Elsewhere the filter for what we manage reaches further.
    let ours = Objects::<AccessToken>::ours(server);
    if !server.keeps_owners() && ours != Filter::default() {
        let more = during(console, &reading, engine::read_all(server, &ours)).await?;
        let nameless = more.access_tokens.into_iter();
        current
            .access_tokens
            .extend(nameless.filter(|token| token.name.is_empty()));
    }
    Ok(inventory(server, &current))
}

fn inventory(server: &dyn TokenServer, current: &Current) -> Inventory {
    let accounts = current.service_accounts.iter().map(found::<ServiceAccount>);
    let tokens = current.access_tokens.iter().map(found::<AccessToken>);
    Inventory::new(
        accounts.chain(tokens).collect(),
        server.keeps_owners().then_some(MANAGED_BY),
        current.read_at,
    )
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
