//! `lanyard man`: the manual page, one section per command.

use clap::CommandFactory as _;

use crate::args::Arguments;
use crate::console::{Console, Outcome};

pub(crate) fn run(console: &Console) -> Outcome {
    let command = Arguments::command();
    let mut page = Vec::new();
    let written = clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .and_then(|()| {
            command
                .get_subcommands()
                .filter(|subcommand| !subcommand.is_hide_set())
                .try_for_each(|subcommand| section(subcommand, &mut page))
        });
    match written {
        Ok(()) => {
            console.result(&String::from_utf8_lossy(&page));
            Outcome::Done
        }
        Err(error) => {
            console.complain(&format!("error: cannot write the manual page: {error}"));
            Outcome::Failed
        }
    }
}

/// One command's part of the page, without a title of its own.
fn section(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = format!("lanyard {}", command.get_name());
    page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
    let man = clap_mangen::Man::new(command.clone().bin_name(name));
    let mut part = Vec::new();
    man.render_description_section(&mut part)?;
    man.render_synopsis_section(&mut part)?;
    man.render_options_section(&mut part)?;
    let part = String::from_utf8_lossy(&part);
    for line in part.lines() {
        // Its headings become sub-headings, and the description needs none.
        match line.strip_prefix(".SH ") {
            Some("DESCRIPTION") => {}
            Some(heading) => page.extend_from_slice(format!(".SS {heading}\n").as_bytes()),
            None => page.extend_from_slice(format!("{line}\n").as_bytes()),
        }
    }
    if let Some(examples) = command.get_after_help() {
        page.extend_from_slice(b".nf\n");
        for line in examples.to_string().lines() {
            page.extend_from_slice(format!("\\&{}\n", line.replace('\\', "\\e")).as_bytes());
        }
        page.extend_from_slice(b".fi\n");
    }
    Ok(())
}
