//! What holds on every token server, whatever it can do; and where it cannot do something, that it says so before anything is sent.

use std::sync::Arc;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::{
    Api, Change, ExpiryCapability, Recovery, RotationCapability,
};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount, Settings, facts};
use lanyard_compiler::plan::Action;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{ErrorKind, Filter, Object as _, connect, engine};
use lanyard_token_server::{Fault, FaultRule, When};

pub(super) use super::coalescing::{
    a_write_is_never_hidden_by_an_older_list, many_reads_take_few_calls,
};
pub(super) use super::editions::what_this_very_server_lacks_is_refused_at_plan;
pub(super) use super::over_time::{
    what_comes_due_rotates_and_nothing_before, what_others_changed_shows_and_is_put_back,
};
pub(super) use super::politeness::a_storm_of_refusals_slows_down_and_fails_nothing;
use super::subject::{texts, the};
use super::{Resource, Subject};

fn has_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

pub(super) async fn an_account_lives_from_its_first_apply_to_its_last(mut subject: Subject) {
    let mut account = subject.new_account("ci");
    if subject.capabilities().service_account.absent.is_some() {
        the("absent-on-server", &account.refusal(&subject));
        return;
    }
    account.apply(&subject).await;
    assert!(!account.id().is_empty());
    let before = account.clone();
    subject.restart();
    account.refresh(&subject).await;
    assert_eq!(account.plan(&subject), Action::NoOp);
    assert!(!has_error(&account.destroy(&subject).await));
    assert!(account.state.is_null());
    let mut again = before.clone();
    assert!(!has_error(&again.destroy(&subject).await), "already gone");
    let mut refreshed = before;
    refreshed.refresh(&subject).await;
    assert!(refreshed.state.is_null(), "{:?}", refreshed.state);
}

pub(super) async fn a_token_lives_from_its_first_apply_to_its_last(mut subject: Subject) {
    let tokens = subject.new_tokens("deploy").await;
    if tokens.is_empty() {
        let token = Resource::token("deploy", "anybody");
        the("absent-on-server", &token.refusal(&subject));
    }
    for mut token in tokens {
        token.apply(&subject).await;
        assert_eq!(token.state.get("status"), &"active".into());
        let secret = token.secret().clone();
        subject.restart();
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp);
        assert_eq!(token.secret(), &secret);
        assert!(!has_error(&token.destroy(&subject).await));
        assert!(token.state.is_null());
        assert!(!subject.lets_in(&token, &secret).await);
    }
}

pub(super) async fn a_new_secret_is_accepted_and_another_is_not(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.apply(&subject).await;
        assert!(subject.lets_in(&resource, resource.secret()).await);
        let wrong = Secret::new("7HDtz2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert!(!subject.lets_in(&resource, &wrong).await);
    }
}

pub(super) async fn what_a_server_does_not_take_is_refused_at_plan(subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    let mut refused = 0;
    for resource in resources {
        let body = &facts::schema(resource.kind).body;
        for (name, value) in [
            ("slug", Value::from("ci-robot")),
            ("service_account", "ci-robot".into()),
            ("email", "ci@example.com".into()),
            ("description", "d".into()),
            ("roles", texts(&["viewer"])),
            ("scopes", texts(&["ingest"])),
            ("expires_at", "2090-01-31T00:00:00Z".into()),
            ("ttl", "30d".into()),
            ("disabled", true.into()),
        ] {
            if body.attribute(name).is_none() {
                continue;
            }
            let takes = resource
                .can(&subject)
                .attribute(name)
                .is_some_and(|attribute| attribute.change != Change::Computed);
            if takes {
                continue;
            }
            let asked = resource.clone().with(name, value);
            let refusal = asked.refusal(&subject);
            assert!(
                refusal
                    .iter()
                    .any(|error| error.path.to_string().starts_with(name)),
                "{name}: {refusal:#?}"
            );
            refused += 1;
        }
    }
    if subject.api() != Api::Native {
        assert!(refused > 0);
    }
}

