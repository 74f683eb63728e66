//! Names that are taken.

use lanyard_compiler::plan::Action;
use lanyard_servers::engine;
use lanyard_token_server::{Fault, FaultRule, When};

use super::subject::the;
use super::{Resource, Subject};

/// The same configuration in another hand: nothing in its state.
fn namesake(token: &Resource) -> Resource {
    let mut other = token.clone();
    other.state = lanyard_compiler::value::Value::Null;
    other
}

pub(crate) async fn a_taken_name_is_an_error_that_tells_how_to_go_on(mut subject: Subject) {
    let token = subject.token("deploy").await;
    subject.advance_days(3);
    subject.restart();
    let mut other = namesake(&token);
    let diagnostics = other.try_apply(&subject).await;
    assert!(other.state.is_null());
    let text = the("name-taken", &diagnostics).to_string();
    for part in [
        token.id(),
        "created 3 days ago",
        "never used",
        &format!("terraform import lanyard_access_token.NAME {}", token.id()),
        "on_conflict = \"adopt\"",
        "on_conflict = \"replace\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(subject.accepts(token.secret()).await);
}

pub(crate) async fn adopting_takes_over_and_issues_a_new_secret(mut subject: Subject) {
    let token = subject.token("deploy").await;
    subject.restart();
    let mut other = namesake(&token)
        .with("on_conflict", "adopt")
        .with("description", "adopted");
    other.apply(&subject).await;
    assert_eq!(other.id(), token.id());
    assert_eq!(other.state.get("description"), &"adopted".into());
    assert!(subject.accepts(other.secret()).await);
    assert!(!subject.accepts(token.secret()).await);

    let account = subject.account("robot", &["viewer"]).await;
    subject.restart();
    let mut other = Resource::account("robot").with("on_conflict", "adopt");
    other.apply(&subject).await;
    assert_eq!(other.id(), account.id());
}

pub(crate) async fn replacing_deletes_and_creates_anew(mut subject: Subject) {
    let token = subject.token("deploy").await;
    assert!(subject.accepts(token.secret()).await);
    subject.restart();
    let mut other = namesake(&token).with("on_conflict", "replace");
    other.apply(&subject).await;
    assert_ne!(other.id(), token.id());
    assert!(subject.accepts(other.secret()).await);
    assert!(!subject.accepts(token.secret()).await);
}

pub(crate) async fn two_resources_of_one_name_do_not_take_from_each_other(mut subject: Subject) {
    let mut token = subject.token("deploy").await;
    let mut twin = namesake(&token);
    the("name-taken", &twin.try_apply(&subject).await);
    // The same in a later run, which read the first one before it creates the second.
    subject.restart();
    token.refresh(&subject).await;
    the("name-taken", &twin.try_apply(&subject).await);
    assert!(subject.accepts(token.secret()).await);
    assert_eq!(token.plan(&subject), Action::NoOp);
    // Nor by a new name, as of two that exchange theirs.
    twin.set("name", "other");
    twin.apply(&subject).await;
    twin.set("name", "deploy");
    let told = the("name-taken", &twin.try_apply(&subject).await).to_string();
    assert!(told.contains("a third name"), "{told}");
    assert!(!told.contains("on_conflict"), "{told}");
    assert_eq!(twin.state.get("name"), &"other".into());
}

/// A copied resource, two modules, a rename without `moved`: in a run that has read nothing.
pub(crate) async fn what_a_state_holds_is_never_a_leftover(mut subject: Subject) {
    let token = subject.token("deploy").await;
    let robot = subject.account("robot", &["viewer"]).await;
    let mut of_robot = Resource::token("of-robot", robot.id());
    of_robot.apply(&subject).await;
    subject.restart();
    for held in [&token, &robot] {
        let mut twin = namesake(held);
        let text = the("name-taken", &twin.try_apply(&subject).await).to_string();
        for part in ["`moved` block", "create_before_destroy", held.id()] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(twin.state.is_null());
    }
    for mut held in [token.clone(), robot] {
        held.refresh(&subject).await;
        assert_eq!(held.plan(&subject), Action::NoOp);
    }
    assert!(subject.accepts(token.secret()).await);
    // With an account that is replaced in the other order, Terraform has deleted its tokens by then.
    of_robot.destroy(&subject).await;
    let told = Resource::account("robot").try_apply(&subject).await;
    let text = the("name-taken", &told).to_string();
    let ended = "This apply has ended the access token \"of-robot\" of it already: its secret does not work any more, until an apply \
                 that succeeds issues new ones.";
    assert!(text.contains(ended), "{text}");
    let hint = &told[0].hints[0];
    assert!(hint.contains("Leave out `create_before_destroy`"), "{hint}");
}

pub(crate) async fn a_used_token_is_never_taken_for_a_leftover(mut subject: Subject) {
    let token = subject.token("deploy").await;
    engine::identity(&*subject.with_secret(token.secret()))
        .await
        .unwrap();
    subject.restart();
    let mut other = namesake(&token);
    let diagnostics = other.try_apply(&subject).await;
    let text = the("name-taken", &diagnostics).to_string();
    assert!(text.contains("last used moments ago"), "{text}");
    assert!(subject.accepts(token.secret()).await);
}

pub(crate) async fn what_another_state_has_just_made_is_never_taken_for_a_leftover(
    mut subject: Subject,
) {
    let token = subject.token("deploy").await;
    let mut twin = namesake(&token);
    subject.restart_elsewhere();
    the("name-taken", &twin.try_apply(&subject).await);
    // Nor when our own creation of the name may have come first.
    let lost = FaultRule::new(Fault::Cut { when: When::Before }).on("POST", "/v1/*");
    subject
        .reference
        .faults()
        .replace(vec![lost.times(3)])
        .unwrap();
    the("name-taken", &twin.try_apply(&subject).await);
    assert!(subject.accepts(token.secret()).await);
}
