//! Accounts that are built in, and what nodes remember of logins.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::value::Value;
use lanyard_servers::engine;
use serde_json::json;

use super::subject::the;
use super::{Resource, Subject};

pub(crate) async fn a_built_in_account_is_adopted_and_never_deleted(mut subject: Subject) {
    let mut account = Resource::account("elastic/fleet-server");
    the("name-taken", &account.try_apply(&subject).await);
    account.set("on_conflict", "adopt");
    account.apply_for_good(&mut subject).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply_for_good(&mut subject).await;

    let plan = plan_resource(
        account.kind,
        Some(subject.capabilities()),
        &account.state,
        &Value::Null,
    );
    the("deletion-leaves-something", &plan.diagnostics);
    for resource in [&mut token, &mut account] {
        let said = resource.destroy(&subject).await;
        assert!(!has_errors(&said), "{said:#?}");
        assert!(resource.state.is_null());
    }
    let still = engine::import(&*subject.server, account.kind, "elastic/fleet-server").await;
    assert!(still.is_ok(), "{still:?}");

    let mut invented = Resource::account("elastic/no-such-service");
    let refused = invented.try_apply(&subject).await;
    assert!(has_errors(&refused));
    account.set("description", "ours now?");
    the("unsupported-attribute", &account.refusal(&subject));
}

pub(crate) async fn a_revoked_token_ends_though_the_server_could_not_clear_its_cache(
    subject: Subject,
) {
    let mut token = subject.new_tokens("deploy").await.remove(0);
    token.trigger("1", Value::Null);
    token.apply(&subject).await;
    subject.profile(&json!({ "cache_clearing": false })).await;
    for round in ["2", "3"] {
        let old = token.secret().clone();
        // The node knows it from now on.
        assert!(subject.lets_in(&token, &old).await);
        token.trigger(round, Value::Null);
        token.apply(&subject).await;
        assert!(!subject.lets_in(&token, &old).await, "rotated");
    }
    let last = token.secret().clone();
    assert!(subject.lets_in(&token, &last).await);
    assert!(!has_errors(&token.destroy(&subject).await));
    assert!(!subject.lets_in(&token, &last).await, "destroyed");
}
