//! What networks, proxies and busy servers do to a write.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::Kind;
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, engine};
use lanyard_token_server::{Fault, FaultRule, When};

use super::Subject;

pub(crate) async fn a_creation_survives_trouble_at_its_write(subject: Subject) {
    for (number, fault) in troubles().iter().enumerate() {
        for mut resource in subject.new_secrets(&format!("deploy-{number}")).await {
            for method in ["POST", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.try_apply(&subject).await;
                subject.reference.faults().clear();
                if has_errors(&diagnostics) {
                    panic!("{method} {fault:?}: {diagnostics:#?}");
                }
            }
            resource.apply(&subject).await;
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "{fault:?}"
            );
            let name = resource.state.get("name").as_str().unwrap().to_owned();
            if !resource.is_its_accounts_own_secret(&subject) {
                assert_eq!(named(&subject, resource.kind, &name).await, 1, "{fault:?}");
            }
            subject.works(&resource);
        }
    }
}

pub(crate) async fn a_creation_that_loses_several_answers_leaves_nothing_behind(
    mut subject: Subject,
) {
    // How many answers of each are lost in one apply.
    const LOST: [&[(&str, u64)]; 6] = [
        &[("POST", 1), ("PUT", 1)],
        &[("POST", 1), ("DELETE", 1)],
        &[("POST", 2)],
        &[("POST", 2), ("DELETE", 1)],
        &[("POST", 1), ("PUT", 20)],
        &[("POST", 1), ("DELETE", 20)],
    ];
    for (number, lost) in LOST.iter().enumerate() {
        for mut resource in subject.new_secrets(&format!("deploy-{number}")).await {
            let writes = subject.writes();
            let cut = |(method, times): &(&str, u64)| {
                let fault = FaultRule::new(Fault::Cut { when: When::After });
                fault.on(method, writes).times(*times)
            };
            let rules = lost.iter().map(cut).collect();
            subject.reference.faults().replace(rules).unwrap();
            let said = resource.try_apply(&subject).await;
            subject.reference.faults().clear();
            subject.restart();
            // What failed while it was created is replaced by the next apply.
            if has_errors(&said) && !resource.state.is_null() {
                resource.refresh(&subject).await;
                assert_eq!(resource.destroy(&subject).await, [], "{lost:?}");
            }
            resource.apply(&subject).await;
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "{lost:?}"
            );
            let name = resource.state.get("name").as_str().unwrap().to_owned();
            if !resource.is_its_accounts_own_secret(&subject) {
                assert_eq!(named(&subject, resource.kind, &name).await, 1, "{lost:?}");
            }
            subject.works(&resource);
        }
    }
}

pub(crate) async fn a_rotation_survives_trouble_at_its_write(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if !resource.begins_to_rotate(&subject).await {
            continue;
        }
        for (number, fault) in troubles().iter().enumerate() {
            let old = resource.secret().clone();
            resource.trigger(&format!("round {number}"), Value::Null);
            for method in ["POST", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.try_apply(&subject).await;
                subject.reference.faults().clear();
                assert!(!has_errors(&diagnostics), "{fault:?}: {diagnostics:#?}");
            }
            resource.refresh(&subject).await;
            resource.apply(&subject).await;
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "{fault:?}"
            );
            assert!(!subject.lets_in(&resource, &old).await, "{fault:?}");
        }
        subject.works(&resource);
    }
}

/// A server shows a secret once: nothing that is asked afterwards may come between it and the state.
pub(crate) async fn a_secret_that_was_issued_is_kept_whatever_fails_after_it(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        if !resource.begins_to_rotate(&subject).await {
            continue;
        }
        let requests = subject.reference.requests();
        requests.clear();
        resource.trigger("1", Value::Null);
        assert_eq!(resource.try_apply(&subject).await, []);
        let all = requests.all();
        let last_write = all.iter().rposition(|sent| sent.method != "GET").unwrap();
        let old = resource.secret().clone();
        resource.trigger("2", Value::Null);
        let down = FaultRule::new(Fault::Status {
            status: 500,
            retry_after: None,
            before_work: true,
        });
        let down = down.after(last_write as u64 + 1);
        subject.reference.faults().replace(vec![down]).unwrap();
        let said = resource.try_apply(&subject).await;
        subject.reference.faults().clear();
        assert_eq!(said, []);
        assert_ne!(resource.secret(), &old);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        resource.refresh(&subject).await;
        assert_eq!(resource.plan(&subject), Action::NoOp);
        subject.works(&resource);
    }
}

pub(crate) async fn a_deletion_survives_trouble_at_its_write(mut subject: Subject) {
    for (number, fault) in troubles().iter().enumerate() {
        for mut resource in subject.new_secrets(&format!("deploy-{number}")).await {
            resource.apply(&subject).await;
            let secret = resource.secret().clone();
            for method in ["DELETE", "PUT"] {
                strike(&subject, method, fault).await;
                let diagnostics = resource.destroy(&subject).await;
                assert!(!has_errors(&diagnostics), "{fault:?}: {diagnostics:#?}");
                subject.reference.faults().clear();
                if resource.state.is_null() {
                    break;
                }
            }
            subject.restart();
            assert!(!subject.lets_in(&resource, &secret).await, "{fault:?}");
            subject.works(&resource);
        }
    }
}

/// What networks, proxies and busy servers do to a request.
pub(crate) fn troubles() -> Vec<Fault> {
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
