//! Reads everything that the servers have.

use std::collections::BTreeSet;

use lanyard_compiler::comparison::{Asked, Claimed, Server, Side, Twins};
use lanyard_compiler::delivery::{self, Delivery, Open, Place};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::{Provider, ProviderReference};
use lanyard_compiler::model::{AccessToken, ServiceAccount, Settings, State};
use lanyard_compiler::plan::in_use::{Bond, InUse};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::value::Value;
use lanyard_servers::engine;
use lanyard_servers::{Connection, Filter, MANAGED_BY, Object, Objects, Record as _, TokenServer};

use crate::complaints;
use crate::configuration::Compiled;
use crate::connection;
use crate::console::Console;
use crate::progress::during;
use crate::target::Target;

/// The servers of a configuration, and for each the way to it.
pub(crate) struct Survey {
    pub(crate) sides: Vec<Side>,
    /// `None` where no resource needs the server, and nothing says where it is.
    pub(crate) connections: Vec<Option<Connection>>,
}

/// Reads what every server has that a provider block of the configuration names, also those whose last resource was taken out of it: what
/// was there lives on. To prune, or where a secret is open, likewise the server that only the environment names.
pub(crate) async fn survey_all(
    compiled: &Compiled,
    asked: &Asked<'_>,
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
        // What is to become of a secret that is open is not known without its server.
        let is_wanted = || where_open(&provider.config, asked.open).is_some();
        if !used.contains(&position) && !asked.prune && !is_wanted() {
            let (side, connection) = look_at_unused(provider, console).await;
            survey.sides.push(side);
            survey.connections.push(connection);
            continue;
        }
        let connected = connection::connect(&provider.config);
        let connection =
            connected.map_err(|problems| problems.into_iter().map(locate).collect::<Vec<_>>())?;
        let connection = Some(connection);
        let side = look(provider.reference.to_string(), connection.as_ref(), console)
            .await
            .map_err(|error| vec![locate(error)])?;
        survey.sides.push(Side {
            note: side.note.map(locate),
            ..side
        });
        survey.connections.push(connection);
    }
    // No resource is left, and no block says where they were: the environment does.
    let environment = match asked.prune {
        _ if !configuration.providers.is_empty() => None,
        true => connection::connect(&Value::Null).ok(),
        false => where_open(&Value::Null, asked.open),
    };
    if let Some(connection) = environment {
        let provider = ProviderReference::default().to_string();
        let side = look(provider, Some(&connection), console).await;
        survey.sides.push(side.map_err(|error| vec![error])?);
        survey.connections.push(Some(connection));
    }
    Ok(survey)
}

/// A server that no resource needs, as far as its lists go. That it cannot be read stops nobody: there is nothing to change there.
async fn look_at_unused(provider: &Provider, console: &Console) -> (Side, Option<Connection>) {
    let mut side = unused(provider.reference.to_string());
    let connection = match connection::connect(&provider.config) {
        Ok(connection) => connection,
        Err(problems) => {
            // A block without an address names no server.
            let settings = connection::complete(&provider.config);
            if settings.is_none_or(|settings| !settings.get("url").is_null()) {
                let problem = problems.into_iter().next();
                side.note = problem.map(|problem| provider.locate(not_read(&problem)));
            }
            return (side, None);
        }
    };
    if let Connection::Ready(server, settings) = &connection {
        let url = settings.url.as_deref().unwrap_or_default();
        lead_to(&mut side, server.as_ref(), settings).await;
        match read(server.as_ref(), with_nameless, url, console).await {
            Ok(inventory) => {
                side.inventory = inventory;
                side.in_use = in_use(server.as_ref()).await;
            }
            Err(problem) => {
                side.inventory = Inventory::default().with_more_unseen();
                side.note = Some(provider.locate(not_read(&problem)));
            }
        }
    }
    (side, Some(connection))
}

fn not_read(problem: &Diagnostic) -> Diagnostic {
    let mut reason = problem.summary.clone();
    if !problem.detail.is_empty() {
        reason = format!("{reason}: {}", problem.detail);
    }
    Diagnostic::warning(Code::NotRead, "What is left on a server is not known").detail(format!(
        "No resource is on the server of this provider block, and it could not be read. {reason}"
    ))
    .hint("Take the block out if nothing of it is used any more.")
}

/// The way to a server that nothing but an open secret needs.
fn where_open(config: &Value, open: &[Open]) -> Option<Connection> {
    if open.is_empty() {
        return None;
    }
    let connection = connection::connect(config).ok()?;
    let Connection::Ready(_, settings) = &connection else {
        return None;
    };
    let url = settings.url.as_deref().unwrap_or_default();
    let place = Place::new(url, settings.organization.clone());
    open.iter()
        .any(|open| open.place.has_address_of(&place))
        .then_some(connection)
}

/// One provider, and what its server has.
async fn look(
    provider: String,
    connection: Option<&Connection>,
    console: &Console,
) -> Result<Side, Diagnostic> {
    let mut side = unused(provider);
    match connection {
        Some(Connection::Ready(server, settings)) => {
            let url = settings.url.as_deref();
            let url = url.unwrap_or("the server");
            side.inventory = read(server.as_ref(), with_nameless, url, console).await?;
            side.in_use = in_use(server.as_ref()).await;
            side.note = engine::probe(server.as_ref()).await;
            lead_to(&mut side, server.as_ref(), settings).await;
        }
        Some(Connection::NotKnown { api, unknown }) => {
            side.server = Server::NotKnown {
                api: *api,
                unknown: unknown.clone(),
            };
        }
        None => {}
    }
    Ok(side)
}

