//! `lanyard tokens`: every access token that a server has, and every secret that comes with an account; how old it is, when it ends,
//! whose it is, and whether the configuration knows it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::state::Written;
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::in_use::{Bond, InUse};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::plan::rotation;
use lanyard_servers::BeyondReach;
use serde_json::{Value as Json, json};

use crate::age;
use crate::args::{Filters, Format, Tokens};
use crate::complaints::Failure;
use crate::console::{Console, Outcome};
use crate::survey::{former_secrets, in_use, survey_with_nameless};
use crate::table::table;
use crate::target::{self, Target};

pub(crate) async fn run(arguments: &Tokens, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, console)?;
    let silent = targets
        .iter()
        .find(|target| !target.server.capabilities().tells_last_use);
    if let (Some(target), Some(_)) = (silent, arguments.filters.unused_for) {
        return Err(tells_no_use(target).into());
    }
    let mut rows = Vec::new();
    let mut total = 0;
    let mut missing = Vec::new();
    for target in &targets {
        let server = target.server.as_ref();
        let mut inventory = survey_with_nameless(server, &target.url, console).await?;
        let undelivered = target.claim(&mut inventory).undelivered;
        let in_use = in_use(target.server.as_ref()).await;
        let accounts = inventory
            .found()
            .iter()
            .filter(|found| found.kind == Kind::ServiceAccount);
        let accounts = accounts
            .filter_map(|found| found.state.id.clone())
            .collect();
        let fixed = server.beyond_reach(accounts).await;
        let fixed = fixed.map_err(|error| error.diagnostic())?;
        let all = list(&inventory, fixed, target, &undelivered, in_use.as_ref());
        total += all.len();
        missing.extend(
            all.iter()
                .filter(|row| row.undelivered)
                .map(|row| row.name.clone()),
        );
        rows.extend(
            all.into_iter()
                .filter(|row| row.passes(&arguments.filters, inventory.now())),
        );
    }
    match arguments.format {
        Format::Text if rows.is_empty() => console.say("No access token fits."),
        Format::Text => {
            let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
            console.result(&table(&HEADINGS, &cells, console.width));
            console.say(&format!("\n{} of {total} access tokens", rows.len()));
        }
        Format::Json => {
            let tokens: Vec<Json> = rows.iter().map(Row::to_json).collect();
            console.result(&format!(
                "{:#}",
                json!({"format_version": "1.0", "access_tokens": tokens})
            ));
        }
    }
    if missing.is_empty() {
        return Ok(Outcome::Done);
    }
    Err(nobody_has(&missing).into())
}

/// Such a token works for nobody until its secret is issued again.
fn nobody_has(names: &[String]) -> Diagnostic {
    Diagnostic::error(
        Code::UndeliveredSecret,
        "Secrets are issued and not delivered",
    )
    .detail(format!("{}.", names.join(", ")))
    .hint("`lanyard apply` issues them again and hands them over.")
}

/// What a server does not say must not pass for "never used": somebody would revoke it.
fn tells_no_use(target: &Target) -> Diagnostic {
    let title = target.server.capabilities().title;
    Diagnostic::error(Code::LastUseNotKnown, "The last use is not known")
        .detail(format!(
            "{title} ({}) does not say when a token was last used, so `--unused-for` has nothing to go by.",
            target.url
        ))
        .hint("Use `--older-than` for tokens whose secret is old.")
}

const HEADINGS: [&str; 8] = [
    "NAME",
    "ACCOUNT",
    "STATUS",
    "AGE",
    "EXPIRES",
    "LAST USED",
    "OWNER",
    "CONFIGURED",
];

#[derive(Clone, Copy)]
enum LastUse {
    Never,
    At(Timestamp),
}

/// One token, or the secret that an account has of its own.
struct Row {
    server: String,
    /// What the id is of.
    kind: Kind,
    /// `None` for what the API cannot address.
    id: Option<String>,
    name: String,
    account: Option<String>,
    status: String,
    /// Ids of secrets before the current one that are tokens of their own and still accepted.
    retired: Vec<String>,
    now: Timestamp,
    created_at: Option<Timestamp>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    /// `None` where the server does not say.
    last_use: Option<LastUse>,
    owner: Option<String>,
    /// Whether the configuration speaks of it; `None` without a configuration.
    configured: Option<bool>,
    /// Nobody got its secret.
    undelivered: bool,
    /// Whether Lanyard signs in with it; `None` where that cannot be told.
    in_use: Option<bool>,
}

