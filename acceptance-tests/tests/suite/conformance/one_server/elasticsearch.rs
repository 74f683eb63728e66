//! Accounts that are built in, and what nodes remember of logins.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lanyard_compiler::diagnostic::{Code, has_errors};
use lanyard_compiler::model::{Kind, Settings};
use lanyard_compiler::plan::{Action, plan_resource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::connect;
use lanyard_token_server::{Fault, FaultRule, When};
use serde_json::json;

use super::subject::{texts, the};
use super::{Resource, Subject};
use crate::support::{http, states};

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
    let still = states::import(&*subject.server, account.kind, "elastic/fleet-server").await;
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

/// Tokens of a node's file can have the same names; the API only shows them.
pub(crate) async fn a_token_of_a_nodes_file_is_nobodys(mut subject: Subject) {
    let mut account = Resource::account("elastic/fleet-server").with("on_conflict", "adopt");
    account.apply(&subject).await;
    let of_file = states::import(
        &*subject.server,
        Kind::AccessToken,
        "elastic/fleet-server/token1",
    );
    assert_eq!(of_file.await.unwrap_err().code, Code::ImportNotFound);
    let mut token = Resource::token("token1", account.id());
    token.apply_for_good(&mut subject).await;
    assert!(subject.lets_in(&token, token.secret()).await);
    assert!(!has_errors(&token.destroy(&subject).await));
    assert!(subject.accepts(&Secret::new(OF_FILE)).await);
}

/// It stands in the vendor's own tests.
const OF_FILE: &str = "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTpyNXdkYmRib1FTZTl2R09Ld2FKR0F3";

/// A write replaces the whole: what it does not say would go back to its default.
pub(crate) async fn a_change_of_one_attribute_leaves_the_others(mut subject: Subject) {
    let mut account = subject
        .new_account("worker")
        .with("roles", texts(&["viewer"]))
        .with("description", "builds")
        .with("disabled", true);
    account.apply_for_good(&mut subject).await;
    for (name, value) in [
        ("roles", texts(&["editor"])),
        ("description", "deploys".into()),
        ("disabled", false.into()),
    ] {
        account.set(name, value);
        account.apply_for_good(&mut subject).await;
        for name in ["roles", "description", "disabled"] {
            assert_eq!(account.state.get(name), account.config.get(name), "{name}");
        }
    }
}

/// An account that still has tokens stays; one that somebody deletes by force leaves them, and nobody lets them in any more.
pub(crate) async fn tokens_without_their_account_are_dead(mut subject: Subject) {
    let mut account = subject.new_account("worker");
    account.apply(&subject).await;
    let mut token = Resource::token("deploy", account.id());
    token.apply(&subject).await;
    let refused = account.destroy(&subject).await;
    let text = the("server-refused-request", &refused).to_string();
    assert!(text.contains("\"deploy\""), "{text}");
    assert!(subject.lets_in(&token, token.secret()).await);

    let url = format!(
        "{}/_security/service/{}?force=true",
        subject.reference.url,
        account.id()
    );
    let operator = subject.settings();
    let forced = http::asynchronous().delete(url).basic_auth(
        operator.username.unwrap_or_default(),
        operator.password.as_ref().map(Secret::expose),
    );
    assert!(forced.send().await.unwrap().status().is_success());
    subject.restart();
    account.refresh(&subject).await;
    token.refresh(&subject).await;
    assert_eq!(account.state, Value::Null);
    assert_eq!(token.state.get("status"), &"revoked".into());
    assert_eq!(token.plan(&subject), Action::Update);
    let refused = account.try_apply(&subject).await;
    let text = the("server-refused-request", &refused).to_string();
    assert!(text.contains("\"deploy\""), "{text}");
    assert!(!has_errors(&token.destroy(&subject).await));
    account.apply(&subject).await;
    token.apply(&subject).await;
    assert!(subject.lets_in(&token, token.secret()).await);
}

/// What was just made is listed a moment later.
pub(crate) async fn what_a_lost_answer_made_is_found_though_lists_lag(subject: Subject) {
    const TOKEN: &str = "/_security/service/*/credential/token/*";
    let rule = |fault, method, path: &str| FaultRule::new(fault).on(method, path).times(1);
    let stale = || {
        let fault = Fault::StaleLists { seconds: 60 };
        rule(fault, "GET", "*/credential")
    };
    let lost = || rule(Fault::Cut { when: When::After }, "POST", TOKEN);
    let faults = |rules| subject.reference.faults().replace(rules).unwrap();
    let mut account = subject.new_account("worker");
    account.apply(&subject).await;
    subject.advance_days(1);
    let mut token = Resource::token("deploy", account.id());
    token.trigger("1", Value::Null);
    faults(vec![lost(), stale().after(1).times(2)]);
    token.apply(&subject).await;
    assert!(subject.lets_in(&token, token.secret()).await);
    subject.advance_days(1);
    let old = token.secret().clone();
    faults(vec![lost(), stale().after(1)]);
    token.trigger("2", Value::Null);
    token.apply(&subject).await;
    assert!(subject.lets_in(&token, token.secret()).await);
    assert!(!subject.lets_in(&token, &old).await);
    assert!(!has_errors(&token.destroy(&subject).await));
    assert!(
        !has_errors(&account.destroy(&subject).await),
        "nothing is left"
    );
}

/// A write makes and replaces, and its answer says which.
pub(crate) async fn a_write_that_did_the_other_thing_is_no_success(subject: Subject) {
    let answers = |created: bool| {
        let fault = Fault::Alter {
            without: Vec::new(),
            with: [("created".to_owned(), created.into())]
                .into_iter()
                .collect(),
        };
        let rule = FaultRule::new(fault).on("PUT", "/_security/service/");
        subject.reference.faults().replace(vec![rule]).unwrap();
    };
    answers(false);
    let mut raced = subject.new_account("raced");
    let told = raced.try_apply(&subject).await;
    let text = the("managed-elsewhere", &told).to_string();
    assert!(text.contains("wrote over it"), "{text}");
    assert_eq!(raced.state, Value::Null);
    subject.reference.faults().replace(Vec::new()).unwrap();

    let mut account = subject.new_account("worker");
    account.apply(&subject).await;
    answers(true);
    account.set("description", "new");
    the("object-gone", &account.try_apply(&subject).await);
    account.refresh(&subject).await;
    assert_eq!(account.state, Value::Null, "it does not come back");
}

/// Every token is refused while the cluster cannot read them.
pub(crate) async fn one_refusal_of_a_secret_at_another_address_is_no_proof(mut subject: Subject) {
    let mut token = subject.new_tokens("deploy").await.remove(0);
    token.apply(&subject).await;
    subject.restart_by_another_address();
    let refused = FaultRule::new(Fault::Status {
        status: 401,
        retry_after: None,
        before_work: true,
    });
    let once = refused.on("GET", "/_security/_authenticate").times(1);
    subject.reference.faults().replace(vec![once]).unwrap();
    token.refresh(&subject).await;
    assert_eq!(token.state.get("status"), &"active".into());
    assert_eq!(token.plan(&subject), Action::NoOp);
}

pub(crate) async fn each_kind_of_credential_signs_in(subject: Subject) {
    let mut token = subject.new_tokens("deploy").await.remove(0);
    token.apply(&subject).await;
    let settings = subject.settings();
    let key = BASE64_STANDARD.encode(format!(
        "any:{}",
        settings.password.as_ref().unwrap().expose()
    ));
    let credentials = [
        (None, "elastic"),
        (Some(Secret::new(key)), "elastic"),
        (Some(token.secret().clone()), "shop/account-of-deploy"),
    ];
    for (token, who) in credentials {
        let settings = Settings {
            token,
            ..settings.clone()
        };
        let identity = connect(&settings).unwrap().identity().await.unwrap();
        assert_eq!(identity.name, who);
    }
}

/// What lets nobody in tells nothing of whose it is: it is tried again once it does.
pub(crate) async fn a_disabled_token_of_another_cluster_is_tried_when_it_works(subject: Subject) {
    let another = subject.another();
    let [mut ours, mut theirs] = [
        Resource::token("deploy", "shop/ci"),
        Resource::token("deploy", "shop/ci"),
    ];
    let mut account = subject.new_account("ci");
    account.apply(&subject).await;
    ours.apply(&subject).await;
    let mut account = another.new_account("ci");
    account.apply(&another).await;
    theirs.apply(&another).await;
    account.set("disabled", true);
    account.apply(&another).await;
    for _ in 0..2 {
        ours.refresh(&another).await;
        assert_eq!(ours.state.get("status"), &"disabled".into());
    }
    account.set("disabled", false);
    account.apply(&another).await;
    ours.refresh(&another).await;
    assert_eq!(ours.state.get("status"), &"revoked".into());
    ours.apply(&another).await;
    assert!(another.lets_in(&ours, ours.secret()).await);
    subject.works(&ours);
}
