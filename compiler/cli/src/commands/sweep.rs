//! `lanyard sweep`: finds access tokens that nobody needs any more, and revokes them if asked. Touches only what Lanyard manages.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::WhyUnread;
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::{Kind, State};
use lanyard_compiler::plan::in_use::{InUse, not_known};
use lanyard_compiler::plan::inventory::Inventory;
use lanyard_compiler::plan::rotation;
use lanyard_compiler::policy::Policy;
use lanyard_servers::engine;
use serde_json::{Value as Json, json};

use crate::args::{Format, Sweep};
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::policy;
use crate::survey::{former_secrets, in_use, survey};
use crate::table::table;
use crate::target::{self, Target};

pub(crate) async fn run(arguments: &Sweep, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, console)?;
    let policy = match &arguments.target {
        target if target.no_configuration => Policy::default(),
        target => policy::read(&target.source)?,
    };
    let limits = policy.limits(arguments.allow_deletions)?;
    let mut swept = Vec::new();
    for target in &targets {
        let mut inventory = survey(target.server.as_ref(), &target.url, console).await?;
        let undecided = target.claim(&mut inventory).undecided;
        let unconfigured = arguments.unconfigured && undecided.is_empty();
        if let (true, Some(why)) = (arguments.unconfigured, undecided.first()) {
            complaints::tell_one(&not_told(why), console);
        }
        let in_use = in_use(target.server.as_ref()).await;
        let is_unknown = in_use.is_none();
        let mut leftovers = leftovers(
            &inventory,
            target,
            unconfigured,
            &in_use.unwrap_or_default(),
        );
        if is_unknown && arguments.revoke && !leftovers.is_empty() {
            complaints::tell_one(&not_known(&target.url), console);
        }
        // Two providers of one server see the same tokens.
        leftovers.retain(|leftover| {
            let mut before = swept.iter();
            !before.any(|(other, found): &(&Target, Vec<Leftover>)| {
                other.place() == target.place() && found.iter().any(|each| each.id == leftover.id)
            })
        });
        swept.push((target, leftovers));
    }
    // The limit is one of the run: ten servers with nine each are ninety.
    let count = swept
        .iter()
        .flat_map(|(_, leftovers)| leftovers)
        .filter(|leftover| leftover.fate.may_end())
        .count();
    let agreed = arguments
        .allow_deletions
        .is_some_and(|allowed| count <= allowed);
    if arguments.revoke && !agreed && count >= limits.count {
        return Err(policy.remedy(too_many(count, swept.len())).into());
    }
    let mut outcome = Outcome::Done;
    if arguments.revoke {
        for (target, leftovers) in &mut swept {
            for leftover in leftovers.iter_mut().filter(|each| each.fate.may_end()) {
                match engine::revoke(target.server.as_ref(), Kind::AccessToken, &leftover.id).await
                {
                    Ok(()) => leftover.fate = Fate::Revoked,
                    Err(error) => {
                        complaints::tell_one(&error, console);
                        outcome = Outcome::Failed;
                    }
                }
            }
        }
    }
    let leftovers: Vec<Leftover> = swept
        .into_iter()
        .flat_map(|(_, leftovers)| leftovers)
        .collect();
    show(&leftovers, arguments, console);
    let is_told = outcome == Outcome::Done
        && arguments.detailed_exitcode
        && leftovers.iter().any(|each| each.fate.may_end());
    Ok(if is_told { Outcome::Changes } else { outcome })
}

fn not_told(why: &WhyUnread) -> Diagnostic {
    Diagnostic::warning(
        Code::NotSwept,
        "It cannot be told which access tokens are not in the configuration",
    )
    .detail(format!(
        "What is not known is not absent: {why}. Only tokens that have ended are listed."
    ))
    .hint(why.remedy())
}

fn too_many(count: usize, servers: usize) -> Diagnostic {
    Diagnostic::error(
        Code::MassDeletion,
        "This would revoke many access tokens at once",
    )
    .detail(match servers {
        0 | 1 => format!("{count} would be revoked."),
        _ => format!("{count} would be revoked, on {servers} servers."),
    })
    .hint("Look at the report without `--revoke`.")
}

