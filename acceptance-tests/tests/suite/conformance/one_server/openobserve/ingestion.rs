//! The ingestion token that every organization has from the start.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::{AccessToken, Kind, Settings};
use lanyard_compiler::plan::{Action, plan_resource};
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, Object as _, connect, engine};

use super::subject::the;
use super::{Resource, Subject};

fn default_token() -> Resource {
    Resource::new(Kind::AccessToken).with("name", "default")
}

pub(crate) async fn the_default_ingestion_token_is_adopted_rotated_and_disabled(
    mut subject: Subject,
) {
    // Asking for the list makes it.
    let current = engine::read_all(&*subject.server, &Filter::default()).await;
    let theirs = current.unwrap().access_tokens.remove(0).token.unwrap();
    let mut token = default_token();
    the("name-taken", &token.try_apply(&subject).await);
    token.set("on_conflict", "adopt");
    token.trigger("1", "2d".into());
    the("grace-impossible", &token.refusal(&subject));
    token.trigger("1", Value::Null);
    token.apply_for_good(&mut subject).await;
    assert_eq!(token.secret(), &theirs, "whoever sends data goes on");
    assert!(subject.lets_in(&token, &theirs).await);

    token.trigger("2", Value::Null);
    token.apply_for_good(&mut subject).await;
    assert!(!subject.lets_in(&token, &theirs).await);
    assert!(subject.lets_in(&token, token.secret()).await);

    let plan = plan_resource(
        token.kind,
        Some(subject.capabilities()),
        &token.state,
        &Value::Null,
    );
    the("deletion-leaves-something", &plan.diagnostics);
    let last = token.secret().clone();
    assert!(!has_errors(&token.destroy(&subject).await));
    assert!(!subject.lets_in(&token, &last).await);
    let objects = AccessToken::of(&*subject.server);
    let left = objects.read("default/default").await.unwrap();
    assert!(left.unwrap().disabled);
}

/// Root's call would replace the one of the organization `default`, whatever the path says.
pub(crate) async fn the_default_ingestion_token_of_another_organization_is_not_rotated(
    mut subject: Subject,
) {
    let mut bystander = default_token().with("on_conflict", "adopt");
    engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    bystander.apply(&subject).await;
    let settings = Settings {
        organization: Some(subject.organization().await),
        ..subject.settings()
    };
    subject.server = connect(&settings).unwrap();
    engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    let mut token = default_token().with("on_conflict", "adopt");
    token.apply(&subject).await;
    token.trigger("1", Value::Null);
    the("rotation-impossible", &token.refusal(&subject));

    subject.restart();
    bystander.refresh(&subject).await;
    assert_eq!(bystander.plan(&subject), Action::NoOp);
    assert!(subject.lets_in(&bystander, bystander.secret()).await);
}
