//! The request of each style: a form as the RFC says, with the client in a header or in the form, or OpenObserve's JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lanyard_compiler::model::token_exchange::{ClientAuth, Style, TokenExchange};
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use serde_json::json;

use crate::http::{Repeat, Request};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const TYPES: &str = "urn:ietf:params:oauth:token-type:";

/// Exchanging twice gives two tokens and hurts nobody.
pub(super) fn request(path: &str, exchange: &TokenExchange) -> Request {
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
    // Asking for nothing in so many words is refused by some, and means nothing to others.
    let scopes = scopes.as_ref().filter(|scopes| !scopes.is_empty());
    form.extend(scopes.map(|scopes| ("scope", joined(scopes))));
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

pub(super) fn short_type(name: &str) -> &str {
    name.strip_prefix(TYPES).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::secret::Secret;

    use super::super::tests::plain;
    use super::*;

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

        let without = TokenExchange {
            scopes: Some([].into()),
            ..plain()
        };
        assert!(!sent(&without).0.contains("scope"));

        let openobserve = TokenExchange {
            style: Some(Style::Openobserve),
            subject_token_type: Some(type_uri("id_token")),
            ..plain()
        };
        let (body, _) = sent(&openobserve);
        assert_eq!(body, r#"{"token":"given&taken","token_type":"IdToken"}"#);
    }
}
