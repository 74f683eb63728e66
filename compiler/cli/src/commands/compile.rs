//! `lanyard compile`: the desired state of a configuration, and who consumes its tokens.

use lanyard_compiler::desired_state;
use lanyard_compiler::model::state::{Open, Outline};

use crate::args::{Compile, Format};
use crate::complaints::Failure;
use crate::configuration::{self, Compiled};
use crate::console::{Console, Outcome};

pub(crate) fn run(arguments: &Compile, console: &Console) -> Result<Outcome, Failure> {
    let compiled = configuration::compile_or_tell(&arguments.source, console)?;
    match arguments.format {
        Format::Json => console.stream(|mut stream| {
            desired_state::write(&compiled.configuration, &mut stream)?;
            stream.write_all(b"\n")
        }),
        Format::Text => console.result(&text(&compiled)),
    }
    // The process ends now: giving a large configuration back piece by piece would take longer than writing it.
    std::mem::forget(compiled);
    Ok(Outcome::Done)
}

/// One line per resource, and below it who consumes its secret.
fn text(compiled: &Compiled) -> String {
    let mut text = String::new();
    for (instance, _, _) in compiled.configuration.managed() {
        let outline = Outline::of(&instance.config);
        let name = match &*outline.name {
            Open::Unknown => "(known after apply)".to_owned(),
            Open::Known(name) => format!("{:?}", name.as_deref().unwrap_or_default()),
        };
        text.push_str(&format!("{} {name}\n", instance.address));
        let consumers = compiled.configuration.consumers.get(&instance.address);
        for consumer in consumers.into_iter().flatten() {
            let path = if consumer.path.is_empty() {
                String::new()
            } else {
                format!(".{}", consumer.path)
            };
            let open = if consumer.sensitive == Some(false) {
                " (not sensitive)"
            } else {
                ""
            };
            text.push_str(&format!(
                "  {} is used by {}{path}{open}\n",
                consumer.attribute, consumer.address
            ));
        }
    }
    text
}
