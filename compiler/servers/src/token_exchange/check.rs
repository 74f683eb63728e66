//! What is wrong with an exchange before anything is sent: each style has arguments that it refuses, ignores or needs.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::token_exchange::{self, Style, TokenExchange};
use lanyard_compiler::value::{AttributePath, Value};

use super::request::short_type;

/// What is wrong with the configuration of an exchange, which may hold unknown values.
pub fn validate(config: &Value) -> Vec<Diagnostic> {
    match token_exchange::read(config) {
        Ok(exchange) => check(&exchange),
        Err(problems) => problems,
    }
}

/// What is wrong with an exchange before anything is sent. Without a style, it is not known yet what it takes.
pub fn check(exchange: &TokenExchange) -> Vec<Diagnostic> {
    let TokenExchange {
        style,
        endpoint: _,
        subject_token: _,
        subject_token_type,
        client_id,
        client_secret,
        client_auth,
        connector_id,
        scopes,
        audiences,
        resources,
        requested_token_type,
        actor_token,
        actor_token_type,
        min_ttl: _,
    } = exchange;
    let mut found = Vec::new();
    let mut refuse = |given: bool, name: &'static str, why: &str| {
        if given {
            found.push(
                Diagnostic::error(
                    Code::NotInThisStyle,
                    "An argument has no place in this style",
                )
                .detail(format!("`{name}` is given: {why}"))
                .at(AttributePath::attribute(name))
                .hint(format!("Leave out `{name}`, or use another `style`.")),
            );
        }
    };
    if *style == Some(Style::Openobserve) {
        let why = "OpenObserve decides this by its own settings.";
        refuse(client_id.is_some(), "client_id", why);
        refuse(client_secret.is_some(), "client_secret", why);
        refuse(client_auth.is_some(), "client_auth", why);
        refuse(scopes.is_some(), "scopes", why);
        refuse(audiences.is_some(), "audiences", why);
        refuse(resources.is_some(), "resources", why);
        refuse(requested_token_type.is_some(), "requested_token_type", why);
    }
    if style.is_some_and(|style| style != Style::Oauth) {
        let why = "it would be ignored.";
        refuse(actor_token.is_some(), "actor_token", why);
        refuse(actor_token_type.is_some(), "actor_token_type", why);
        let short = subject_token_type.as_deref().map(short_type);
        refuse(
            !matches!(short, None | Some("access_token" | "id_token")),
            "subject_token_type",
            "only `access_token` and `id_token` are taken.",
        );
    }
    refuse(
        style.is_some_and(|style| style != Style::Dex) && connector_id.is_some(),
        "connector_id",
        "connectors are Dex's.",
    );
    if *style == Some(Style::Dex) && connector_id.as_deref().is_none_or(str::is_empty) {
        found.push(
            Diagnostic::error(Code::MissingConnector, "Dex needs to know the connector")
                .detail("`connector_id` is not set: it says which of Dex's connectors checks the given token.")
                .at(AttributePath::attribute("connector_id")),
        );
    }
    if *style == Some(Style::Dex) {
        for (given, name) in [
            (audiences.is_some(), "audiences"),
            (resources.is_some(), "resources"),
        ] {
            if given {
                found.push(
                    Diagnostic::warning(Code::IgnoredByDex, "Dex ignores an argument")
                        .detail(format!("`{name}` makes no difference to Dex."))
                        .at(AttributePath::attribute(name))
                        .hint("Ask for another audience with the scope `audience:server:client_id:OTHER`."),
                );
            }
        }
    }
    if actor_token.is_some() != actor_token_type.is_some() {
        found.push(
            Diagnostic::error(Code::IncompleteActor, "The acting party is incomplete")
                .detail("`actor_token` and `actor_token_type` are given together or not at all.")
                .at(AttributePath::attribute("actor_token")),
        );
    }
    if client_secret.is_some() && client_id.is_none() {
        found.push(
            Diagnostic::error(Code::IncompleteClient, "The client is incomplete")
                .detail("`client_secret` is given without `client_id`.")
                .at(AttributePath::attribute("client_secret")),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::secret::Secret;

    use super::super::tests::plain;
    use super::*;

    #[test]
    fn what_a_style_would_ignore_is_refused() {
        let places = |exchange: &TokenExchange| {
            let found = check(exchange);
            let places: Vec<_> = found.iter().map(|found| found.path.to_string()).collect();
            places.join(" ")
        };
        assert_eq!(places(&plain()), "");
        let dex = TokenExchange {
            style: Some(Style::Dex),
            ..plain()
        };
        assert_eq!(places(&dex), "connector_id");
        let openobserve = TokenExchange {
            style: Some(Style::Openobserve),
            client_id: Some("x".to_owned()),
            scopes: Some(["email".to_owned()].into()),
            ..plain()
        };
        assert_eq!(places(&openobserve), "client_id scopes");
        let actor = TokenExchange {
            actor_token: Some(Secret::new("x")),
            ..plain()
        };
        assert_eq!(places(&actor), "actor_token");
    }
}