/// What all targets list, each at its position.
pub(crate) struct Overview {
    pub(crate) sides: Vec<Side>,
    /// What the configuration claims of that.
    pub(crate) claimed: Vec<Claimed>,
    pub(crate) twins: Twins,
}

impl Overview {
    pub(crate) async fn of(
        targets: &[Target],
        reach: Reach,
        console: &Console,
    ) -> Result<Self, Diagnostic> {
        let (mut sides, mut all) = (Vec::new(), Vec::new());
        for target in targets {
            let server = target.server.as_ref();
            let mut side = Side {
                server: Server::Known(server.capabilities()),
                url: target.url.clone(),
                organization: target.organization.clone(),
                inventory: read(server, reach, &target.url, console).await?,
                told_organization: told_organization(server).await,
                in_use: in_use(server).await,
                ..unused(target.provider.to_string())
            };
            let place = side.place();
            all.push(target.claim(&place, &mut side.inventory));
            sides.push(side);
        }
        Ok(Self {
            twins: Twins::among(&sides),
            sides,
            claimed: all,
        })
    }

    /// The secrets that earlier applies of the configuration left missing, also where none of the targets is.
    pub(crate) fn missing(&self, targets: &[Target]) -> Vec<Delivery> {
        let places: Vec<Place> = self.sides.iter().map(Side::place).collect();
        let open = targets.first().into_iter().flat_map(Target::open);
        let elsewhere = open
            .filter(|open| !places.contains(&open.place))
            .map(|open| Delivery {
                open: open.clone(),
                state: delivery::State::Elsewhere(open.place.apart_from(&places)),
            });
        let mut all: Vec<Delivery> = elsewhere.collect();
        // Several targets may be of one place.
        for delivery in self.claimed.iter().flat_map(|claimed| &claimed.missing) {
            if !all.contains(delivery) {
                all.push(delivery.clone());
            }
        }
        all
    }

    /// False for what another target of the same server has.
    pub(crate) fn is_here(&self, index: usize, object: &Found) -> bool {
        self.twins.is_holder(&self.sides, index, object)
    }

    /// What the object has to do with what any target of the same server signs in with.
    pub(crate) fn bond(&self, index: usize, state: &State) -> Option<Bond> {
        self.twins.bond(&self.sides, index, state)
    }

    /// True if that is known of each of them.
    pub(crate) fn say_who(&self, index: usize) -> bool {
        self.twins.say_who(&self.sides, index)
    }
}

/// Says which server it is.
async fn lead_to(side: &mut Side, server: &dyn TokenServer, settings: &Settings) {
    side.server = Server::Known(server.capabilities());
    side.url = settings.url.clone().unwrap_or_default();
    side.organization.clone_from(&settings.organization);
    side.told_organization = told_organization(server).await;
    side.credential.clone_from(&settings.token);
}

async fn told_organization(server: &dyn TokenServer) -> Option<String> {
    server.organization().await.map(str::to_owned)
}

fn unused(provider: String) -> Side {
    Side {
        provider,
        server: Server::Unused,
        url: String::new(),
        organization: None,
        told_organization: None,
        credential: None,
        inventory: Inventory::default(),
        in_use: None,
        note: None,
    }
}

/// Which of the server's objects we sign in with, as far as it says who we are. That it does not is no reason to stop: it is asked in order to
/// warn.
async fn in_use(server: &dyn TokenServer) -> Option<InUse> {
    let identity = engine::identity(server).await.ok()?;
    Some(InUse::from(&identity))
}

/// What is read of a server.
type Reach = fn(&dyn TokenServer) -> Filter;

/// All accounts and tokens of a server.
pub(crate) fn with_names(_: &dyn TokenServer) -> Filter {
    Filter::default()
}

/// Likewise, with the secrets that belong to accounts and have no names of their own: a configuration may speak of these as tokens.
pub(crate) fn with_nameless(server: &dyn TokenServer) -> Filter {
    // Where owners are kept, ours are among the others. Elsewhere the filter for what we manage leaves nothing out, and reaches further.
    if server.capabilities().keeps_owners {
        Filter::default()
    } else {
        Objects::<AccessToken>::ours(server)
    }
}

async fn read(
    server: &dyn TokenServer,
    reach: Reach,
    url: &str,
    console: &Console,
) -> Result<Inventory, Diagnostic> {
    let reading = format!("reading {url}");
    let filter = reach(server);
    let current = during(console, &reading, engine::read_all(server, &filter)).await?;
    let accounts = current.service_accounts.iter().map(found::<ServiceAccount>);
    let tokens = current.access_tokens.iter().map(found::<AccessToken>);
    if let Some(incomplete) = &current.incomplete {
        complaints::tell_one(incomplete, console);
    }
    if let Some(doubt) = server.clock().doubt {
        complaints::tell_one(&doubt.warning(), console);
    }
    let is_complete = current.incomplete.is_none();
    let inventory = Inventory::new(
        accounts.chain(tokens).collect(),
        server.capabilities().keeps_owners.then_some(MANAGED_BY),
        current.read_at,
    )
    .on(server.capabilities());
    Ok(if is_complete {
        inventory
    } else {
        inventory.with_more_unseen()
    })
}

fn found<O: Object>(record: &O::Record) -> Found {
    Found {
        kind: O::KIND,
        state: O::observe(record),
        managed_by: record.managed_by().map(str::to_owned),
        created_at: record.created_at(),
        last_used_at: record.last_used_at(),
        trace: engine::trace::<O>(record),
        claimed_by: record.claimed_by().map(str::to_owned),
    }
}