/// A token that nobody needs.
struct Leftover {
    id: String,
    name: String,
    account: Option<String>,
    why: &'static str,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing is done yet.
    Left,
    Revoked,
    /// Lanyard signs in with it: it is never revoked.
    InUse,
    /// A former secret of a token that is configured: the apply that knows its grace period ends it.
    Retired,
}

impl Fate {
    /// True for what `--revoke` revokes.
    fn may_end(self) -> bool {
        self == Self::Left
    }

    fn words(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Revoked => "revoked",
            Self::InUse => "left: Lanyard signs in with it",
            Self::Retired => "left: `lanyard plan` says what ends it",
        }
    }
}

fn leftovers(
    inventory: &Inventory,
    target: &Target,
    unconfigured: bool,
    in_use: &InUse,
) -> Vec<Leftover> {
    inventory
        .found()
        .iter()
        .enumerate()
        .filter(|(_, object)| object.kind == Kind::AccessToken)
        .flat_map(|(index, object)| {
            let state = rotation::settle(object.state.clone(), inventory.now());
            let claimed = inventory.is_claimed(index);
            let manages = object.managed_by.is_some() && inventory.is_ours(object);
            if !claimed && !manages {
                return Vec::new();
            }
            let why = match state.status {
                // What is configured will be rotated by an apply, not swept.
                Some(Status::Expired) if !claimed => "expired",
                Some(Status::Revoked) if !claimed => "revoked",
                _ if unconfigured && target.has_configuration() && !claimed => {
                    "not in the configuration"
                }
                _ if claimed => return retired(&state),
                _ => return Vec::new(),
            };
            let fate = match in_use.bond(&object.state) {
                Some(_) => Fate::InUse,
                None => Fate::Left,
            };
            let leftover = || {
                Some(Leftover {
                    id: state.id.clone()?,
                    name: state.name.clone()?,
                    account: state.service_account.clone(),
                    why,
                    fate,
                })
            };
            leftover().into_iter().collect()
        })
        .collect()
}

/// Former secrets of a token that the server still accepts under ids of their own.
fn retired(state: &State) -> Vec<Leftover> {
    former_secrets(state)
        .into_iter()
        .map(|id| Leftover {
            id,
            name: state.name.clone().unwrap_or_default(),
            account: state.service_account.clone(),
            why: "a newer secret took its place",
            fate: Fate::Retired,
        })
        .collect()
}

fn show(leftovers: &[Leftover], arguments: &Sweep, console: &Console) {
    match arguments.format {
        Format::Text if leftovers.is_empty() => console.say("Nothing to sweep."),
        Format::Text => {
            let rows: Vec<Vec<String>> = leftovers
                .iter()
                .map(|each| {
                    vec![
                        each.name.clone(),
                        each.account.clone().unwrap_or_else(|| "-".to_owned()),
                        each.id.clone(),
                        each.why.to_owned(),
                        each.fate.words().to_owned(),
                    ]
                })
                .collect();
            console.result(&table(
                &["NAME", "ACCOUNT", "ID", "WHY", "DONE"],
                &rows,
                console.width,
            ));
            if !arguments.revoke && leftovers.iter().any(|each| each.fate.may_end()) {
                console.say("\nNothing was changed: `--revoke` revokes them.");
            }
        }
        Format::Json => {
            let list: Vec<Json> = leftovers
                .iter()
                .map(|each| {
                    json!({
                        "id": each.id,
                        "name": each.name,
                        "service_account": each.account,
                        "reason": each.why,
                        "in_use": each.fate == Fate::InUse,
                        "retired": each.fate == Fate::Retired,
                        "revoked": each.fate == Fate::Revoked,
                    })
                })
                .collect();
            console.result(&format!(
                "{:#}",
                json!({"format_version": "1.0", "access_tokens": list})
            ));
        }
    }
}
