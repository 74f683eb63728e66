//! Logs on stderr in the form that Terraform reads, and not a byte unless somebody asked: Terraform parses every line, wanted
//! or not.

use std::ffi::OsString;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The longest field that is written whole, in bytes: Terraform splits lines of 64 KiB.
const MAX_FIELD: usize = 4096;

/// Starts logging if the environment asks for it. `name` is the provider's, in upper case.
pub fn install(variable: impl Fn(&str) -> Option<OsString>, name: &str) {
    if let Some(level) = level(variable, name) {
        let subscriber = tracing_subscriber::registry().with(Log { level });
        // Only a test could have set another one before.
        let _ = tracing::subscriber::set_global_default(subscriber);
    }
}

/// The least severe level that is wanted; the most specific variable decides.
fn level(variable: impl Fn(&str) -> Option<OsString>, name: &str) -> Option<Level> {
    let names = [
        format!("TF_LOG_PROVIDER_{name}"),
        "TF_LOG_PROVIDER".to_owned(),
        "TF_LOG".to_owned(),
    ];
    let value = names
        .iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))?;
    match value.to_string_lossy().to_ascii_uppercase().as_str() {
        "OFF" => None,
        "ERROR" => Some(Level::ERROR),
        "WARN" => Some(Level::WARN),
        "INFO" => Some(Level::INFO),
        "DEBUG" => Some(Level::DEBUG),
        // JSON, and whatever Terraform does not know, mean everything.
        _ => Some(Level::TRACE),
    }
}

struct Log {
    level: Level,
}

/// The fields of a span, kept for the events inside it.
struct Fields(Vec<(&'static str, String)>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        // Only our own words: the libraries below us see headers and bodies, and those hold secrets.
        *metadata.level() <= self.level && metadata.target().starts_with("lanyard")
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(Vec::new());
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields(Vec::new());
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.0.extend(outer.0.iter().cloned());
            }
        }
        let mut line = line(event.metadata(), Timestamp::now(), &fields);
        line.push('\n');
        // A log that cannot be written cannot be complained about.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

/// One JSON object. All values are strings: numbers in some places crash the reader.
fn line(metadata: &Metadata<'_>, now: Timestamp, fields: &Fields) -> String {
    let mut object = serde_json::Map::new();
    let mut put = |key: &str, value: String| {
        // The innermost of fields with the same name stays.
        object.entry(key).or_insert(value.into());
    };
    put("@level", metadata.level().as_str().to_ascii_lowercase());
    put("@module", metadata.target().to_owned());
    // Exactly six digits, or Terraform shows the whole line as it is.
    put("@timestamp", format!("{now:.6}"));
    for (name, value) in &fields.0 {
        match *name {
            "message" => put("@message", value.clone()),
            name => put(name, value.clone()),
        }
    }
    put("@message", String::new());
    serde_json::Value::Object(object).to_string()
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(text, "{value:?}");
        self.push(field, text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, value.to_owned());
    }
}

impl Fields {
    fn push(&mut self, field: &Field, mut value: String) {
        if value.len() > MAX_FIELD {
            value.truncate(value.floor_char_boundary(MAX_FIELD));
            value.push('…');
        }
        self.0.push((field.name(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(variables: &[(&str, &str)]) -> Option<Level> {
        let find = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.into())
        };
        level(find, "LANYARD")
    }

    #[test]
    fn nothing_is_logged_unless_asked() {
        assert_eq!(level_of(&[]), None);
        assert_eq!(level_of(&[("TF_LOG", "")]), None);
        assert_eq!(level_of(&[("TF_LOG", "off")]), None);
        assert_eq!(level_of(&[("TF_LOG_CORE", "TRACE")]), None);
    }

    #[test]
    fn the_most_specific_variable_decides() {
        let all = [
            ("TF_LOG", "TRACE"),
            ("TF_LOG_PROVIDER", "info"),
            ("TF_LOG_PROVIDER_LANYARD", "ERROR"),
        ];
        assert_eq!(level_of(&all), Some(Level::ERROR));
        assert_eq!(level_of(&all[..2]), Some(Level::INFO));
        assert_eq!(level_of(&[("TF_LOG", "JSON")]), Some(Level::TRACE));
    }
}
