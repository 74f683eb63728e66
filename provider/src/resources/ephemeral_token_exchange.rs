//! `ephemeral "lanyard_token_exchange"`: one token for another, in plan and again in apply, kept nowhere. Nothing renews it: a new
//! token could not reach the configuration any more. Nothing ends it early either: token endpoints have no call for that.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::token_exchange::{self, ClientAuth, Style, TokenExchange};
use lanyard_compiler::model::{Lifetime, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::token_exchange::{Exchanged, check, exchange};

use super::connection::Connection;
use super::{EphemeralResource, OpenResponse};

pub(super) struct EphemeralTokenExchange {
    connection: Arc<Connection>,
}

impl EphemeralTokenExchange {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self { connection }
    }
}

#[async_trait]
impl EphemeralResource for EphemeralTokenExchange {
    fn type_name(&self) -> &'static str {
        "lanyard_token_exchange"
    }

    fn schema(&self) -> Schema {
        token_exchange::schema().clone()
    }

    fn validate(&self, config: &Value) -> Vec<Diagnostic> {
        match read(config) {
            Ok(exchange) => check(&exchange),
            Err(problem) => vec![problem],
        }
    }

    async fn open(&self, config: Value) -> OpenResponse {
        let wanted = match read(&config) {
            Ok(wanted) => wanted,
            Err(problem) => return failed(vec![problem]),
        };
        let mut diagnostics = check(&wanted);
        if has_errors(&diagnostics) {
            return failed(diagnostics);
        }
        // The provider's own settings may follow later; an endpoint that is configured needs none of them.
        let settings = self.connection.settings().unwrap_or_default();
        let exchanged = match endpoint(&wanted, &settings) {
            Ok(endpoint) => exchange(&settings, &endpoint, &wanted).await,
            Err(problem) => Err(problem),
        };
        let Exchanged {
            token,
            token_type,
            issued_token_type,
            scope,
            expires_at,
            doubt,
        } = match exchanged {
            Ok(exchanged) => exchanged,
            Err(problem) => {
                diagnostics.push(problem);
                return failed(diagnostics);
            }
        };
        diagnostics.extend(doubt);
        let mut result = config.as_map().cloned().unwrap_or_default();
        for (name, value) in [
            ("token", Value::from(token)),
            ("token_type", token_type.into()),
            ("issued_token_type", issued_token_type.into()),
            ("scope", scope.into()),
            ("expires_at", expires_at.map(|end| end.to_string()).into()),
        ] {
            result.insert(name.to_owned(), value);
        }
        OpenResponse {
            result: Value::Map(result),
            diagnostics,
            ..OpenResponse::default()
        }
    }

    async fn close(&self, _: Vec<u8>) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// Where tokens are exchanged: as configured, or where the provider's server does it.
fn endpoint(exchange: &TokenExchange, settings: &Settings) -> Result<String, Diagnostic> {
    if let Some(endpoint) = &exchange.endpoint {
        return Ok(endpoint.clone());
    }
    let style = exchange.style.unwrap_or_default();
    let api = settings.api.unwrap_or_default();
    let path = match (style, api) {
        (Style::Oauth, Api::Native) => Some("/v1/token"),
        (Style::Openobserve, Api::Openobserve) => Some("/config/token"),
        _ => None,
    };
    match (path, &settings.url) {
        (Some(path), Some(url)) => Ok(format!("{}{path}", url.trim_end_matches('/'))),
        _ => Err(Diagnostic::error(
            Code::MissingEndpoint,
            "It is not known where tokens are exchanged",
        )
        .detail("`endpoint` is not set, and the provider's server has none that fits this `style`.")
        .at(AttributePath::attribute("endpoint"))
        .hint("Set `endpoint`, for example \"https://dex.example.com/dex/token\".")),
    }
}

/// The configuration in the model's words. What is not known yet counts as given: Terraform opens nothing before it is known.
fn read(config: &Value) -> Result<TokenExchange, Diagnostic> {
    let text = |name: &str| match config.get(name) {
        Value::Unknown => Some(String::new()),
        value => value.as_str().map(str::to_owned),
    };
    let secret = |name: &str| match config.get(name) {
        Value::Secret(secret) => Some(secret.clone()),
        Value::String(text) => Some(Secret::new(text.as_str())),
        Value::Unknown => Some(Secret::new("")),
        _ => None,
    };
    let texts = |name: &str| match config.get(name) {
        Value::Null => None,
        value => Some(
            value
                .as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
        ),
    };
    let style = match config.get("style").as_str() {
        None | Some("oauth") => Style::Oauth,
        Some("dex") => Style::Dex,
        Some("openobserve") => Style::Openobserve,
        Some(other) => return Err(not_a_choice("style", other, "oauth, dex or openobserve")),
    };
    let client_auth = match config.get("client_auth").as_str() {
        None => None,
        Some("basic") => Some(ClientAuth::Basic),
        Some("post") => Some(ClientAuth::Post),
        Some(other) => return Err(not_a_choice("client_auth", other, "basic or post")),
    };
    let min_ttl = match config.get("min_ttl").as_str().map(Lifetime::parse) {
        None => None,
        Some(Ok(lifetime)) => Some(lifetime),
        Some(Err(problem)) => {
            return Err(
                Diagnostic::error(Code::InvalidDuration, "A duration cannot be read")
                    .detail(format!("`min_ttl` {problem}."))
                    .at(AttributePath::attribute("min_ttl")),
            );
        }
    };
    Ok(TokenExchange {
        style: Some(style),
        endpoint: text("endpoint"),
        subject_token: secret("subject_token").unwrap_or_else(|| Secret::new("")),
        subject_token_type: text("subject_token_type").filter(|text| !text.is_empty()),
        client_id: text("client_id"),
        client_secret: secret("client_secret"),
        client_auth,
        // An unknown one may turn out to be anything.
        connector_id: match config.get("connector_id") {
            Value::Unknown => Some("unknown".to_owned()),
            _ => text("connector_id"),
        },
        scopes: texts("scopes"),
        audiences: texts("audiences"),
        resources: texts("resources"),
        requested_token_type: text("requested_token_type"),
        actor_token: secret("actor_token"),
        actor_token_type: text("actor_token_type"),
        min_ttl,
    })
}

fn not_a_choice(name: &'static str, value: &str, choices: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidChoice, "A value is none of the choices")
        .detail(format!("`{name}` is {value:?}; it can be {choices}."))
        .at(AttributePath::attribute(name))
}

fn failed(diagnostics: Vec<Diagnostic>) -> OpenResponse {
    OpenResponse {
        diagnostics,
        ..OpenResponse::default()
    }
}
