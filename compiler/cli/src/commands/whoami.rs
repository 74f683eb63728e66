//! `lanyard whoami`: whose credential this is, and what it may do.

use lanyard_compiler::answers::{WhoAmI, print};
use lanyard_servers::engine;
use lanyard_servers::{Identity, IdentityToken, Reference, ServerDescription};

use crate::args::{Format, Whoami};
use crate::complaints::Failure;
use crate::console::{Console, Outcome};
use crate::target::{self, Leniency};

pub(crate) async fn run(arguments: &Whoami, console: &Console) -> Result<Outcome, Failure> {
    let targets = target::find(&arguments.target, Leniency::None, console)?;
    let mut answers = Vec::new();
    for target in &targets {
        let server = target.server.as_ref();
        let identity = engine::identity(server).await?;
        let server = engine::describe(server).await?;
        answers.push(match arguments.format {
            Format::Text => text(&identity, &server),
            Format::Json => print(&WhoAmI::of(&identity, &server)),
        });
    }
    console.result(&answers.join("\n"));
    Ok(Outcome::Done)
}

fn text(identity: &Identity, server: &ServerDescription) -> String {
    let Identity {
        kind,
        id,
        name,
        service_account,
        access_token,
        roles,
        scopes,
        restriction,
    } = identity;
    let mut lines = vec![
        ("server", format!("{} ({})", server.url, server.api)),
        (
            "credential of",
            format!("{} {name:?} ({id})", kind.replace('_', " ")),
        ),
    ];
    if let Some(Reference { id, name }) = service_account
        && kind != "service_account"
    {
        lines.push(("service account", format!("{name:?} ({id})")));
    }
    if let Some(IdentityToken {
        id,
        name,
        expires_at,
        generation,
    }) = access_token
    {
        let generation = generation
            .map(|count| format!(", generation {count}"))
            .unwrap_or_default();
        let end = expires_at.map_or_else(
            || "never expires".to_owned(),
            |end| format!("expires {end}"),
        );
        lines.push((
            "access token",
            format!("{name:?} ({id}), {end}{generation}"),
        ));
    }
    // Not every server tells what a credential may do: an empty list is no proof that it may do nothing, or everything.
    let list = |items: &[String]| match items {
        [] => "none named by the server".to_owned(),
        items => items.join(", "),
    };
    lines.push(("roles", list(roles)));
    lines.push(("scopes", list(scopes)));
    if let Some(restriction) = restriction {
        let labels: Vec<String> = restriction
            .labels
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        lines.push((
            "restricted to",
            format!("{} {}", restriction.permission.name(), labels.join(", "))
                .trim_end()
                .to_owned(),
        ));
    }
    lines
        .iter()
        .map(|(name, value)| format!("{name:<16} {value}\n"))
        .collect()
}
