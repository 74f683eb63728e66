//! Receivers of every kind.

use lanyard_compiler::delivery::Place;
use lanyard_compiler::model::{Kind, State};

use super::*;

const TEXT: (bool, Format) = (false, Format::Text);

fn new(secret: &Secret) -> NewSecret<'_> {
    NewSecret {
        address: "lanyard_access_token.ci[\"eu-1\"]",
        name: "ci",
        id: "at_1",
        owner: owner("ci"),
        content: Content::Clear(secret),
    }
}

fn owner(name: &str) -> Owner {
    let place = Place::new("https://t.example", None);
    let mut state = State::nothing(Kind::AccessToken);
    state.name = Some(name.to_owned());
    Owner::of(&place, &state)
}

/// The lines without comments.
fn variables(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !line.starts_with('#')).collect()
}

fn one(mut handed: Vec<Result<Handed, String>>) -> Result<Handed, String> {
    assert_eq!(handed.len(), 1);
    handed.remove(0)
}

fn deliver(sinks: &mut Sinks, secret: &str) -> Result<Handed, String> {
    let secret = Secret::new(secret);
    one(sinks.deliver(&[new(&secret)], &Console::new(true, None)))
}

#[test]
fn an_environment_file_keeps_its_other_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.env");
    let mut sinks = Sinks::open(None, Some(&path), TEXT, None).unwrap();
    std::fs::write(&path, "CI_EU_1=\nOTHER=1").unwrap();
    for secret in ["lyd_one", "lyd_two"] {
        deliver(&mut sinks, secret).unwrap();
        assert_eq!(variables(&path), format!("OTHER=1\nCI_EU_1={secret}\n"));
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "nothing is left beside it");
}

#[test]
fn two_applies_share_an_environment_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.env");
    std::thread::scope(|scope| {
        for apply in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut sinks = Sinks::open(None, Some(path), TEXT, None).unwrap();
                for number in 0..25 {
                    let address = format!("lanyard_access_token.a{apply}_{number}");
                    let secret = Secret::new("lyd_new");
                    let new = NewSecret {
                        address: &address,
                        ..new(&secret)
                    };
                    one(sinks.deliver(&[new], &Console::new(true, None))).unwrap();
                }
            });
        }
    });
    let text = std::fs::read_to_string(&path).unwrap();
    let secrets = text.lines().filter(|line| line.ends_with("=lyd_new"));
    assert_eq!(secrets.count(), 100, "{text}");
}

#[test]
fn a_variable_that_came_to_be_of_somebody_else_while_the_apply_ran_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.env");
    let mut sinks = Sinks::open(None, Some(&path), TEXT, None).unwrap();
    let due = Due {
        variable: "CI_EU_1".into(),
        address: "lanyard_access_token.ci[\"eu-1\"]".into(),
        owners: Vec::new(),
        ended: Vec::new(),
    };
    assert_eq!(sinks.expect(vec![due.clone()]).unwrap(), [""; 0]);
    let mut others = Sinks::open(None, Some(&path), TEXT, None).unwrap();
    let secret = Secret::new("lyd_other");
    let other = NewSecret {
        owner: owner("other"),
        ..new(&secret)
    };
    one(others.deliver(&[other], &Console::new(true, None))).unwrap();
    let refusal = deliver(&mut sinks, "lyd_new").unwrap_err();
    assert!(refusal.contains("access token \"other\" on"), "{refusal}");
    assert_eq!(variables(&path), "CI_EU_1=lyd_other\n");
    assert_eq!(sinks.lost(), [], "it says so itself");
    let told = sinks.expect(vec![due]).unwrap();
    assert!(told[0].contains("tokens.env: CI_EU_1 is"), "{told:?}");
}

#[test]
fn what_a_file_was_given_and_does_not_hold_any_more_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["l", "v"].map(|name| folder.path().join(name));
    let mut sinks = Sinks::open(Some(&paths[0]), Some(&paths[1]), TEXT, None).unwrap();
    deliver(&mut sinks, "lyd_one").unwrap();
    assert_eq!(sinks.lost(), []);
    std::fs::write(&paths[1], "X=1\nexport CI_EU_1=lyd_one").unwrap();
    assert_eq!(sinks.lost(), []);
    for (path, count) in paths.iter().zip(1..) {
        let new = folder.path().join("new");
        std::fs::write(&new, "X=1\n").unwrap();
        std::fs::rename(&new, path).unwrap();
        let lost = sinks.lost();
        assert_eq!(lost.len(), count, "{lost:?}");
        assert!(lost[count - 1].1.ends_with(REPLACED), "{lost:?}");
        std::fs::remove_file(path).unwrap();
        assert_eq!(sinks.lost().len(), count);
    }
}

#[cfg(unix)]
#[test]
fn what_one_file_never_got_is_not_lost_in_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["l", "v"].map(|name| folder.path().join(name));
    let mut sinks = Sinks::open(Some(&paths[0]), Some(&paths[1]), TEXT, None).unwrap();
    std::fs::remove_file(&paths[0]).unwrap();
    deliver(&mut sinks, "lyd_one").unwrap_err();
    assert_eq!(variables(&paths[1]), "CI_EU_1=lyd_one\n");
    assert_eq!(sinks.lost(), []);
}

