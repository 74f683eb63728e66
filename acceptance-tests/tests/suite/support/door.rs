//! Who a reference server lets in: each kind of server takes secrets in a way of its own.

use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::{Lifetime, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_servers::{ErrorKind, connect};
use lanyard_token_server::ReferenceServer;

/// The settings of a provider that is the server's operator.
pub(crate) fn operator_of(server: &ReferenceServer) -> Settings {
    Settings {
        api: Api::parse(server.api.name()),
        url: Some(server.url.clone()),
        token: server.token.as_deref().map(Secret::new),
        username: server.username.clone(),
        password: server.password.as_deref().map(Secret::new),
        organization: server.organization.clone(),
        // Tests move the server's clock, and this machine's stays where it is.
        clock_tolerance: Lifetime::parse("1000w").ok(),
        ..Settings::default()
    }
}

/// Whether the operator's server lets in who shows a secret of the object with this id.
pub(crate) async fn lets_in(operator: &Settings, id: &str, secret: &Secret) -> bool {
    if operator.api != Some(Api::Openobserve) {
        return signs_in(Settings {
            token: Some(secret.clone()),
            username: None,
            password: None,
            ..operator.clone()
        })
        .await;
    }
    match id.split_once('/') {
        // The user name of an account's secret is the account's address.
        Some((_, address)) if address.contains('@') => {
            signs_in(Settings {
                username: Some(address.to_owned()),
                password: Some(secret.clone()),
                ..operator.clone()
            })
            .await
        }
        _ => takes_data(operator, secret).await,
    }
}

/// Whether OpenObserve takes data from who shows this secret: ingestion tokens are good for nothing else.
async fn takes_data(operator: &Settings, secret: &Secret) -> bool {
    let url = operator.url.as_deref().unwrap_or_default();
    let sent = super::http::asynchronous()
        .post(format!("{url}/api/default/default/_json"))
        .basic_auth("anybody", Some(secret.expose()))
        .header("content-type", "application/json")
        .body(r#"[{"message": "hello"}]"#)
        .send()
        .await;
    sent.expect("the server answers").status().is_success()
}

async fn signs_in(settings: Settings) -> bool {
    let server = connect(&settings).expect("the settings are right");
    match server.identity().await {
        Ok(_) => true,
        Err(error) if error.kind == ErrorKind::SignIn => false,
        Err(error) => panic!("neither accepted nor refused: {error}"),
    }
}
