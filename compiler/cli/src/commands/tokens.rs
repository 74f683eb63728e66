//! `lanyard tokens`: every access token that a server has, and every secret that comes with an account; how old it is, when it ends,
//! whose it is, and whether the configuration knows it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::answers::{TokenList, print};
use lanyard_compiler::delivery;
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::plan::token_list::{Beside, LastUse, ListedToken, list};

use crate::age;
use crate::args::{Filters, Format, Tokens};
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::survey::{Overview, with_nameless};
use crate::table::of_servers;
use crate::target::{self, Leniency, Target, need_configuration};

pub(crate) async fn run(arguments: &Tokens, console: &Console) -> Result<Outcome, Failure> {
    target::refuse_names(&arguments.target.source, "tokens")?;
    let targets = target::find(&arguments.target, Leniency::None, console)?;
    need_configuration(&targets, arguments.filters.unconfigured)?;
    let silent = targets
        .iter()
        .find(|target| !target.server.capabilities().tells_last_use);
    if let (Some(target), Some(_)) = (silent, arguments.filters.unused_for) {
        return Err(tells_no_use(target).into());
    }
    let ownerless = targets.iter().find_map(Target::keeps_no_owner);
    if let (Some(why), Some(_)) = (ownerless, &arguments.filters.owner) {
        return Err(tells_no_owner(&why).into());
    }
    let (mut tokens, mut rows, mut servers) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut total = 0;
    let overview = Overview::of(&targets, with_nameless, console).await?;
    for (index, target) in targets.iter().enumerate() {
        let server = target.server.as_ref();
        let inventory = &overview.sides[index].inventory;
        let claimed = &overview.claimed[index];
        let accounts = inventory
            .found()
            .iter()
            .filter(|found| found.kind == Kind::ServiceAccount);
        let accounts = accounts
            .filter_map(|found| found.state.id.clone())
            .collect();
        let fixed = server.beyond_reach(accounts).await;
        let mut fixed = fixed.map_err(|error| error.diagnostic())?;
        // Two providers of one server see the same.
        fixed.retain(|token| {
            let is_same = (token.service_account.clone(), token.name.clone());
            seen.insert((overview.twins.of(index)[0], is_same))
        });
        let beside = Beside {
            url: &target.url,
            capabilities: server.capabilities(),
            has_configuration: target.has_configuration(),
            statuses: &claimed.statuses,
            undelivered: &claimed.undelivered,
            here: &|object| overview.is_here(index, object),
            bond: &|state| overview.bond(index, state),
            say_who: overview.say_who(index),
        };
        let all = list(inventory, fixed, beside);
        let now = inventory.now();
        total += all.len();
        let fitting = all
            .into_iter()
            .filter(|token| passes(token, &arguments.filters, now));
        for token in fitting {
            rows.push(cells(&token, now));
            servers.push(target.title());
            tokens.push(token);
        }
    }
    match arguments.format {
        Format::Text if rows.is_empty() => console.say("No access token fits."),
        Format::Text => {
            let shown = rows.len();
            let servers = target::are_several(&targets).then_some(servers.as_slice());
            console.result(&of_servers(&HEADINGS, rows, servers, console.width));
            console.say(&format!("\n{shown} of {total} access tokens"));
        }
        Format::Json => console.result(&print(&TokenList::of(&tokens))),
    }
    let missing = overview.missing(&targets);
    for delivery in &missing {
        if let Some(warning) = delivery.complaint() {
            complaints::tell_one(&warning, console);
        }
    }
    let open = missing.iter().map(|delivery| &delivery.open);
    match delivery::still_open(open, &missing) {
        Some(problem) => Err(problem.into()),
        None => Ok(Outcome::Done),
    }
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

/// Nor must what no server keeps pass for "nobody's".
fn tells_no_owner(why: &str) -> Diagnostic {
    Diagnostic::error(Code::OwnersNotKnown, "Whose a token is is not known")
        .detail(format!("{why}, so `--owner` has nothing to go by."))
        .hint("Use `--unconfigured` for what the configuration does not know.")
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

fn passes(token: &ListedToken, filters: &Filters, now: Timestamp) -> bool {
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
    (status.is_empty() || status.iter().any(|asked| asked.name() == token.status))
        && account
            .as_ref()
            .is_none_or(|account| token.account.as_ref() == Some(account))
        && owner.as_ref().is_none_or(|owner| match owner.as_str() {
            "none" => token.owner.is_none(),
            owner => token.owner.as_deref() == Some(owner),
        })
        && name
            .as_ref()
            .is_none_or(|part| token.name.contains(part.as_str()))
        && expires_within.is_none_or(|span| {
            // What the server calls expired is, whatever time this machine takes it to be.
            let within = |end: Timestamp| end.duration_since(now) <= span;
            token.status == Status::Expired.name() || token.expires_at.is_some_and(within)
        })
        && older_than.is_none_or(|span| longer(token.issued_at.or(token.created_at), span))
        && unused_for.is_none_or(|span| {
            // What was never used has been idle since it was made, and not for ever.
            let used = token.last_use.and_then(LastUse::at);
            longer(used.or(token.created_at).or(token.issued_at), span)
        })
        && (!unconfigured || token.configured == Some(false))
}

fn cells(token: &ListedToken, now: Timestamp) -> Vec<String> {
    let dash = || "-".to_owned();
    let ago = |time: Option<Timestamp>| time.map(|time| age::span(now.duration_since(time)));
    vec![
        token.name.clone(),
        token.account.clone().unwrap_or_else(dash),
        if token.undelivered {
            "undelivered".to_owned()
        } else {
            let retired = token.retired.iter().filter_map(|id| id.rsplit_once('@'));
            let too: String = retired
                .map(|(_, slot)| format!(", @{slot} retired"))
                .collect();
            let in_use = if token.in_use == Some(true) {
                ", in use"
            } else {
                ""
            };
            format!("{}{in_use}{too}", token.status)
        },
        ago(token.issued_at.or(token.created_at)).unwrap_or_else(dash),
        token
            .expires_at
            .map_or_else(|| "never".to_owned(), |end| age::relative(end, now)),
        match token.last_use {
            Some(LastUse::At(used)) => age::relative(used, now),
            Some(LastUse::Never) => "never".to_owned(),
            None => "not known".to_owned(),
        },
        token.owner.clone().unwrap_or_else(dash),
        match token.configured {
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
            None => dash(),
        },
    ]
}
