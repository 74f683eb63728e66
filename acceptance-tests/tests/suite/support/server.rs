//! A reference token server as a process of its own, started for one story and ended with it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

use super::binaries::Binaries;

/// A running reference server. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct TokenServer {
    process: Child,
    pub(crate) ready: Ready,
    secret_log: PathBuf,
    /// Holds the database's folder and the secret log.
    _folder: tempfile::TempDir,
}

/// The line that the server prints when it is ready.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Ready {
    pub(crate) api: String,
    pub(crate) url: String,
    pub(crate) token: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) ca_file: Option<String>,
}

impl TokenServer {
    /// A server of the native API unless `arguments` say `--api`; over plain http unless they say `--tls`.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let folder =
            tempfile::tempdir().expect("the folder for temporary files should be writable");
        let secret_log = folder.path().join("secrets");
        let api: &[&str] = if arguments.contains(&"--api") {
            &[]
        } else {
            &["--api", "native"]
        };
        let mut process = Command::new(&Binaries::get().server)
            .args(api)
            .arg("--secret-log")
            .arg(&secret_log)
            .args(arguments)
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the reference server should start");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("stdout is piped"))
            .read_line(&mut line)
            .expect("the reference server should write a line when it is ready");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| {
            panic!("the reference server's line should be JSON: {error}: {line:?}")
        });
        Self {
            process,
            ready,
            secret_log,
            _folder: folder,
        }
    }

    /// The settings that a provider or the command takes from its environment.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let Ready {
            api,
            url,
            token,
            username,
            password,
            organization,
            ca_file,
        } = self.ready.clone();
        // Only one credential can sign in; some servers offer two.
        let (username, password) = match token {
            Some(_) => (None, None),
            None => (username, password),
        };
        let settings = [
            ("LANYARD_API", Some(api)),
            ("LANYARD_URL", Some(url)),
            ("LANYARD_TOKEN", token),
            ("LANYARD_USERNAME", username),
            ("LANYARD_PASSWORD", password),
            ("LANYARD_ORGANIZATION", organization),
            ("LANYARD_CA_FILE", ca_file),
            // Stories move the server's clock, and this machine's stays where it is.
            ("LANYARD_CLOCK_TOLERANCE", Some("1000w".to_owned())),
        ];
        settings
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }

    /// The credential that may do everything.
    pub(crate) fn operator_token(&self) -> &str {
        let Ready {
            token, password, ..
        } = &self.ready;
        token
            .as_deref()
            .or(password.as_deref())
            .expect("every server has an operator")
    }

    /// Every secret that the server issued, or accepted, until now; the operator's among them.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let logged = std::fs::read_to_string(&self.secret_log).unwrap_or_default();
        logged
            .lines()
            .map(str::to_owned)
            .chain(self.ready.token.clone())
            .chain(self.ready.password.clone())
            .collect()
    }
}

impl Drop for TokenServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
