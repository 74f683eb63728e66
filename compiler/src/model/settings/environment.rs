//! Settings completed from the environment, `LANYARD_*`: one rule for the provider block and for the `lanyard` command. The caller
//! reads the variables; nothing here does.

use std::collections::BTreeSet;

use super::given::Given;
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::model::facts;
use crate::model::schema::{Attribute, Type};
use crate::model::server::Api;
use crate::secret::Secret;
use crate::value::{AttributePath, Number, Step, Value};

/// Settings from the provider block and, where it says nothing, from the environment.
#[derive(Clone, Debug)]
pub struct Completed {
    /// The settings; what nobody gave is null.
    pub values: Value,
    /// The attributes that were taken from the environment.
    from_environment: BTreeSet<String>,
}

/// The environment variable of a setting.
fn variable(attribute: &str) -> String {
    format!("LANYARD_{}", attribute.to_uppercase())
}

/// The kind of server that a block will most likely be for, before anything is put to use: `terraform validate` goes no further.
/// `None` where it may still come from an environment that is not here now.
pub fn expected_kind(block: &Value, environment: impl Fn(&str) -> Option<String>) -> Option<Api> {
    let named = |setting| environment(&variable(setting)).filter(|text| !text.is_empty());
    let given = Given::of(block);
    if !given.api.is_null() {
        return given.kind();
    }
    if let Some(name) = named("api") {
        return Api::parse(&name);
    }
    // Who says where the server is has said everything.
    let is_addressed = !given.url.is_null() || named("url").is_some();
    is_addressed.then(Api::default)
}

impl Completed {
    /// Takes what stands in the block, and the environment's word where the block has null.
    ///
    /// A credential in the block keeps the other kind of credential in the environment out: who writes `username` wants no
    /// `LANYARD_TOKEN` beside it.
    pub fn new(
        block: &Value,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let given = Given::of(block);
        let has_user = !given.username.is_null() || !given.password.is_null();
        let has_token = !given.token.is_null();
        let mut values = block.as_map().cloned().unwrap_or_default();
        let mut from_environment = BTreeSet::new();
        let mut problems = Vec::new();
        for attribute in &facts::settings().body.attributes {
            let name = attribute.name.as_str();
            let excluded = match name {
                "token" => has_user,
                "username" | "password" => has_token,
                _ => false,
            };
            if excluded || !block.get(name).is_null() {
                continue;
            }
            // Empty counts as unset, as in a CI job whose secret is missing.
            let text = environment(&variable(name)).filter(|text| !text.is_empty());
            let Some(text) = text else {
                values.insert(name, Value::Null);
                continue;
            };
            match read(attribute, text) {
                Ok(value) => {
                    values.insert(name, value);
                    from_environment.insert(name.to_owned());
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(Self {
                values: Value::Map(values),
                from_environment,
            })
        } else {
            Err(problems)
        }
    }

    /// The settings whose values are not known yet, in alphabetical order.
    pub fn unknown(&self) -> Vec<String> {
        self.values
            .as_map()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_wholly_known())
            .map(|(name, _)| name.to_string())
            .collect()
    }

    /// Names the environment variable where a complaint speaks of one: there is nothing to point at in the provider block.
    pub fn locate(&self, complaint: Diagnostic) -> Diagnostic {
        let Some(Step::Attribute(name)) = complaint.path.steps().first() else {
            return complaint;
        };
        if !self.from_environment.contains(name) {
            return complaint;
        }
        let source = format!(
            "`{name}` comes from the environment variable {}.",
            variable(name)
        );
        Diagnostic {
            detail: format!("{} {source}", complaint.detail)
                .trim_start()
                .to_owned(),
            path: AttributePath::root(),
            tellings: None,
            ..complaint
        }
    }
}

/// Reads a variable's text as the attribute's type. The text itself is repeated only where it cannot be a secret.
fn read(attribute: &Attribute, text: String) -> Result<Value, Diagnostic> {
    let problem = |expected: &str| {
        Diagnostic::error(
            Code::InvalidEnvironment,
            "An environment variable is not usable",
        )
        .detail(format!(
            "{} is {}, which is not {expected}.",
            variable(&attribute.name),
            quoted(&text)
        ))
        .hint(format!(
            "Correct it, or set `{}` in the provider block.",
            attribute.name
        ))
    };
    match attribute.kind {
        Type::Bool => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true.into()),
            "false" | "0" => Ok(false.into()),
            _ => Err(problem("true or false")),
        },
        Type::Number => Number::parse(text.trim())
            .map(Value::Number)
            .ok_or_else(|| problem("a number")),
        _ if attribute.sensitive => Ok(Value::Secret(Secret::new(text))),
        _ => Ok(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(
        block: &[(&str, &str)],
        environment: &[(&str, &str)],
    ) -> Result<Completed, Vec<Diagnostic>> {
        let block = Value::map(block.iter().map(|(name, text)| (*name, Value::from(*text))));
        Completed::new(&block, |asked| {
            let found = environment.iter().find(|(name, _)| *name == asked)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn the_environment_fills_what_the_block_leaves_out() {
        let environment = [("LANYARD_URL", "https://env"), ("LANYARD_TOKEN", "lyd_x")];
        let settings = complete(&[], &environment).unwrap().values;
        assert_eq!(settings.get("url"), &Value::from("https://env"));
        assert!(settings.get("token").as_secret().is_some());
        let settings = complete(&[("url", "https://own")], &environment)
            .unwrap()
            .values;
        assert_eq!(settings.get("url"), &Value::from("https://own"));
    }

    #[test]
    fn one_kind_of_credential_in_the_block_keeps_the_other_out() {
        let settings = complete(&[("username", "ops")], &[("LANYARD_TOKEN", "lyd_x")]);
        assert!(settings.unwrap().values.get("token").is_null());
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let settings = complete(&[], &[("LANYARD_MAX_RETRIES", "")]).unwrap();
        assert!(settings.values.get("max_retries").is_null());
    }

    #[test]
    fn every_unusable_variable_is_named() {
        let environment = [
            ("LANYARD_MAX_RETRIES", "many"),
            ("LANYARD_ALLOW_INSECURE_HTTP", "yes"),
        ];
        let problems = complete(&[], &environment).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].detail.contains("LANYARD_"), "{}", problems[0]);
    }

    #[test]
    fn the_kind_is_expected_only_where_nothing_more_will_be_said() {
        for (block, environment, expected) in [
            (vec![], vec![], None),
            (vec![("api", "splunk".into())], vec![], Some(Api::Splunk)),
            (
                vec![("api", Value::Unknown)],
                vec![("LANYARD_URL", "u")],
                None,
            ),
            (vec![("api", "splnk".into())], vec![], None),
            (vec![("url", "u".into())], vec![], Some(Api::Native)),
            (
                vec![("url", "u".into())],
                vec![("LANYARD_API", "osmo")],
                Some(Api::Osmo),
            ),
            (vec![], vec![("LANYARD_URL", "u")], Some(Api::Native)),
            (vec![], vec![("LANYARD_URL", "")], None),
        ] {
            let found = expected_kind(&Value::map(block.clone()), |asked| {
                let variable = environment.iter().find(|(name, _)| *name == asked)?;
                Some(variable.1.to_owned())
            });
            assert_eq!(found, expected, "{block:?} {environment:?}");
        }
    }
}
