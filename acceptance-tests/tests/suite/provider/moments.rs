//! Ephemeral tokens, actions, lists and generated configurations: what Terraform asks for beside managing a resource.

use std::sync::Arc;

use lanyard_compiler::value::Value;
use lanyard_provider::resources::{
    Action as OnDemand, EphemeralResource, ImportBy, ListItem, ListRequest, ListSink, Progress,
};
use lanyard_token_server::{Api, Fault, FaultRule, Options, ReferenceServer};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use super::core::{Action, Core, Planned, on_native, server_of, shape};

fn ephemeral(core: &Core) -> Arc<dyn EphemeralResource> {
    core.provider.ephemeral_resources().remove(0)
}

async fn token_names(core: &Core) -> Vec<String> {
    let all = core.data("lanyard_access_tokens", json!({})).await;
    let all = all.expect("the tokens are listed");
    let items = all.get("access_tokens").as_list().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.get("name").as_str())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn an_ephemeral_token_works_until_it_is_closed() {
    let (server, core) = on_native().await;
    let mut account = core.account();
    account
        .apply(json!({"name": "ci", "roles": ["viewer", "editor"]}))
        .await;
    let resource = ephemeral(&core);
    let config = shape(
        &resource.schema().body,
        &json!({"service_account": account.text("id"), "roles": ["viewer"]}),
    );
    assert_eq!(resource.validate(&config), []);
    let opened = resource.open(config.clone()).await;
    assert_eq!(opened.diagnostics, []);
    assert_eq!(opened.result.get("roles"), config.get("roles"));
    assert_eq!(
        opened.result.get("ttl"),
        &Value::Null,
        "what is configured stays as it is"
    );

    let secret = opened
        .result
        .get("token")
        .as_secret()
        .unwrap()
        .expose()
        .to_owned();
    let settings = json!({"url": server.url, "token": secret, "max_retries": 0});
    let (user, _) = Core::configured(settings).await;
    let me = user.data("lanyard_identity", json!({})).await.unwrap();
    assert_eq!(me.get("roles"), &Value::set(["viewer".into()]));

    assert_eq!(resource.close(opened.private.clone()).await, []);
    assert!(user.data("lanyard_identity", json!({})).await.is_err());
    assert_eq!(token_names(&core).await, [""; 0]);
    assert_eq!(
        resource.close(opened.private).await,
        [],
        "closing twice is no error"
    );
}

#[tokio::test]
async fn an_ephemeral_token_ends_by_itself_when_nobody_closes_it() {
    let (server, core) = on_native().await;
    let resource = ephemeral(&core);
    let opened = resource
        .open(shape(&resource.schema().body, &json!({})))
        .await;
    assert_eq!(opened.diagnostics, []);
    let secret = opened
        .result
        .get("token")
        .as_secret()
        .unwrap()
        .expose()
        .to_owned();
    server.clock().advance_seconds(3_601).unwrap();
    let settings = json!({"url": server.url, "token": secret, "max_retries": 0});
    let (user, _) = Core::configured(settings).await;
    assert!(user.data("lanyard_identity", json!({})).await.is_err());
}

#[tokio::test]
async fn an_ephemeral_token_that_was_not_revoked_is_named_with_its_end() {
    let (server, core) = on_native().await;
    let resource = ephemeral(&core);
    let opened = resource
        .open(shape(&resource.schema().body, &json!({})))
        .await;
    let [name, id, end] =
        ["name", "id", "expires_at"].map(|fact| opened.result.get(fact).as_str().unwrap());
    let refused = FaultRule::new(Fault::Status {
        status: 500,
        retry_after: None,
        before_work: true,
    });
    server.faults().add(refused).unwrap();
    let told = resource.close(opened.private.clone()).await;
    server.faults().clear();
    let hints = told.into_iter().flat_map(|told| told.hints);
    assert_eq!(
        hints.collect::<Vec<_>>(),
        [format!(
            "If {name:?} is still on the server, it ends by itself at {end}. To end it sooner, revoke the access token with the id \
             {id:?} there, or by the action `lanyard_revoke_access_token`: another run makes a token of another name."
        )]
    );
}

