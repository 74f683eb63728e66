//! What the configuration leaves out of the connection's settings comes from the environment: `LANYARD_URL` for `url`, and so on.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::schema::{Attribute, Type};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{AttributePath, Number, Value};

/// The settings with every absent attribute filled in from `variable` (a name to its value). Complains of what cannot be understood;
/// never repeats a value, because it may be a secret in the wrong place.
pub(crate) fn complete(
    settings: &Value,
    variable: impl Fn(&str) -> Option<String>,
) -> (Value, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let completed = facts::settings().body.attributes.iter().map(|attribute| {
        let configured = settings.get(&attribute.name);
        let name = format!("LANYARD_{}", attribute.name.to_uppercase());
        let value = match variable(&name).filter(|text| !text.is_empty()) {
            Some(text) if configured.is_null() => {
                parse(attribute, &text).unwrap_or_else(|expected| {
                    diagnostics.push(
                        Diagnostic::error("invalid-environment", "Invalid environment variable")
                            .detail(format!("{name} is not {expected}."))
                            .at(AttributePath::attribute(&attribute.name))
                            .hint(format!("Set `{}` in the configuration, or correct {name}.", attribute.name)),
                    );
                    Value::Null
                })
            }
            _ => configured.clone(),
        };
        (attribute.name.clone(), value)
    });
    let completed = Value::map(completed.collect::<Vec<_>>());
    (completed, diagnostics)
}

fn parse(attribute: &Attribute, text: &str) -> Result<Value, &'static str> {
    match attribute.kind {
        Type::Bool => match text {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err("`true` or `false`"),
        },
        Type::Number => Number::parse(text).map(Value::Number).ok_or("a number"),
        _ if attribute.sensitive => Ok(Value::Secret(Secret::new(text))),
        _ => Ok(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(settings: &[(&str, Value)], name: &str, text: &str) -> (Value, Vec<Diagnostic>) {
        let settings = Value::map(settings.iter().cloned());
        complete(&settings, |asked| (asked == name).then(|| text.to_owned()))
    }

    #[test]
    fn the_environment_fills_what_the_configuration_leaves_out() {
        let (settings, none) = completed(&[], "LANYARD_URL", "https://t.example");
        assert_eq!(settings.get("url"), &Value::from("https://t.example"));
        assert!(none.is_empty());
        let given = [("url", Value::from("https://own.example"))];
        let (settings, _) = completed(&given, "LANYARD_URL", "https://t.example");
        assert_eq!(settings.get("url"), &Value::from("https://own.example"));
    }

    #[test]
    fn a_secret_from_the_environment_is_a_secret() {
        let (settings, _) = completed(&[], "LANYARD_TOKEN", "lyd_x");
        assert!(settings.get("token").as_secret().is_some());
    }

    #[test]
    fn what_is_not_understood_is_not_repeated() {
        let (_, complaints) = completed(&[], "LANYARD_MAX_RETRIES", "hunter2");
        assert_eq!(complaints.len(), 1);
        assert!(!complaints[0].to_string().contains("hunter2"));
    }
}
