//! What exists already, what is taken, and what others took away.

use lanyard_compiler::diagnostic::{Code, has_errors};
use lanyard_compiler::model::authored::authored;
use lanyard_compiler::model::server::{Api, DeleteCapability, Recovery, UpdateCapability};
use lanyard_compiler::model::{AccessToken, Kind, ServiceAccount};
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{Object as _, ServerError, engine};

use super::subject::the;
use super::{Resource, Subject};
use crate::support::states;

pub(crate) async fn an_import_plans_clean_and_changes_nothing(mut subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.apply(&subject).await;
        let (id, secret) = (resource.id().to_owned(), resource.secret().clone());
        subject.restart();
        resource.state = states::import(&*subject.server, resource.kind, &id)
            .await
            .unwrap();
        if resource.kind == Kind::AccessToken {
            let read = AccessToken::of(&*subject.server).read(&id).await.unwrap();
            let is_counted = read.unwrap().generation.is_some();
            assert_eq!(is_counted, resource.can(&subject).counts_secrets());
        }
        // What `terraform plan -generate-config-out` writes for it.
        let mut generated = resource.clone();
        let imported = states::stored(resource.kind, &resource.state);
        generated.config = authored(Some(subject.capabilities()), &imported);
        assert_eq!(
            generated.plan(&subject),
            Action::NoOp,
            "{:?}",
            generated.config
        );
        if resource.is_its_accounts_own_secret(&subject) {
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
        let missing = states::import(&*subject.server, resource.kind, nobody).await;
        assert_eq!(missing.unwrap_err().code, Code::ImportNotFound);
        subject.works(&resource);
    }
}

pub(crate) async fn a_taken_name_is_an_error_or_taken_over(mut subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if resource.is_its_accounts_own_secret(&subject) {
            // It has no name to be taken. Who takes the secret is told that another one ends.
            let plan = resource.whole_plan(&subject);
            the("creation-ends-something", &plan.diagnostics);
            subject.works(&resource);
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
        // A server that shows the secret again hands it over as it is.
        let shown = resource.can(&subject).recovery == Recovery::ReadSecret;
        if shown || resource.can_rotate(&subject) {
            other.apply(&subject).await;
            assert_eq!(other.id(), resource.id());
            assert!(subject.lets_in(&other, other.secret()).await);
            assert_eq!(other.secret() == resource.secret(), shown);
            assert_eq!(subject.lets_in(&resource, resource.secret()).await, shown);
        } else {
            the("adoption-impossible", &other.refusal(&subject));
            assert!(subject.lets_in(&resource, resource.secret()).await);
        }
        subject.works(&resource);
    }
}

pub(crate) async fn a_taken_name_is_made_free_or_that_is_refused(mut subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if resource.is_its_accounts_own_secret(&subject) {
            continue;
        }
        resource.apply(&subject).await;
        subject.restart();
        let mut other = resource.clone().with("on_conflict", "replace");
        other.state = Value::Null;
        if resource.can(&subject).delete != DeleteCapability::Deletes {
            other.refusal(&subject);
            continue;
        }
        other.apply(&subject).await;
        assert!(subject.lets_in(&other, other.secret()).await);
        assert!(!subject.lets_in(&resource, resource.secret()).await);
        subject.works(&other);
    }
}

/// Whoever is to be locked out may have replaced the secret. Terraform plans a destruction in another process than the one that reads.
pub(crate) async fn what_others_replaced_is_deleted_once_it_was_read(mut subject: Subject) {
    for mut ours in subject.new_secrets("deploy").await {
        if !ours.can_rotate(&subject) {
            continue;
        }
        ours.apply(&subject).await;
        subject.reference.clock().advance_seconds(5).unwrap();
        subject.restart_elsewhere();
        let mut theirs = ours.clone();
        theirs.trigger("2", "0s".into());
        theirs.apply(&subject).await;
        let theirs = theirs.secret().clone();
        subject.restart();
        let mut unread = ours.clone();
        let told = unread.destroy(&subject).await;
        if has_errors(&told) {
            assert_eq!(unread.state, ours.state, "it is not forgotten: {told:#?}");
        }
        let lives_on = subject.lets_in(&ours, &theirs).await;
        assert_eq!(lives_on, has_errors(&told), "{told:#?}");
        if lives_on {
            ours.refresh(&subject).await;
            subject.restart();
            let (planned, said) = ours.plan_destroy(&subject);
            assert_eq!(said, None);
            subject.restart();
            ours.evidence = planned;
            assert_eq!(ours.destroy(&subject).await, []);
            assert!(!subject.lets_in(&ours, &theirs).await);
        }
    }
    subject.behaves();
}

pub(crate) async fn a_token_of_an_account_that_is_not_there_is_refused_at_its_place(
    subject: Subject,
) {
    let nobody = match subject.api() {
        Api::Native => "sa_nobody",
        Api::Elasticsearch => "elastic/nobody",
        Api::Openobserve => "default/nobody@example.com",
        Api::Chronosphere | Api::Osmo | Api::Splunk => "nobody",
    };
    let mut token = Resource::token("deploy", nobody);
    let server = subject.capabilities();
    let has_accounts = server.service_account.absent.is_none();
    if server.access_token.absent.is_some() || !has_accounts {
        token.refusal(&subject);
        return;
    }
    let told = token.try_apply(&subject).await;
    let refused = the("server-refused-request", &told);
    assert_eq!(refused.path.to_string(), "service_account", "{refused}");
    assert!(token.state.is_null(), "{:?}", token.state);
    subject.refuses(&token, refused);
}