fn list(
    inventory: &Inventory,
    fixed: Vec<BeyondReach>,
    target: &Target,
    undelivered: &BTreeSet<usize>,
    in_use: Option<&InUse>,
) -> Vec<Row> {
    let capabilities = target.server.capabilities();
    let tells_last_use = capabilities.tells_last_use;
    let accounts_have_secrets = capabilities.service_account.issues_secret;
    let found = || inventory.found().iter().enumerate();
    let accounts: BTreeMap<&str, &str> = found()
        .filter(|(_, object)| object.kind == Kind::ServiceAccount)
        .filter_map(|(_, object)| {
            Some((object.state.id.as_deref()?, object.state.name.as_deref()?))
        })
        .collect();
    // Tokens without names are the secrets of their accounts, which the accounts stand for.
    let configured_as_tokens: BTreeSet<&str> = found()
        .filter(|(index, object)| is_nameless(object) && inventory.is_claimed(*index))
        .filter_map(|(_, object)| object.state.service_account.as_deref())
        .collect();
    let mut rows: Vec<Row> = found()
        .filter(|(_, object)| match object.kind {
            Kind::AccessToken => !is_nameless(object),
            Kind::ServiceAccount => accounts_have_secrets,
        })
        .map(|(index, object)| {
            let Found {
                kind,
                state,
                managed_by,
                created_at,
                last_used_at,
            } = object;
            let state = rotation::settle(state.clone(), inventory.now());
            let id = state.id.clone().unwrap_or_default();
            let account = match kind {
                Kind::ServiceAccount => Some(id.clone()),
                Kind::AccessToken => state.service_account.clone(),
            };
            let account = account.map(|id| {
                accounts
                    .get(id.as_str())
                    .map_or(id.clone(), |name| (*name).to_owned())
            });
            Row {
                server: target.url.clone(),
                kind: *kind,
                name: state
                    .name
                    .clone()
                    .or_else(|| account.clone())
                    .unwrap_or_default(),
                account,
                status: status(&state),
                retired: former_secrets(&state),
                now: inventory.now(),
                created_at: *created_at,
                issued_at: state.issued_at.as_ref().map(Written::value),
                expires_at: state.expires_at.as_ref().map(Written::value),
                last_use: match last_used_at {
                    Some(at) => Some(LastUse::At(*at)),
                    None => tells_last_use.then_some(LastUse::Never),
                },
                owner: managed_by.clone(),
                configured: target.has_configuration().then(|| {
                    inventory.is_claimed(index) || configured_as_tokens.contains(id.as_str())
                }),
                id: Some(id),
                undelivered: undelivered.contains(&index),
                in_use: in_use.map(|in_use| in_use.bond(&object.state) == Some(Bond::Itself)),
            }
        })
        .collect();
    rows.extend(fixed.into_iter().map(|token| Row {
        server: target.url.clone(),
        kind: Kind::AccessToken,
        id: None,
        name: token.name,
        account: Some(token.service_account),
        status: "active".to_owned(),
        retired: Vec::new(),
        now: inventory.now(),
        created_at: None,
        issued_at: None,
        expires_at: None,
        last_use: None,
        owner: Some(token.place),
        configured: target.has_configuration().then_some(false),
        undelivered: false,
        in_use: None,
    }));
    rows.sort_by(|left, right| (&left.account, &left.name).cmp(&(&right.account, &right.name)));
    rows
}

fn status(state: &State) -> String {
    let status = match state.kind() {
        Kind::AccessToken => state.status,
        Kind::ServiceAccount if state.disabled == Some(true) => Some(Status::Disabled),
        Kind::ServiceAccount => Some(Status::Active),
    };
    status.map_or("", Status::name).to_owned()
}

/// True for the one secret of an account, which has no name of its own on the server.
fn is_nameless(object: &Found) -> bool {
    object.kind == Kind::AccessToken && object.state.name.is_none()
}

impl Row {
    fn passes(&self, filters: &Filters, now: Timestamp) -> bool {
        let Filters {
            status,
            account,
            owner,
            name,
            expires_within,
            older_than,
            unused_for,
            unconfigured,
        } = filters;
        let longer = |since: Option<Timestamp>, than: SignedDuration| {
            since.is_none_or(|since| now.duration_since(since) > than)
        };
        (status.is_empty() || status.contains(&self.status))
            && account
                .as_ref()
                .is_none_or(|account| self.account.as_ref() == Some(account))
            && owner.as_ref().is_none_or(|owner| match owner.as_str() {
                "none" => self.owner.is_none(),
                owner => self.owner.as_deref() == Some(owner),
            })
            && name
                .as_ref()
                .is_none_or(|part| self.name.contains(part.as_str()))
            && expires_within.is_none_or(|span| {
                self.expires_at
                    .is_some_and(|end| end.duration_since(now) <= span)
            })
            && older_than.is_none_or(|span| longer(self.issued_at.or(self.created_at), span))
            && unused_for.is_none_or(|span| longer(self.last_used_at(), span))
            && (!unconfigured || self.configured == Some(false))
    }

    fn cells(&self) -> Vec<String> {
        let dash = || "-".to_owned();
        let ago =
            |time: Option<Timestamp>| time.map(|time| age::span(self.now.duration_since(time)));
        vec![
            self.name.clone(),
            self.account.clone().unwrap_or_else(dash),
            if self.undelivered {
                "undelivered".to_owned()
            } else {
                let retired = self.retired.iter().filter_map(|id| id.rsplit_once('@'));
                let too: String = retired
                    .map(|(_, slot)| format!(", @{slot} retired"))
                    .collect();
                let in_use = if self.in_use == Some(true) {
                    ", in use"
                } else {
                    ""
                };
                format!("{}{in_use}{too}", self.status)
            },
            ago(self.issued_at.or(self.created_at)).unwrap_or_else(dash),
            self.expires_at
                .map_or_else(|| "never".to_owned(), |end| age::relative(end, self.now)),
            match self.last_use {
                Some(LastUse::At(used)) => age::relative(used, self.now),
                Some(LastUse::Never) => "never".to_owned(),
                None => "not known".to_owned(),
            },
            self.owner.clone().unwrap_or_else(dash),
            match self.configured {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => dash(),
            },
        ]
    }

    fn last_used_at(&self) -> Option<Timestamp> {
        match self.last_use {
            Some(LastUse::At(used)) => Some(used),
            Some(LastUse::Never) | None => None,
        }
    }

    fn to_json(&self) -> Json {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
        json!({
            "server": self.server,
            "kind": self.kind.name(),
            "id": self.id,
            "name": self.name,
            "service_account": self.account,
            "status": self.status,
            "retired": self.retired,
            "created_at": time(self.created_at),
            "issued_at": time(self.issued_at),
            "expires_at": time(self.expires_at),
            "last_used_at": time(self.last_used_at()),
            "managed_by": self.owner,
            "configured": self.configured,
            "undelivered": self.undelivered,
            "in_use": self.in_use,
        })
    }
}
