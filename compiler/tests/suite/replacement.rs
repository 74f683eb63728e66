//! What needs a new object, decided when planning and from what the server can do.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::State;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::model::state::Outline;
use lanyard_compiler::plan::{
    self, Action, Forced, PlannedResource, Reason, may_come_back, plan_forced,
};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::oracle::assert_plan_valid;
use crate::states;
use crate::world::{config, rotation, set, token, with};

fn plan(kind: Kind, api: Api, prior: &Value, config: &Value) -> PlannedResource {
    let plan = plan::plan_resource(kind, Some(capabilities(api)), prior, config);
    assert_plan_valid(kind, prior, config, &plan);
    plan
}

/// The state that follows when the server decides nothing of its own.
fn state_of(kind: Kind, api: Api, config: &Value, entries: &[(&str, Value)]) -> Value {
    let mut state = plan(kind, api, &Value::Null, config).planned;
    for (name, value) in entries {
        set(&mut state, name, value.clone());
    }
    for (name, value) in state.clone().as_map().expect("a state is an object") {
        if value.is_unknown() {
            set(&mut state, name, Value::Null);
        }
    }
    assert_eq!(plan(kind, api, &state, config).action, Action::NoOp);
    state
}

fn forced(plan: &PlannedResource) -> Vec<String> {
    assert_eq!(
        plan.action == Action::Replace,
        !plan.requires_replace.is_empty()
    );
    plan.requires_replace
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn restriction(permission: &str, label: &str) -> Value {
    Value::map([
        ("permission", Value::from(permission)),
        ("labels", Value::map([("team", Value::from(label))])),
    ])
}

#[test]
fn a_change_inside_a_block_replaces_where_nothing_can_be_changed() {
    let account = |restriction: Value| {
        let unrestricted = if restriction.is_null() {
            true.into()
        } else {
            Value::Null
        };
        config(
            Kind::ServiceAccount,
            [
                ("name", "ci".into()),
                ("restriction", restriction),
                ("unrestricted", unrestricted),
            ],
        )
    };
    let chronosphere = |prior: &Value, config: &Value| {
        forced(&plan(
            Kind::ServiceAccount,
            Api::Chronosphere,
            prior,
            config,
        ))
    };
    let before = account(restriction("READ", "a"));
    let state = state_of(
        Kind::ServiceAccount,
        Api::Chronosphere,
        &before,
        &[("id", "ci".into()), ("slug", "ci".into())],
    );
    assert_eq!(
        chronosphere(&state, &account(restriction("WRITE", "a"))),
        ["restriction.permission"]
    );
    assert_eq!(
        chronosphere(&state, &account(restriction("READ", "b"))),
        ["restriction.labels"]
    );
    assert_eq!(
        chronosphere(&state, &account(Value::Null)),
        ["unrestricted", "restriction"]
    );
    assert_eq!(
        chronosphere(&state, &with(before, "on_conflict", "adopt")),
        [""; 0]
    );

    let native = plan(
        Kind::ServiceAccount,
        Api::Native,
        &state,
        &account(restriction("WRITE", "b")),
    );
    assert_eq!(native.action, Action::Update);
}

#[test]
fn a_name_replaces_only_where_the_address_was_made_of_it() {
    let (kind, api) = (Kind::ServiceAccount, Api::Openobserve);
    for (organization, email, name, configured, expected) in [
        (
            "default",
            "ci.default@sa.internal",
            "ci",
            false,
            &["name"][..],
        ),
        ("2rGx", "ci.2rgx@sa.internal", "ci", false, &["name"]),
        // Configured, the address is what counts, whatever it was made of.
        ("default", "ci.default@sa.internal", "ci", true, &[]),
        ("default", "ci.default@sa.internal", "pipeline", true, &[]),
        ("default", "ci.default@sa.internal", "pipeline", false, &[]),
        // Chosen by somebody, though it begins with the name.
        ("default", "ci.pipeline@example.com", "ci", false, &[]),
        ("default", "ci.pipeline@example.com", "ci", true, &[]),
        ("default", "ci.other@sa.internal", "ci", false, &[]),
        ("default", "pipeline@example.com", "ci", true, &[]),
    ] {
        let named = |name: &str| {
            let email = if configured {
                email.into()
            } else {
                Value::Null
            };
            config(kind, [("name", name.into()), ("email", email)])
        };
        let id = format!("{organization}/{email}");
        let known = [("id", id.as_str().into()), ("email", email.into())];
        let state = state_of(kind, api, &named(name), &known);
        assert_eq!(
            forced(&plan(kind, api, &state, &named("deploy"))),
            expected,
            "{name} is {id}, configured: {configured}"
        );
    }
}

#[test]
fn a_new_object_is_planned_like_a_creation() {
    let before = token([("service_account", "sa_1".into())]);
    let state = state_of(
        Kind::AccessToken,
        Api::Native,
        &before,
        &[
            ("id", "at_1".into()),
            ("token", Secret::new("lyd_1").into()),
            ("generation", 7.into()),
        ],
    );
    let after = with(before, "service_account", "sa_2");
    let replaced = plan(Kind::AccessToken, Api::Native, &state, &after);
    assert_eq!(forced(&replaced), ["service_account"]);
    assert_eq!(
        replaced.planned,
        plan(Kind::AccessToken, Api::Native, &Value::Null, &after).planned
    );
    assert!(matches!(
        &replaced.reasons[..],
        [Reason::Replacement { .. }]
    ));
}

#[test]
fn a_new_object_has_no_secret_of_the_one_that_it_replaces() {
    let alert = |secret: Value| {
        let block = facts::schema(Kind::AccessToken).body.block("alert");
        let mut alert = block.map(|block| block.body.empty()).unwrap_or_default();
        alert.insert("type", "Email".into());
        alert.insert("email", "ops@example.com".into());
        alert.insert("secret", secret);
        Value::List(vec![Value::Map(alert)])
    };
    let before = token([
        ("ttl", "30d".into()),
        ("alert", alert(Secret::new("lyd_alert").into())),
    ]);
    let (kind, api) = (Kind::AccessToken, Api::Splunk);
    let known = [
        ("id", "ci".into()),
        ("token", Secret::new("lyd_1").into()),
        ("generation", 1.into()),
        ("issued_at", "2026-10-01T00:00:00Z".into()),
        ("expires_at", "2026-10-31T00:00:00Z".into()),
        ("status", "active".into()),
    ];
    let state = state_of(kind, api, &before, &known);
    let after = with(before, "alert", alert(Value::Null));
    // What is left out stays, as long as the object does.
    assert_eq!(plan(kind, api, &state, &after).action, Action::NoOp);

    let new = plan(kind, api, &Value::Null, &after);
    let due = with(state.clone(), "rotation_due", true);
    let expired = with(due, "status", "expired");
    let replaced = plan(kind, api, &expired, &after);
    assert_eq!(replaced.action, Action::Replace);
    assert_eq!(replaced.planned, new.planned);
    let forced = Forced::Replacement("somebody asked".to_owned());
    let forced = plan_forced(kind, Some(capabilities(api)), &state, &after, &forced);
    assert_eq!(forced.planned, new.planned);
    // No block stays, so that none is taken for another.
    let two = |secret: &str| {
        let both = [secret, "lyd_other"].map(|secret| alert(Secret::new(secret).into()));
        let both = both.iter().filter_map(Value::as_list).flatten();
        Value::List(both.cloned().collect())
    };
    let told = |state: Value| {
        let plan = plan(kind, api, &with(state, "alert", two("lyd_alert")), &after);
        let mut found = plan.diagnostics.iter();
        found.any(|found| found.code == Code::BlockNotToldApart)
    };
    assert!(told(state) && !told(expired));
}

#[test]
fn what_only_a_new_secret_can_carry_rotates() {
    let before = token([
        ("service_account", "ci".into()),
        ("ttl", "90d".into()),
        ("description", "a".into()),
    ]);
    let state = state_of(
        Kind::AccessToken,
        Api::Osmo,
        &before,
        &[
            ("id", "ci/ci".into()),
            ("token", Secret::new("lyd_1").into()),
            ("status", "active".into()),
            ("expires_at", "2027-02-20T00:00:00Z".into()),
        ],
    );
    let rotated = plan(
        Kind::AccessToken,
        Api::Osmo,
        &state,
        &with(before.clone(), "description", "b"),
    );
    assert_eq!(rotated.action, Action::Update);
    assert_eq!(
        rotated.planned.get("rotation_reason").as_str(),
        Some("`description` changed")
    );
    assert_eq!(rotated.planned.get("id"), state.get("id"));
    let longer = plan(
        Kind::AccessToken,
        Api::Osmo,
        &state,
        &with(before, "ttl", "180d"),
    );
    assert!(longer.planned.get("expires_at").is_unknown());
    assert!(states::rotates(&state, &longer.planned));
}

#[test]
fn a_dead_secret_that_cannot_be_rotated_is_replaced() {
    let configured = token([("ttl", "90d".into())]);
    let state = state_of(
        Kind::AccessToken,
        Api::Splunk,
        &configured,
        &[
            ("id", "x".into()),
            ("token", Secret::new("lyd_1").into()),
            ("expires_at", "2027-02-20T00:00:00Z".into()),
            ("status", "active".into()),
        ],
    );
    let dead = with(with(state, "status", "expired"), "rotation_due", true);
    let replaced = plan(Kind::AccessToken, Api::Splunk, &dead, &configured);
    assert_eq!(forced(&replaced), ["token"]);
    let told: Vec<_> = replaced
        .diagnostics
        .iter()
        .map(|told| told.detail.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "\"ci\" expired 2027-02-20T00:00:00Z; Splunk Observability cannot rotate what has expired."
        ]
    );
    let native = plan(Kind::AccessToken, Api::Native, &dead, &configured);
    assert_eq!(
        native.planned.get("rotation_reason").as_str(),
        Some("expired 2027-02-20T00:00:00Z")
    );
}

