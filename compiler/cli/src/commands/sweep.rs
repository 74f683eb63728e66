//! `lanyard sweep`: finds access tokens that nobody needs any more, and revokes them if asked. Touches only what Lanyard manages.

use lanyard_compiler::answers::{Swept, print};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::WhyUnread;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::in_use::{Among, not_known};
use lanyard_compiler::plan::sweep::{Fate, Leftover, leftovers, too_many};
use lanyard_compiler::policy::Policy;
use lanyard_servers::engine;

use crate::args::{Format, Sweep};
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::policy;
use crate::survey::{Overview, with_names};
use crate::table::of_servers;
use crate::target::{self, Leniency, Target, need_configuration};

pub(crate) async fn run(arguments: &Sweep, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, Leniency::None, console)?;
    need_configuration(&targets, arguments.unconfigured)?;
    let ownerless: Vec<String> = targets.iter().filter_map(Target::keeps_no_owner).collect();
    let asks_for_ours = arguments.unconfigured || !targets.iter().any(Target::has_configuration);
    let is_in_vain = asks_for_ours && ownerless.len() == targets.len();
    for why in &ownerless {
        let problem = not_ours(why, is_in_vain);
        if is_in_vain {
            return Err(problem.into());
        }
        complaints::tell_one(&problem, console);
    }
    let policy = match &arguments.target {
        target if target.no_configuration => Policy::default(),
        target => policy::read(&target.source)?,
    };
    let limits = policy.limits(arguments.allow_deletions)?;
    let overview = Overview::of(&targets, with_names, console).await?;
    for claimed in &overview.claimed {
        if let (true, Some(why)) = (arguments.unconfigured, claimed.undecided.first()) {
            complaints::tell_one(&not_told(why), console);
        }
    }
    let mut claims = overview.claimed.iter();
    let kept = claims.find_map(|claimed| claimed.kept.as_ref());
    let kept = kept.filter(|_| arguments.unconfigured);
    if let Some(why) = kept {
        complaints::tell_one(why, console);
    }
    let mut swept: Vec<(&Target, Vec<Leftover>)> = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        let mut twins = overview.twins.of(index).iter();
        let is_decided =
            kept.is_none() && twins.all(|twin| overview.claimed[*twin].undecided.is_empty());
        let leftovers = leftovers(
            &overview.sides[index].inventory,
            arguments.unconfigured && target.has_configuration() && is_decided,
            |object| overview.is_here(index, object),
            |state| overview.bond(index, state),
        );
        if !overview.say_who(index) && arguments.revoke && !leftovers.is_empty() {
            complaints::tell_one(&not_known(&target.url, Among::Deleted), console);
        }
        swept.push((target, leftovers));
    }
    let count = swept
        .iter()
        .flat_map(|(_, leftovers)| leftovers)
        .filter(|leftover| leftover.fate.may_end())
        .count();
    let refusal = too_many(count, swept.len(), limits, arguments.allow_deletions);
    if let Some(refusal) = refusal.filter(|_| arguments.revoke) {
        return Err(policy.remedy(refusal).into());
    }
    let mut outcome = Outcome::Done;
    if arguments.revoke {
        for (target, leftovers) in &mut swept {
            for leftover in leftovers.iter_mut().filter(|each| each.fate.may_end()) {
                match engine::revoke(&target.server, Kind::AccessToken, &leftover.id).await {
                    Ok(()) => leftover.fate = Fate::Revoked,
                    Err(error) => {
                        complaints::tell_one(&error, console);
                        outcome = Outcome::Failed;
                    }
                }
            }
        }
    }
    let several = target::are_several(&targets);
    let (servers, leftovers): (Vec<String>, Vec<Leftover>) = swept
        .into_iter()
        .flat_map(|(target, leftovers)| leftovers.into_iter().map(|each| (target.title(), each)))
        .unzip();
    let servers = several.then_some(servers.as_slice());
    show(&leftovers, servers, arguments, console);
    let is_told = outcome == Outcome::Done
        && arguments.detailed_exitcode
        && leftovers.iter().any(|each| each.fate.may_end());
    Ok(if is_told { Outcome::Changes } else { outcome })
}

/// What nobody needs is looked for among what Lanyard made, which not every server tells. Old secrets of what is configured are found there all
/// the same.
fn not_ours(why: &str, is_in_vain: bool) -> Diagnostic {
    let summary = "It cannot be told which access tokens Lanyard made";
    match is_in_vain {
        true => Diagnostic::error(Code::OwnersNotKnown, summary),
        false => Diagnostic::warning(Code::NotSwept, summary),
    }
    .detail(format!(
        "{why}: only old secrets of configured tokens are listed there, and nothing is revoked."
    ))
    .hint("`lanyard tokens` lists what there is, and `lanyard tokens --unconfigured` what the configuration does not know.")
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

/// `servers` are those of the leftovers, where there are several.
fn show(leftovers: &[Leftover], servers: Option<&[String]>, arguments: &Sweep, console: &Console) {
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
                        each.why.words().to_owned(),
                        each.fate.words().to_owned(),
                    ]
                })
                .collect();
            let headings = ["NAME", "ACCOUNT", "ID", "WHY", "DONE"];
            console.result(&of_servers(&headings, rows, servers, console.width));
            if !arguments.revoke && leftovers.iter().any(|each| each.fate.may_end()) {
                console.say("\nNothing was changed: `--revoke` revokes them.");
            }
        }
        Format::Json => console.result(&print(&Swept::of(leftovers))),
    }
}