#[tokio::test]
async fn where_no_token_ends_the_hint_names_what_there_is() {
    for (api, instead) in [
        (Api::Elasticsearch, "`lanyard_access_token`"),
        (Api::OpenObserve, "`lanyard_access_token`"),
        (Api::Chronosphere, "`lanyard_service_account`"),
    ] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let resource = ephemeral(&core);
        let config = json!({"service_account": "elastic/fleet-server"});
        let config = shape(&resource.schema().body, &config);
        let told = resource.validate(&config);
        assert!(told[0].hints[0].contains(instead), "{told:#?}");
        let opened = resource.open(config).await;
        assert_eq!(opened.diagnostics, told);
    }
}

#[tokio::test]
async fn wrong_ephemeral_tokens_are_refused_and_leave_nothing() {
    let (_server, core) = on_native().await;
    let resource = ephemeral(&core);
    let body = resource.schema().body;
    for (config, expected) in [
        (json!({"ttl": "90x"}), "ttl"),
        (json!({"roles": ["Not A Role"]}), "roles"),
        (json!({"scopes": ["NO"]}), "scopes"),
    ] {
        let paths: Vec<String> = resource
            .validate(&shape(&body, &config))
            .iter()
            .map(|diagnostic| diagnostic.path.to_string())
            .collect();
        assert_eq!(paths, [expected], "{config}");
    }
    let opened = resource
        .open(shape(&body, &json!({"service_account": "sa_nobody"})))
        .await;
    assert_eq!(opened.diagnostics.len(), 1, "{:#?}", opened.diagnostics);
    assert_eq!(token_names(&core).await, [""; 0]);
}

fn action_of(core: &Core, name: &str) -> Arc<dyn OnDemand> {
    core.provider
        .actions()
        .into_iter()
        .find(|action| action.type_name() == name)
        .expect("the action exists")
}

/// The codes of what a plan of the action says.
async fn foreseen(core: &Core, name: &str, config: Json) -> Vec<&'static str> {
    let action = action_of(core, name);
    let told = action.plan(&shape(&action.schema().body, &config)).await;
    told.iter().map(|told| told.code.name()).collect()
}

async fn invoke(core: &Core, name: &str, config: Json) -> (Vec<&'static str>, usize) {
    let action = action_of(core, name);
    let config = shape(&action.schema().body, &config);
    let refused: Vec<_> = action
        .validate(&config)
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect();
    if !refused.is_empty() {
        return (refused, 0);
    }
    let (progress, mut messages) = mpsc::unbounded_channel();
    let found = action.invoke(config, Progress::new(progress)).await;
    let mut told = 0;
    while messages.recv().await.is_some() {
        told += 1;
    }
    (
        found
            .iter()
            .map(|diagnostic| diagnostic.code.name())
            .collect(),
        told,
    )
}

#[tokio::test]
async fn a_leaked_secret_is_ended_and_the_next_apply_brings_a_new_one() {
    let (server, core) = on_native().await;
    let config = json!({"name": "t", "ttl": "90d"});
    let mut token = core.token();
    token.apply(config.clone()).await;
    let leaked = token.text("token");
    let rotate = json!({"access_token": token.text("id")});
    assert_eq!(
        invoke(&core, "lanyard_rotate_access_token", rotate).await,
        (vec![], 2)
    );
    let settings = json!({"url": server.url, "token": leaked, "max_retries": 0});
    let (thief, _) = Core::configured(settings).await;
    assert!(thief.data("lanyard_identity", json!({})).await.is_err());

    token.refresh().await;
    assert_eq!(token.apply(config.clone()).await, Action::Update);
    assert_ne!(token.text("token"), leaked);

    let revoke = json!({"access_token": token.text("id")});
    assert_eq!(
        invoke(&core, "lanyard_revoke_access_token", revoke).await.0,
        [""; 0]
    );
    token.refresh().await;
    assert_eq!(token.apply(config).await, Action::Create);
}