#[test]
fn another_time_of_the_same_day_is_no_change_where_days_are_kept() {
    let configured = |end: &str| {
        token([
            ("service_account", "svc".into()),
            ("roles", Value::set(["osmo-user".into()])),
            ("expires_at", end.into()),
        ])
    };
    let state = state_of(
        Kind::AccessToken,
        Api::Osmo,
        &configured("2027-02-20T09:00:00Z"),
        &[
            ("id", "svc/ci".into()),
            ("token", Secret::new("x").into()),
            ("status", "active".into()),
        ],
    );
    for (end, expected) in [
        ("2027-02-20T00:00:00Z", Action::NoOp),
        ("2027-02-20T23:59:59+00:00", Action::NoOp),
        ("2027-02-21T00:00:00Z", Action::Update),
    ] {
        let plan = plan(Kind::AccessToken, Api::Osmo, &state, &configured(end));
        assert_eq!(plan.action, expected, "{end}");
    }
}

#[test]
fn what_means_the_same_to_a_server_that_keeps_days_issues_no_secret() {
    let configured = |end: (&'static str, &str), roles: &[&str]| {
        token([
            ("service_account", "svc".into()),
            ("roles", Value::set(roles.iter().map(|role| (*role).into()))),
            (end.0, end.1.into()),
        ])
    };
    let written = configured(("ttl", "30d"), &["osmo-admin", "osmo-user"]);
    let state = state_of(
        Kind::AccessToken,
        Api::Osmo,
        &written,
        &[
            ("id", "svc/ci".into()),
            ("token", Secret::new("x").into()),
            ("status", "active".into()),
            ("issued_at", "2026-11-23T10:00:00Z".into()),
            ("expires_at", "2026-12-23T00:00:00Z".into()),
            ("generation", 1.into()),
        ],
    );
    let both = ["osmo-user", "osmo-admin"];
    for (end, roles, issues) in [
        (("ttl", "30d"), &both[..], false),
        (("ttl", "720h"), &both, false),
        (("ttl", "725h"), &both, false),
        (("ttl", "31d"), &both, true),
        (("expires_at", "2026-12-23T00:00:00Z"), &both, false),
        (("expires_at", "2026-12-23T18:00:00+01:00"), &both, false),
        (("expires_at", "2026-12-24T00:00:00Z"), &both, true),
        (("ttl", "30d"), &["osmo-user"], true),
    ] {
        let plan = plan(
            Kind::AccessToken,
            Api::Osmo,
            &state,
            &configured(end, roles),
        );
        let rotates = states::rotates(&state, &plan.planned);
        assert_eq!(rotates, issues, "{end:?} {roles:?}: {:?}", plan.reasons);
    }
}

