//! Who is there, and whether it lets us in.

use lanyard_compiler::diagnostic::{Code, has_errors};
use lanyard_compiler::model::Settings;
use lanyard_compiler::plan::Action;
use lanyard_compiler::secret::Secret;
use lanyard_servers::{ErrorKind, connect, engine};
use lanyard_token_server::{Fault, FaultRule};

use super::Subject;
use crate::support::states;

pub(crate) async fn it_says_what_it_is(subject: Subject) {
    let description = engine::describe(&*subject.server).await.unwrap();
    assert_eq!(description.api, subject.reference.api.name());
    assert_eq!(description.url, subject.reference.url);
    let identity = engine::identity(&*subject.server).await.unwrap();
    assert!(!identity.kind.is_empty() && !identity.id.is_empty());
    subject.behaves();
}

pub(crate) async fn a_wrong_credential_is_told_as_that(subject: Subject) {
    let mut resource = subject.new_secrets("deploy").await.remove(0);
    resource.apply(&subject).await;
    let settings = subject.settings();
    let wrong = Secret::new("7HDtz2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let stranger = connect(&Settings {
        token: settings.token.as_ref().map(|_| wrong.clone()),
        password: settings.password.as_ref().map(|_| wrong.clone()),
        ..settings
    })
    .unwrap();
    assert_eq!(
        stranger.identity().await.unwrap_err().kind,
        ErrorKind::SignIn
    );
    let read = states::read(&*stranger, resource.kind, &resource.state).await;
    let text = read.expect_err("it is not gone")[0].to_string();
    assert!(
        text.contains("that the provider authenticates with"),
        "{text}"
    );
    assert!(!text.contains(wrong.expose()), "{text}");
    subject.behaves();
}

pub(crate) async fn nobody_there_is_no_absence(mut subject: Subject) {
    let mut resource = subject.new_secrets("deploy").await.remove(0);
    resource.apply(&subject).await;
    for url in [
        "http://127.0.0.1:1".to_owned(),
        format!("{}/wrong/place", subject.reference.url),
    ] {
        subject.server = connect(&Settings {
            url: Some(url.clone()),
            max_retries: Some(0),
            ..subject.settings()
        })
        .unwrap();
        let read = states::read(&*subject.server, resource.kind, &resource.state).await;
        let text = read.expect_err(&url)[0].to_string();
        assert!(text.contains("url"), "{text}");
    }
    // Somebody on the way who does not find it once, while the server has it.
    subject.restart();
    let not_found = FaultRule::new(Fault::Status {
        status: 404,
        retry_after: None,
        before_work: true,
    });
    let once = |method| not_found.clone().on(method, subject.writes()).times(1);
    let faults = subject.reference.faults();
    faults.replace(vec![once("GET")]).unwrap();
    let read = states::read(&*subject.server, resource.kind, &resource.state).await;
    assert!(read.is_err(), "{read:?}");
    // Whatever ends a secret here.
    faults
        .replace(["DELETE", "PATCH", "PUT"].map(once).to_vec())
        .unwrap();
    let said = resource.destroy(&subject).await;
    assert!(has_errors(&said) && !resource.state.is_null(), "{said:?}");
    subject.reference.faults().clear();
    assert_eq!(resource.plan(&subject), Action::NoOp);
    resource.destroy(&subject).await;
    assert!(resource.state.is_null());
    subject.behaves();
}

pub(crate) async fn a_busy_server_is_waited_for(mut subject: Subject) {
    let mut resource = subject.new_secrets("deploy").await.remove(0);
    resource.apply(&subject).await;
    subject.restart();
    let busy = FaultRule::new(Fault::Status {
        status: 429,
        retry_after: Some(0),
        before_work: true,
    });
    let faults = subject.reference.faults();
    faults.replace(vec![busy.clone().times(2)]).unwrap();
    resource.refresh(&subject).await;
    assert!(!resource.state.is_null());
    subject.reference.faults().replace(vec![busy]).unwrap();
    let read = states::read(&*subject.server, resource.kind, &resource.state).await;
    assert_eq!(read.unwrap_err()[0].code, Code::ServerUnavailable);
    subject.behaves();
}
