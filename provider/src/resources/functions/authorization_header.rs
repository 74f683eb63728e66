//! `authorization_header(token)`: the value of the HTTP header that signs a request in.

use lanyard_compiler::model::functions;
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
            }],
            variadic: Some(Parameter {
                name: "user".to_owned(),
                kind: Type::String,
                doc: "User name or e-mail address that the token is the password of; at most one.".to_owned(),
            }),
            returns: Type::String,
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        if arguments.len() > 2 {
            return Err(FunctionError {
                text: "Only one user name may follow the token.".to_owned(),
                argument: Some(2),
            });
        }
        let mut texts = arguments.iter().map(text);
        let token = texts.next().unwrap_or_default();
        functions::authorization_header(token, texts.next())
            .map(Value::from)
            .map_err(FunctionError::from)
    }
}

fn text(argument: &Value) -> &str {
    match argument {
        Value::Secret(secret) => secret.expose(),
        argument => argument.as_str().unwrap_or_default(),
    }
}
