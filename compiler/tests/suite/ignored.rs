//! `ignore_changes`: Terraform hands the state's values over as if they were configured, those of computed attributes included.

use lanyard_compiler::diagnostic::has_errors;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, ExpiryCapability, capabilities};
use lanyard_compiler::plan::{Action, plan_resource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::oracle::assert_plan_valid;
use crate::world::{apply, config, create, plan, read, rotation, set, time, token, with};

/// What every server of this kind takes.
fn least(kind: Kind, api: Api) -> Option<Value> {
    let server = capabilities(api);
    let can = kind.capabilities(server);
    if can.absent.is_some() {
        return None;
    }
    let takes = |name: &str| can.attribute(name).is_some();
    let mut config = config(kind, []);
    match kind {
        Kind::ServiceAccount => {
            let name = if api == Api::Elasticsearch {
                "shop/ci"
            } else {
                "ci"
            };
            set(&mut config, "name", name);
            if takes("unrestricted") {
                set(&mut config, "unrestricted", true);
            }
        }
        Kind::AccessToken => {
            set(&mut config, "name", "ci");
            if takes("service_account") {
                set(&mut config, "service_account", "sa_1");
            }
            if api == Api::Splunk {
                set(&mut config, "scopes", Value::set(["ingest".into()]));
            }
            if matches!(can.expiry, ExpiryCapability::Supported { .. }) && takes("ttl") {
                set(&mut config, "ttl", "90d");
            }
        }
    }
    Some(config)
}

#[test]
fn what_equals_the_state_is_not_configured_on_any_server() {
    for api in Api::ALL {
        for kind in Kind::ALL {
            let Some(config) = least(kind, api) else {
                continue;
            };
            let server = Some(capabilities(api));
            let planned = plan_resource(kind, server, &Value::Null, &config);
            assert!(!has_errors(&planned.diagnostics), "{api:?} {kind}");
            let mut state = planned.planned;
            for (name, value) in state.clone().as_map().expect("an object") {
                if value.is_unknown() {
                    let answer: Value = match &**name {
                        "token" => Secret::new("lyd_1").into(),
                        "email" => "ci@example.com".into(),
                        "created_at" | "issued_at" => "2030-01-01T00:00:00Z".into(),
                        "expires_at" => "2030-04-01T00:00:00Z".into(),
                        "status" => "active".into(),
                        "id" => "sa_1".into(),
                        _ => Value::Null,
                    };
                    set(&mut state, name, answer);
                }
            }
            let again = plan_resource(kind, server, &state, &state);
            assert_eq!(again.diagnostics, [], "{api:?} {kind}");
            assert_eq!(again.action, Action::NoOp, "{api:?} {kind}");
        }
    }
}

#[test]
fn an_end_that_is_ignored_stays_and_says_why_nothing_rotates() {
    let written = token([
        ("ttl", "90d".into()),
        ("rotation", rotation([("before_expiry", "14d".into())])),
    ]);
    let state = create(&written, time("2030-01-01T00:00:00Z"));
    let ignoring = with(
        written.clone(),
        "expires_at",
        state.get("expires_at").clone(),
    );
    let fresh = plan(&state, &ignoring);
    assert_eq!(
        (fresh.action, fresh.diagnostics),
        (Action::NoOp, Vec::new())
    );

    let due = read(&state, time("2030-03-20T00:00:00Z"));
    let codes = |config: &Value| {
        let planned = plan(&due, config);
        assert_plan_valid(Kind::AccessToken, &due, config, &planned);
        let codes: Vec<_> = planned
            .diagnostics
            .iter()
            .map(|told| told.code.name())
            .collect();
        (planned.planned.get("token").is_unknown(), codes)
    };
    assert_eq!(codes(&written), (true, vec![]));
    assert_eq!(codes(&ignoring), (false, vec!["end-is-ignored"]));
}

#[test]
fn a_computed_attribute_that_is_ignored_still_rotates() {
    let at = |round: &str| {
        let triggers = Value::map([("round", round.into())]);
        token([("rotation", rotation([("triggers", triggers)]))])
    };
    let now = time("2030-01-01T00:00:00Z");
    let state = create(&at("1"), now);
    let ignoring = with(at("2"), "token", state.get("token").clone());
    let rotated = plan(&state, &ignoring);
    assert_eq!(rotated.diagnostics, []);
    assert_eq!(rotated.planned.get("generation"), &Value::from(2));
    let after = apply(&state, &ignoring, &rotated, now);
    assert_eq!(after.get("generation"), &Value::from(2));
}

#[test]
fn what_differs_from_the_state_is_still_an_error() {
    let written = token([("ttl", "90d".into())]);
    let state = create(&written, time("2030-01-01T00:00:00Z"));
    let wrong = with(written, "generation", 7);
    let server = Some(capabilities(Api::Native));
    let planned = plan_resource(Kind::AccessToken, server, &state, &wrong);
    let codes: Vec<_> = planned
        .diagnostics
        .iter()
        .map(|told| told.code.name())
        .collect();
    assert_eq!(codes, ["computed-attribute"]);
}