#[tokio::test]
async fn with_two_slots_a_leaked_secret_ends_as_well_and_nothing_is_left_behind() {
    let server = ReferenceServer::start(Options::new(Api::Elasticsearch)).expect("it starts");
    let settings = json!({
        "api": "elasticsearch",
        "url": server.url,
        "username": server.username,
        "password": server.password,
        "max_retries": 0,
    });
    let (core, problems) = Core::configured(settings).await;
    assert_eq!(problems, []);
    let accepts = async |secret: &str| {
        let answer = crate::support::http::asynchronous()
            .get(format!("{}/_security/_authenticate", server.url))
            .bearer_auth(secret)
            .send()
            .await
            .expect("the server answers");
        answer.status().is_success()
    };
    let config = json!({
        "name": "ci",
        "service_account": "elastic/fleet-server",
        "rotation": {"grace_period": "2d"},
    });
    let mut token = core.token();
    token.apply(config.clone()).await;
    let leaked = token.text("token");
    assert!(accepts(&leaked).await);

    let kept = json!({"access_token": token.text("id"), "grace_period": "1h"});
    assert_eq!(
        invoke(&core, "lanyard_rotate_access_token", kept).await.0,
        ["unsupported-grace-period"]
    );
    let rotate = json!({"access_token": token.text("id")});
    assert_eq!(
        invoke(&core, "lanyard_rotate_access_token", rotate).await,
        (vec![], 2)
    );
    assert!(!accepts(&leaked).await, "it ends at once");

    token.refresh().await;
    assert_eq!(token.apply(config.clone()).await, Action::Update);
    assert!(accepts(&token.text("token")).await);
    assert_eq!(token.destroy().await, []);
    assert_eq!(token_names(&core).await, Vec::<String>::new());
}

const ROTATE: &str = "lanyard_rotate_access_token";
const REVOKE: &str = "lanyard_revoke_access_token";
const DONE: (Vec<&str>, usize) = (Vec::new(), 2);

#[tokio::test]
async fn the_one_secret_of_an_account_is_replaced_by_the_action() {
    let server = server_of(Api::OpenObserve);
    let core = Core::on(&server).await;
    let mut account = core.account();
    account.apply(json!({"name": "ci"})).await;
    let config = json!({"name": "ci", "service_account": account.text("id")});
    let mut token = core.token();
    token.try_apply(config.clone()).await;
    let leaked = token.text("token");
    let asked = json!({"access_token": token.text("id")});
    assert_eq!(foreseen(&core, ROTATE, asked.clone()).await, [""; 0]);
    assert_eq!(invoke(&core, ROTATE, asked).await, DONE);
    token.refresh().await;
    assert_eq!(token.state.get("status"), &"revoked".into());
    assert_eq!(token.apply(config).await, Action::Update);
    assert_ne!(token.text("token"), leaked);
}

#[tokio::test]
async fn an_ingestion_token_has_one_secret_and_stays_disabled_once_it_is_revoked() {
    let server = server_of(Api::OpenObserve);
    let core = Core::on(&server).await;
    let config = json!({"name": "leak"});
    let mut token = core.token();
    token.apply(config.clone()).await;
    let leaked = token.text("token");
    let asked = json!({"access_token": token.text("id")});
    let told = foreseen(&core, ROTATE, asked.clone()).await;
    assert_eq!(told, ["action-unsupported"]);
    let told = invoke(&core, ROTATE, asked.clone()).await;
    assert_eq!(told.0, ["action-unsupported"]);

    let told = foreseen(&core, REVOKE, asked.clone()).await;
    assert_eq!(told, ["secret-comes-back"]);
    assert_eq!(invoke(&core, REVOKE, asked).await.0, [""; 0]);
    token.refresh().await;
    let codes = |planned: &super::core::Planned| -> Vec<&str> {
        planned
            .warnings
            .iter()
            .map(|told| told.code.name())
            .collect()
    };
    let planned = token.plan(&config).expect("it can be planned");
    assert_eq!(codes(&planned), ["secret-comes-back"]);
    assert_eq!(token.apply(config).await, Action::NoOp);
    assert_eq!(token.state.get("disabled"), &true.into());
    let meant = json!({"name": "leak", "disabled": true});
    let planned = token.plan(&meant).expect("it can be planned");
    assert_eq!(codes(&planned), [""; 0]);

    let config = json!({"name": "leak", "disabled": false});
    let planned = token.plan(&config).expect("it can be planned");
    assert_eq!(codes(&planned), ["secret-comes-back"]);
    assert_eq!(token.apply(config).await, Action::Update);
    assert_eq!(token.text("token"), leaked);
}

