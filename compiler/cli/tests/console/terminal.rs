//! The command in a terminal: colour, width and progress for who is watching, and none of it for who asked for none.

use std::net::TcpListener;

use crate::support::Folder;

const BAD: &str = "resource \"lanyard_access_token\" \"ci\" {\n  nmae = \"ci\"\n}\n";
const GOOD: &str = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n";

#[test]
fn a_terminal_gets_colour_unless_somebody_asks_for_none() {
    let folder = || Folder::new(&[("main.tf", BAD)]).set("TERM", "xterm");
    let coloured = |folder: Folder, words: &str| folder.watch(words, 80).contains("\u{1b}[31m");
    assert!(coloured(folder(), "validate"));
    assert!(coloured(folder().set("NO_COLOR", ""), "validate"));
    assert!(!coloured(folder().set("NO_COLOR", "1"), "validate"));
    assert!(!coloured(folder().set("TERM", "dumb"), "validate"));
    assert!(!coloured(folder(), "validate --color never"));
    assert!(coloured(
        folder().set("NO_COLOR", "1"),
        "validate --color always"
    ));
}

#[test]
fn help_fits_a_narrow_terminal() {
    let shown = Folder::new(&[]).watch("tokens --help", 50);
    let widest = shown
        .lines()
        // Examples are commands, which cannot be broken.
        .take_while(|line| !line.starts_with("Examples"))
        .map(|line| line.trim_end().chars().count())
        .max();
    assert!(
        widest.is_some_and(|widest| (40..=50).contains(&widest)),
        "{widest:?} columns:\n{shown}"
    );
}

/// A server that takes connections and never answers.
fn patience(words: &str, terminal: &str) -> String {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port should be found");
    let address = silent.local_addr().expect("it has an address");
    let folder = Folder::new(&[("main.tf", GOOD)])
        .set("TERM", terminal)
        .set("LANYARD_URL", &format!("http://{address}"))
        .set("LANYARD_TOKEN", "lyd_x")
        .set("LANYARD_REQUEST_TIMEOUT", "1s")
        .set("LANYARD_MAX_RETRIES", "0");
    folder.watch(words, 80)
}

#[test]
fn long_work_shows_its_progress_and_cleans_up_behind_it() {
    let shown = patience("plan", "xterm");
    let drawn: Vec<&str> = shown.split("\r\u{1b}[2K").collect();
    assert!(drawn.len() > 2, "{shown:?}");
    assert!(drawn[1].contains("… 0s"), "{shown:?}");
    assert!(
        drawn.last().unwrap().contains("server-unavailable"),
        "{shown:?}"
    );
}

#[test]
fn the_quiet_show_no_progress() {
    let shown = patience("plan --quiet", "xterm");
    assert!(!shown.contains('\r'), "{shown:?}");
    assert!(shown.contains("error"), "{shown:?}");
}

#[test]
fn a_terminal_that_cannot_take_a_line_back_gets_one_of_each() {
    let shown = patience("plan", "dumb");
    assert!(!shown.contains(['\r', '\u{1b}']), "{shown:?}");
    assert_eq!(shown.matches("reading http://").count(), 1, "{shown:?}");
    assert!(shown.contains("server-unavailable"), "{shown:?}");
}
