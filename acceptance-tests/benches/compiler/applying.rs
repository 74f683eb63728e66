//! `lanyard apply` of many creations beside the same requests without anything around them: at the same concurrency, in a process of their own, to a
//! server of the same kind, in one run.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lanyard_token_server::{Api, Options, ReferenceServer};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::measure::{Used, once};
use crate::terraform::with_server;
use crate::{APPLY_PATIENCE, estate};

/// The first word of the process that only sends requests; then come the server's address, its secret, and how many modules.
pub(crate) const BARE: &str = "--bare";
/// How often each takes its turn.
const ROUNDS: usize = 3;
/// Changes that `lanyard apply` makes at the same time.
const AT_ONCE: usize = 8;

/// The words after `applying`: how many resources.
pub(crate) fn run(words: &[OsString], lanyard: &Path) -> Result<(), String> {
    let [size] = words else {
        return Err("usage: applying RESOURCES".to_owned());
    };
    let size = size.to_str().and_then(|size| size.parse().ok());
    let size: usize = size.ok_or("the number of resources is no number")?;
    let modules = size.div_ceil(2);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    estate::write_modules(folder.path(), modules).map_err(|error| error.to_string())?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut least: [Option<Used>; 2] = [None, None];
    for round in 0..ROUNDS {
        let secrets = format!("secrets-{round}.jsonl");
        for (applies, least) in [true, false].into_iter().zip(&mut least) {
            let server = ReferenceServer::start(Options::new(Api::Native))
                .map_err(|error| error.to_string())?;
            let command = if applies {
                let mut command = Command::new(lanyard);
                command
                    .args(["apply", "--quiet", "--yes", "--out-file", &secrets])
                    .current_dir(folder.path());
                with_server(command, &server)
            } else {
                let mut command = Command::new(&own);
                command
                    .args([
                        BARE,
                        &server.url,
                        server.token.as_deref().unwrap_or_default(),
                    ])
                    .arg(modules.to_string());
                command
            };
            let used = once(APPLY_PATIENCE, &command)?.ok_or("it took too long")?;
            *least = Some(least.map_or(used, |before| before.least(used)));
        }
    }
    let [Some(applied), Some(bare)] = least else {
        return Err("nothing was measured".to_owned());
    };
    println!(
        "{size} creations, two requests each, {AT_ONCE} at a time; the least of {ROUNDS} rounds in which both took turns.\n"
    );
    println!("| | wall s | ratio | CPU s | ratio | peak MiB |");
    println!("|---|---|---|---|---|---|");
    for (name, used) in [("`lanyard apply`", applied), ("the bare requests", bare)] {
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
            used.wall_seconds,
            used.wall_seconds / bare.wall_seconds,
            used.cpu_seconds,
            used.cpu_seconds / bare.cpu_seconds,
            used.peak_mebibytes,
        );
    }
    Ok(())
}

/// The process that only sends: the accounts of all modules and then their tokens, each made and then claimed, as `lanyard apply` does.
pub(crate) fn bare(words: &[OsString]) -> Result<(), String> {
    let words: Option<Vec<&str>> = words.iter().map(|word| word.to_str()).collect();
    let Some([url, secret, modules]) = words.as_deref() else {
        return Err(format!("usage: {BARE} URL SECRET MODULES"));
    };
    let modules: usize = modules.parse().map_err(|_| "that is no number")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let requests = Requests {
        client: Client::new(),
        url: (*url).to_owned(),
        secret: (*secret).to_owned(),
    };
    let sent = runtime.block_on(async {
        let accounts: Vec<String> = stream::iter(0..modules)
            .map(|number| requests.account(number))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        stream::iter(accounts.iter().enumerate())
            .map(|(number, account)| requests.token(number, account))
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
    });
    sent.map_err(|error: reqwest::Error| error.to_string())
}

struct Requests {
    client: Client,
    url: String,
    secret: String,
}

impl Requests {
    async fn account(&self, number: usize) -> reqwest::Result<String> {
        let name = format!("team-{number:06}");
        let account = json!({
            "name": name, "description": format!("Deploys what {name} builds"), "roles": ["editor", "viewer"], "disabled": false,
            "restriction": null, "managed_by": "lanyard", "origin": ORIGIN,
        });
        self.made("service-accounts", &account).await
    }

    async fn token(&self, number: usize, account: &str) -> reqwest::Result<String> {
        let token = json!({
            "name": format!("team-{number:06}-ci"), "description": null, "disabled": false, "visibility": null,
            "scopes": ["samples:read"], "service_account_id": account, "managed_by": "lanyard", "origin": ORIGIN,
            "ttl_seconds": 7_776_000,
        });
        self.made("access-tokens", &token).await
    }

    /// Makes an object and says whose it is; gives its id.
    async fn made(&self, collection: &str, object: &Value) -> reqwest::Result<String> {
        let url = format!("{}/v1/{collection}", self.url);
        let made = self.sent(Method::POST, &url, object).await?;
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        let claim = json!({ "managed_by": "lanyard", "origin": ORIGIN });
        self.sent(Method::PATCH, &format!("{url}/{id}"), &claim)
            .await?;
        Ok(id)
    }

    async fn sent(&self, method: Method, url: &str, body: &Value) -> reqwest::Result<Value> {
        let request = self
            .client
            .request(method.clone(), url)
            .bearer_auth(&self.secret);
        let request = if method == Method::PATCH {
            request
                .header("content-type", "application/merge-patch+json")
                .header("managed-by", "lanyard")
        } else {
            request
                .header("content-type", "application/json")
                .header("idempotency-key", format!("{}-{}", url.len(), body["name"]))
        };
        let request = request.body(body.to_string());
        request.send().await?.error_for_status()?.json().await
    }
}

const ORIGIN: &str = "208d58d8c8898fca2912bc120b7212f0";
