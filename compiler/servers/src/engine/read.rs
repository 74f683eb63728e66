//! What exists: one object for a state, or everything.

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::{Capabilities, RotationCapability, UpdateCapability};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, State};
use lanyard_compiler::plan::{self, rotation};

use super::evidence::{Evidence, was_read};
use super::naming::{about, id_of, name_or_id};
use super::pages::Pages;
use super::same_object::{ended_with_its_account, has_another_address};
use super::whereabouts::{self, Whereabouts, revoked};
use crate::error::{ErrorKind, ServerError};
use crate::object::{Object, Unreadable};
use crate::record::{Filter, Record};
use crate::shown::Shown;
use crate::token_server::TokenServer;

/// The object of a stored state as it is now; `None` if the server says for certain that it does not exist. Whatever else goes
/// wrong (no connection, no permission, too many requests) is an error: the state stays as it is.
pub async fn read(
    server: &dyn TokenServer,
    prior: &State,
    evidence: Option<&Evidence>,
) -> Result<Option<Found>, Vec<Diagnostic>> {
    match prior.kind() {
        Kind::ServiceAccount => read_object::<ServiceAccount>(server, prior, evidence).await,
        Kind::AccessToken => read_object::<AccessToken>(server, prior, evidence).await,
    }
}

/// What has the id of a stored state.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub state: State,
    /// What is kept beside it from now on; `None` if that is what it was.
    pub evidence: Option<Evidence>,
    /// What nobody could find out.
    pub warning: Option<Diagnostic>,
}

async fn read_object<O: Object>(
    server: &dyn TokenServer,
    prior: &State,
    evidence: Option<&Evidence>,
) -> Result<Option<Found>, Vec<Diagnostic>> {
    let shown = evidence.and_then(Evidence::shown);
    let id = id_of(prior).map_err(|error| vec![error])?;
    server.session().hold(O::KIND, id);
    let reads = server.session().reads::<O>();
    whereabouts::locate(server).await;
    let whereabouts = Whereabouts::of(server, evidence);
    let unjudged = whereabouts.unjudged(prior);
    let prior = unjudged.as_ref().unwrap_or(prior);
    let record = reads
        .read(O::of(server), id, |record| {
            let now = state_beside::<O>(
                server.capabilities(),
                Some(prior),
                shown,
                record,
                server.now(),
            );
            is_unchanged(prior, &now)
        })
        .await
        .and_then(|record| asked_for::<O>(server, id, record))
        .map_err(|error| vec![about(&error, O::KIND, name_or_id(prior, id), "Reading")])?;
    let record = record.filter(|record| !whereabouts.is_of_another(prior, evidence, record));
    let found = record.and_then(|record| Some((held::<O>(server, prior, shown, &record)?, record)));
    let Some((mut state, record)) = found else {
        let gone = whereabouts.gone(prior);
        return gone.map(|()| None).map_err(|error| vec![error]);
    };
    let judged = whereabouts.judge(evidence, prior, &mut state, &record);
    let (site, warning) = judged.await.map_err(|error| vec![error])?;
    let made = &server.session().made;
    made.went_on(server.capabilities(), prior, &state);
    Ok(Some(Found {
        evidence: was_read(server, evidence, prior, &state, &record, Some(site)).await,
        state,
        warning,
    }))
}

/// The state as a record says that it is now; `None` if that is of another object than the one of the state.
pub(super) fn held<O: Object>(
    server: &dyn TokenServer,
    prior: &State,
    shown: Option<&Shown>,
    record: &O::Record,
) -> Option<State> {
    if is_another::<O>(server, prior, record) {
        return None;
    }
    let (capabilities, now) = (server.capabilities(), server.now());
    let mut state = state_beside::<O>(capabilities, Some(prior), shown, record, now);
    if was_made_anew(capabilities, prior, &state) {
        revoked(&mut state);
    }
    Some(state)
}

/// The object with this id, asked for alone.
pub(super) async fn one<O: Object>(
    server: &dyn TokenServer,
    id: &str,
) -> Result<Option<O::Record>, ServerError> {
    let record = O::of(server).read(id).await?;
    asked_for::<O>(server, id, record)
}

/// The answer, if it is about what was asked for: what it says of another object is nothing to act on.
fn asked_for<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    record: Option<O::Record>,
) -> Result<Option<O::Record>, ServerError> {
    match record {
        Some(record) if record.id() != id => Err(another_one::<O>(server, id, record.id())),
        other => Ok(other),
    }
}

/// Asked for one object, the server answered about another, or did not say about which.
pub(super) fn another_one<O: Object>(
    server: &dyn TokenServer,
    id: &str,
    told: &str,
) -> ServerError {
    let answer = if told.is_empty() {
        "about one without an id".to_owned()
    } else {
        format!("about {told:?}")
    };
    ServerError::new(
        ErrorKind::Bug,
        server.capabilities().title,
        format!(
            "asked for the {} {id:?}, it answered {answer}; nothing was changed",
            O::KIND.title()
        ),
    )
}

