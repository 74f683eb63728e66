//! Power that somebody moved on the server: where the configuration does not say what it is to be, the plan that leaves it so says it.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::value::Value;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::core::{Core, Object, server_of};

/// What somebody else sees to, and what was stored before.
struct Ground {
    server: ReferenceServer,
    stored: Object,
    elsewhere: Object,
    config: Json,
}

impl Ground {
    async fn of(api: Api, config: Json, roles: Json) -> Self {
        let server = server_of(api);
        let core = Core::on(&server).await;
        let mut config = config;
        if api != Api::Splunk {
            let mut account = core.account();
            account
                .apply(json!({"name": "owner", "roles": roles}))
                .await;
            config["service_account"] = account.text("id").into();
        }
        Self {
            stored: core.token(),
            elsewhere: core.token(),
            server,
            config,
        }
    }

    fn with(&self, name: &str, value: &[&str]) -> Json {
        let mut config = self.config.clone();
        config[name] = json!(value);
        config
    }

    /// What a plan of this configuration is told by a run that reads what is stored.
    async fn told(&mut self, config: &Json) -> Vec<Diagnostic> {
        let walk = Core::on(&self.server).await;
        let mut token = walk.token();
        token.state = self.stored.state.clone();
        token.private = self.stored.private.clone();
        token.refresh().await;
        let planned = token.plan(config).expect("it can be planned");
        let mut told = planned.warnings;
        told.retain(|told| told.code == Code::PowerChangedOutside);
        told
    }
}

#[tokio::test]
async fn power_that_was_given_on_the_server_is_told_where_the_plan_leaves_it() {
    let roles = ["viewer", "editor"];
    let of_osmo = ["osmo-user", "osmo-admin"];
    for (api, roles) in [
        (Api::Native, roles),
        (Api::Osmo, of_osmo),
        (Api::Splunk, ["power", "admin"]),
    ] {
        let mut ground = Ground::of(api, json!({"name": "ci"}), json!(roles)).await;
        let narrow = ground.with("roles", &roles[..1]);
        let wide = ground.with("roles", &roles);
        ground.elsewhere.apply(narrow.clone()).await;
        ground.stored.state = ground.elsewhere.state.clone();
        ground.stored.private = ground.elsewhere.private.clone();
        let silent = ground.config.clone();
        assert_eq!(ground.told(&silent).await, [], "{api:?}");

        ground.elsewhere.apply(wide.clone()).await;
        let told = ground.told(&silent).await;
        assert_eq!(told.len(), 1, "{api:?}");
        let expected = format!(
            "The access token \"ci\" can do more than before (role {})",
            roles[1]
        );
        assert!(told[0].detail.starts_with(&expected), "{told:?}");
        // What the configuration says is put back, or wanted.
        assert_eq!(ground.told(&narrow).await, [], "{api:?}");
        let told = ground.told(&wide).await;
        assert_eq!(told.len(), 1, "{api:?}: nobody here decided it");

        // The state has it now.
        ground.stored.state = ground.elsewhere.state.clone();
        ground.stored.private = ground.elsewhere.private.clone();
        assert_eq!(ground.told(&silent).await, [], "{api:?}");
    }
}

#[tokio::test]
async fn a_role_that_a_token_lost_is_told_where_its_account_has_it() {
    let roles = ["viewer", "editor"];
    let mut ground = Ground::of(Api::Native, json!({"name": "ci"}), json!(roles)).await;
    let (narrow, wide) = (
        ground.with("roles", &roles[..1]),
        ground.with("roles", &roles),
    );
    ground.elsewhere.apply(wide).await;
    ground.stored.state = ground.elsewhere.state.clone();
    ground.stored.private = ground.elsewhere.private.clone();
    ground.elsewhere.apply(narrow).await;
    let silent = ground.config.clone();
    // Only a walk that plans the account knows what it has.
    assert_eq!(ground.told(&silent).await, []);
}

#[tokio::test]
async fn scopes_that_were_given_on_the_server_are_told() {
    let server = server_of(Api::Native);
    let core = Core::on(&server).await;
    let with = |scopes: &[&str]| json!({"name": "ci", "scopes": scopes});
    let mut elsewhere = core.token();
    elsewhere.apply(with(&["samples:read"])).await;
    let mut stored = Core::on(&server).await.token();
    stored.state = elsewhere.state.clone();
    stored.private = elsewhere.private.clone();
    elsewhere
        .apply(with(&["samples:read", "samples:write"]))
        .await;
    stored.refresh().await;
    let planned = stored.plan(&json!({"name": "ci"})).unwrap();
    let told: Vec<&str> = planned
        .warnings
        .iter()
        .filter(|told| told.code == Code::PowerChangedOutside)
        .map(|told| told.detail.as_str())
        .collect();
    assert_eq!(told.len(), 1, "{:?}", planned.warnings);
    assert!(told[0].contains("(scope samples:write)"), "{told:?}");
}

/// What OSMO takes from a user it takes from the user's tokens, and a token that asks for no roles is given all that its user has.
#[tokio::test]
async fn a_new_secret_has_the_roles_that_are_left_and_where_none_is_those_of_its_account() {
    let server = server_of(Api::Osmo);
    let (user, admin) = ("osmo-user", "osmo-admin");
    let mut states = [Value::Null, Value::Null];
    let mut privates = [Vec::new(), Vec::new()];
    for (round, held, planned, has) in [
        ("1", &[user, admin][..], None, &[user, admin][..]),
        ("2", &[admin], Some(&[admin][..]), &[admin]),
        // None is left.
        ("3", &[user], None, &[user]),
        ("3", &[admin], Some(&[user]), &[]),
        // None was left before.
        ("4", &[admin], None, &[admin]),
        // It gains nothing with its account.
        ("5", &[user, admin], Some(&[admin]), &[admin]),
    ] {
        let core = Core::planning_once(&server).await;
        let mut objects = [core.account(), core.token()];
        for ((object, state), private) in objects.iter_mut().zip(&states).zip(&privates) {
            object.state.clone_from(state);
            object.private.clone_from(private);
            if !object.state.is_null() {
                assert_eq!(object.refresh().await, []);
            }
        }
        let [account, token] = &mut objects;
        let of_account = json!({"name": "svc", "roles": held});
        let of_token = json!({
            "name": "ci", "service_account": "svc", "rotation": {"triggers": {"round": round}}
        });
        let first = account.plan(&of_account).expect("it can be planned");
        let plan = token.plan(&of_token).expect("it can be planned");
        let texts = |names: &[&str]| Value::set(names.iter().map(|name| Value::from(*name)));
        let planned = planned.map_or(Value::Unknown, texts);
        assert_eq!(plan.value.get("roles"), &planned, "{round}: {held:?}");
        let [config, of_token] = [account.shape(&of_account), token.shape(&of_token)];
        let (_, told) = account.apply_planned(first, config).await;
        assert_eq!(told, [], "{round}: {held:?}");
        let (_, told) = token.apply_planned(plan, of_token).await;
        assert_eq!(told, [], "{round}: {held:?}");
        token.refresh().await;
        assert_eq!(token.state.get("roles"), &texts(has), "{round}: {held:?}");
        states = objects.each_ref().map(|object| object.state.clone());
        privates = objects.each_ref().map(|object| object.private.clone());
    }
}
