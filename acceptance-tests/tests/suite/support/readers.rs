//! What `export` and `adopt` write, wherever a test has them write it: our own reader and another one see the same blocks in it.

use std::path::Path;

use lanyard_compiler::migration::rewrite::is_read_alike;

use super::console::Ended;

/// Looks at what a command wrote to stdout, or added to a file in this folder.
pub(crate) fn expect_alike(words: &str, folder: &Path, ended: &Ended) {
    let mut words = words.split_whitespace();
    let writes = matches!(words.next(), Some("export" | "adopt"));
    if !writes || ended.code != Some(0) {
        return;
    }
    let into = words.skip_while(|word| *word != "--into").nth(1);
    let text = match into {
        // Nothing was missing there.
        Some(file) => std::fs::read_to_string(folder.join(file)).unwrap_or_default(),
        None => ended.stdout.clone(),
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    assert!(
        is_read_alike(&text),
        "two readers should see the same blocks in what `{}` wrote:\n{text}",
        ended.command
    );
}
