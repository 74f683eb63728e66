//! `authorization_header(token)`: the value of the HTTP header that signs a request in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lanyard_compiler::model::schema::Type;
use lanyard_compiler::value::Value;

use crate::resources::{Function, FunctionError, FunctionSignature, Parameter};

#[derive(Debug)]
pub(super) struct AuthorizationHeader;

impl Function for AuthorizationHeader {
    fn name(&self) -> &'static str {
        "authorization_header"
    }

    fn signature(&self) -> FunctionSignature {
        FunctionSignature {
            summary: "The value of an HTTP Authorization header".to_owned(),
            doc: "Returns `Bearer TOKEN`, or, when a user name follows, `Basic` and the base64 text of `USER:TOKEN`, as OpenObserve \
                  takes it. The result is sensitive where the token is."
                .to_owned(),
            parameters: vec![Parameter {
                name: "token".to_owned(),
                kind: Type::String,
                doc: "The token, for example `lanyard_access_token.ci.token`.".to_owned(),
                allow_null: false,
                allow_unknown: false,
            }],
            variadic: Some(Parameter {
                name: "user".to_owned(),
                kind: Type::String,
                doc: "User name or e-mail address that the token is the password of; at most one.".to_owned(),
                allow_null: false,
                allow_unknown: false,
            }),
            returns: Type::String,
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let token = header_text(&arguments, 0, "The token")?;
        if arguments.len() > 2 {
            return Err(FunctionError {
                text: "Only one user name may follow the token.".to_owned(),
                argument: Some(2),
            });
        }
        if arguments.len() == 1 {
            return Ok(format!("Bearer {token}").into());
        }
        let user = header_text(&arguments, 1, "The user name")?;
        if user.contains(':') {
            return Err(FunctionError {
                text: "The user name holds a colon, which separates it from the token.".to_owned(),
                argument: Some(1),
            });
        }
        let pair = BASE64_STANDARD.encode(format!("{user}:{token}"));
        Ok(format!("Basic {pair}").into())
    }
}

/// The text of one argument, if it can stand in a header. Never repeats it: it may be a secret.
fn header_text<'a>(
    arguments: &'a [Value],
    position: usize,
    what: &str,
) -> Result<&'a str, FunctionError> {
    let problem = |problem: &str| FunctionError {
        text: format!("{what} {problem}."),
        argument: Some(position),
    };
    let text = match arguments.get(position) {
        Some(Value::String(text)) => text,
        Some(Value::Secret(secret)) => secret.expose(),
        _ => return Err(problem("is not a string")),
    };
    if text.is_empty() {
        return Err(problem("is empty"));
    }
    if text.chars().any(|character| character.is_control()) {
        return Err(problem(
            "holds a line break or another control character; use trimspace() on what was read from a file",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &[&str]) -> Result<Value, String> {
        AuthorizationHeader
            .call(arguments.iter().map(|text| Value::from(*text)).collect())
            .map_err(|error| error.text)
    }

    #[test]
    fn a_token_becomes_a_header() {
        assert_eq!(call(&["t0"]), Ok("Bearer t0".into()));
        assert_eq!(
            call(&["t0", "me@example.com"]),
            Ok("Basic bWVAZXhhbXBsZS5jb206dDA=".into())
        );
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused_without_being_shown() {
        for (arguments, expected) in [
            (vec!["hunter2\n"], "control character"),
            (vec![""], "is empty"),
            (vec!["hunter2", "a:b"], "colon"),
            (vec!["hunter2", "a", "b"], "Only one user name"),
        ] {
            let problem = call(&arguments).unwrap_err();
            assert!(problem.contains(expected), "{problem}");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
    }
}