pub(super) async fn a_description_changes_as_the_server_declares(subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    for mut resource in resources {
        let Some(capability) = resource.can(&subject).attribute("description") else {
            resource.set("description", "one");
            resource.refusal(&subject);
            continue;
        };
        resource.set("description", "one");
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("description"), &"one".into());
        let secret = resource.state.get("token").clone();
        resource.set("description", "two ü&=+");
        let plan = resource.whole_plan(&subject);
        match capability.change {
            Change::Replace => {
                assert!(!plan.requires_replace.is_empty());
                continue;
            }
            Change::InPlace | Change::Renames | Change::Rotate | Change::Computed => {
                assert_eq!(plan.action, Action::Update);
            }
        }
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("description"), &"two ü&=+".into());
        assert_eq!(
            *resource.state.get("token") == secret,
            capability.change == Change::InPlace
        );
    }
}

pub(super) async fn a_rename_is_made_as_the_server_declares(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        let change = resource
            .can(&subject)
            .attribute("name")
            .map_or(Change::InPlace, |attribute| attribute.change);
        resource.trigger("1", "2d".into());
        if has_error(&resource.whole_plan(&subject).diagnostics) {
            resource.set("rotation", Value::Null);
        }
        resource.apply(&subject).await;
        let (before, secret) = (resource.config.clone(), resource.secret().clone());
        let renamed = match before.get("name").as_str() {
            Some(name) => name.replace("deploy", "ship"),
            None => "ship".to_owned(),
        };
        resource.set("name", renamed.as_str());
        let plan = resource.whole_plan(&subject);
        if change == Change::Replace {
            assert!(!plan.requires_replace.is_empty());
            continue;
        }
        assert_eq!(
            plan.planned.get("id").is_unknown(),
            change == Change::Renames
        );
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("name"), &renamed.as_str().into());
        assert_eq!(resource.secret(), &secret, "a rename keeps the secret");
        if change == Change::Renames {
            assert_eq!(resource.id(), renamed);
            // What the server keeps alive follows the next name; and both at once.
            resource.trigger("2", "2d".into());
            resource.apply(&subject).await;
            resource.set("name", "ship/a b");
            resource.apply(&subject).await;
            let retired = resource.state.get("retired").as_list().unwrap();
            assert_eq!(retired.len(), 1);
            assert_eq!(retired[0].get("id"), &"ship/a b".into());
            assert!(subject.lets_in(&resource, &secret).await);
            resource.set("name", "ship-3");
            resource.trigger("3", Value::Null);
            resource.apply(&subject).await;
            assert_eq!(resource.id(), "ship-3");
        }
        assert!(subject.lets_in(&resource, resource.secret()).await);
    }
}

pub(super) async fn a_secret_rotates_at_once_or_not_at_all(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.trigger("1", Value::Null);
        if !has_rotation(&subject, &resource) {
            // Refused at once, or planned as a new object.
            let plan = resource.whole_plan(&subject);
            if !has_error(&plan.diagnostics) {
                resource.apply(&subject).await;
                resource.trigger("2", Value::Null);
                assert!(!resource.whole_plan(&subject).requires_replace.is_empty());
            }
            continue;
        }
        resource.apply(&subject).await;
        let (id, old) = (resource.id().to_owned(), resource.secret().clone());
        for round in 2..=3 {
            resource.trigger(&round.to_string(), Value::Null);
            resource.apply(&subject).await;
        }
        assert_eq!(resource.id(), id);
        assert_ne!(resource.secret(), &old);
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        assert!(!has_error(&resource.destroy(&subject).await));
    }
}

fn has_rotation(subject: &Subject, resource: &Resource) -> bool {
    !matches!(
        resource.can(subject).rotation,
        RotationCapability::Impossible { .. }
    )
}

