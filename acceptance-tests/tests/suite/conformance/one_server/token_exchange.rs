//! Token exchange against real token endpoints, in each of its forms.

use jiff::SignedDuration;
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::token_exchange::{Style, TokenExchange};
use lanyard_compiler::model::{Lifetime, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_servers::token_exchange::{Exchanged, exchange};

use super::Subject;

fn of(subject_token: Secret) -> TokenExchange {
    TokenExchange {
        style: None,
        endpoint: None,
        subject_token,
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

fn at(subject: &Subject, path: &str) -> String {
    format!("{}{path}", subject.reference.url)
}

/// It ends between now and a day from now.
fn ends_soon(subject: &Subject, exchanged: &Exchanged) {
    let left = exchanged
        .expires_at
        .unwrap()
        .duration_since(subject.reference.clock().now());
    assert!(left > SignedDuration::ZERO && left <= SignedDuration::from_hours(24));
}

pub(crate) async fn the_native_server_exchanges_as_the_rfc_says(subject: Subject) {
    let token = subject.token("deploy").await;
    let (settings, endpoint) = (Settings::default(), at(&subject, "/v1/token"));
    let wanted = of(token.secret().clone());
    let exchanged = exchange(&settings, &endpoint, &wanted).await.unwrap();
    assert_ne!(&exchanged.token, token.secret());
    assert!(exchanged.token_type.eq_ignore_ascii_case("bearer"));
    assert!(exchanged.issued_token_type.ends_with(":access_token"));
    ends_soon(&subject, &exchanged);
    assert!(subject.accepts(&exchanged.token).await);

    let long = TokenExchange {
        min_ttl: Some(Lifetime::from_seconds(86_400)),
        ..wanted
    };
    let short = exchange(&settings, &endpoint, &long).await.unwrap_err();
    assert_eq!(short.code, Code::TokenTooShort);
    let stranger = of(Secret::new("lyd_nobody"));
    let refused = exchange(&settings, &endpoint, &stranger).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::ServerRefusedRequest);
    assert!(!refused.to_string().contains("lyd_nobody"), "{refused}");
}

pub(crate) async fn dex_exchanges_by_its_connectors(subject: Subject) {
    let (settings, endpoint) = (Settings::default(), at(&subject, "/dex/token"));
    let dex = TokenExchange {
        style: Some(Style::Dex),
        client_id: Some("lanyard".to_owned()),
        client_secret: subject.reference.password.as_deref().map(Secret::new),
        connector_id: Some("test".to_owned()),
        scopes: Some(["openid", "email"].map(str::to_owned).into()),
        ..of(Secret::new("what-the-cloud-gave"))
    };
    let exchanged = exchange(&settings, &endpoint, &dex).await.unwrap();
    assert_eq!(exchanged.token.expose().split('.').count(), 3);
    assert_eq!(exchanged.token_type, "bearer");
    // Dex grants what was asked for and tells none of it.
    assert_eq!(exchanged.scope, None);
    ends_soon(&subject, &exchanged);
    let again = exchange(&settings, &endpoint, &dex).await.unwrap();
    assert_ne!(again.token, exchanged.token);

    let wrong_client = TokenExchange {
        client_secret: Some(Secret::new("wrong-secret")),
        ..dex.clone()
    };
    let refused = exchange(&settings, &endpoint, &wrong_client).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.path.to_string(), "client_id", "{refused}");
    let wrong_connector = TokenExchange {
        connector_id: Some("nowhere".to_owned()),
        ..dex
    };
    let refused = exchange(&settings, &endpoint, &wrong_connector).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("connector"), "{refused}");
}

pub(crate) async fn a_server_without_token_exchange_is_told_as_that(subject: Subject) {
    let wanted = TokenExchange {
        style: Some(Style::Openobserve),
        ..of(Secret::new("what-the-cloud-gave"))
    };
    let endpoint = at(&subject, "/config/token");
    let refused = exchange(&Settings::default(), &endpoint, &wanted).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("`endpoint`"), "{refused}");
}

pub(crate) async fn openobserve_wraps_it(subject: Subject) {
    let wanted = TokenExchange {
        style: Some(Style::Openobserve),
        ..of(Secret::new("what-the-cloud-gave"))
    };
    let endpoint = at(&subject, "/config/token");
    let exchanged = exchange(&Settings::default(), &endpoint, &wanted)
        .await
        .unwrap();
    assert_eq!(exchanged.token.expose().split('.').count(), 3);
    ends_soon(&subject, &exchanged);
}