#[test]
fn retired_tokens_whose_grace_is_over_are_revoked_by_an_update() {
    let configured = token([
        ("service_account", "a/b".into()),
        ("rotation", rotation([("grace_period", "48h".into())])),
    ]);
    let entry = |id: &str, due: bool| {
        Value::map([
            ("id", Value::from(id)),
            ("revoke_at", "2026-11-24T10:00:00Z".into()),
            ("due", due.into()),
        ])
    };
    let retired = [entry("a/b/ci", true), entry("a/b/ci-g2", false)];
    let state = state_of(
        Kind::AccessToken,
        Api::Elasticsearch,
        &configured,
        &[
            ("id", "a/b/ci".into()),
            ("token", Secret::new("lyd_3").into()),
            ("status", "active".into()),
        ],
    );
    let state = with(
        with(state, "retired", Value::List(retired.to_vec())),
        "id",
        "x",
    );
    let plan = plan(Kind::AccessToken, Api::Elasticsearch, &state, &configured);
    assert_eq!(plan.action, Action::Update);
    assert!(!states::rotates(&state, &plan.planned));
    assert_eq!(
        plan.planned.get("retired"),
        &Value::List(vec![entry("a/b/ci-g2", false)])
    );
    assert_eq!(states::revokes(&state, &plan.planned), ["a/b/ci"]);
}

