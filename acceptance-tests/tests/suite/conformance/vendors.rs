//! What one vendor alone has: limits and alerts, restrictions, accounts that are built in.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::{Kind, facts};
use lanyard_compiler::plan::{Action, plan_resource};
use lanyard_compiler::value::Value;
use lanyard_servers::engine;
use lanyard_token_server::{Api, Fault, FaultRule};

use super::subject::{run, the};
use super::{Resource, Subject};

/// A block with these attributes.
fn block(kind: Kind, name: &str, entries: &[(&str, Value)]) -> Value {
    let schema = facts::schema(kind).body.block(name).unwrap();
    let mut block = schema.body.empty();
    for (name, value) in entries {
        assert!(block.insert((*name).to_owned(), value.clone()).is_some());
    }
    Value::Map(block)
}

/// Applies, and finds it the same after a restart.
async fn applied(subject: &mut Subject, resource: &mut Resource) {
    resource.apply(subject).await;
    subject.restart();
    resource.refresh(subject).await;
    assert_eq!(resource.plan(subject), Action::NoOp, "{:?}", resource.state);
}

#[test]
fn a_splunk_token_has_limits_and_tells_people_of_them() {
    run(Api::Splunk, |mut subject| async move {
        let limits = |entries: &[(&str, Value)]| block(Kind::AccessToken, "limits", entries);
        let alert = |kind: &str, name: &str, value: &str| {
            block(
                Kind::AccessToken,
                "alert",
                &[("type", kind.into()), (name, value.into())],
            )
        };
        let mut token = Resource::new(Kind::AccessToken)
            .with("name", "shop/ingest")
            .with("scopes", super::subject::texts(&["ingest"]));
        token.set(
            "limits",
            limits(&[
                ("hosts", 100.into()),
                ("hosts_alert", 90.into()),
                ("job_starts_per_minute", 5.into()),
            ]),
        );
        let mail = alert("Email", "email", "ops@example.com");
        token.set(
            "alert",
            Value::List(vec![mail.clone(), alert("Team", "team", "T1")]),
        );
        token.set(
            "visibility",
            block(
                Kind::AccessToken,
                "visibility",
                &[("level", "everyone".into())],
            ),
        );
        applied(&mut subject, &mut token).await;
        let secret = token.secret().clone();

        token.set(
            "limits",
            limits(&[("dpm", 2000.into()), ("dpm_alert", 1500.into())]),
        );
        token.set("alert", Value::List(vec![mail]));
        token.set(
            "visibility",
            block(
                Kind::AccessToken,
                "visibility",
                &[("level", "admins".into())],
            ),
        );
        applied(&mut subject, &mut token).await;

        token.set("limits", Value::Null);
        token.set("alert", Value::List(Vec::new()));
        applied(&mut subject, &mut token).await;
        assert_eq!(token.secret(), &secret, "nothing of this costs the secret");
    });
}

#[test]
fn a_taken_name_that_splunk_calls_not_acceptable_is_a_taken_name() {
    run(Api::Splunk, |subject| async move {
        let mut other = Resource::new(Kind::AccessToken).with("name", "ci");
        other.apply(&subject).await;
        let refused = FaultRule::new(Fault::Status {
            status: 406,
            retry_after: None,
            before_work: true,
        });
        let refused = refused.on("POST", "/v2/token");
        subject.reference.faults().replace(vec![refused]).unwrap();
        let mut token = Resource::new(Kind::AccessToken).with("name", "ci");
        the("name-taken", &token.try_apply(&subject).await);
        assert!(token.state.is_null());
    });
}

#[test]
fn a_chronosphere_account_is_restricted_and_replaced_to_change_that() {
    run(Api::Chronosphere, |mut subject| async move {
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
        applied(&mut subject, &mut account).await;
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
    });
}

#[test]
fn a_built_in_account_is_adopted_and_never_deleted() {
    run(Api::Elasticsearch, |mut subject| async move {
        let mut account = Resource::account("elastic/fleet-server");
        the("name-taken", &account.try_apply(&subject).await);
        account.set("on_conflict", "adopt");
        applied(&mut subject, &mut account).await;
        let mut token = Resource::token("deploy", account.id());
        applied(&mut subject, &mut token).await;

        let plan = plan_resource(
            account.kind,
            Some(subject.capabilities()),
            &account.state,
            &Value::Null,
        );
        the("deletion-leaves-something", &plan.diagnostics);
        for resource in [&mut token, &mut account] {
            let said = resource.destroy(&subject).await;
            assert!(!said.iter().any(Diagnostic::is_error), "{said:#?}");
            assert!(resource.state.is_null());
        }
        let still = engine::import(&*subject.server, account.kind, "elastic/fleet-server").await;
        assert!(still.is_ok(), "{still:?}");

        let mut invented = Resource::account("elastic/no-such-service");
        let refused = invented.try_apply(&subject).await;
        assert!(refused.iter().any(Diagnostic::is_error));
        account.set("description", "ours now?");
        the("unsupported-attribute", &account.refusal(&subject));
    });
}
