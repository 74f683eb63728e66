//! One file of a configuration for itself: its blocks and arguments as they stand there, not evaluated.

use super::configuration::Schemas;
use super::module::Grammar;
use super::source::FileId;
use super::syntax::{Body, Parsed, parse_body, parse_json};

/// What a file of this name says, in the spelling that its name tells; `None` if it cannot be read.
pub(crate) fn alone(name: &str, text: &str) -> Option<Body> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Parsed { body, errors, .. } = if name.ends_with(".json") {
        parse_json(FileId::NONE, text, &Grammar::Root(&Schemas::lanyard()))
    } else {
        parse_body(FileId::NONE, text)
    };
    errors.is_empty().then_some(body)
}
