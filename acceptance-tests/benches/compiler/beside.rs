//! The command beside an older build of itself, in one run: a configuration whose resources all come from one module, called by a
//! `for_each`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use lanyard_token_server::{Api, Options, ReferenceServer};

use crate::measure::{Used, once};
use crate::terraform::with_server;
use crate::{PATIENCE, estate};

/// How often each takes its turn.
const ROUNDS: usize = 3;

/// The words after `beside`: how many resources, and the older build.
pub(crate) fn run(words: &[OsString], newer: &Path) -> Result<(), String> {
    let [size, older] = words else {
        return Err("usage: beside RESOURCES /PATH/older/lanyard".to_owned());
    };
    let size = size.to_str().and_then(|size| size.parse().ok());
    let size: usize = size.ok_or("the number of resources is no number")?;
    let older = PathBuf::from(older);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    estate::write_modules(folder.path(), size.div_ceil(2)).map_err(|error| error.to_string())?;
    let server =
        ReferenceServer::start(Options::new(Api::Native)).map_err(|error| error.to_string())?;
    println!("{size} resources, the least of {ROUNDS} rounds in which both took turns.\n");
    println!("| command | build | wall s | ratio | CPU s | ratio | peak MiB | ratio |");
    println!("|---|---|---|---|---|---|---|---|");
    for words in ["validate", "compile", "plan"] {
        let mut least: [Option<Used>; 2] = [None, None];
        for _ in 0..ROUNDS {
            for (program, least) in [newer, &older].into_iter().zip(&mut least) {
                let mut command = Command::new(program);
                command.arg(words).current_dir(folder.path());
                let used = once(PATIENCE, &with_server(command, &server))?
                    .ok_or("a command took too long")?;
                *least = Some(least.map_or(used, |before| before.least(used)));
            }
        }
        let [Some(newer), Some(older)] = least else {
            return Err("nothing was measured".to_owned());
        };
        for (name, used) in [("now", newer), ("before", older)] {
            println!(
                "| `{words}` | {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} |",
                used.wall_seconds,
                used.wall_seconds / older.wall_seconds,
                used.cpu_seconds,
                used.cpu_seconds / older.cpu_seconds,
                used.peak_mebibytes,
                used.peak_mebibytes / older.peak_mebibytes,
            );
        }
    }
    Ok(())
}
