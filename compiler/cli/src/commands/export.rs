//! `lanyard export`: what a server has, as a configuration with import blocks. Applying it takes everything over and changes
//! nothing; no secret is in it.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::language::WhyUnread;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::adoption::{Names, Wish};

use crate::args::Export;
use crate::complaints::{self, Failure};
use crate::console::{Console, Outcome};
use crate::into::Into;
use crate::survey::{Overview, with_names};
use crate::target::{self, Leniency, need_configuration};
use crate::unmet::Unmet;
use crate::written::{Style, Written, choose_from, text};

pub(crate) async fn run(arguments: &Export, console: &Console) -> Result<Outcome, Failure> {
    target::refuse_names(&arguments.target.source, "export")?;
    let targets = target::find(&arguments.target, Leniency::UnmetImports, console)?;
    need_configuration(&targets, arguments.unconfigured)?;
    let into = Into::of(
        arguments.into.as_deref(),
        &arguments.target,
        &targets,
        "export",
    )?;
    let wish = Wish {
        kind: arguments.kind.map(Kind::from),
        names: arguments.name.iter().cloned().map(Names::Part).collect(),
        unconfigured: arguments.unconfigured || into.is_file(),
        owned: arguments.owned,
        unmanaged: false,
        with_credential_in_use: arguments.with_credential_in_use,
    };
    let mut written = if wish.unconfigured {
        into.beside(&arguments.target)?
    } else {
        Written::default()
    };
    let mut unmet = Unmet::of(&wish.names, wish.kind);
    let mut files = Vec::new();
    let overview = Overview::of(&targets, with_names, console).await?;
    for (index, target) in targets.iter().enumerate() {
        unmet.look(&overview.sides[index].inventory);
        let claimed = &overview.claimed[index];
        if let (true, Some(why)) = (wish.unconfigured, claimed.undecided.first()) {
            complaints::tell_one(&not_told(why), console);
        }
        let mut chosen = choose_from(&overview, index, &wish, console);
        into.keep_new(&mut chosen, target);
        files.push(text(
            &chosen,
            target,
            &|state| overview.bond(index, state),
            Style::default(),
            &mut written,
        ));
    }
    if let Some(complaint) = unmet.complaint() {
        return Err(complaint.into());
    }
    into.deliver(files, &[], "Nothing to export.", console)?;
    Ok(Outcome::Done)
}

pub(super) fn not_told(why: &WhyUnread) -> Diagnostic {
    Diagnostic::warning(
        Code::NotSwept,
        "It cannot be told what is in the configuration already",
    )
    .detail(format!(
        "What is not known is not absent: {why}. What is exported may be in the configuration under another name."
    ))
    .hint(why.remedy())
}