/// Splunk does not say that it keeps a former secret: for as long as the last rotation can have given it, it may.
#[tokio::test]
async fn a_second_rotation_on_demand_says_that_it_ends_the_secret_before_the_last() {
    for api in [Api::Native, Api::Splunk] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let mut token = core.token();
        let scopes = (api == Api::Splunk).then(|| json!(["api"]));
        token
            .apply(json!({"name": "t", "ttl": "90d", "scopes": scopes}))
            .await;
        let asked = json!({"access_token": token.text("id"), "grace_period": "1h"});
        server.clock().advance_seconds(60).unwrap();
        assert_eq!(foreseen(&core, ROTATE, asked.clone()).await, [""; 0]);
        assert_eq!(invoke(&core, ROTATE, asked.clone()).await, DONE);
        server.clock().advance_seconds(3_000).unwrap();
        let at_once = json!({"access_token": token.text("id")});
        for asked in [asked.clone(), at_once] {
            let told = foreseen(&core, ROTATE, asked).await;
            assert_eq!(told, ["grace-cut-short"], "{api:?}");
        }
        let over = if api == Api::Splunk {
            60 * 24 * 3_600
        } else {
            1_000
        };
        server.clock().advance_seconds(over).unwrap();
        assert_eq!(foreseen(&core, ROTATE, asked).await, [""; 0], "{api:?}");
    }
}

#[tokio::test]
async fn an_action_on_what_has_expired_is_an_error_of_its_plan() {
    for api in [Api::Native, Api::Osmo, Api::Splunk] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let mut account = core.account();
        let mut config = json!({"name": "t", "ttl": "1d"});
        match api {
            Api::Splunk => config["scopes"] = json!(["api"]),
            Api::Osmo => {
                let settings = json!({"name": "a", "roles": ["osmo-user"]});
                account.apply(settings).await;
                config["service_account"] = account.text("id").into();
            }
            _ => {}
        }
        let mut token = core.token();
        token.apply(config).await;
        let asked = json!({"access_token": token.text("id")});
        server.clock().advance_seconds(2 * 24 * 3_600).unwrap();
        let expected = ["action-unsupported"];
        let foreseen = foreseen(&core, ROTATE, asked.clone()).await;
        assert_eq!(foreseen, expected, "{api:?}");
        let (refused, _) = invoke(&core, ROTATE, asked).await;
        assert_eq!(refused, expected, "{api:?}");
    }
}

/// OSMO would give its next secret all that the user has by now, which no plan of an action shows.
#[tokio::test]
async fn an_action_does_not_rotate_what_has_lost_all_its_roles() {
    let server = server_of(Api::Osmo);
    let core = Core::on(&server).await;
    let user = |role: &str| json!({"name": "a", "roles": [role]});
    let (mut account, mut token) = (core.account(), core.token());
    account.apply(user("osmo-user")).await;
    token
        .apply(json!({"name": "t", "service_account": "a"}))
        .await;
    account.apply(user("osmo-admin")).await;
    let asked = json!({"access_token": token.text("id")});
    let expected = ["action-unsupported"];
    assert_eq!(foreseen(&core, ROTATE, asked.clone()).await, expected);
    assert_eq!(invoke(&core, ROTATE, asked).await.0, expected);
}

