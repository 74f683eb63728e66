//! Restrictions, which only a new account can have changed; and large pages.

use futures_util::future::join_all;
use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::{Kind, ServiceAccount};
use lanyard_compiler::value::Value;
use lanyard_servers::{Filter, Object as _};

use super::subject::{block, the};
use super::{Resource, Subject};

pub(crate) async fn a_chronosphere_account_is_restricted_and_replaced_to_change_that(
    mut subject: Subject,
) {
    let restricted = |permission: &str, team: &str| {
        let labels = Value::map([("team", Value::from(team)), ("Env", "prod".into())]);
        block(
            Kind::ServiceAccount,
            "restriction",
            &[("permission", permission.into()), ("labels", labels)],
        )
    };
    let mut account = Resource::account("Metrics Reader");
    account.set("restriction", restricted("READ", "shop"));
    account.apply_for_good(&mut subject).await;
    assert_eq!(account.state.get("unrestricted"), &false.into());
    assert!(account.state.get("email").as_str().is_some());
    for (permission, team) in [("READ_AND_WRITE", "shop"), ("READ", "Shop")] {
        account.set("restriction", restricted(permission, team));
        let plan = account.whole_plan(&subject);
        assert!(!plan.requires_replace.is_empty(), "{permission} {team}");
    }
    account.set("restriction", Value::Null);
    account.set("unrestricted", true);
    assert!(!account.whole_plan(&subject).requires_replace.is_empty());
}

pub(crate) async fn large_pages_are_asked_for(subject: Subject) {
    let made = (0..150).map(|number| {
        let mut account = subject.new_account(&format!("node-{number}"));
        let subject = &subject;
        async move { account.try_apply(subject).await }
    });
    join_all(made).await;
    let accounts = ServiceAccount::of(&*subject.server);
    let page = accounts.list(&Filter::default(), None).await.unwrap();
    assert_eq!((page.records.len(), page.next), (150, None));
}

/// A slug is given again, even within the same second: the address is the account's own.
pub(crate) async fn an_account_that_was_made_anew_is_another(mut subject: Subject) {
    let mut account = subject.new_account("Metrics Reader");
    account.apply(&subject).await;
    let mut theirs = account.clone();
    assert!(!has_errors(&theirs.destroy(&subject).await));
    theirs.state = Value::Null;
    theirs.apply(&subject).await;
    subject.restart();

    let mut unread = account.clone();
    the("left-alone", &unread.destroy(&subject).await);
    assert!(subject.lets_in(&theirs, theirs.secret()).await);
    account.refresh(&subject).await;
    assert_eq!(account.state, Value::Null, "what it held is gone");
}
