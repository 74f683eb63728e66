//! Token exchange (RFC 8693), in three forms: as the RFC says, as Dex takes it, and as OpenObserve wraps it. Nothing is kept: the
//! new token is in the answer and nowhere else.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::token_exchange::{ClientAuth, Style, TokenExchange};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::header::HeaderValue;
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use serde_json::json;

use crate::error::{ErrorKind, ServerError};
use crate::http::{Address, Answer, Client, Credential, Dialect, Explanation, Repeat, Request};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const TYPES: &str = "urn:ietf:params:oauth:token-type:";
const SERVER: &str = "the token endpoint";
/// Dex answers alike for a bad token and for an upstream that is down: one more try tells many of them apart.
const SECOND_TRY: Duration = Duration::from_millis(500);

/// The answer to an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    pub token: Secret,
    /// `Bearer` in the server's spelling, or `N_A`.
    pub token_type: String,
    pub issued_token_type: String,
    pub scope: Option<String>,
    /// `None` if the server does not say.
    pub expires_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Wire {
    access_token: Secret,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    issued_token_type: String,
    expires_in: Option<i64>,
    scope: Option<String>,
}

/// What is wrong with an exchange before anything is sent.
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
    let style = style.unwrap_or_default();
    let mut found = Vec::new();
    let mut refuse = |given: bool, name: &'static str, why: &str| {
        if given {
            found.push(
                Diagnostic::error(
                    "not-in-this-style",
                    "An argument has no place in this style",
                )
                .detail(format!("`{name}` is given: {why}"))
                .at(AttributePath::attribute(name))
                .hint(format!("Leave out `{name}`, or use another `style`.")),
            );
        }
    };
    if style == Style::Openobserve {
        let why = "OpenObserve decides this by its own settings.";
        refuse(client_id.is_some(), "client_id", why);
        refuse(client_secret.is_some(), "client_secret", why);
        refuse(client_auth.is_some(), "client_auth", why);
        refuse(scopes.is_some(), "scopes", why);
        refuse(audiences.is_some(), "audiences", why);
        refuse(resources.is_some(), "resources", why);
        refuse(requested_token_type.is_some(), "requested_token_type", why);
    }
    if style != Style::Oauth {
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
        style != Style::Dex && connector_id.is_some(),
        "connector_id",
        "connectors are Dex's.",
    );
    if style == Style::Dex && connector_id.as_deref().is_none_or(str::is_empty) {
        found.push(
            Diagnostic::error("missing-connector", "Dex needs to know the connector")
                .detail("`connector_id` is not set: it says which of Dex's connectors checks the given token.")
                .at(AttributePath::attribute("connector_id")),
        );
    }
    if style == Style::Dex {
        for (given, name) in [
            (audiences.is_some(), "audiences"),
            (resources.is_some(), "resources"),
        ] {
            if given {
                found.push(
                    Diagnostic::warning("ignored-by-dex", "Dex ignores an argument")
                        .detail(format!("`{name}` makes no difference to Dex."))
                        .at(AttributePath::attribute(name))
                        .hint("Ask for another audience with the scope `audience:server:client_id:OTHER`."),
                );
            }
        }
    }
    if actor_token.is_some() != actor_token_type.is_some() {
        found.push(
            Diagnostic::error("incomplete-actor", "The acting party is incomplete")
                .detail("`actor_token` and `actor_token_type` are given together or not at all.")
                .at(AttributePath::attribute("actor_token")),
        );
    }
    if client_secret.is_some() && client_id.is_none() {
        found.push(
            Diagnostic::error("incomplete-client", "The client is incomplete")
                .detail("`client_secret` is given without `client_id`.")
                .at(AttributePath::attribute("client_secret")),
        );
    }
    found
}

