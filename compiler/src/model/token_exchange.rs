//! Token exchange as the ephemeral resource `lanyard_token_exchange`: a token of one system for one of another, stored nowhere.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lifetime::Lifetime;
use super::schema::{Format, Schema, Type};
use super::state::outline;
use super::{checks, decode, facts};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::secret::Secret;
use crate::value::Value;

/// A token obtained in exchange for another one (RFC 8693), for example a cloud's identity token for one that a token server accepts.
/// Terraform exchanges in plan and again in apply; nothing is stored in a plan or a state, and nothing is revoked at the end: the token
/// ends by itself. Needs Terraform 1.10 or OpenTofu 1.11.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct TokenExchange {
    /// How the server wants it: `oauth` as the RFC says, `dex` for Dex, `openobserve` for OpenObserve's own form of it. Default `oauth`.
    pub style: Option<Style>,
    /// Where tokens are exchanged, for example `https://dex.example.com/dex/token`. Default: below the provider's `url`, `/v1/token` on a
    /// native server and `/config/token` on OpenObserve.
    pub endpoint: Option<String>,
    /// The token to give.
    #[schemars(extend("x-sensitive" = true))]
    pub subject_token: Secret,
    /// What the given token is: `access_token` or `id_token`, or with style `oauth` the URI of another type. Default `access_token`.
    pub subject_token_type: Option<String>,
    /// The client that asks.
    pub client_id: Option<String>,
    /// Password of the client; a public client has none.
    #[schemars(extend("x-sensitive" = true))]
    pub client_secret: Option<Secret>,
    /// How the client proves itself: `basic` in a header, `post` in the form. Default `basic`.
    pub client_auth: Option<ClientAuth>,
    /// Dex's connector that checks the given token.
    pub connector_id: Option<String>,
    /// What the new token is to be good for; Dex puts nobody's name into it without `email` or `federated:id`.
    pub scopes: Option<BTreeSet<String>>,
    /// Names of the services that the new token is for.
    pub audiences: Option<BTreeSet<String>>,
    /// Addresses of the services that the new token is for.
    pub resources: Option<BTreeSet<String>>,
    /// The type of token wanted: `access_token`, `id_token` or a URI. Left out, the server decides.
    pub requested_token_type: Option<String>,
    /// Token of the party that acts for the subject.
    #[schemars(extend("x-sensitive" = true))]
    pub actor_token: Option<Secret>,
    /// What `actor_token` is.
    pub actor_token_type: Option<String>,
    /// Fails if the new token lasts shorter than this, or the server does not say how long, for example `"30m"`: an exchange cannot be repeated in the middle of a run.
    pub min_ttl: Option<Lifetime>,
}

/// The forms of token exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Oauth,
    Dex,
    Openobserve,
}

/// Where a client's password goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    #[default]
    Basic,
    Post,
}

/// What came of it.
#[derive(Clone, Debug, JsonSchema)]
pub struct TokenExchangeFacts {
    /// The new token.
    #[schemars(extend("x-sensitive" = true))]
    pub token: Secret,
    /// How the new token is used: `Bearer`, or `N_A` for one that is no access token.
    pub token_type: String,
    /// URI of what the new token is.
    pub issued_token_type: String,
    /// What the new token is good for, separated by spaces, as the server granted it; null if it does not say (Dex does not, and others
    /// need not where they grant what was asked for).
    pub scope: Option<String>,
    /// When the new token ends, RFC 3339; null if the server does not say.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<jiff::Timestamp>,
}

/// The name of the type, without the prefix.
pub const NAME: &str = "token_exchange";

/// The schema of the ephemeral resource `lanyard_token_exchange`.
pub fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let mut body = facts::configurable_body::<TokenExchange>();
        body.attributes
            .extend(facts::computed_attributes::<TokenExchangeFacts>());
        Schema {
            name: NAME.to_owned(),
            doc: facts::documentation::<TokenExchange>(),
            version: 0,
            body,
        }
    });
    &SCHEMA
}

outline! {
    /// What the other arguments are judged by.
    struct Form {
        pub style: Option<String>,
    }
}

/// Reads the arguments of an exchange, as far as they are known. What is not known yet counts as given, a `style` as none.
pub fn read(config: &Value) -> Result<TokenExchange, Vec<Diagnostic>> {
    let body = &schema().body;
    let problems = checks::arguments(body, config);
    if has_errors(&problems) {
        return Err(problems);
    }
    let mut given = config.as_map().cloned().unwrap_or_default();
    for attribute in &body.attributes {
        if config.get(&attribute.name).is_wholly_known() {
            continue;
        }
        let is_free = attribute.choices.is_empty() && attribute.format == Format::Plain;
        let stand_in = match attribute.kind {
            Type::Set(_) => Value::set([]),
            // Of the texts that every style takes everywhere.
            Type::String if is_free => "access_token".into(),
            _ => Value::Null,
        };
        given.insert(attribute.name.as_str(), stand_in);
    }
    let mut exchange: TokenExchange =
        decode(&Value::Map(given)).map_err(|problem| vec![problem])?;
    if Form::of(config).style.is_null() {
        exchange.style = Some(Style::default());
    }
    Ok(exchange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_yet_counts_as_given_and_is_no_mistake() {
        let exchange = read(&Value::map([
            ("style", Value::Unknown),
            ("subject_token", Value::Unknown),
            ("client_id", Value::Unknown),
            ("client_auth", Value::Unknown),
            ("scopes", Value::Unknown),
            ("min_ttl", Value::Unknown),
        ]));
        let exchange = exchange.unwrap();
        assert_eq!(exchange.style, None, "it may turn out to be any");
        assert!(exchange.client_id.is_some() && exchange.scopes.is_some());
        assert!(exchange.client_auth.is_none() && exchange.min_ttl.is_none());
        let plain = read(&Value::map([("subject_token", "s".into())])).unwrap();
        assert_eq!(plain.style, Some(Style::Oauth));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let problems = read(&Value::map([
            ("style", Value::from("oath")),
            ("min_ttl", "soon".into()),
        ]));
        let problems = problems.unwrap_err();
        let places: Vec<_> = problems.iter().map(|it| it.path.to_string()).collect();
        assert_eq!(places, ["subject_token", "style", "min_ttl"]);
        assert!(problems[1].hints[0].contains("Did you mean \"oauth\"?"));
    }
}