#[test]
fn a_new_recipient_gets_a_new_secret_and_the_state_none_in_clear() {
    const KEY: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let before = token([]);
    let state = state_of(
        Kind::AccessToken,
        Api::Native,
        &before,
        &[
            ("id", "x".into()),
            ("token", Secret::new("lyd_1").into()),
            ("status", "active".into()),
        ],
    );
    let rotated = plan(
        Kind::AccessToken,
        Api::Native,
        &state,
        &with(before.clone(), "recipient", KEY),
    );
    assert_eq!(rotated.planned.get("token"), &Value::Null);
    assert_eq!(rotated.planned.get("previous_token"), &Value::Null);
    assert!(rotated.planned.get("encrypted_token").is_unknown());

    // Without a secret in the state there is nothing to encrypt anew.
    let imported = with(state, "token", Value::Null);
    let kept = plan(
        Kind::AccessToken,
        Api::Native,
        &imported,
        &with(before, "recipient", KEY),
    );
    assert!(!states::rotates(&imported, &kept.planned));
}

#[test]
fn removing_a_role_says_what_the_tokens_lose() {
    let account = |roles: &[&str]| {
        config(
            Kind::ServiceAccount,
            [
                ("name", "ci".into()),
                (
                    "roles",
                    Value::set(roles.iter().map(|role| Value::from(*role))),
                ),
            ],
        )
    };
    let before = account(&["admin", "viewer"]);
    let state = state_of(
        Kind::ServiceAccount,
        Api::Native,
        &before,
        &[("id", "sa_1".into())],
    );
    let plan = self::plan(
        Kind::ServiceAccount,
        Api::Native,
        &state,
        &account(&["viewer"]),
    );
    assert_eq!(
        plan.reasons,
        [Reason::Cascade {
            what: "its access tokens lose admin".to_owned()
        }]
    );
    let for_good = "Adding the role again later does not give it back to them.";
    assert_eq!(plan.diagnostics.len(), 1);
    assert!(plan.diagnostics[0].detail.ends_with(for_good));
    // Where a token has no roles of its own, it has those of its account again.
    for api in [Api::Elasticsearch, Api::Openobserve] {
        let state = state_of(Kind::ServiceAccount, api, &before, &[("id", "ci".into())]);
        let lost = self::plan(Kind::ServiceAccount, api, &state, &account(&["viewer"]));
        let told = lost.diagnostics.iter();
        let told = told.filter(|told| told.code == Code::RolesRemoved);
        let told = told.map(|told| told.detail.as_str());
        assert_eq!(
            told.collect::<Vec<_>>(),
            ["\"ci\": its access tokens lose admin."]
        );
    }
}

