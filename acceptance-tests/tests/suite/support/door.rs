//! Who a reference server lets in: each kind of server takes secrets in a way of its own.

use lanyard_compiler::model::Settings;
use lanyard_compiler::secret::Secret;
use lanyard_servers::{ErrorKind, connect};
use lanyard_token_server::ReferenceServer;

/// The settings of a provider that is the server's operator.
pub(crate) fn operator_of(server: &ReferenceServer) -> Settings {
    Settings {
        api: serde_json::from_value(server.api.name().into()).expect("the APIs have one name"),
        url: Some(server.url.clone()),
        token: server.token.as_deref().map(Secret::new),
        username: server.username.clone(),
        password: server.password.as_deref().map(Secret::new),
        organization: server.organization.clone(),
        ..Settings::default()
    }
}

/// Whether the server lets in who shows this secret.
pub(crate) async fn lets_in(server: &ReferenceServer, secret: &Secret) -> bool {
    signs_in(Settings {
        token: Some(secret.clone()),
        username: None,
        password: None,
        ..operator_of(server)
    })
    .await
}

/// Whether the server lets in who shows this secret as an account's password.
pub(crate) async fn lets_in_as(server: &ReferenceServer, username: &str, secret: &Secret) -> bool {
    signs_in(Settings {
        username: Some(username.to_owned()),
        password: Some(secret.clone()),
        ..operator_of(server)
    })
    .await
}

/// Whether OpenObserve takes data from who shows this secret: ingestion tokens are good for nothing else.
pub(crate) async fn takes_data(server: &ReferenceServer, secret: &Secret) -> bool {
    let sent = reqwest::Client::new()
        .post(format!("{}/api/default/default/_json", server.url))
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
