//! Whole configurations beside what a server has.

mod asked;
mod deliveries;
mod ignored;
mod providers;
mod pruning;
mod reviewed;
mod secrets;
mod taken;
mod triggers;

use lanyard_compiler::comparison::{Asked, Comparison, Next, Server, Side, Twins, compare};
use lanyard_compiler::delivery::{Apart, Issuing, Open, Place, State};
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{self, MemoryLoader, Options, Schemas};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::record::{AccessTokenRecord, Former, ServiceAccountRecord, Standing};
use lanyard_compiler::model::server::{Api, Capabilities, capabilities, native, osmo, splunk};
use lanyard_compiler::model::{Kind, observe};
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::plan::in_use::{Bond, InUse};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::plan::{Action, guard};
use lanyard_compiler::review::{self, Circumstances, Context, Format, Review};
use lanyard_compiler::secret::Secret;

/// A server with accounts `ci`, `still`, `x` and `y`, and tokens `a` and `b`, all of them ours.
pub(crate) fn side() -> Side {
    side_of(&["a", "b"])
}

/// Likewise, with these tokens; one that is called `dead` has expired.
fn side_of(tokens: &[&str]) -> Side {
    let accounts = ["ci", "still", "x", "y"].map(|name| {
        observe::service_account(&ServiceAccountRecord {
            id: format!("sa_{name}"),
            name: name.to_owned(),
            ..ServiceAccountRecord::default()
        })
    });
    let tokens = tokens.iter().map(|name| {
        observe::access_token(&AccessTokenRecord {
            id: format!("at_{name}"),
            name: (*name).to_owned(),
            roles: Some([].into()),
            scopes: Some([].into()),
            issued_at: "2026-01-01T00:00:00Z".parse().ok(),
            expires_at: (*name == "dead")
                .then_some("2026-01-01T12:00:00Z")
                .and_then(|end| end.parse().ok()),
            ..AccessTokenRecord::default()
        })
    });
    let found = |kind| {
        move |state| Found {
            kind,
            state,
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        }
    };
    let accounts = accounts.into_iter().map(found(Kind::ServiceAccount));
    let tokens = tokens.map(found(Kind::AccessToken));
    Side {
        provider: "provider[\"lanyard\"]".to_owned(),
        server: Server::Known(&native::CAPABILITIES),
        url: "http://localhost".to_owned(),
        organization: None,
        told_organization: None,
        credential: None,
        inventory: Inventory::new(
            accounts.chain(tokens).collect(),
            Some("lanyard"),
            "2026-01-02T00:00:00Z"
                .parse()
                .expect("the test world is well formed"),
        ),
        in_use: Some(InUse::default()),
        note: None,
    }
}

pub(crate) fn compared(configuration: &str) -> Comparison {
    compared_with(configuration, &[])
}

/// What pruning deletes, as ids, and what is said of the rest.
fn pruned(files: &[(&str, &str)], configuration: &str, sides: Vec<Side>) -> (Vec<String>, String) {
    let comparison = compared_on(files, configuration, sides, (true, &[]));
    let changes = comparison.plan.changes.iter();
    let mut deleted: Vec<String> = changes
        .filter(|change| change.action == Action::Delete)
        .map(|change| change.address.clone())
        .collect();
    deleted.sort();
    let mut notes = comparison.notes.iter();
    let note = notes.find(|note| note.code == Code::NotPruned);
    (
        deleted,
        note.map_or_else(String::new, |note| note.detail.clone()),
    )
}

fn compared_with(configuration: &str, open: &[Open]) -> Comparison {
    compared_on(&[], configuration, vec![side()], (false, open))
}

pub(crate) fn compared_on(
    files: &[(&str, &str)],
    configuration: &str,
    sides: Vec<Side>,
    (prune, open): (bool, &[Open]),
) -> Comparison {
    let asked = Asked {
        prune,
        open,
        ..Asked::default()
    };
    compared_as_asked(files, configuration, sides, &asked)
}

fn compared_as_asked(
    files: &[(&str, &str)],
    configuration: &str,
    sides: Vec<Side>,
    asked: &Asked<'_>,
) -> Comparison {
    let versions = "terraform {\n  required_providers {\n    lanyard = { source = \"lanyard/lanyard\" }\n  }\n}\n";
    let main = ("main.tf", format!("{versions}{configuration}"));
    let files = files.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let loader = MemoryLoader::new(files.chain([main]));
    let compile = |options: &Options| language::compile(&loader, options, &Schemas::lanyard());
    let compiled = compile(&Options::default());
    assert!(!compiled.has_errors(), "{:#?}", compiled.diagnostics);
    let again = |known: &_| {
        let options = Options {
            known: Clone::clone(known),
            ..Options::default()
        };
        compile(&options).configuration
    };
    compare(&compiled.configuration, again, sides, asked)
}

fn action(comparison: &Comparison, address: &str) -> Action {
    let mut changes = comparison.plan.changes.iter();
    let change = changes.find(|change| change.address == address);
    change.unwrap_or_else(|| panic!("no {address}")).action
}
