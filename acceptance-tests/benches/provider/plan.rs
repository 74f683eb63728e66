//! A plan that changes nothing, for many tokens and for as many `terraform_data`, with the answers of the server at once and after
//! 20 milliseconds. Both use `count`: Terraform evaluates a `for_each` once for every instance, which would hide all else.

use std::path::Path;
use std::time::Duration;

use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Options, ReferenceServer};

use crate::beside::OURS;
use crate::terraform::{Spent, Terraform, mirror};

const LATENCY: Duration = Duration::from_millis(20);
/// Each plan is made this often; the fastest counts.
const ROUNDS: usize = 3;

pub(crate) fn compare(provider: &Path, count: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path();
    let settings = mirror(root, &[OURS])?;
    let terraform = Terraform {
        root,
        settings: &settings,
        provider,
    };

    let data = terraform.folder("data", &format!(
        "resource \"terraform_data\" \"many\" {{\n  count = {count}\n  input = count.index\n}}\n"
    ))?;
    terraform.run(&data, &[], &["apply", "-auto-approve"])?;
    let floor = fastest_plan(&terraform, &data, None)?.wall;
    println!("| no-change plan of {count} `terraform_data` | {floor:.2} s |");

    let tokens = terraform.folder("tokens", &tokens(count))?;
    let database = root.join("tokens.db");
    let at_once = start(&database, Duration::ZERO)?;
    terraform.run(&tokens, &connection(&at_once), &["apply", "-auto-approve"])?;
    let before = at_once.requests().total();
    let fastest = fastest_plan(&terraform, &tokens, Some(&at_once))?;
    let (wall, used) = (fastest.wall, fastest.provider);
    let calls = (at_once.requests().total() - before) / ROUNDS as u64;
    println!(
        "| no-change plan of {count} tokens | {wall:.2} s, {:.2} times the above |",
        wall / floor
    );
    println!(
        "| the provider in it | {:.2} s of CPU in {} processes, peak {:.1} MiB, {calls} calls |",
        used.cpu_milliseconds / 1e3,
        used.processes,
        used.peak_kibibytes / 1024.0
    );
    // The same address: the state remembers nothing of the server, but the settings name it.
    drop(at_once);
    let late = start(&database, LATENCY)?;
    let slow = fastest_plan(&terraform, &tokens, Some(&late))?.wall;
    println!(
        "| the same with {} ms of latency | {slow:.2} s, {:.2} times |",
        LATENCY.as_millis(),
        slow / wall
    );
    Ok(())
}

fn tokens(count: usize) -> String {
    format!(
        r#"terraform {{
  required_providers {{
    lanyard = {{ source = "lanyard/lanyard" }}
  }}
}}

resource "lanyard_service_account" "fleet" {{
  name  = "fleet"
  roles = ["viewer"]
}}

resource "lanyard_access_token" "many" {{
  count           = {count}
  name            = "node-${{count.index}}"
  service_account = lanyard_service_account.fleet.id
  ttl             = "90d"
}}
"#
    )
}

fn start(database: &Path, latency: Duration) -> Result<ReferenceServer, String> {
    let mut options = Options::new(Api::Native);
    options.database = Database::File(database.to_owned());
    options.latency = latency;
    ReferenceServer::start(options).map_err(|error| error.to_string())
}

fn connection(server: &ReferenceServer) -> [(&str, &str); 2] {
    [
        ("LANYARD_URL", &server.url),
        ("LANYARD_TOKEN", server.token.as_deref().unwrap_or_default()),
    ]
}

fn fastest_plan(
    terraform: &Terraform<'_>,
    folder: &Path,
    server: Option<&ReferenceServer>,
) -> Result<Spent, String> {
    let environment = server.map(connection);
    let environment: &[(&str, &str)] = environment.as_ref().map_or(&[], |pairs| pairs);
    let mut best: Option<Spent> = None;
    for _ in 0..ROUNDS {
        let spent = terraform.run(folder, environment, &["plan", "-detailed-exitcode"])?;
        if best
            .as_ref()
            .is_none_or(|fastest| spent.wall < fastest.wall)
        {
            best = Some(spent);
        }
    }
    best.ok_or_else(|| "nothing was measured".to_owned())
}
