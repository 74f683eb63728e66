//! Our own data sources: read before anything is planned, where their arguments are known, so that what follows from them is known, too.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lanyard_compiler::comparison::Known;
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::language::{Configuration, Instance, Provider};
use lanyard_servers::{Connection, TokenServer, engine};

use crate::complaints::Failure;
use crate::configuration::Compiled;
use crate::connection;

/// The configuration with the answers of its data sources. One may say what another one asks for, so they are read in rounds.
pub(crate) async fn look_up(mut compiled: Compiled) -> Result<Compiled, Failure> {
    let (mut answers, mut servers) = (Known::new(), HashMap::new());
    loop {
        if has_errors(&compiled.diagnostics) {
            return Ok(compiled);
        }
        let before = answers.len();
        let read = read(&compiled.configuration, &mut servers, &mut answers).await;
        if let Err(problems) = read {
            return Err(Failure::in_files(problems, compiled.sources));
        }
        if answers.len() == before {
            break;
        }
        compiled = compiled.knowing(answers.clone());
    }
    let open = compiled.configuration.data();
    let open = open.filter(|(instance, ..)| !answers.contains_key(&instance.address));
    let notes: Vec<Diagnostic> = open.map(|(instance, ..)| not_read(instance)).collect();
    compiled.diagnostics.extend(notes);
    Ok(compiled)
}

/// Asks what can be asked now and has not been.
async fn read(
    configuration: &Configuration,
    servers: &mut HashMap<String, Arc<dyn TokenServer>>,
    answers: &mut Known,
) -> Result<(), Vec<Diagnostic>> {
    let managed = configuration.managed();
    let managed: HashSet<String> = managed.map(|(each, ..)| each.resource()).collect();
    // What depends on a resource may be another one once that is applied.
    let waits = |instance: &Instance| {
        let mut needed = instance.dependencies.iter();
        !instance.config.is_wholly_known() || needed.any(|each| managed.contains(each))
    };
    let mut problems = Vec::new();
    for (instance, kind, provider) in configuration.data() {
        if answers.contains_key(&instance.address) || waits(instance) {
            continue;
        }
        let Some(server) = server(provider, servers)? else {
            continue;
        };
        match engine::look_up(kind, server.as_ref(), &instance.config).await {
            Ok(answer) => drop(answers.insert(instance.address.clone(), answer)),
            Err(problem) => problems.push(instance.locate(problem)),
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// The server of a provider; `None` while its settings are not known.
fn server(
    provider: &Provider,
    servers: &mut HashMap<String, Arc<dyn TokenServer>>,
) -> Result<Option<Arc<dyn TokenServer>>, Vec<Diagnostic>> {
    let reference = provider.reference.to_string();
    if let Some(server) = servers.get(&reference) {
        return Ok(Some(Arc::clone(server)));
    }
    match connection::connect(&provider.config) {
        Ok(Connection::Ready(server, _)) => {
            servers.insert(reference, Arc::clone(&server));
            Ok(Some(server))
        }
        Ok(Connection::NotKnown { .. }) => Ok(None),
        Err(problems) => Err(problems
            .into_iter()
            .map(|each| provider.locate(each))
            .collect()),
    }
}

fn not_read(instance: &Instance) -> Diagnostic {
    instance.locate(
        Diagnostic::warning(Code::NotRead, "A data source is not read")
            .detail(format!(
                "{} needs what is known only after apply, or a resource that comes first. What follows from it is unknown here.",
                instance.address
            ))
            .hint("Terraform reads it; or give its arguments as texts, without a reference to a resource."),
    )
}
