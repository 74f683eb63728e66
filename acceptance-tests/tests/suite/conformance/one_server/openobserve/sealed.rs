//! Secrets for a recipient that others replaced. No answer tells when a secret was issued: what is shown of it tells.

use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::Action;
use lanyard_servers::{Filter, engine};
use reqwest::Method;
use serde_json::json;

use super::{Resource, Subject};

pub(crate) async fn a_secret_for_a_recipient_that_others_replaced_is_replaced(
    mut subject: Subject,
) {
    let account = subject.any_account("deploy").await.unwrap();
    let email = account.state.get("email").as_str().unwrap().to_owned();
    let token = Resource::token("ci", account.id());
    let path = format!("/api/default/service_accounts/{email}?rotateToken=true");
    notices(&mut subject, token, &path).await;
}

pub(crate) async fn an_ingestion_token_for_a_recipient_that_others_replaced_is_replaced(
    mut subject: Subject,
) {
    // Asking for the list makes it.
    let current = engine::read_all(&*subject.server, &Filter::default()).await;
    assert_eq!(current.unwrap().access_tokens.len(), 1);
    let token = Resource::new(Kind::AccessToken)
        .with("name", "default")
        .with("on_conflict", "adopt");
    notices(&mut subject, token, "/api/default/passcode").await;
}

/// Has the token sealed, and its secret replaced past us: before we read it even once, and again after that.
async fn notices(subject: &mut Subject, mut token: Resource, replace: &str) {
    let key = age::x25519::Identity::generate().to_public().to_string();
    token.set("recipient", key.as_str());
    let said = token.try_apply(subject).await;
    assert_eq!(said, []);
    for generation in 2..5 {
        subject.as_root(Method::PUT, replace, &json!({})).await;
        subject.restart();
        token.refresh(subject).await;
        assert_eq!(token.state.get("status"), &"revoked".into());
        assert_eq!(token.plan(subject), Action::Update);
        token.apply(subject).await;
        assert_eq!(token.state.get("status"), &"active".into());
        assert_eq!(token.state.get("generation"), &generation.into());
    }
}