/// True if the object of the state is gone and another one has its id, where the id is a name that can be given again and only a new
/// object brings a new secret: the one in the state died with its object, and nothing else would tell.
fn is_another<O: Object>(server: &dyn TokenServer, prior: &State, record: &O::Record) -> bool {
    if ended_with_its_account(prior, record) {
        return true;
    }
    let capabilities = prior.capabilities(server.capabilities());
    let lasts_for_life = capabilities.issues_secret
        && matches!(capabilities.rotation, RotationCapability::Impossible { .. });
    if !lasts_for_life {
        return false;
    }
    let made_before = prior.created_at.as_ref().map(|time| time.value());
    let times = made_before.zip(record.created_at());
    // The answers to a creation and to a read may be rounded differently.
    times.is_some_and(|(before, now)| {
        now.duration_since(before).abs() > SignedDuration::from_secs(1)
    }) || has_another_address(prior, record)
}

/// True if a token that the server changes nothing of has another end, or a role more, under the same count of secrets: somebody
/// deleted it and made one under its name, and the secret in the state died.
fn was_made_anew(server: &Capabilities, prior: &State, now: &State) -> bool {
    let capabilities = prior.capabilities(server);
    let is_fixed = |name: &str| {
        capabilities
            .attribute(name)
            .is_some_and(|attribute| attribute.change == UpdateCapability::Rotate)
    };
    if !prior.holds_secret() || prior.generation.is_none() || prior.generation != now.generation {
        return false;
    }
    let ends = prior.expires_at.as_ref().zip(now.expires_at.as_ref());
    let another_end = ends.is_some_and(|(before, now)| before.value() != now.value());
    // It loses those that its account loses; and of one that could not be read after its creation none are known yet.
    let had = prior.roles.as_ref().filter(|had| !had.is_empty());
    let mut has = now.roles.iter().flatten();
    let gained = had.is_some_and(|had| has.any(|role| !had.contains(role)));
    is_fixed("expires_at") && another_end || is_fixed("roles") && gained
}

/// The state that a record makes over a prior one (`None` for an object that is new to us), as of `now`.
pub fn state_of<O: Object>(
    server: &Capabilities,
    prior: Option<&State>,
    record: &O::Record,
    now: Timestamp,
) -> State {
    state_beside::<O>(server, prior, None, record, now)
}

/// Likewise, with what is known of a secret that the prior state holds sealed.
fn state_beside<O: Object>(
    server: &Capabilities,
    prior: Option<&State>,
    shown: Option<&Shown>,
    record: &O::Record,
    now: Timestamp,
) -> State {
    let observed = plan::called_as_before(server, prior, O::observe(record));
    let mut state = plan::reconcile(Some(server), prior, observed);
    witness::<O>(prior, shown, record, &mut state);
    rotation::settle(Some(server), state, now)
}

/// Where the server shows how the current secret begins: a secret of ours that begins otherwise was replaced elsewhere. Of one that is
/// sealed, what the server showed before tells the same.
fn witness<O: Object>(
    prior: Option<&State>,
    shown: Option<&Shown>,
    record: &O::Record,
    state: &mut State,
) {
    let Some(prior) = prior else {
        return;
    };
    let replaced = match (&prior.token, record.secret_prefix(), shown) {
        (Some(secret), Some(prefix), _) => !secret.expose().starts_with(prefix),
        (None, _, Some(shown)) if prior.encrypted_token.is_some() => shown.is_gone_from(record),
        _ => return,
    };
    match O::KIND {
        Kind::AccessToken if replaced => state.status = Some(Status::Revoked),
        Kind::AccessToken => {}
        Kind::ServiceAccount => state.rotation_due = Some(replaced),
    }
}

/// True if nothing but the passing of time tells the two states apart.
fn is_unchanged(prior: &State, state: &State) -> bool {
    let dead = |state: &State| matches!(state.status, Some(Status::Revoked | Status::Disabled));
    let mut now = state.clone();
    now.rotate_at.clone_from(&prior.rotate_at);
    now.rotation_due = prior.rotation_due;
    now.retired.clone_from(&prior.retired);
    now.previous_token.clone_from(&prior.previous_token);
    if !dead(prior) && !dead(state) {
        now.status = prior.status;
    }
    now == *prior
}

/// What tells the secret of an object from another one in its place, where the server shows something of it; nothing in a state that
/// holds no secret does.
pub fn trace<O: Object>(record: &O::Record) -> Option<String> {
    Some(Shown::now(record)?.trace(record.id()))
}

