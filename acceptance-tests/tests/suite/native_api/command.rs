//! The command: its ready line, its errors, and its end.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{console, http};

const COMMAND: &str = env!("CARGO_BIN_EXE_lanyard-token-server");

/// A running command; ended with the test.
struct Running {
    child: Child,
    ready: Value,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(COMMAND)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        Self { child, ready }
    }

    fn text(&self, field: &str) -> &str {
        super::api::text(&self.ready[field])
    }

    /// Sends a signal and returns whether the end was a clean one, and what was said on standard error.
    fn end(mut self, signal: &str) -> (bool, String) {
        console::signal(signal, self.child.id());
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        (status.success(), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the command says when it refuses to start.
fn refusal(arguments: &[&str]) -> String {
    let output = Command::new(COMMAND).args(arguments).output().unwrap();
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "standard output is for the ready line"
    );
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn it_prints_one_ready_line_and_ends_cleanly_when_told() {
    for signal in ["INT", "TERM"] {
        let running = Running::start(&[]);
        let fields: Vec<&String> = running.ready.as_object().unwrap().keys().collect();
        assert_eq!(
            fields,
            [
                "api",
                "url",
                "token",
                "username",
                "password",
                "organization",
                "ca_file"
            ]
        );
        assert_eq!(running.text("api"), "native");
        assert!(running.ready["password"].is_null() && running.ready["ca_file"].is_null());
        let client = http::blocking();
        let reply = client
            .get(format!("{}/v1/whoami", running.text("url")))
            .bearer_auth(running.text("token"))
            .send()
            .unwrap();
        assert_eq!(reply.status(), 200);
        let secret = running.text("token").to_owned();
        let (clean, said) = running.end(signal);
        assert!(clean, "{signal}: {said}");
        assert!(!said.contains(&secret), "a secret on standard error");
    }
}

#[test]
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let arguments = ["--database", path.to_str().unwrap()];
    let client = http::blocking();
    let running = Running::start(&arguments);
    let token: Value = client
        .post(format!("{}/v1/access-tokens", running.text("url")))
        .bearer_auth(running.text("token"))
        .header("content-type", "application/json")
        .body(r#"{"name":"t"}"#)
        .send()
        .and_then(|reply| reply.text())
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap();
    // Dropping kills it, as -KILL does.
    drop(running);

    let running = Running::start(&arguments);
    let reply = client
        .get(format!("{}/v1/whoami", running.text("url")))
        .bearer_auth(super::api::text(&token["secret"]))
        .send()
        .unwrap();
    assert_eq!(reply.status(), 200);
}

#[test]
fn latency_is_waited_before_each_answer() {
    let running = Running::start(&["--latency", "50"]);
    let started = std::time::Instant::now();
    let reply = http::blocking()
        .get(format!("{}/healthz", running.text("url")))
        .send()
        .unwrap();
    assert_eq!(reply.status(), 200);
    assert!(started.elapsed() >= std::time::Duration::from_millis(50));
}

#[test]
fn with_tls_a_client_that_trusts_its_authority_gets_in_and_others_do_not() {
    let running = Running::start(&["--tls"]);
    let url = format!("{}/healthz", running.text("url"));
    assert!(url.starts_with("https://127.0.0.1:"));
    let authority = running.text("ca_file").to_owned();
    let pem = std::fs::read(&authority).unwrap();
    let trusting = reqwest::blocking::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .build()
        .unwrap();
    assert_eq!(trusting.get(&url).send().unwrap().status(), 200);
    let by_name = url.replace("127.0.0.1", "localhost");
    assert_eq!(trusting.get(by_name).send().unwrap().status(), 200);
    let stranger = reqwest::blocking::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap();
    assert!(stranger.get(&url).send().is_err());
    assert!(running.end("TERM").0);
    assert!(
        !std::path::Path::new(&authority).exists(),
        "the temporary file is gone"
    );
}

#[test]
fn a_taken_port_is_explained() {
    let running = Running::start(&[]);
    let address = running.text("url").trim_start_matches("http://");
    let said = refusal(&["--listen", address]);
    assert!(
        said.starts_with(&format!("error: cannot listen on {address}: ")),
        "{said}"
    );
    assert!(
        said.contains("hint: another program has this port"),
        "{said}"
    );
}

#[test]
fn an_unusable_database_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/server.db");
    let said = refusal(&["--database", missing.to_str().unwrap()]);
    assert!(
        said.contains("cannot use") && said.contains("hint: name a file in a folder that exists"),
        "{said}"
    );

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "these are notes, and no database at all".repeat(100)).unwrap();
    let said = refusal(&["--database", text.to_str().unwrap()]);
    assert!(said.contains("not a database"), "{said}");
}

#[test]
fn bad_fault_rules_are_explained() {
    let said = refusal(&["--faults", r#"[{"fault":{"kind":"melt"}}]"#]);
    assert!(
        said.contains("unknown variant `melt`") && said.contains("a rule looks like"),
        "{said}"
    );
    let said = refusal(&["--faults", "@/nonexistent/faults.json"]);
    assert!(
        said.contains("cannot read the fault rules in /nonexistent/faults.json"),
        "{said}"
    );
    let running = Running::start(&["--faults", r#"[{"fault":{"kind":"status","status":418}}]"#]);
    let reply = http::blocking()
        .get(format!("{}/healthz", running.text("url")))
        .send()
        .unwrap();
    assert_eq!(reply.status(), 418);
}

#[test]
fn help_says_that_it_is_not_for_production() {
    let output = Command::new(COMMAND).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        help.contains("for trying, demos and tests, not for production"),
        "{help}"
    );
}