#[test]
fn deleting_an_account_says_what_becomes_of_its_tokens() {
    let ends = "its access tokens end with it";
    for (api, name, expected) in [
        (Api::Native, "ci", Some(ends)),
        (Api::Openobserve, "ci", Some(ends)),
        (Api::Osmo, "ci", Some(ends)),
        (
            Api::Elasticsearch,
            "shop/ci",
            Some("its access tokens have to go first: it stays while there are any"),
        ),
        // It is the server's own, and only leaves the state.
        (Api::Elasticsearch, "elastic/fleet-server", None),
        (Api::Chronosphere, "ci", None),
    ] {
        let config = config(Kind::ServiceAccount, [("name", name.into())]);
        let state = state_of(Kind::ServiceAccount, api, &config, &[("id", name.into())]);
        let deleted = self::plan(Kind::ServiceAccount, api, &state, &Value::Null);
        let told: Vec<String> = deleted.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::from_iter(expected), "{api:?} {name}");
    }
}

#[test]
fn a_creation_that_ends_another_secret_says_so() {
    let codes = |config: &Value| -> Vec<&str> {
        let plan = plan(Kind::AccessToken, Api::Openobserve, &Value::Null, config);
        plan.diagnostics
            .iter()
            .map(|found| found.code.name())
            .collect()
    };
    let of_account = token([("service_account", "default/ci@example.com".into())]);
    assert_eq!(codes(&of_account), ["creation-ends-something"]);
    assert!(codes(&token([])).is_empty());
}

#[test]
fn what_cannot_be_deleted_gives_its_name_to_no_other() {
    let described = |name: &str, description: &str| {
        token([("name", name.into()), ("description", description.into())])
    };
    let before = described("ci", "builds");
    let state = state_of(
        Kind::AccessToken,
        Api::Openobserve,
        &before,
        &[("id", "default/ci".into())],
    );
    let codes = |config: &Value| -> Vec<String> {
        let plan = plan(Kind::AccessToken, Api::Openobserve, &state, config);
        assert_eq!(plan.action, Action::Replace);
        let found = plan.diagnostics.iter();
        found
            .map(|found| format!("{} {}", found.code, found.path))
            .collect()
    };
    assert_eq!(
        codes(&described("ci", "deploys")),
        ["replacement-impossible description"]
    );
    assert_eq!(
        codes(&described("ci-2", "deploys")),
        ["deletion-leaves-something "]
    );
    // Terraform deletes first: it would be disabled before anybody knows whether the name stays.
    for description in ["builds", "deploys"] {
        let open = with(described("ci", description), "name", Value::Unknown);
        assert_eq!(codes(&open), ["replacement-impossible name"]);
    }
    // Of what is tainted Terraform asks for a plan as of what is new.
    let old: State = State::read(Kind::AccessToken, &state).unwrap();
    let told = |new: &Value| {
        let new = Outline::of(new);
        let told = may_come_back(capabilities(Api::Openobserve), &old, &new);
        told.map(|told| told.detail.contains("`name` is not known yet"))
    };
    assert_eq!(told(&before), Some(false));
    assert_eq!(
        told(&with(before.clone(), "name", Value::Unknown)),
        Some(true)
    );
}