/// Exchanges a token at `endpoint`. Of the settings only the connection counts: certificates, time-outs, retries.
pub async fn exchange(
    settings: &Settings,
    endpoint: &str,
    exchange: &TokenExchange,
) -> Result<Exchanged, Diagnostic> {
    let (client, path) = connect(settings, endpoint, exchange)?;
    let request = request(&path, exchange);
    let started = Instant::now();
    let mut answer = client.json::<Wire>(&request).await;
    if answer.as_ref().is_err_and(may_pass) {
        tokio::time::sleep(SECOND_TRY).await;
        answer = client.json::<Wire>(&request).await;
    }
    let Wire {
        access_token,
        token_type,
        issued_token_type,
        expires_in,
        scope,
    } = answer.map_err(|error| refused(&error))?;
    // Counted from before the call: never later than the server's own count.
    let asked = SignedDuration::try_from(started.elapsed())
        .ok()
        .and_then(|elapsed| client.now().checked_sub(elapsed).ok())
        .unwrap_or_else(|| client.now());
    let expires_at = expires_in
        .and_then(|seconds| asked.checked_add(SignedDuration::from_secs(seconds)).ok())
        .and_then(|end| Timestamp::from_second(end.as_second()).ok());
    if let (Some(wanted), Some(seconds)) = (exchange.min_ttl, expires_in)
        && u64::try_from(seconds).unwrap_or(0) < wanted.seconds()
    {
        return Err(Diagnostic::error("token-too-short", "The new token ends too soon")
            .detail(format!(
                "It lasts {seconds} seconds; `min_ttl` is {wanted}."
            ))
            .at(AttributePath::attribute("min_ttl"))
            .hint("The server decides how long its tokens last: change it there, or ask for less."));
    }
    let asked_for = exchange.scopes.as_ref().map(joined);
    Ok(Exchanged {
        token: access_token,
        token_type,
        issued_token_type,
        // A server that gives what was asked for need not say so.
        scope: scope.or(asked_for),
        expires_at,
    })
}

fn connect(
    settings: &Settings,
    endpoint: &str,
    exchange: &TokenExchange,
) -> Result<(Client, String), Diagnostic> {
    let at_endpoint = |mut problem: Diagnostic| {
        problem.path = AttributePath::attribute("endpoint");
        problem
    };
    let whole = Settings {
        url: Some(endpoint.to_owned()),
        ..settings.clone()
    };
    Address::parse(&whole).map_err(at_endpoint)?;
    let url = Url::parse(endpoint.trim()).map_err(|problem| {
        at_endpoint(
            Diagnostic::error("invalid-url", "The endpoint is not an address")
                .detail(format!("{problem}.")),
        )
    })?;
    let path = url.path().to_owned();
    let origin = Settings {
        url: Some(url.origin().ascii_serialization()),
        ..whole
    };
    let mut hide = vec![exchange.subject_token.clone()];
    hide.extend(exchange.client_secret.clone());
    hide.extend(exchange.actor_token.clone());
    let dialect = Dialect {
        server: SERVER,
        explain,
        unavailable_means_unprocessed: false,
    };
    let client = Client::new(&origin, dialect, &Credential::PerRequest { hide });
    Ok((client.map_err(at_endpoint)?, path))
}

/// Exchanging twice gives two tokens and hurts nobody.
fn request(path: &str, exchange: &TokenExchange) -> Request {
    let request = Request::new(Method::POST, path, Repeat::Freely);
    let style = exchange.style.unwrap_or_default();
    if style == Style::Openobserve {
        let token_type = match exchange.subject_token_type.as_deref().map(short_type) {
            Some("id_token") => "IdToken",
            _ => "AccessToken",
        };
        let token = exchange.subject_token.expose();
        return request.body(
            "application/json",
            &json!({ "token": token, "token_type": token_type }),
        );
    }
    let mut form = form(exchange);
    let mut request = request;
    match (&exchange.client_id, &exchange.client_secret) {
        (Some(id), Some(secret))
            if exchange.client_auth.unwrap_or_default() == ClientAuth::Basic =>
        {
            let pair = format!("{}:{}", encoded(id), encoded(secret.expose()));
            if let Ok(mut value) = HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair)))
            {
                value.set_sensitive(true);
                request = request.header("authorization", value);
            }
        }
        (id, secret) => {
            form.extend(id.iter().map(|id| ("client_id", id.clone())));
            form.extend(
                secret
                    .iter()
                    .map(|secret| ("client_secret", secret.expose().to_owned())),
            );
        }
    }
    request.body = Some((
        "application/x-www-form-urlencoded",
        form_text(form.iter().map(|(name, value)| (*name, value.as_str()))).into_bytes(),
    ));
    request
}

