//! Reads everything that the servers have.

use std::collections::BTreeSet;

use lanyard_compiler::comparison::{Server, Side};
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_servers::engine;
use lanyard_servers::{Filter, MANAGED_BY, Object, Objects, Record as _, TokenServer};

use crate::configuration::Compiled;
use crate::connection::{self, Connection};
use crate::console::Console;
use crate::progress::during;

/// The servers of a configuration, and for each the way to it.
pub(crate) struct Survey {
    pub(crate) sides: Vec<Side>,
    pub(crate) connections: Vec<Connection>,
}

/// Reads what every server has that the configuration uses.
pub(crate) async fn survey_all(
    compiled: &Compiled,
    console: &Console,
) -> Result<Survey, Vec<Diagnostic>> {
    let configuration = &compiled.configuration;
    let used: BTreeSet<usize> = configuration.managed().map(|(_, _, side)| side).collect();
    let mut survey = Survey {
        sides: Vec::new(),
        connections: Vec::new(),
    };
    for (position, provider) in configuration.providers.iter().enumerate() {
        let locate = |problem| provider.locate(problem);
        let connection = if used.contains(&position) {
            connection::connect(&provider.config)
                .map_err(|problems| problems.into_iter().map(locate).collect::<Vec<_>>())?
        } else {
            Connection::Unused
        };
        let mut side = Side {
            provider: provider.reference.to_string(),
            server: Server::Unused,
            url: String::new(),
            organization: None,
            inventory: Inventory::default(),
            note: None,
        };
        match &connection {
            Connection::Ready(server, settings) => {
                let url = settings.url.as_deref();
                side.inventory =
                    survey_with_nameless(server.as_ref(), url.unwrap_or("the server"), console)
                        .await
                        .map_err(|error| vec![locate(error)])?;
                side.note = engine::probe(server.as_ref()).await.map(locate);
                side.server = Server::Known(server.capabilities());
                side.url = url.unwrap_or_default().to_owned();
                side.organization.clone_from(&settings.organization);
            }
            Connection::NotKnown { api, unknown } => {
                side.server = Server::NotKnown {
                    api: *api,
                    unknown: unknown.clone(),
                };
            }
            Connection::Unused => {}
        }
        survey.sides.push(side);
        survey.connections.push(connection);
    }
    Ok(survey)
}

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
