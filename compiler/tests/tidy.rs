//! The rooms stay apart: each uses only the rooms above it in `lib.rs`, and nothing in this package reaches outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Rust files below a folder, with their text; tests inside them left out.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the source folder is readable") {
            let path = entry.expect("the source folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("source files are text");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// Lines of code outside comments and unit tests, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let next = text.lines().skip(1).chain([""]);
    text.lines()
        .zip(next)
        .enumerate()
        .take_while(|(_, (line, next))| !(line.starts_with("#[cfg(test)]") && next.ends_with('{')))
        .map(|(index, (line, _))| (index, line))
        .map(|(index, line)| (index + 1, line.trim_start()))
        .filter(|(_, line)| !line.starts_with("//"))
}

/// The rooms in reading order.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(source().join("lib.rs")).expect("lib.rs is readable");
    let rooms: Vec<String> = text
        .lines()
        .filter_map(|line| {
            line.strip_prefix("pub mod ")?
                .strip_suffix(';')
                .map(str::to_owned)
        })
        .collect();
    assert!(rooms.len() > 4, "lib.rs lists no rooms: {rooms:?}");
    rooms
}

#[test]
fn each_room_uses_only_the_rooms_above_it() {
    let rooms = rooms();
    let mut found = Vec::new();
    for (path, text) in files(&source()) {
        let relative = path
            .strip_prefix(source())
            .expect("the file lies in the source folder");
        let first = relative
            .iter()
            .next()
            .and_then(|name| name.to_str())
            .expect("source files have names");
        let room = first.strip_suffix(".rs").unwrap_or(first);
        let Some(position) = rooms.iter().position(|name| name == room) else {
            continue;
        };
        for (number, line) in code(&text) {
            for below in &rooms[position + 1..] {
                if line.contains(&format!("crate::{below}::"))
                    || line.contains(&format!("crate::{below};"))
                {
                    found.push(format!(
                        "{}:{number}: uses {below}, which stands below {room}",
                        relative.display()
                    ));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What stands after a prefix, be it one name or a group of them; of a group all names, at whatever depth.
fn named<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let rests = text.split(prefix).skip(1);
    let names = rests.flat_map(|rest| {
        match rest.strip_prefix('{') {
            Some(group) => group.split(';').next().unwrap_or_default(),
            None => rest.split(|c| !is_name(c)).next().unwrap_or_default(),
        }
        .split(move |c| !is_name(c))
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Judges the modules of a folder: none may need one that needs it. `root` is the text of the folder's own module: what that shows
/// of a module is that module's, wherever it is used; `prefix` is its name from everywhere.
fn assert_no_circle(folder: &Path, root: &Path, prefix: &str) {
    let root = fs::read_to_string(root).expect("the folder's own module is readable");
    let exports = root.split("pub use ").skip(1);
    let exports = exports.filter_map(|export| export.split(';').next()?.split_once("::"));
    let exported: BTreeMap<&str, &str> = exports
        .flat_map(|(module, names)| {
            let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
            names.map(move |name| (name, module))
        })
        .collect();
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files(folder) {
        let relative = path.strip_prefix(folder).expect("it lies there");
        let names: Vec<&str> = relative.iter().filter_map(|name| name.to_str()).collect();
        let is_test = |name: &&str| ["tests", "tests.rs", "fake.rs", "lib.rs"].contains(name);
        let (Some(first), false) = (names.first(), names.iter().any(is_test)) else {
            continue;
        };
        let module = first.strip_suffix(".rs").unwrap_or(first);
        let text: String = code(&text).flat_map(|(_, line)| [line, "\n"]).collect();
        let from_here = "super::".repeat(names.len());
        let needed = named(&text, prefix).into_iter();
        let needed = needed
            .chain(named(&text, &from_here))
            .map(|word| exported.get(word).map_or(word, |module| *module))
            .filter(|needed| *needed != module)
            .map(str::to_owned);
        needs.entry(module.to_owned()).or_default().extend(needed);
    }
    assert!(needs.len() > 10, "the modules were not found: {needs:?}");
    // Whoever needs nobody that is left stands at the end of the line.
    let mut left = needs.clone();
    loop {
        let before = left.len();
        let still: BTreeSet<String> = left.keys().cloned().collect();
        left.retain(|_, needed| !needed.is_disjoint(&still));
        if left.len() == before {
            break;
        }
    }
    assert!(
        left.is_empty(),
        "these need each other, or need who does: {left:#?}"
    );
}

#[test]
fn no_room_of_the_talking_half_needs_one_that_needs_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers/src");
    assert_no_circle(&source, &source.join("lib.rs"), "crate::");
    let engine = source.join("engine");
    assert_no_circle(&engine, &source.join("engine.rs"), "crate::engine::");
}

#[test]
fn nothing_here_reaches_outside() {
    // A decision that looks at a file, the environment, the clock or the network is not repeatable.
    const OUTSIDE: &[&str] = &[
        "std::fs",
        "std::env",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "async fn",
        ".await",
        "println!",
        "eprintln!",
    ];
    let mut found = Vec::new();
    for (path, text) in files(&source()) {
        // In no order, and with results in order.
        let has_threads = path.ends_with("src/parallel.rs");
        for (number, line) in code(&text) {
            let names = OUTSIDE.iter().filter(|name| line.contains(**name));
            for name in names.filter(|name| !has_threads || **name != "std::thread") {
                found.push(format!("{}:{number}: {name}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in files(&source()) {
        assert!(
            text.starts_with("//! "),
            "{} does not begin with a `//!` paragraph",
            path.display()
        );
    }
}

/// The sources of the product, without the list of codes.
fn product() -> Vec<(PathBuf, String)> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = ["src", "servers/src", "cli/src", "../provider/src"];
    let mut found: Vec<_> = sources
        .iter()
        .flat_map(|source| files(&package.join(source)))
        .collect();
    found.retain(|(path, _)| !path.ends_with("diagnostic/code.rs"));
    found
}

#[test]
fn every_code_is_used_and_with_the_severity_that_the_reference_tells() {
    use lanyard_compiler::diagnostic::{Code, Severity};
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, text) in product() {
        // Without line breaks: the code may stand in the line after its constructor.
        let text: String = code(&text).flat_map(|(_, line)| line.split(' ')).collect();
        for (at, _) in text.match_indices("Code::") {
            let name = text[at + "Code::".len()..]
                .split(|c: char| !c.is_alphanumeric())
                .next();
            let variant = |code: &&Code| Some(format!("{code:?}").as_str()) == name;
            let Some(code) = Code::ALL.iter().find(variant) else {
                continue;
            };
            used.insert(*code);
            let told = match &text[..at] {
                before if before.ends_with("Diagnostic::error(") => Severity::Error,
                before if before.ends_with("Diagnostic::warning(") => Severity::Warning,
                _ => continue,
            };
            if code.severity().is_some_and(|severity| severity != told) {
                wrong.push(format!("{}: {code} as {told:?}", path.display()));
            }
        }
    }
    let unused = Code::ALL.iter().filter(|code| !used.contains(code));
    wrong.extend(unused.map(|code| format!("{code} is used nowhere")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(Code::ALL.is_sorted_by_key(|code| code.name()));
    for code in Code::ALL {
        let name = code.name().replace('-', "");
        assert_eq!(format!("{code:?}").to_lowercase(), name);
    }
}
