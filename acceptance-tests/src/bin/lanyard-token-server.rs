//! The reference token server as a command: prints one line of JSON when it is ready, and serves until it is told
//! to end.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Faults, Options, ReferenceServer};

/// A token server for trying, demos and tests, not for production.
///
/// When it is ready it prints one line of JSON to standard output: where it answers and how to sign in. Each start
/// makes a new operator token; with a database file, those of earlier starts stay valid.
#[derive(Parser)]
#[command(version, after_long_help = CONTROLS)]
struct Arguments {
    /// The API to speak
    #[arg(long, default_value_t = Api::Native, value_parser = api_parser())]
    api: Api,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: String,

    /// SQLite file to keep everything in, made when it does not exist, or `memory`
    #[arg(long, value_name = "PATH|memory", default_value = "memory")]
    database: String,

    /// Speak HTTPS, with a certificate authority of its own (see `ca_file` in the ready line)
    #[arg(long)]
    tls: bool,

    /// Fault rules: a JSON list, or @FILE to read one
    #[arg(long, value_name = "JSON|@FILE")]
    faults: Option<String>,

    /// Requests per second that each credential may make; more are answered with 429
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate_limit: Option<u32>,

    /// Append each secret in the clear to this file, for tests that search for leaks
    #[arg(long, value_name = "PATH")]
    secret_log: Option<PathBuf>,

    /// Milliseconds to wait before each answer
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
}

const CONTROLS: &str = "\
Controls, for tests (with the operator's token):
  GET  /-/clock                               what time the server thinks it is
  POST /-/clock {\"advance_seconds\": 86400}    a day passes
  POST /-/clock {\"now\": \"2027-01-01T00:00:00Z\"}
  GET, PUT, DELETE /-/faults                  fault rules, as for --faults
  GET, PUT /-/profile {...}                   switches of the vendor's edition, version and defects
  GET, DELETE /-/requests                     what was asked so far, and counters

A fault rule, of which --faults takes a list:
  {\"method\": \"POST\", \"path\": \"/v1/access-tokens\", \"after\": 0, \"times\": 1, \"fault\": FAULT}
  Without method, path (a prefix, or a pattern with *) or times it is for all. FAULT is one of
  {\"kind\": \"status\", \"status\": 503, \"retry_after\": 2, \"before_work\": true}
  {\"kind\": \"cut\", \"when\": \"before\"}        close the connection, before or after the work
  {\"kind\": \"slow\", \"seconds\": 30, \"when\": \"after\"}
  {\"kind\": \"truncate\"}                      send half of the answer
  {\"kind\": \"content_type\", \"value\": \"text/html\"}
  {\"kind\": \"alter\", \"without\": [\"secret\"], \"with\": {\"disabled\": false}}
                                             the answer's JSON lacks a member, or has another value
  {\"kind\": \"quote\", \"status\": 409, \"bare\": true}
                                             refuse in words that quote the answer, or its texts alone
  {\"kind\": \"date\", \"seconds\": 86400}         the answer's Date header is off by a day
  {\"kind\": \"stale_lists\", \"seconds\": 60}   lists as they were a minute ago";

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot wait for signals: {error}"))?;
    runtime.block_on(async {
        // Listening for signals comes first: from the ready line on, each of them ends the server cleanly.
        let ended = signals().map_err(|error| format!("cannot wait for signals: {error}"))?;
        let server =
            ReferenceServer::start(options(arguments)?).map_err(|error| error.to_string())?;
        announce(&server).map_err(|error| format!("cannot print the ready line: {error}"))?;
        ended.await;
        drop(server);
        Ok(())
    })
}

fn options(arguments: Arguments) -> Result<Options, String> {
    let faults = match arguments.faults {
        None => Vec::new(),
        Some(given) => {
            let json = match given.strip_prefix('@') {
                None => given,
                Some(path) => std::fs::read_to_string(path)
                    .map_err(|error| format!("cannot read the fault rules in {path}: {error}"))?,
            };
            Faults::parse(&json).map_err(|error| error.to_string())?
        }
    };
    Ok(Options {
        api: arguments.api,
        listen: arguments.listen,
        database: match arguments.database.as_str() {
            "memory" => Database::Memory,
            path => Database::File(PathBuf::from(path)),
        },
        tls: arguments.tls,
        faults,
        rate_limit: arguments.rate_limit,
        secret_log: arguments.secret_log,
        latency: Duration::from_millis(arguments.latency),
    })
}

fn announce(server: &ReferenceServer) -> std::io::Result<()> {
    let line = serde_json::json!({
        "api": server.api.name(),
        "url": server.url,
        "token": server.token,
        "username": server.username,
        "password": server.password,
        "organization": server.organization,
        "ca_file": server.ca_file,
    });
    let mut output = std::io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

fn api_parser() -> impl clap::builder::TypedValueParser<Value = Api> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    PossibleValuesParser::new(Api::ALL.iter().map(|api| api.name()))
        .try_map(|name| name.parse::<Api>())
}

#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a console there is nobody to interrupt; then it runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