#[tokio::test]
async fn a_secret_that_a_refresh_takes_over_is_counted() {
    for (api, config) in [
        (Api::Splunk, json!({"name": "t", "scopes": ["api"]})),
        (
            Api::OpenObserve,
            json!({"name": "default", "on_conflict": "adopt"}),
        ),
    ] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        core.data("lanyard_access_tokens", json!({})).await.unwrap();
        let mut token = core.token();
        token.apply(config.clone()).await;
        let leaked = token.text("token");
        assert_eq!(token.state.get("generation"), &1.into());
        server.clock().advance_seconds(60).unwrap();
        let asked = json!({"access_token": token.text("id")});
        assert_eq!(invoke(&core, ROTATE, asked).await, DONE);
        let mut beside = token.clone();
        for _ in 0..2 {
            token.refresh().await;
            assert_ne!(token.text("token"), leaked);
            assert_eq!(token.state.get("generation"), &2.into(), "{api:?}");
        }
        beside.refresh().await;
        assert_eq!(beside.state, token.state, "{api:?}");
        assert_eq!(token.apply(config).await, Action::NoOp);
    }
}

#[tokio::test]
async fn an_action_on_what_is_not_there_yet_or_not_known_can_be_planned() {
    let (_server, core) = on_native().await;
    let asked = json!({"access_token": "at_x"});
    assert_eq!(foreseen(&core, ROTATE, asked).await, [""; 0]);
    let action = action_of(&core, ROTATE);
    let asked = Value::map([
        ("access_token", Value::Unknown),
        ("grace_period", Value::Null),
    ]);
    assert_eq!(action.plan(&asked).await, []);
}

#[tokio::test]
async fn actions_refuse_what_cannot_be_done() {
    let (_server, core) = on_native().await;
    for (name, config, expected) in [
        (
            "lanyard_rotate_access_token",
            json!({"access_token": ""}),
            "action-without-target",
        ),
        (
            "lanyard_rotate_access_token",
            json!({"access_token": "at_x", "grace_period": "soon"}),
            "invalid-duration",
        ),
        (
            "lanyard_rotate_access_token",
            json!({"access_token": "at_x", "grace_period": "until_first_use"}),
            "unusable-grace-period",
        ),
        (
            "lanyard_rotate_access_token",
            json!({"access_token": "at_x", "grace_period": "900d"}),
            "unsupported-grace-period",
        ),
        (
            "lanyard_rotate_access_token",
            json!({"access_token": "at_x"}),
            "object-not-found",
        ),
        (REVOKE, json!({"access_token": "at_x"}), "object-not-found"),
    ] {
        assert_eq!(
            invoke(&core, name, config.clone()).await.0,
            [expected],
            "{config}"
        );
    }
}

/// What a list of access tokens has, with the objects.
async fn listed(core: &Core, config: Json, limit: usize) -> Vec<ListItem> {
    let list = core
        .provider
        .list_resources()
        .into_iter()
        .find(|list| list.type_name() == "lanyard_access_token")
        .expect("the list exists");
    let (items, mut found) = mpsc::channel(100);
    let request = ListRequest {
        config: shape(&list.schema().body, &config),
        include_resource: true,
        limit,
    };
    let problems = list.list(request, ListSink::new(items, limit)).await;
    assert_eq!(problems, []);
    let mut all = Vec::new();
    while let Some(item) = found.recv().await {
        all.push(item);
    }
    all
}