pub(super) async fn a_grace_period_holds_or_is_refused(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.trigger("1", "2d".into());
        if matches!(
            resource.can(&subject).rotation,
            RotationCapability::NoOverlap { .. } | RotationCapability::Impossible { .. }
        ) {
            resource.refusal(&subject);
            continue;
        }
        resource.apply(&subject).await;
        let old = resource.secret().clone();
        resource.trigger("2", "2d".into());
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("previous_token").as_secret(), Some(&old));
        assert!(subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        subject.advance_days(3);
        resource.refresh(&subject).await;
        resource.apply(&subject).await;
        assert_eq!(resource.state.get("retired"), &Value::List(Vec::new()));
        assert_eq!(resource.state.get("previous_token"), &Value::Null);
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        // A destroy in the grace period ends both.
        let old = resource.secret().clone();
        resource.trigger("3", "2d".into());
        resource.apply(&subject).await;
        let new = resource.secret().clone();
        assert!(!has_error(&resource.destroy(&subject).await));
        assert!(!subject.lets_in(&resource, &old).await);
        assert!(!subject.lets_in(&resource, &new).await);
    }
}

pub(super) async fn an_end_is_kept_or_refused(subject: Subject) {
    for mut token in subject.new_tokens("deploy").await {
        token.set("ttl", "20d");
        if matches!(token.can(&subject).expiry, ExpiryCapability::Never { .. }) {
            token.refusal(&subject);
            continue;
        }
        token.apply(&subject).await;
        let end: jiff::Timestamp = token
            .state
            .get("expires_at")
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let left = end.duration_since(subject.reference.clock().now());
        assert!((19 * 24..=20 * 24).contains(&left.as_hours()), "{left:?}");
        assert!(subject.lets_in(&token, token.secret()).await);
        subject.advance_days(21);
        assert!(!subject.lets_in(&token, token.secret()).await);
        token.refresh(&subject).await;
        assert_eq!(token.state.get("status"), &"expired".into());
        if !token.whole_plan(&subject).requires_replace.is_empty() {
            continue;
        }
        token.apply(&subject).await;
        assert!(subject.lets_in(&token, token.secret()).await);
    }
}

pub(super) async fn an_import_plans_clean_and_changes_nothing(mut subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.apply(&subject).await;
        let (id, secret) = (resource.id().to_owned(), resource.secret().clone());
        subject.restart();
        resource.state = engine::import(&*subject.server, resource.kind, &id)
            .await
            .unwrap();
        if is_the_accounts_own(&subject, &resource) {
            // The name is the configuration's alone: giving it costs nothing.
            assert_eq!(resource.plan(&subject), Action::Update);
            resource.apply(&subject).await;
        }
        assert_eq!(
            resource.plan(&subject),
            Action::NoOp,
            "{:?}",
            resource.state
        );
        resource.refresh(&subject).await;
        assert_eq!(resource.plan(&subject), Action::NoOp);
        assert!(subject.lets_in(&resource, &secret).await);
        // An organization that does not exist is a mistake in the settings, and no absence.
        let nobody = match subject.api() {
            Api::Openobserve => "default/nobody",
            _ => "no-such/thing",
        };
        let missing = engine::import(&*subject.server, resource.kind, nobody).await;
        assert_eq!(missing.unwrap_err().code, "import-not-found");
    }
}

pub(super) async fn a_taken_name_is_an_error_or_taken_over(mut subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if is_the_accounts_own(&subject, &resource) {
            continue;
        }
        resource.apply(&subject).await;
        subject.advance_days(3);
        subject.restart();
        let mut other = resource.clone();
        other.state = Value::Null;
        the("name-taken", &other.try_apply(&subject).await);
        assert!(other.state.is_null());
        assert!(subject.lets_in(&resource, resource.secret()).await);

        let mut other = other.with("on_conflict", "adopt");
        if has_rotation(&subject, &resource) {
            other.apply(&subject).await;
            assert_eq!(other.id(), resource.id());
            assert!(subject.lets_in(&other, other.secret()).await);
            // A server that shows the secret again hands it over as it is.
            let shown = resource.can(&subject).recovery == Recovery::ReadSecret;
            assert_eq!(other.secret() == resource.secret(), shown);
            assert_eq!(subject.lets_in(&resource, resource.secret()).await, shown);
        }
    }
}