fn form(exchange: &TokenExchange) -> Vec<(&'static str, String)> {
    let TokenExchange {
        style: _,
        endpoint: _,
        subject_token,
        subject_token_type,
        client_id: _,
        client_secret: _,
        client_auth: _,
        connector_id,
        scopes,
        audiences,
        resources,
        requested_token_type,
        actor_token,
        actor_token_type,
        min_ttl: _,
    } = exchange;
    let uri = |text: &String| type_uri(text);
    let mut form = vec![
        ("grant_type", GRANT.to_owned()),
        ("subject_token", subject_token.expose().to_owned()),
        (
            "subject_token_type",
            type_uri(subject_token_type.as_deref().unwrap_or("access_token")),
        ),
    ];
    form.extend(connector_id.clone().map(|id| ("connector_id", id)));
    form.extend(scopes.as_ref().map(|scopes| ("scope", joined(scopes))));
    let audiences = audiences.iter().flatten();
    form.extend(audiences.map(|audience| ("audience", audience.clone())));
    let resources = resources.iter().flatten();
    form.extend(resources.map(|resource| ("resource", resource.clone())));
    form.extend(
        requested_token_type
            .as_ref()
            .map(|wanted| ("requested_token_type", uri(wanted))),
    );
    form.extend(
        actor_token
            .as_ref()
            .map(|token| ("actor_token", token.expose().to_owned())),
    );
    form.extend(
        actor_token_type
            .as_ref()
            .map(|kind| ("actor_token_type", uri(kind))),
    );
    form
}

/// `a=b&c=d`, encoded as forms are.
fn form_text<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    // The query of an address is encoded in the same way, and its coder is here already.
    let Ok(mut url) = Url::parse("http://form/") else {
        return String::new();
    };
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

fn encoded(text: &str) -> String {
    form_text(std::iter::once(("", text)))
        .trim_start_matches('=')
        .to_owned()
}

fn joined(scopes: &std::collections::BTreeSet<String>) -> String {
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    scopes.join(" ")
}

/// The URI of a type: short names are the RFC's.
fn type_uri(name: &str) -> String {
    if name.contains(':') {
        name.to_owned()
    } else {
        format!("{TYPES}{name}")
    }
}

fn short_type(name: &str) -> &str {
    name.strip_prefix(TYPES).unwrap_or(name)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    error: String,
    error_description: Option<String>,
}

/// RFC 6749 errors; OpenObserve answers a bare JSON text.
fn explain(answer: &Answer) -> Explanation {
    let problem: Problem = answer.json().unwrap_or_default();
    let bare: Option<String> = answer.json().ok();
    let place = |name: &'static str, said: &str| ErrorKind::FixConfiguration {
        places: vec![(AttributePath::attribute(name), said.to_owned())],
    };
    let nowhere = || ErrorKind::FixConfiguration { places: Vec::new() };
    let description = problem.error_description.as_deref().unwrap_or_default();
    let kind = match (answer.status, problem.error.as_str()) {
        (_, "invalid_client") => place("client_id", "the client or its secret is not known"),
        (_, "access_denied") => place("subject_token", "it was not accepted"),
        (_, "invalid_target") => place("audiences", "the target was refused"),
        (_, "invalid_scope") => place("scopes", "a scope was refused"),
        // Dex says so of a client that the other one does not trust; asking again changes nothing.
        (_, "server_error") => nowhere(),
        // Dex names in words what it does not like.
        _ if description.contains("onnector") => place("connector_id", "it was refused"),
        _ if description.contains("subject_token_type") => {
            place("subject_token_type", "it was refused")
        }
        _ if description.contains("requested_token_type") => {
            place("requested_token_type", "it was refused")
        }
        (StatusCode::UNAUTHORIZED, _) => place("subject_token", "it was not accepted"),
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT, _) => {
            ErrorKind::Retry { after: None }
        }
        (status, _) if status.is_server_error() => ErrorKind::Retry { after: None },
        _ => nowhere(),
    };
    let detail = match (problem, bare) {
        (_, Some(text)) => text,
        (Problem { error, error_description }, _) if !error.is_empty() => match error_description {
            Some(description) => format!("{error}: {description}"),
            None => error,
        },
        _ if answer.status == StatusCode::NOT_FOUND => {
            "nothing exchanges tokens at this address; check `endpoint` (OpenObserve needs its enterprise edition for it)".to_owned()
        }
        _ => answer
            .status
            .canonical_reason()
            .unwrap_or_default()
            .to_owned(),
    };
    Explanation { kind, detail }
}

/// Dex says the same of a token that it does not accept and of an upstream that it cannot reach just now.
fn may_pass(error: &ServerError) -> bool {
    error.detail == "access_denied"
        || error
            .detail
            .ends_with("Requested connector does not exist.")
}

