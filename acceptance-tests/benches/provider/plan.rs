//! A plan that changes nothing, for many tokens and for as many `terraform_data`, with the answers of the server at once and after
//! 20 milliseconds. Both use `count`: Terraform evaluates a `for_each` once for every instance, which would hide all else.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Options, ReferenceServer};

use crate::shim::{self, Used};

const LATENCY: Duration = Duration::from_millis(20);
/// Each plan is made this often; the fastest counts.
const ROUNDS: usize = 3;

pub(crate) fn compare(provider: &Path, count: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path();
    let settings = mirror(root)?;
    let terraform = Terraform {
        root,
        settings: &settings,
        provider,
    };

    let data = terraform.folder("data", &format!(
        "resource \"terraform_data\" \"many\" {{\n  count = {count}\n  input = count.index\n}}\n"
    ))?;
    terraform.run(&data, None, &["apply", "-auto-approve"])?;
    let (floor, _) = terraform.plan(&data, None)?;
    println!("| no-change plan of {count} `terraform_data` | {floor:.2} s |");

    let tokens = terraform.folder("tokens", &tokens(count))?;
    let database = root.join("tokens.db");
    let at_once = start(&database, Duration::ZERO)?;
    terraform.run(&tokens, Some(&at_once), &["apply", "-auto-approve"])?;
    let before = at_once.requests().total();
    let (wall, used) = terraform.plan(&tokens, Some(&at_once))?;
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
    let (slow, _) = terraform.plan(&tokens, Some(&late))?;
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

/// A mirror that installs this program as the provider; returns the settings file that names it.
fn mirror(root: &Path) -> Result<PathBuf, String> {
    let fail = |error: std::io::Error| error.to_string();
    let version = env!("CARGO_PKG_VERSION");
    let architecture = if std::env::consts::ARCH == "aarch64" {
        "arm64"
    } else {
        "amd64"
    };
    let system = if std::env::consts::OS == "macos" {
        "darwin"
    } else {
        "linux"
    };
    let package = root
        .join("mirror/registry.terraform.io/lanyard/lanyard")
        .join(version)
        .join(format!("{system}_{architecture}"));
    std::fs::create_dir_all(&package).map_err(fail)?;
    let own = std::env::current_exe().map_err(fail)?;
    std::fs::copy(
        own,
        package.join(format!("terraform-provider-lanyard_v{version}")),
    )
    .map_err(fail)?;
    let settings = root.join("terraform.rc");
    let text = format!(
        "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
        root.join("mirror")
    );
    std::fs::write(&settings, text).map_err(fail)?;
    Ok(settings)
}

struct Terraform<'a> {
    root: &'a Path,
    settings: &'a Path,
    provider: &'a Path,
}

impl Terraform<'_> {
    fn folder(&self, name: &str, configuration: &str) -> Result<PathBuf, String> {
        let folder = self.root.join(name);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        std::fs::write(folder.join("main.tf"), configuration).map_err(|error| error.to_string())?;
        self.run(&folder, None, &["init"])?;
        Ok(folder)
    }

    /// Seconds of the fastest plan, and what its provider processes used.
    fn plan(&self, folder: &Path, server: Option<&ReferenceServer>) -> Result<(f64, Used), String> {
        let mut best: Option<(f64, Used)> = None;
        for _ in 0..ROUNDS {
            let log = self.root.join("used.log");
            // The first round has none to remove.
            let _ = std::fs::remove_file(&log);
            let began = Instant::now();
            self.run(folder, server, &["plan", "-detailed-exitcode"])?;
            let wall = began.elapsed().as_secs_f64();
            if best.as_ref().is_none_or(|(fastest, _)| wall < *fastest) {
                best = Some((wall, shim::read(&log)));
            }
        }
        best.ok_or_else(|| "nothing was measured".to_owned())
    }

    fn run(
        &self,
        folder: &Path,
        server: Option<&ReferenceServer>,
        arguments: &[&str],
    ) -> Result<(), String> {
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .arg("-no-color")
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root)
            .env("TF_CLI_CONFIG_FILE", self.settings)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_INPUT", "0")
            .env(shim::REAL_PROVIDER, self.provider)
            .env(shim::LOG, self.root.join("used.log"))
            .stdin(Stdio::null());
        if let Some(server) = server {
            command.env("LANYARD_URL", &server.url);
            command.env("LANYARD_TOKEN", server.token.as_deref().unwrap_or_default());
        }
        let output = command.output().map_err(|error| {
            format!("terraform cannot be started: {error}\nhint: install Terraform and put it on the PATH")
        })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "`terraform {}` ended with {}:\n{said}",
            arguments.join(" "),
            output.status
        ))
    }
}