/// OpenObserve's accounts have one secret each: a token resource is that secret, and its name is nobody's.
fn is_the_accounts_own(subject: &Subject, resource: &Resource) -> bool {
    subject.api() == Api::Openobserve
        && resource.kind == Kind::AccessToken
        && !resource.config.get("service_account").is_null()
}

pub(super) async fn what_was_deleted_elsewhere_is_created_again(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if !matches!(
            resource.can(&subject).delete,
            lanyard_compiler::model::server::DeleteCapability::Deletes
        ) || is_the_accounts_own(&subject, &resource)
        {
            continue;
        }
        resource.apply(&subject).await;
        match resource.kind {
            Kind::AccessToken => {
                let objects = AccessToken::of(&*subject.server);
                objects.delete(resource.id()).await.unwrap();
                assert_eq!(objects.read(resource.id()).await.unwrap(), None);
                objects.delete(resource.id()).await.unwrap();
            }
            Kind::ServiceAccount => {
                let objects = ServiceAccount::of(&*subject.server);
                objects.delete(resource.id()).await.unwrap();
                assert_eq!(objects.read(resource.id()).await.unwrap(), None);
                objects.delete(resource.id()).await.unwrap();
            }
        }
        resource.refresh(&subject).await;
        assert!(resource.state.is_null());
        resource.apply(&subject).await;
        assert!(subject.lets_in(&resource, resource.secret()).await);
    }
}

pub(super) async fn a_wrong_credential_is_told_as_that(subject: Subject) {
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
    let read = engine::read(&*stranger, resource.kind, &resource.state).await;
    let text = read.expect_err("it is not gone")[0].to_string();
    assert!(
        text.contains("that the provider authenticates with"),
        "{text}"
    );
    assert!(!text.contains(wrong.expose()), "{text}");
}

pub(super) async fn nobody_there_is_no_absence(mut subject: Subject) {
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
        let read = engine::read(&*subject.server, resource.kind, &resource.state).await;
        let text = read.expect_err(&url)[0].to_string();
        assert!(text.contains("url"), "{text}");
    }
}

pub(super) async fn a_busy_server_is_waited_for(mut subject: Subject) {
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
    let read = engine::read(&*subject.server, resource.kind, &resource.state).await;
    assert_eq!(read.unwrap_err()[0].code, "server-unavailable");
}

/// What networks, proxies and busy servers do to a request.
fn troubles() -> Vec<Fault> {
    let status = |status, before_work, retry_after| Fault::Status {
        status,
        retry_after,
        before_work,
    };
    vec![
        Fault::Cut { when: When::Before },
        Fault::Cut { when: When::After },
        Fault::Truncate {},
        Fault::ContentType {
            value: "text/html".to_owned(),
        },
        status(429, true, Some(0)),
        status(500, true, None),
        status(500, false, None),
        status(503, false, Some(0)),
    ]
}

/// Everything on the server that has this name.
async fn named(subject: &Subject, kind: Kind, name: &str) -> usize {
    let current = engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    match kind {
        Kind::AccessToken => {
            let tokens = current.access_tokens.iter();
            tokens.filter(|token| token.name == name).count()
        }
        Kind::ServiceAccount => {
            let accounts = current.service_accounts.iter();
            accounts.filter(|account| account.name == name).count()
        }
    }
}

async fn strike(subject: &Subject, method: &str, fault: &Fault) {
    let rule = FaultRule::new(fault.clone()).on(method, subject.writes());
    let faults = subject.reference.faults();
    faults.replace(vec![rule.times(1)]).unwrap();
}

