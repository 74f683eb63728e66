//! `lanyard sweep`: finds access tokens that nobody needs any more, and revokes them if asked. Touches only what Lanyard manages.

use lanyard_compiler::answers::{Swept, print};
use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::WhyUnread;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::in_use::not_known;
use lanyard_compiler::plan::sweep::{Fate, Leftover, leftovers, too_many};
use lanyard_compiler::policy::Policy;
use lanyard_servers::engine;

use crate::args::{Format, Sweep};
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::policy;
use crate::survey::{in_use, survey};
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
        let unconfigured = unconfigured && target.has_configuration();
        let mut leftovers = leftovers(&inventory, unconfigured, &in_use.unwrap_or_default());
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
                        each.why.words().to_owned(),
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
        Format::Json => console.result(&print(&Swept::of(leftovers))),
    }
}