fn refused(error: &ServerError) -> Diagnostic {
    let hint = match error.detail.as_str() {
        "access_denied" => {
            "The server says the same of a token that it does not accept (expired, of another issuer, of the wrong type) and of an identity provider that it cannot reach: its log tells them apart."
        }
        "server_error" => {
            "Dex says so of a scope `audience:server:client_id:...` whose client does not list yours among its trusted peers."
        }
        "unsupported_grant_type" => {
            "The server does not exchange tokens: Dex does since v2.38, unless its setting `oauth2.grantTypes` leaves it out."
        }
        no_connector if no_connector.ends_with("Requested connector does not exist.") => {
            "Dex says the same of a connector whose type cannot exchange tokens, and of one whose identity provider it has not reached since its start."
        }
        _ => return error.diagnostic(),
    };
    error.diagnostic().hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> TokenExchange {
        TokenExchange {
            style: None,
            endpoint: None,
            subject_token: Secret::new("given&taken"),
            subject_token_type: None,
            client_id: None,
            client_secret: None,
            client_auth: None,
            connector_id: None,
            scopes: None,
            audiences: None,
            resources: None,
            requested_token_type: None,
            actor_token: None,
            actor_token_type: None,
            min_ttl: None,
        }
    }

    fn sent(exchange: &TokenExchange) -> (String, Option<String>) {
        let request = request("/token", exchange);
        let header = request.headers.get("authorization");
        let header = header.map(|value| value.to_str().unwrap().to_owned());
        (String::from_utf8(request.body.unwrap().1).unwrap(), header)
    }

    #[test]
    fn each_style_is_sent_in_its_form() {
        let (body, header) = sent(&plain());
        assert_eq!(
            body,
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=given%26taken\
             &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
        );
        assert_eq!(header, None);

        let dex = TokenExchange {
            style: Some(Style::Dex),
            client_id: Some("a client".to_owned()),
            client_secret: Some(Secret::new("p:w")),
            connector_id: Some("test".to_owned()),
            scopes: Some(["openid", "email"].map(str::to_owned).into()),
            ..plain()
        };
        let (body, header) = sent(&dex);
        assert!(
            body.ends_with("&connector_id=test&scope=email+openid"),
            "{body}"
        );
        let expected = format!("Basic {}", BASE64.encode("a+client:p%3Aw"));
        assert_eq!(header, Some(expected));
        let post = TokenExchange {
            client_auth: Some(ClientAuth::Post),
            ..dex
        };
        let (body, header) = sent(&post);
        assert!(
            body.ends_with("&client_id=a+client&client_secret=p%3Aw"),
            "{body}"
        );
        assert_eq!(header, None);

        let openobserve = TokenExchange {
            style: Some(Style::Openobserve),
            subject_token_type: Some(type_uri("id_token")),
            ..plain()
        };
        let (body, _) = sent(&openobserve);
        assert_eq!(body, r#"{"token":"given&taken","token_type":"IdToken"}"#);
    }

    #[test]
    fn dexs_refusals_are_told_where_they_belong() {
        for (status, body, place, hint) in [
            (
                401,
                r#"{"error":"invalid_client","error_description":"Invalid client credentials."}"#,
                "client_id",
                "",
            ),
            (401, r#"{"error":"access_denied"}"#, "subject_token", "log"),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Connector not allowed for this client."}"#,
                "connector_id",
                "",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Requested connector does not exist."}"#,
                "connector_id",
                "not reached since its start",
            ),
            (
                400,
                r#"{"error":"request_not_supported","error_description":"Invalid subject_token_type."}"#,
                "subject_token_type",
                "",
            ),
            (
                400,
                r#"{"error":"request_not_supported","error_description":"Invalid requested_token_type."}"#,
                "requested_token_type",
                "",
            ),
            (500, r#"{"error":"server_error"}"#, "", "trusted peers"),
            (400, r#"{"error":"unsupported_grant_type"}"#, "", "v2.38"),
        ] {
            let answer = Answer::made_up(status, "application/json", body.as_bytes()).unwrap();
            let Explanation { kind, detail } = explain(&answer);
            let diagnostic = refused(&ServerError::new(kind, "the token endpoint", detail));
            assert_eq!(diagnostic.path.to_string(), place, "{body}");
            assert!(diagnostic.to_string().contains(hint), "{diagnostic}");
        }
    }

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