pub(super) async fn a_creation_survives_trouble_at_its_write(subject: Subject) {
    for (number, fault) in troubles().iter().enumerate() {
        for mut resource in subject.new_secrets(&format!("deploy-{number}")).await {
            for method in ["POST", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.try_apply(&subject).await;
                subject.reference.faults().clear();
                if has_error(&diagnostics) {
                    panic!("{method} {fault:?}: {diagnostics:#?}");
                }
            }
            resource.apply(&subject).await;
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "{fault:?}"
            );
            let name = resource.state.get("name").as_str().unwrap().to_owned();
            if !is_the_accounts_own(&subject, &resource) {
                assert_eq!(named(&subject, resource.kind, &name).await, 1, "{fault:?}");
            }
        }
    }
}

pub(super) async fn a_rotation_survives_trouble_at_its_write(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if !has_rotation(&subject, &resource) {
            continue;
        }
        resource.trigger("0", Value::Null);
        resource.apply(&subject).await;
        for (number, fault) in troubles().iter().enumerate() {
            let old = resource.secret().clone();
            resource.trigger(&format!("round {number}"), Value::Null);
            for method in ["POST", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.try_apply(&subject).await;
                subject.reference.faults().clear();
                assert!(!has_error(&diagnostics), "{fault:?}: {diagnostics:#?}");
            }
            resource.refresh(&subject).await;
            resource.apply(&subject).await;
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "{fault:?}"
            );
            assert!(!subject.lets_in(&resource, &old).await, "{fault:?}");
        }
    }
}

pub(super) async fn a_deletion_survives_trouble_at_its_write(mut subject: Subject) {
    for (number, fault) in troubles().iter().enumerate() {
        for mut resource in subject.new_secrets(&format!("deploy-{number}")).await {
            resource.apply(&subject).await;
            let secret = resource.secret().clone();
            for method in ["DELETE", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.destroy(&subject).await;
                assert!(!has_error(&diagnostics), "{fault:?}: {diagnostics:#?}");
                subject.reference.faults().clear();
                if resource.state.is_null() {
                    break;
                }
            }
            subject.restart();
            assert!(!subject.lets_in(&resource, &secret).await, "{fault:?}");
        }
    }
}

pub(super) async fn thirty_are_made_and_read_at_once(subject: Subject) {
    let mut resources = Vec::new();
    for number in 0..30 {
        let secrets = subject.new_secrets(&format!("deploy-{number}")).await;
        resources.extend(secrets.into_iter().next());
    }
    let subject = &subject;
    let made = resources.into_iter().map(|mut resource| async move {
        let diagnostics = resource.try_apply(subject).await;
        assert!(!has_error(&diagnostics), "{diagnostics:#?}");
        resource
    });
    let made = futures_util::future::join_all(made).await;
    let read = made.into_iter().map(|mut resource| {
        let server = Arc::clone(&subject.server);
        async move {
            let read = engine::read(&*server, resource.kind, &resource.state).await;
            resource.state = read.unwrap().unwrap_or_default();
            assert_eq!(resource.plan(subject), Action::NoOp, "{:?}", resource.state);
            resource
        }
    });
    let read = futures_util::future::join_all(read).await;
    for resource in read.iter().step_by(10) {
        assert!(subject.lets_in(resource, resource.secret()).await);
    }
}

pub(super) async fn a_secret_for_a_recipient_is_hidden_from_the_state(subject: Subject) {
    for mut token in subject.new_tokens("deploy").await {
        let key = age::x25519::Identity::generate();
        token.set("recipient", key.to_public().to_string());
        token.apply(&subject).await;
        assert_eq!(token.state.get("token"), &Value::Null);
        let text = token.state.get("encrypted_token").as_str().unwrap();
        let secret = String::from_utf8(age::decrypt(&key, text.as_bytes()).unwrap()).unwrap();
        assert!(subject.lets_in(&token, &Secret::new(secret)).await);
    }
}

pub(super) async fn it_says_what_it_is(subject: Subject) {
    let description = engine::describe(&*subject.server).await.unwrap();
    assert_eq!(description.api, subject.reference.api.name());
    assert_eq!(description.url, subject.reference.url);
    let identity = engine::identity(&*subject.server).await.unwrap();
    assert!(!identity.kind.is_empty() && !identity.id.is_empty());
}
