//! A connection that leads to another server than before, which has the same names.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::server::Api;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::engine::{self, Applied};

use super::{Resource, Subject};
use crate::support::states;

/// Names are all that it tells of its objects.
fn names_only(subject: &Subject) -> bool {
    matches!(subject.api(), Api::Elasticsearch | Api::Osmo)
}

/// What carries a secret, made on both servers: in our state, and in somebody else's.
async fn on_both(subject: &Subject, another: &Subject) -> Vec<[Resource; 2]> {
    let ours = subject.new_secrets("deploy").await;
    let theirs = another.new_secrets("deploy").await;
    let mut pairs = Vec::new();
    for mut pair in ours
        .into_iter()
        .zip(theirs)
        .map(|(ours, theirs)| [ours, theirs])
    {
        for (resource, subject) in pair.iter_mut().zip([subject, another]) {
            if resource.can_rotate(subject) {
                resource.trigger("first", Value::Null);
            }
            resource.apply(subject).await;
        }
        pairs.push(pair);
    }
    pairs
}

pub(crate) async fn another_server_with_the_same_names_is_no_all_clear(mut subject: Subject) {
    let another = subject.another();
    for [mut ours, _] in on_both(&subject, &another).await {
        let at_home = ours.state.clone();
        if names_only(&subject) {
            is_not_deleted(&ours, &another).await;
        }
        // Read once, and once more from the state that an apply kept of the first time.
        let mut is_there = true;
        for _ in 0..2 {
            if let Err(told) = ours.may_refresh(&another).await {
                assert_eq!(codes(&told), [Code::AnotherServer]);
                assert_eq!(ours.state, at_home);
                is_there = false;
                break;
            }
            let works = another.lets_in(&ours, ours.secret()).await;
            assert_eq!(
                ours.plan(&another) == Action::NoOp,
                works,
                "{:?}",
                ours.state
            );
        }
        if is_there && subject.api() != Api::Splunk {
            let mut back = ours.clone();
            back.refresh(&subject).await;
            if names_only(&subject) {
                assert_eq!(back.state, at_home);
                assert_eq!(back.plan(&subject), Action::NoOp);
            }
            ours.apply(&another).await;
            assert!(another.lets_in(&ours, ours.secret()).await);
        }
        subject.works(&ours);
    }
    subject.restart();
}

pub(crate) async fn a_plan_for_one_server_touches_no_other_one(subject: Subject) {
    let another = subject.another();
    for [ours, theirs] in on_both(&subject, &another).await {
        let mut changed = ours.clone();
        changed.set("on_conflict", "replace");
        if ours.can_rotate(&subject) {
            changed.trigger("second", Value::Null);
        }
        let plan = changed.whole_plan(&subject).planned;
        for planned in [plan, Value::Null] {
            let applied = engine::apply_held(
                &another.server,
                ours.kind,
                &ours.state,
                &planned,
                &changed.config,
                ours.evidence.as_ref(),
            )
            .await;
            is_for_another(&applied);
            assert_eq!(applied.state, ours.state);
            assert!(
                another.lets_in(&theirs, theirs.secret()).await,
                "{planned:?}"
            );
        }
        subject.works(&ours);
    }
    if subject.any_account("other").await.is_none() {
        return;
    }
    let mut accounts = [subject.new_account("team"), another.new_account("team")];
    let [ours, theirs] = &mut accounts;
    ours.apply(&subject).await;
    theirs.apply(&another).await;
    let (gone, evidence) = (&Value::Null, ours.evidence.as_ref());
    let applied = engine::apply_held(
        &another.server,
        ours.kind,
        &ours.state,
        gone,
        gone,
        evidence,
    )
    .await;
    is_for_another(&applied);
    if subject.api() != Api::Elasticsearch {
        // It shows when it was made.
        let told = ours.clone().may_refresh(&another).await.unwrap_err();
        assert_eq!(codes(&told), [Code::AnotherServer]);
    }
    theirs.refresh(&another).await;
    assert!(!theirs.state.is_null());
}

