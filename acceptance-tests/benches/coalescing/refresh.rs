//! One refresh, measured: the time it takes and the calls that reach the server.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lanyard_compiler::model::State;
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount};
use lanyard_compiler::value::Value;
use lanyard_servers::{Object as _, TokenServer, engine};

use crate::estate::Estate;

/// Terraform's own number.
const READERS: usize = 10;

#[derive(Clone, Copy)]
pub(crate) enum Reading {
    /// As the provider reads.
    Coalesced,
    /// Each object by a call of its own, past what coalesces.
    Singly,
}

pub(crate) struct Cost {
    calls: u64,
    took: Duration,
}

impl fmt::Display for Cost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.calls == 1 { "call" } else { "calls" };
        write!(
            formatter,
            "{} {noun}, {:.0} ms",
            self.calls,
            self.took.as_secs_f64() * 1e3
        )
    }
}

/// Reads `count` objects of the estate, by a process that knows nothing yet.
pub(crate) fn cost(
    estate: &Estate,
    count: usize,
    latency: Duration,
    reading: Reading,
) -> Result<Cost, String> {
    let reference = estate.serve(latency)?;
    let server = estate.connect(&reference)?;
    let states = estate.states(count);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let kind = estate.kind();
    let began = Instant::now();
    runtime.block_on(
        stream::iter(states)
            .map(|state| {
                let server = Arc::clone(&server);
                async move {
                    match reading {
                        Reading::Coalesced => unchanged(server, kind, state).await,
                        Reading::Singly => exists(server, kind, state).await,
                    }
                }
            })
            .buffer_unordered(READERS)
            .try_collect::<()>(),
    )?;
    Ok(Cost {
        took: began.elapsed(),
        calls: reference.requests().total(),
    })
}

async fn unchanged(server: Arc<dyn TokenServer>, kind: Kind, state: Value) -> Result<(), String> {
    let state = State::read(kind, &state).map_err(|problem| problem.to_string())?;
    let read = engine::read(&*server, &state, None)
        .await
        .map_err(|problems| format!("{}", problems[0]))?;
    match read {
        Some(read) if read.state == state => Ok(()),
        read => Err(format!("{state:?} is now {read:?}")),
    }
}

async fn exists(server: Arc<dyn TokenServer>, kind: Kind, state: Value) -> Result<(), String> {
    let id = state.get("id").as_str().unwrap_or_default();
    let found = match kind {
        Kind::ServiceAccount => ServiceAccount::of(&*server)
            .read(id)
            .await
            .map(|found| found.is_some()),
        Kind::AccessToken => AccessToken::of(&*server)
            .read(id)
            .await
            .map(|found| found.is_some()),
    };
    match found {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("{id} is not there")),
        Err(error) => Err(error.to_string()),
    }
}