/// A plan is made, somebody replaces the secret or deletes the object, and the plan is applied: that is no success, and the next plan
/// mends it.
pub(crate) async fn a_saved_plan_that_counts_on_a_dead_secret_fails(mut subject: Subject) {
    let key = age::x25519::Identity::generate().to_public().to_string();
    for resource in subject.new_secrets("deploy").await {
        if resource.can(&subject).delete != DeleteCapability::Deletes {
            // Its secret and its name are for good.
            subject.works(&resource);
            continue;
        }
        for is_sealed in [false, true] {
            let mut resource = resource.clone();
            match resource.kind {
                Kind::AccessToken if is_sealed => resource.set("recipient", key.as_str()),
                Kind::ServiceAccount if is_sealed => continue,
                Kind::AccessToken | Kind::ServiceAccount => {}
            }
            let rotates = resource.begins_to_rotate(&subject).await;
            if !rotates {
                resource.set("rotation", Value::Null);
                resource.apply(&subject).await;
            }
            // What the server hears of, where it can be changed, alone and with a rotation; and what Lanyard alone keeps.
            for (name, value, asks, is_deleted) in [
                ("description", "new", false, !rotates),
                ("description", "newer", true, !rotates),
                ("on_conflict", "replace", false, !rotates),
                ("on_conflict", "error", false, true),
            ] {
                let change = resource.can(&subject).attribute(name).map(|can| can.change);
                if name == "description" && change != Some(UpdateCapability::InPlace) {
                    continue;
                }
                let mut changed = resource.clone().with(name, value);
                if asks {
                    changed.trigger("ours", Value::Null);
                }
                let plan = changed.whole_plan(&subject);
                assert_eq!(plan.action, Action::Update, "{name}");
                assert_eq!(plan.planned.get("token").is_unknown(), asks && !is_sealed);

                subject.reference.clock().advance_seconds(5).unwrap();
                subject.restart_elsewhere();
                let mut other = resource.clone();
                if is_deleted {
                    assert_eq!(other.destroy(&subject).await, []);
                } else {
                    other.trigger(&format!("theirs, {value}"), Value::Null);
                    other.apply(&subject).await;
                }
                subject.restart();
                let applied = engine::apply_held(
                    &subject.server,
                    resource.kind,
                    &resource.state,
                    &plan.planned,
                    &changed.config,
                    resource.evidence.as_ref(),
                )
                .await;
                assert!(has_errors(&applied.diagnostics), "{name}: {applied:?}");
                if let Some(secret) = other.state.get("token").as_secret() {
                    assert!(subject.lets_in(&other, secret).await, "{name}");
                }
                changed.evidence =
                    applied.beside(resource.kind, resource.evidence.take(), &resource.state);
                changed.state = applied.state;
                changed.refresh(&subject).await;
                changed.apply(&subject).await;
                resource = changed;
                if let Some(secret) = resource.state.get("token").as_secret() {
                    assert!(subject.lets_in(&resource, secret).await, "{name}");
                }
            }
            assert_eq!(resource.destroy(&subject).await, []);
        }
        subject.works(&resource);
    }
}

/// Where the status alone says that it is gone, the engine looks.
fn is_over(deleted: &Result<(), ServerError>) -> bool {
    deleted
        .as_ref()
        .map_or_else(ServerError::is_gone, |()| true)
}

pub(crate) async fn what_was_deleted_elsewhere_is_created_again(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.apply(&subject).await;
        let deletes = resource.can(&subject).delete == DeleteCapability::Deletes;
        match resource.kind {
            Kind::AccessToken => {
                let objects = AccessToken::of(&*subject.server);
                objects.delete(resource.id()).await.unwrap();
                let left = objects.read(resource.id()).await.unwrap();
                let stays = !deletes || resource.is_its_accounts_own_secret(&subject);
                assert_eq!(left.is_some(), stays, "{left:?}");
                assert!(is_over(&objects.delete(resource.id()).await));
            }
            Kind::ServiceAccount => {
                let objects = ServiceAccount::of(&*subject.server);
                objects.delete(resource.id()).await.unwrap();
                assert_eq!(objects.read(resource.id()).await.unwrap(), None);
                assert!(is_over(&objects.delete(resource.id()).await));
            }
        }
        assert!(!subject.lets_in(&resource, resource.secret()).await);
        resource.refresh(&subject).await;
        if deletes && !resource.is_its_accounts_own_secret(&subject) {
            assert!(resource.state.is_null());
        } else {
            // What ended without going away shows as that.
            let status = resource.state.get("status").as_str();
            assert!(matches!(status, Some("revoked" | "disabled")), "{status:?}");
        }
        resource.apply(&subject).await;
        assert!(subject.lets_in(&resource, resource.secret()).await);
        subject.works(&resource);
    }
}
