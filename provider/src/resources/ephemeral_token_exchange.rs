//! `ephemeral "lanyard_token_exchange"`: one token for another, in plan and again in apply, kept nowhere. Nothing renews it: a new
//! token could not reach the configuration any more. Nothing ends it early either: token endpoints have no call for that.

use std::sync::Arc;

use async_trait::async_trait;
use lanyard_compiler::diagnostic::{Code, Diagnostic, has_errors};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::schema::Schema;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::token_exchange::{self, Style, TokenExchange};
use lanyard_compiler::value::{AttributePath, Value};
use lanyard_servers::token_exchange::{Exchanged, check, exchange, validate};

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
        validate(config)
    }

    async fn open(&self, config: Value) -> OpenResponse {
        let wanted = match token_exchange::read(&config) {
            Ok(wanted) => wanted,
            Err(problems) => return failed(problems),
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

fn failed(diagnostics: Vec<Diagnostic>) -> OpenResponse {
    OpenResponse {
        diagnostics,
        ..OpenResponse::default()
    }
}
