//! What happens between two applies: time passes, and others change things.

use lanyard_compiler::model::Kind;
use lanyard_compiler::model::server::{Api, ExpiryCapability, UpdateCapability};
use lanyard_compiler::plan::Action;
use lanyard_token_server::{Fault, FaultRule};

use super::Subject;
use super::subject::texts;

pub(crate) async fn what_comes_due_rotates_and_nothing_before(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.rotation(&[("before_expiry", "5d".into())]);
        if resource.kind == Kind::AccessToken {
            resource.set("ttl", "20d");
        }
        if resource.kind == Kind::ServiceAccount
            || matches!(
                resource.can(&subject).expiry,
                ExpiryCapability::Never { .. }
            )
        {
            resource.refusal(&subject);
            continue;
        }
        resource.apply(&subject).await;
        let old = resource.secret().clone();
        subject.advance_days(12);
        resource.refresh(&subject).await;
        assert_eq!(resource.state.get("rotation_due"), &false.into());
        assert_eq!(resource.plan(&subject), Action::NoOp);

        subject.advance_days(5);
        // A plan that saw no refresh rotates nothing, however late it is.
        assert_eq!(resource.plan(&subject), Action::NoOp);
        resource.refresh(&subject).await;
        assert_eq!(resource.state.get("rotation_due"), &true.into());
        assert!(subject.lets_in(&resource, &old).await);
        let plan = resource.whole_plan(&subject);
        assert_eq!(plan.action, Action::Update);
        assert_eq!(plan.planned.get("generation"), &2.into());
        assert!(plan.planned.get("token").is_unknown());
        let reason = plan.planned.get("rotation_reason").as_str();
        assert!(reason.is_some_and(|reason| !reason.is_empty()));
        assert_eq!(resource.whole_plan(&subject).planned, plan.planned);

        resource.apply(&subject).await;
        assert_ne!(resource.secret(), &old);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        assert!(!subject.lets_in(&resource, &old).await);
        subject.works(&resource);
    }
}

/// In every answer, or in each but one: the time that it says is told as wrong, and nothing is due by it.
pub(crate) async fn a_clock_that_is_wrong_ends_nothing(mut subject: Subject) {
    const YEARS: i64 = 50 * 366 * 86_400;
    for mut resource in subject.new_secrets("deploy").await {
        if !matches!(
            resource.can(&subject).expiry,
            ExpiryCapability::Never { .. }
        ) && resource.kind == Kind::AccessToken
        {
            resource.set("ttl", "20d");
            resource.rotation(&[("before_expiry", "5d".into())]);
        }
        resource.apply(&subject).await;
        let stored = resource.state.clone();
        for (seconds, passing) in [(YEARS, 0), (-YEARS, 0), (YEARS, 1), (-YEARS, 1)] {
            subject.restart_doubting();
            let rule = FaultRule::new(Fault::Date { seconds }).after(passing);
            subject.reference.faults().replace(vec![rule]).unwrap();
            for _ in 0..2 {
                resource.refresh(&subject).await;
                assert_eq!(resource.state, stored, "{seconds} after {passing}");
                assert_eq!(resource.plan(&subject), Action::NoOp);
            }
            let doubt = subject.server.clock().doubt.expect("it is told");
            assert_eq!(doubt.server < doubt.own, seconds < 0);
            subject.reference.faults().clear();
        }
        subject.works(&resource);
    }
}

pub(crate) async fn what_others_changed_shows_and_is_put_back(mut subject: Subject) {
    let roles = match subject.api() {
        Api::Native => Some((texts(&["viewer"]), texts(&["editor", "viewer"]))),
        Api::Osmo => Some((texts(&["osmo-user"]), texts(&["osmo-admin", "osmo-user"]))),
        // Elsewhere roles cannot change in place, or need what the server in this check has not.
        Api::Chronosphere | Api::Elasticsearch | Api::Openobserve | Api::Splunk => None,
    };
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    for mut resource in resources {
        for (name, pair) in [
            ("description", Some(("ours".into(), "theirs".into()))),
            ("disabled", Some((false.into(), true.into()))),
            // A token's are a share of its account's.
            (
                "roles",
                roles
                    .clone()
                    .filter(|_| resource.kind == Kind::ServiceAccount),
            ),
        ] {
            let Some((ours, theirs)) = pair.clone() else {
                continue;
            };
            match resource.can(&subject).attribute(name).map(|can| can.change) {
                None => {
                    resource.clone().with(name, theirs).refusal(&subject);
                    continue;
                }
                Some(UpdateCapability::InPlace) => {}
                Some(_) => continue,
            }
            resource.set(name, ours.clone());
            resource.apply(&subject).await;
            let secret = resource.state.get("token").clone();
            let mut other = resource.clone().with(name, theirs.clone());
            subject.restart_elsewhere();
            other.apply(&subject).await;
            subject.restart();

            resource.refresh(&subject).await;
            assert_eq!(resource.state.get(name), &theirs, "{name}");
            assert_eq!(resource.plan(&subject), Action::Update, "{name}");
            resource.apply(&subject).await;
            assert_eq!(resource.state.get(name), &ours, "{name}");
            assert_eq!(resource.state.get("token"), &secret, "{name}");
            subject.works(&resource);
        }
    }
}