/// Everything on a server that the credential may see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Current {
    pub service_accounts: Vec<ServiceAccountRecord>,
    pub access_tokens: Vec<AccessTokenRecord>,
    /// When it was read, by the server's clock.
    pub read_at: Timestamp,
    /// What says that the server may have more than it lists.
    pub incomplete: Option<Diagnostic>,
}

/// Reads everything that passes the filter, page by page; kinds that the server does not have are empty.
pub async fn read_all(server: &dyn TokenServer, filter: &Filter) -> Result<Current, Diagnostic> {
    let capabilities = server.capabilities();
    let mut current = Current::default();
    let mut unreadable = Vec::new();
    if capabilities.service_account.absent.is_none() {
        (current.service_accounts, unreadable) = walk::<ServiceAccount>(server, filter)
            .await
            .map_err(|error| error.diagnostic())?;
    }
    if capabilities.access_token.absent.is_none() {
        // Nobody understands those accounts, and their tokens are there all the same.
        let others = unreadable.iter().filter_map(|one| one.id.clone());
        let accounts = current.service_accounts.iter();
        let accounts = accounts.map(|account| account.id.clone()).chain(others);
        let beside = tokens_beside(server, filter, accounts.collect());
        let (tokens, more) = beside.await.map_err(|error| error.diagnostic())?;
        current.access_tokens = tokens;
        unreadable.extend(more);
    }
    let session = server.session();
    session.list(Kind::ServiceAccount, &current.service_accounts);
    session.list(Kind::AccessToken, &current.access_tokens);
    current.read_at = server.now();
    current.incomplete = ends_early::<ServiceAccount>(server, current.service_accounts.len())
        .or_else(|| ends_early::<AccessToken>(server, current.access_tokens.len()))
        .or_else(|| not_understood(capabilities.title, &unreadable));
    Ok(current)
}

/// All tokens, on a server that has these accounts.
async fn tokens_beside(
    server: &dyn TokenServer,
    filter: &Filter,
    accounts: Vec<String>,
) -> Result<(Vec<AccessTokenRecord>, Vec<Unreadable>), ServerError> {
    if filter.name.is_none() && filter.service_account.is_none() {
        let tokens = AccessToken::of(server)
            .of_accounts(accounts, filter)
            .await?;
        if let Some(tokens) = tokens {
            return Ok((tokens.records, tokens.unreadable));
        }
    }
    walk::<AccessToken>(server, filter).await
}

/// All pages of a list; an object that shifted between two pages comes once.
pub async fn list_all<O: Object>(
    server: &dyn TokenServer,
    filter: &Filter,
) -> Result<Vec<O::Record>, ServerError> {
    walk::<O>(server, filter).await.map(|(records, _)| records)
}

/// Likewise, with what nobody understands of it.
async fn walk<O: Object>(
    server: &dyn TokenServer,
    filter: &Filter,
) -> Result<(Vec<O::Record>, Vec<Unreadable>), ServerError> {
    let mut records: Vec<O::Record> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut pages = Pages::<O>::new(server, filter);
    while let Some(page) = pages.next().await? {
        for record in page {
            if seen.insert(record.id().to_owned()) {
                records.push(record);
            }
        }
    }
    Ok((records, pages.into_unreadable()))
}

/// The warning that lists have what nobody understands here.
fn not_understood(server: &'static str, unreadable: &[Unreadable]) -> Option<Diagnostic> {
    const NAMED: usize = 5;
    if unreadable.is_empty() {
        return None;
    }
    let names: Vec<String> = (unreadable.iter())
        .take(NAMED)
        .map(|one| one.name.as_ref().or(one.id.as_ref()))
        .map(|name| name.map_or("one without a name".to_owned(), |name| format!("{name:?}")))
        .collect();
    let more = match unreadable.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let code = Code::UnreadableObject;
    Some(
        Diagnostic::warning(code, "The server lists what this version does not understand")
            .detail(format!(
                "{server} describes these in other words than its documentation knows: {}{more}. They are left out here; what is configured under such a name is planned as new, and creating it fails.",
                names.join(", ")
            ))
            .hint("Update Lanyard, or remove what the server's newer version brought from these objects."),
    )
}

/// The warning that a list of so many objects may not be all of them.
pub fn ends_early<O: Object>(server: &dyn TokenServer, objects: usize) -> Option<Diagnostic> {
    let most = O::of(server).lists_at_most()?;
    (objects >= most).then(|| {
        Diagnostic::warning(Code::ListEndsEarly, "There may be more than the server lists")
            .detail(format!(
                "{} lists no more than {most} objects of a kind, and listed {objects}. What else there is cannot be seen here; what is configured and not among them is planned as new, and creating it fails if it exists.",
                server.capabilities().title
            ))
            .hint("Delete what nobody needs any more, or manage part of it through another organization.")
    })
}
