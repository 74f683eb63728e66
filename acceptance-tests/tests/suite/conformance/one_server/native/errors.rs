//! Mistakes, sorted by what the caller can do about them.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::{AccessToken, Settings};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{ErrorKind, Object, connect};
use lanyard_token_server::{Fault, FaultRule};

use super::subject::{texts, the};
use super::{Resource, Subject};
use crate::support::states;

pub(crate) async fn a_wrong_credential_is_told_apart_from_a_weak_one(subject: Subject) {
    let token = subject.token("deploy").await;
    let stranger = subject.with_secret(&Secret::new("lyd_nobody"));
    let weak = subject.with_secret(token.secret());
    let read = AccessToken::of(&*stranger).read(token.id()).await;
    assert_eq!(read.unwrap_err().kind, ErrorKind::SignIn);
    let read = AccessToken::of(&*weak).read(token.id()).await;
    assert_eq!(read.unwrap_err().kind, ErrorKind::Forbidden);
    for server in [stranger, weak] {
        let read = states::read(&*server, token.kind, &token.state).await;
        let diagnostics = read.expect_err("neither means that the token is gone");
        let text = diagnostics[0].to_string();
        assert!(
            text.contains("that the provider authenticates with"),
            "{text}"
        );
        assert!(
            !text.contains(token.secret().expose()) && !text.contains("lyd_nobody"),
            "{text}"
        );
    }
}

pub(crate) async fn an_attribute_that_the_server_refuses_is_named(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut token = Resource::token("deploy", account.id()).with("roles", texts(&["admin"]));
    let diagnostics = token.try_apply(&subject).await;
    let refused = the("server-refused-request", &diagnostics);
    assert!(refused.path.to_string().starts_with("roles"), "{refused}");
    assert!(token.state.is_null());
    let mut token = Resource::token("deploy", "sa_nobody");
    let diagnostics = token.try_apply(&subject).await;
    let refused = the("server-refused-request", &diagnostics);
    assert_eq!(refused.path.to_string(), "service_account", "{refused}");
}

pub(crate) async fn what_was_deleted_since_the_plan_is_told_as_gone(subject: Subject) {
    let mut token = subject.token("deploy").await;
    AccessToken::of(&*subject.server)
        .delete(token.id())
        .await
        .unwrap();
    token.set("description", "too late");
    let diagnostics = token.try_apply(&subject).await;
    let gone = the("object-gone", &diagnostics).to_string();
    assert!(gone.contains("Run a plan again"), "{gone}");
    token.refresh(&subject).await;
    assert!(token.state.is_null());
    token.apply(&subject).await;
    assert!(subject.accepts(token.secret()).await);
}

pub(crate) async fn nobody_there_is_an_error_and_never_an_absence(mut subject: Subject) {
    let token = subject.token("deploy").await;
    let elsewhere = [
        // Nobody listens.
        "http://127.0.0.1:1".to_owned(),
        // Somebody listens who knows nothing of this API below this path.
        format!("{}/wrong/place", subject.reference.url),
    ];
    for url in elsewhere {
        let settings = Settings {
            url: Some(url.clone()),
            max_retries: Some(0),
            ..subject.settings()
        };
        subject.server = connect(&settings).unwrap();
        let read = states::read(&*subject.server, token.kind, &token.state).await;
        let diagnostics = read.expect_err(&url);
        assert!(
            diagnostics[0].to_string().contains("url"),
            "{}",
            diagnostics[0]
        );
    }
}

pub(crate) async fn too_many_requests_are_waited_for(mut subject: Subject) {
    let mut token = subject.token("deploy").await;
    subject.restart();
    let busy = FaultRule::new(Fault::Status {
        status: 429,
        retry_after: Some(0),
        before_work: true,
    });
    subject
        .reference
        .faults()
        .replace(vec![busy.clone().times(2)])
        .unwrap();
    token.refresh(&subject).await;
    assert!(!token.state.is_null());
    subject.reference.faults().replace(vec![busy]).unwrap();
    let read = states::read(&*subject.server, token.kind, &token.state).await;
    assert_eq!(read.unwrap_err()[0].code, Code::ServerUnavailable);
}

pub(crate) async fn what_another_tool_manages_is_left_alone(subject: Subject) {
    let mut token = subject.token("deploy").await;
    let answer = crate::support::http::asynchronous()
        .patch(format!(
            "{}/v1/access-tokens/{}",
            subject.reference.url,
            token.id()
        ))
        .bearer_auth(subject.reference.token.as_deref().unwrap())
        .header("managed-by", "*")
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"managed_by": "somebody-else"}"#)
        .send()
        .await
        .unwrap();
    let status = answer.status();
    assert!(status.is_success(), "{status}: {:?}", answer.text().await);
    token.set("description", "ours now?");
    let diagnostics = token.try_apply(&subject).await;
    let text = the("managed-elsewhere", &diagnostics).to_string();
    assert!(text.contains("somebody-else"), "{text}");
    assert_eq!(token.state.get("description"), &Value::Null);
    the("managed-elsewhere", &token.destroy(&subject).await);
    assert!(!token.state.is_null());
}