pub(crate) async fn what_another_server_does_not_have_is_not_gone(subject: Subject) {
    let empty = subject.another();
    let mut all = subject.new_secrets("deploy").await;
    all.extend(subject.any_account("team").await);
    for mut ours in all {
        ours.apply(&subject).await;
        let kept = ours.clone();
        let told = ours.may_refresh(&empty).await.unwrap_err();
        assert_eq!(codes(&told), [Code::AnotherServer]);
        assert_eq!(codes(&ours.destroy(&empty).await), [Code::AnotherServer]);
        assert_eq!((&ours.state, &ours.evidence), (&kept.state, &kept.evidence));
        ours.refresh(&subject).await;
        assert_eq!(ours.state, kept.state);
        if !ours.state.get("token").is_null() {
            subject.works(&ours);
        }
    }
}

/// A destruction that reads what has the name there finds that it refuses the secret.
async fn is_not_deleted(ours: &Resource, another: &Subject) {
    let mut ours = ours.clone();
    if ours.may_refresh(another).await.is_err() {
        // It shows that it is of an account that was made later.
        return;
    }
    let read = ours.state.clone();
    let (planned, said) = ours.plan_destroy(another);
    assert_eq!(said, None);
    ours.evidence = planned;
    let told = ours.destroy(another).await;
    assert_eq!(codes(&told), [Code::AnotherServer]);
    assert_eq!(ours.state, read);
}

fn is_for_another(applied: &Applied) {
    assert_eq!(codes(&applied.diagnostics), [Code::AnotherServer]);
}

fn codes(told: &[Diagnostic]) -> Vec<Code> {
    told.iter().map(|told| told.code).collect()
}

pub(crate) async fn another_address_of_the_same_server_changes_nothing(mut subject: Subject) {
    let key = age::x25519::Identity::generate().to_public().to_string();
    let mut secrets = subject.new_secrets("deploy").await;
    let mut sealed = subject.new_tokens("sealed").await;
    sealed.retain(|token| token.can(&subject).attribute("recipient").is_some());
    secrets.extend(
        sealed
            .into_iter()
            .map(|token| token.with("recipient", key.as_str())),
    );
    for resource in &mut secrets {
        resource.apply(&subject).await;
    }
    subject.restart_by_another_address();
    for resource in &mut secrets {
        let before = resource.state.clone();
        let prior = states::stored(resource.kind, &before);
        let read = engine::read(&*subject.server, &prior, resource.evidence.as_ref()).await;
        let found = read.unwrap().unwrap();
        let is_in_doubt = names_only(&subject) && resource.state.get("token").is_null();
        let warning = is_in_doubt.then_some(Code::SecretNotTried);
        assert_eq!(found.warning.map(|warning| warning.code), warning);
        resource.evidence = found.evidence.or(resource.evidence.take());
        for _ in 0..2 {
            resource.refresh(&subject).await;
            assert_eq!(resource.state, before);
        }
        let read = engine::read(&*subject.server, &prior, resource.evidence.as_ref()).await;
        let again = read.unwrap().unwrap();
        assert_eq!(again.warning.map(|warning| warning.code), warning);
        assert_eq!(again.evidence, None);
        if is_in_doubt {
            let told = resource.clone().destroy(&subject).await;
            assert_eq!(codes(&told), [Code::AnotherServer]);
        }
        assert_eq!(resource.plan(&subject), Action::NoOp);
        if resource.can_rotate(&subject) {
            resource.trigger("first", Value::Null);
            resource.apply(&subject).await;
            resource.trigger("second", Value::Null);
            resource.apply(&subject).await;
        }
        subject.works(resource);
    }
    if !names_only(&subject) {
        return;
    }
    // By the first address again, what ended meanwhile is renewed.
    subject.restart();
    subject.advance_days(60);
    for resource in &mut secrets {
        resource.refresh(&subject).await;
        resource.apply(&subject).await;
    }
}
