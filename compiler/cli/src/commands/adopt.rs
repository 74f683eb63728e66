//! `lanyard adopt`: tokens that were made by hand become resources with import blocks. Says what becomes of each secret.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write as _};

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::adoption::{self, Chosen, Names, Secret, Wish, known_as, picked};
use lanyard_compiler::policy::Policy;

use super::export::not_told;
use crate::args::Adopt;
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::hcl::identifier;
use crate::into::Into;
use crate::policy;
use crate::survey::{Overview, with_names};
use crate::target::{self, Leniency};
use crate::teams::Teams;
use crate::unmet::Unmet;
use crate::written::{Bonds, Style, choose_from, text};

const NOTHING: &str = "Nothing to adopt: what fits is managed, in the configuration already, or the credential in use.";

pub(crate) async fn run(arguments: &Adopt, console: &Console) -> Result<Outcome, Failure> {
    target::refuse_names(&arguments.target.source, "adopt")?;
    let targets = target::find(&arguments.target, Leniency::UnmetImports, console)?;
    let asks = arguments.name.is_empty();
    if asks && !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(
            Diagnostic::error(Code::NotConfirmed, "It is not said what to adopt")
                .detail("Nobody can be asked here.")
                .hint("Name it: --name ci, --name 'team/*', or --name '*' for everything.")
                .into(),
        );
    }
    let into = Into::of(
        arguments.into.as_deref(),
        &arguments.target,
        &targets,
        "adopt",
    )?;
    let mut written = into.beside(&arguments.target)?;
    let patterns: Vec<Names> = arguments.name.iter().cloned().map(Names::Pattern).collect();
    let mut teams = match (&arguments.modules, into.file()) {
        (Some(folder), Some(file)) => Some(Teams::below(file, folder)?),
        _ => None,
    };
    let kind = arguments.kind.map(Kind::from);
    let wish = Wish {
        kind,
        names: patterns.clone(),
        unconfigured: true,
        owned: false,
        unmanaged: !arguments.managed,
        with_credential_in_use: arguments.with_credential_in_use,
    };
    let policy = if arguments.target.no_configuration {
        Policy::default()
    } else {
        policy::read(&arguments.target.source)?
    };
    let style = Style {
        by_pattern: !arguments.one_by_one,
        trigger: Some(policy.rules.limits.grace),
        in_module: false,
    };
    let mut unmet = Unmet::of(&patterns, kind);
    let mut files = Vec::new();
    let mut secrets = Secrets::default();
    let overview = Overview::of(&targets, with_names, console).await?;
    for (index, target) in targets.iter().enumerate() {
        unmet.look(&overview.sides[index].inventory);
        if let Some(why) = overview.claimed[index].undecided.first() {
            complaints::tell_one(&not_told(why), console);
        }
        let mut chosen = choose_from(&overview, index, &wish, console);
        into.keep_new(&mut chosen, target);
        if asks {
            ask(&mut chosen, console)?;
        }
        for object in &chosen.objects {
            secrets.count(adoption::secret(object, target.server.capabilities()));
        }
        let mut by_team: BTreeMap<String, Chosen<'_>> = BTreeMap::new();
        if teams.is_some() && target.provider.module.is_empty() {
            for object in std::mem::take(&mut chosen.objects) {
                let name = match (&object.state.name, known_as(object).split_once('@')) {
                    // The domain of an address is nobody's team.
                    (None, Some((local, _))) => local,
                    _ => known_as(object),
                };
                let team = adoption::team(name, &patterns).map(identifier);
                let of_team = team.map(|team| by_team.entry(team).or_default());
                of_team.unwrap_or(&mut chosen).objects.push(object);
            }
        }
        let bond: &Bonds<'_> = &|state| overview.bond(index, state);
        files.push(text(&chosen, target, bond, style, &mut written));
        for (team, chosen) in &by_team {
            if let Some(teams) = &mut teams {
                files.push(teams.add(team, chosen, target, bond, style)?);
            }
        }
    }
    if let Some(complaint) = unmet.complaint() {
        return Err(complaint.into());
    }
    let modules = teams.map(Teams::files).unwrap_or_default();
    into.deliver(files, &modules, NOTHING, console)?;
    if !modules.is_empty() {
        console.say("Modules have to be known before they are planned: terraform init.");
    }
    secrets.tell(console);
    Ok(Outcome::Done)
}

/// Shows what may be adopted, and keeps what is picked.
fn ask(chosen: &mut Chosen<'_>, console: &Console) -> Result<(), Diagnostic> {
    let names: Vec<&str> = chosen
        .objects
        .iter()
        .map(|object| known_as(object))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    for (index, object) in chosen.objects.iter().enumerate() {
        let made = object
            .created_at
            .map(|time| format!(", made {}", time.strftime("%Y-%m-%d")));
        console.say(&format!(
            "{:>4}  {} ({}{})",
            index + 1,
            known_as(object),
            object.kind.title(),
            made.unwrap_or_default()
        ));
    }
    loop {
        console.say("Which? Numbers (1,3-5), names (team/*), or all:");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        let is_end = matches!(read, Ok(0));
        match (read, picked(answer.trim(), &names)) {
            (Err(error), _) => {
                return Err(
                    Diagnostic::error(Code::UnreadableFile, "The answer cannot be read")
                        .detail(format!("{error}.")),
                );
            }
            (Ok(_), Ok(picked)) => {
                keep(chosen, &picked);
                return Ok(());
            }
            (Ok(_), Err(part)) if !is_end => console.say(&format!("Nothing is meant by {part:?}.")),
            (Ok(_), Err(_)) => return Ok(()),
        }
    }
}

fn keep(chosen: &mut Chosen<'_>, picked: &BTreeSet<usize>) {
    let mut index = 0;
    chosen.objects.retain(|_| {
        index += 1;
        picked.contains(&(index - 1))
    });
}

/// What becomes of how many secrets.
#[derive(Default)]
struct Secrets(BTreeMap<String, usize>);

impl Secrets {
    fn count(&mut self, secret: Secret) {
        let step = "change `adopted` in its rotation block, then terraform apply (lanyard apply keeps no state, and notices no such change)";
        let told = match secret {
            Secret::None => return,
            Secret::ComesAlong => "comes along: the server shows it again.".to_owned(),
            Secret::NewBesideOld { at_most } => {
                let most = at_most.map_or_else(
                    || "for as long as `grace_period` says".to_owned(),
                    |most| format!("for up to {most}"),
                );
                format!(
                    "stays with whoever has it. For a new one, beside which the old one works on {most}: {step}."
                )
            }
            Secret::NewForOld { instead } => {
                format!(
                    "stays with whoever has it. For a new one, which ends the old one at once: {step}. To overlap: {instead}"
                )
            }
            Secret::Stays { instead } => {
                format!("stays with whoever has it, and there is no other. {instead}")
            }
        };
        *self.0.entry(told).or_default() += 1;
    }

    fn tell(&self, console: &Console) {
        for (told, count) in &self.0 {
            let secrets = if *count == 1 { "secret" } else { "secrets" };
            console.say(&format!("{count} {secrets}: each {told}"));
        }
    }
}
