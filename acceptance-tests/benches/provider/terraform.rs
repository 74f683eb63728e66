//! Terraform over this program, which stands in for the provider, and what each command used.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use crate::shim::{self, Used};

/// A mirror that installs this program as each of the providers (`NAMESPACE/NAME`); returns the settings file that names it.
pub(crate) fn mirror(root: &Path, providers: &[&str]) -> Result<PathBuf, String> {
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
    let own = std::env::current_exe().map_err(fail)?;
    for provider in providers {
        let package = root
            .join("mirror/registry.terraform.io")
            .join(provider)
            .join(version)
            .join(format!("{system}_{architecture}"));
        std::fs::create_dir_all(&package).map_err(fail)?;
        let (_, name) = provider.split_once('/').unwrap_or(("", provider));
        let program = package.join(format!("terraform-provider-{name}_v{version}"));
        std::fs::copy(&own, program).map_err(fail)?;
    }
    let settings = root.join("terraform.rc");
    let text = format!(
        "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
        root.join("mirror")
    );
    std::fs::write(&settings, text).map_err(fail)?;
    Ok(settings)
}

/// One command: how long it took, and what all of it used.
#[derive(Default)]
pub(crate) struct Spent {
    pub(crate) wall: f64,
    /// Seconds of Terraform's own, without the provider.
    pub(crate) core: f64,
    /// Terraform's own memory, looked at now and then.
    pub(crate) peak_kibibytes: f64,
    pub(crate) provider: Used,
}

pub(crate) struct Terraform<'a> {
    pub(crate) root: &'a Path,
    pub(crate) settings: &'a Path,
    pub(crate) provider: &'a Path,
}

impl Terraform<'_> {
    pub(crate) fn folder(&self, name: &str, configuration: &str) -> Result<PathBuf, String> {
        let folder = self.root.join(name);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        std::fs::write(folder.join("main.tf"), configuration).map_err(|error| error.to_string())?;
        self.run(&folder, &[], &["init"])?;
        Ok(folder)
    }

    pub(crate) fn run(
        &self,
        folder: &Path,
        environment: &[(&str, &str)],
        arguments: &[&str],
    ) -> Result<Spent, String> {
        let log = self.root.join("used.log");
        // The first command has none to remove.
        let _ = std::fs::remove_file(&log);
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
            .env(shim::LOG, &log)
            .envs(environment.iter().copied())
            .stdin(Stdio::null());
        let (before, began) = (processor_seconds(), Instant::now());
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                format!("terraform cannot be started: {error}\nhint: install Terraform and put it on the PATH")
            })?;
        let watch = Watch::begin(child.id());
        let output = child
            .wait_with_output()
            .map_err(|error| error.to_string())?;
        let peak_kibibytes = watch.end();
        let wall = began.elapsed().as_secs_f64();
        if output.status.success() {
            let provider = shim::read(&log);
            let all = processor_seconds() - before;
            return Ok(Spent {
                wall,
                core: all - provider.cpu_milliseconds / 1e3,
                peak_kibibytes,
                provider,
            });
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "`terraform {}` ended with {}:\n{said}",
            arguments.join(" "),
            output.status
        ))
    }
}

/// What the commands so far, and all that they waited for, used.
fn processor_seconds() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0.0, |used| {
        let microseconds =
            used.user_time().num_microseconds() + used.system_time().num_microseconds();
        microseconds as f64 / 1e6
    })
}

/// Looks at the peak memory of a process every few milliseconds, where the system tells it in `/proc`.
struct Watch {
    end: Sender<()>,
    watching: JoinHandle<f64>,
}

impl Watch {
    fn begin(process: u32) -> Self {
        let (end, ended) = channel();
        let watching = std::thread::spawn(move || {
            let mut peak: f64 = 0.0;
            loop {
                let status = std::fs::read_to_string(format!("/proc/{process}/status"));
                let status = status.unwrap_or_default();
                let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let most = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
                peak = peak.max(most.unwrap_or_default());
                let waited = ended.recv_timeout(Duration::from_millis(20));
                if waited != Err(RecvTimeoutError::Timeout) {
                    return peak;
                }
            }
        });
        Self { end, watching }
    }

    fn end(self) -> f64 {
        drop(self.end);
        self.watching.join().unwrap_or(f64::NAN)
    }
}
