//! Lanyard beside other providers of the same server: the Go provider of its vendor, and older builds of our own. All take turns in one
//! run, each against a server of its own that is empty.

use std::path::{Path, PathBuf};

use lanyard_token_server::{Api, Options, ReferenceServer};

use crate::terraform::{Spent, Terraform, mirror};

pub(crate) const RESOURCES: usize = 400;
pub(crate) const ROUNDS: usize = 5;

const OPERATIONS: [(&str, &[&str]); 5] = [
    ("plan to create", &["plan"]),
    ("apply", &["apply", "-auto-approve"]),
    ("no-change plan", &["plan", "-detailed-exitcode"]),
    (
        "the same without refresh",
        &["plan", "-detailed-exitcode", "-refresh=false"],
    ),
    ("destroy", &["destroy", "-auto-approve"]),
];

/// One of those that take turns.
struct Contestant {
    name: String,
    program: PathBuf,
    /// The vendor's, not ours.
    is_foreign: bool,
    spent: [Vec<Spent>; OPERATIONS.len()],
    /// Of each token.
    state: f64,
}

pub(crate) const OURS: &str = "lanyard/lanyard";
const FOREIGN: &str = "splunk-terraform/signalfx";

/// Prints the table; the first one is ours, and the last one what the others are held against.
pub(crate) fn compare(
    ours: &Path,
    others: &[&str],
    count: usize,
    rounds: usize,
) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path();
    let settings = mirror(root, &[OURS, FOREIGN])?;
    let mut all = vec![Contestant::of("Lanyard".to_owned(), ours.to_owned())];
    for other in others {
        let program = PathBuf::from(other);
        let name = program
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        all.push(Contestant::of(name, program));
    }
    for (index, contestant) in all.iter().enumerate() {
        let nowhere = contestant.configuration("http://127.0.0.1:1", "none", 1);
        let terraform = Terraform {
            root,
            settings: &settings,
            provider: &contestant.program,
        };
        terraform.folder(&index.to_string(), &nowhere)?;
    }
    for _ in 0..rounds {
        for (index, contestant) in all.iter_mut().enumerate() {
            contestant.round(root, &settings, &root.join(index.to_string()), count)?;
        }
    }
    print(&all, count);
    Ok(())
}

impl Contestant {
    fn of(name: String, program: PathBuf) -> Self {
        Self {
            is_foreign: name.contains("signalfx"),
            name,
            program,
            spent: Default::default(),
            state: 0.0,
        }
    }

    fn round(
        &mut self,
        root: &Path,
        settings: &Path,
        place: &Path,
        count: usize,
    ) -> Result<(), String> {
        let server =
            ReferenceServer::start(Options::new(Api::Splunk)).map_err(|error| error.to_string())?;
        let token = server.token.as_deref().unwrap_or_default();
        let configuration = self.configuration(&server.url, token, count);
        std::fs::write(place.join("main.tf"), configuration).map_err(|error| error.to_string())?;
        let terraform = Terraform {
            root,
            settings,
            provider: &self.program,
        };
        for ((_, arguments), spent) in OPERATIONS.iter().zip(&mut self.spent) {
            spent.push(terraform.run(place, &[], arguments)?);
            let state = std::fs::metadata(place.join("terraform.tfstate"));
            let bytes = state.map_or(0.0, |state| state.len() as f64);
            self.state = self.state.max(bytes / count as f64);
        }
        Ok(())
    }

    fn configuration(&self, url: &str, token: &str, count: usize) -> String {
        let (local, source, settings, kind, scopes) = if self.is_foreign {
            let settings = format!("auth_token = {token:?}\n  api_url = {url:?}");
            let scopes = "auth_scopes = [\"INGEST\"]";
            ("signalfx", FOREIGN, settings, "signalfx_org_token", scopes)
        } else {
            let settings = format!("api = \"splunk\"\n  token = {token:?}\n  url = {url:?}");
            let scopes = "scopes = [\"ingest\"]";
            ("lanyard", OURS, settings, "lanyard_access_token", scopes)
        };
        let mut text = format!(
            "terraform {{\n  required_providers {{\n    {local} = {{ source = {source:?} }}\n  }}\n}}\n\n\
             provider {local:?} {{\n  {settings}\n}}\n"
        );
        for index in 0..count {
            text.push_str(&format!(
                "\nresource {kind:?} \"r{index}\" {{\n  name = \"bench-{index}\"\n  description = \"bench\"\n  {scopes}\n}}\n"
            ));
        }
        text
    }

    fn median(&self, operation: usize, figure: fn(&Spent) -> f64) -> f64 {
        let mut figures: Vec<f64> = self.spent[operation].iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

fn print(all: &[Contestant], count: usize) {
    let Some(peer) = all.last() else {
        return;
    };
    println!("{count} tokens; the ratio is to {}.\n", peer.name);
    println!(
        "| operation | provider | wall s | ratio | CPU s | ratio | Terraform's own CPU s | ratio | the provider's CPU s | ratio | Terraform's peak MiB | the provider's |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let figures: [fn(&Spent) -> f64; 4] = [
        |spent| spent.wall,
        |spent| spent.core + spent.provider.cpu_milliseconds / 1e3,
        |spent| spent.core,
        |spent| spent.provider.cpu_milliseconds / 1e3,
    ];
    for (operation, (title, _)) in OPERATIONS.iter().enumerate() {
        for contestant in all {
            let figures: Vec<String> = figures
                .iter()
                .map(|figure| {
                    let own = contestant.median(operation, *figure);
                    format!("{own:.2} | {:.2}", own / peer.median(operation, *figure))
                })
                .collect();
            let mebibytes =
                |figure: fn(&Spent) -> f64| contestant.median(operation, figure) / 1024.0;
            println!(
                "| {title} | {} | {} | {:.0} | {:.1} |",
                contestant.name,
                figures.join(" | "),
                mebibytes(|spent| spent.peak_kibibytes),
                mebibytes(|spent| spent.provider.peak_kibibytes),
            );
        }
    }
    println!("\n| provider | bytes of state for each token |\n|---|---|");
    for contestant in all {
        println!("| {} | {:.0} |", contestant.name, contestant.state);
    }
}