#[cfg(unix)]
#[test]
fn a_file_that_was_removed_meanwhile_and_one_that_keeps_nothing_receive_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.jsonl");
    for environment in [false, true] {
        let named = |wanted: bool| (wanted == environment).then_some(path.as_path());
        let mut sinks = Sinks::open(named(false), named(true), TEXT, None).unwrap();
        std::fs::remove_file(&path).unwrap();
        deliver(&mut sinks, "lyd_new").unwrap_err();
    }
    let nowhere = Sinks::open(Some(Path::new("/dev/null")), None, TEXT, None);
    let refusal = nowhere.err().unwrap();
    assert!(refusal.contains("keeps nothing"), "{refusal}");
}

#[test]
fn what_could_add_a_line_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.env");
    let mut sinks = Sinks::open(Some(&folder.path().join("l")), Some(&path), TEXT, None).unwrap();
    let refusal = deliver(&mut sinks, "x\nPATH=/evil").unwrap_err();
    assert!(refusal.contains("control characters"), "{refusal}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn of_several_that_are_handed_over_together_each_says_whether_it_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let (lines, variables) = (folder.path().join("l"), folder.path().join("v"));
    let mut sinks = Sinks::open(Some(&lines), Some(&variables), TEXT, None).unwrap();
    let secrets = ["lyd_one", "x\ny", "lyd_two"].map(Secret::new);
    let addresses = [
        "lanyard_access_token.a",
        "lanyard_access_token.b",
        "lanyard_access_token.c",
    ];
    let batch: Vec<NewSecret<'_>> = secrets
        .iter()
        .zip(addresses)
        .map(|(secret, address)| NewSecret {
            address,
            ..new(secret)
        })
        .collect();
    let console = Console::new(true, None);
    let handed = sinks.deliver(&batch, &console);
    let arrived: Vec<bool> = handed.iter().map(Result::is_ok).collect();
    assert_eq!(arrived, [true, false, true]);
    assert_eq!(self::variables(&variables), "A=lyd_one\nC=lyd_two\n");
    assert_eq!(std::fs::read_to_string(&lines).unwrap().lines().count(), 2);

    std::fs::remove_file(&lines).unwrap();
    let handed = sinks.deliver(&batch, &console);
    let problems: Vec<String> = handed.into_iter().filter_map(Result::err).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains("removed or replaced"), "{problems:?}");
}

#[test]
fn a_line_that_was_torn_stays_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.jsonl");
    let mut sinks = Sinks::open(Some(&path), None, TEXT, None).unwrap();
    std::fs::write(&path, "{\"torn").unwrap();
    deliver(&mut sinks, "lyd_new").unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"torn\n{\"address\""), "{text}");
    assert!(text.ends_with("}\n"), "{text}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_a_secret_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.jsonl");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let refusal = Sinks::open(None, Some(&link), TEXT, None).err().unwrap();
    assert!(
        refusal.contains("is a link to a file that is not there"),
        "{refusal}"
    );

    let refusal = Sinks::open(Some(&path), Some(&link), TEXT, None);
    let refusal = refusal.err().unwrap();
    assert!(refusal.contains("a file of its own"), "{refusal}");
    let mut sinks = Sinks::open(None, Some(&link), TEXT, None).unwrap();
    deliver(&mut sinks, "lyd_new").unwrap();
    assert!(
        std::fs::symlink_metadata(&link).unwrap().is_symlink(),
        "the link stays"
    );
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().contains("lyd_new"));

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refusal = Sinks::open(Some(&path), None, TEXT, None).err().unwrap();
    assert!(refusal.contains("chmod 600"), "{refusal}");
    let refusal = Sinks::open(Some(folder.path()), None, TEXT, None)
        .err()
        .unwrap();
    assert!(refusal.contains("is a folder"), "{refusal}");

    let missing = folder.path().join("no/such");
    let refusal = Sinks::open(Some(&missing.join("tokens.jsonl")), None, TEXT, None);
    let remedy = format!("make the folder first (`mkdir -p {}`)", missing.display());
    let refusal = refusal.err().unwrap();
    assert!(refusal.contains(&remedy), "{refusal}");
    let refusal = Sinks::open(Some(&path.join("tokens.jsonl")), None, TEXT, None);
    let refusal = refusal.err().unwrap();
    assert!(refusal.ends_with("; name a file in a folder"), "{refusal}");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_device_receive_and_a_full_one_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.is_ok_and(|status| status.success()));
    let reader = {
        let path = path.clone();
        std::thread::spawn(move || std::fs::read_to_string(path))
    };
    let mut sinks = Sinks::open(None, Some(&path), TEXT, None).unwrap();
    deliver(&mut sinks, "lyd_new").unwrap();
    drop(sinks);
    assert_eq!(reader.join().unwrap().unwrap(), "CI_EU_1=lyd_new\n");

    let full = Path::new("/dev/full");
    let mut sinks = Sinks::open(Some(full), None, TEXT, None).unwrap();
    let refusal = deliver(&mut sinks, "lyd_new").unwrap_err();
    assert!(refusal.contains("/dev/full: No space left"), "{refusal}");
}