#[tokio::test]
async fn a_list_stops_at_its_limit_and_its_items_import_cleanly() {
    let (_server, core) = on_native().await;
    for name in ["a1", "a2", "b1"] {
        core.token()
            .try_apply(json!({"name": name, "expires_at": "2099-01-01T00:00:00Z"}))
            .await;
    }
    assert_eq!(listed(&core, json!({}), 100).await.len(), 3);
    assert_eq!(listed(&core, json!({}), 2).await.len(), 2);
    let some = listed(&core, json!({"name_prefix": "a"}), 100).await;
    let names: Vec<_> = some.iter().map(|item| item.display_name.as_str()).collect();
    assert_eq!(names, ["a1", "a2"]);

    let mut imported = core.token();
    imported
        .import(ImportBy::Identity(some[0].identity.clone()))
        .await;
    assert_eq!(Some(&imported.state), some[0].resource.as_ref());
    let generated = imported.generate().await;
    assert_eq!(
        imported.plan_value(&generated).unwrap().action,
        Action::NoOp
    );
}

#[tokio::test]
async fn a_generated_configuration_plans_nothing() {
    let (_server, core) = on_native().await;
    for config in [
        json!({"name": "plain"}),
        json!({"name": "full", "roles": ["viewer"], "description": "d", "disabled": true, "restriction": {"permission": "READ", "labels": {"a": "b"}}}),
    ] {
        let mut account = core.account();
        account.apply(config).await;
        let mut imported = core.account();
        imported.import(ImportBy::Id(account.text("id"))).await;
        assert_eq!(
            imported
                .plan_value(&imported.generate().await)
                .unwrap()
                .action,
            Action::NoOp
        );
    }
    for config in [
        json!({"name": "plain"}),
        json!({"name": "full", "ttl": "90d", "scopes": ["samples:read"], "visibility": {"level": "selected", "teams": ["t"]}, "rotation": {"before_expiry": "7d"}}),
    ] {
        let mut token = core.token();
        token.apply(config).await;
        // From an import and from a state that knows more.
        assert_eq!(
            token.plan_value(&token.generate().await).unwrap().action,
            Action::NoOp
        );
        let mut imported = core.token();
        imported.import(ImportBy::Id(token.text("id"))).await;
        assert_eq!(
            imported
                .plan_value(&imported.generate().await)
                .unwrap()
                .action,
            Action::NoOp
        );
    }
}

#[tokio::test]
async fn a_generated_configuration_shows_no_secret_that_stands_in_a_description() {
    for api in [Api::Native, Api::OpenObserve, Api::Splunk] {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let config = |name: &str, description: Option<&str>| {
            let scopes = (api == Api::Splunk).then_some(["ingest"]);
            json!({"name": name, "description": description, "scopes": scopes})
        };
        let mut other = core.token();
        other.apply(config("other", None)).await;
        let secret = other.text("token");
        let mut token = core.token();
        let description = format!("not {secret}");
        token.apply(config("ci", Some(&description))).await;
        // Another run knows what the server says, alone.
        let core = Core::on(&server).await;
        let mut imported = core.token();
        imported.import(ImportBy::Id(token.text("id"))).await;
        let generated = imported.generate().await;
        assert!(generated.get("description").is_null(), "{api:?}");
        let planned = imported.plan_value(&generated);
        let is_silent = |planned: &Planned| planned.action == Action::NoOp;
        assert!(!planned.as_ref().is_ok_and(is_silent), "{api:?}");
        let said = planned.map_or_else(|told| told, |planned| planned.warnings);
        let code = "secret-left-out";
        let told = said.iter().find(|told| told.code.name() == code);
        // Where the description cannot be changed, the plan is an error anyway.
        if api != Api::OpenObserve {
            let told = told.expect("it is said").to_string();
            assert!(told.contains("access token \"ci\""), "{told}");
            assert!(!told.contains(&secret), "{api:?}");
        }
        let listed = listed(&core, json!({"name_prefix": "ci"}), 1).await;
        let [told] = listed[0].diagnostics.as_slice() else {
            panic!("{api:?}: {:?}", listed[0].diagnostics);
        };
        assert_eq!(told.code.name(), code);
        assert!(!told.to_string().contains(&secret), "{api:?}");
    }
}
