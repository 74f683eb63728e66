//! Every mistake in a configuration is found, in its place, at once.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::checks::{validate, validate_without_state};
use lanyard_compiler::model::kind::Kind;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::plan::{plan_resource, plan_validated};
use lanyard_compiler::value::Value;

use crate::world::{config, rotation, set, token};

fn account<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut config = config(Kind::ServiceAccount, entries);
    if config.get("name").is_null() {
        set(&mut config, "name", "ci");
    }
    config
}

fn found(kind: Kind, api: Option<Api>, config: &Value) -> Vec<String> {
    let mut found: Vec<String> = validate(kind, api.map(capabilities), config)
        .iter()
        .map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.path))
        .collect();
    found.sort();
    found
}

#[track_caller]
fn check_token(api: impl Into<Option<Api>>, config: &Value, expected: &[&str]) {
    assert_eq!(
        found(Kind::AccessToken, api.into(), config),
        expected,
        "{config:#?}"
    );
}

#[track_caller]
fn check_account(api: impl Into<Option<Api>>, config: &Value, expected: &[&str]) {
    assert_eq!(
        found(Kind::ServiceAccount, api.into(), config),
        expected,
        "{config:#?}"
    );
}

fn texts<const N: usize>(texts: [&str; N]) -> Value {
    Value::set(texts.map(Value::from))
}

fn block<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::map(entries)
}

#[test]
fn a_name_leads_to_a_slug_where_accounts_are_known_by_one() {
    let all = [("name", "監視".into()), ("unrestricted", true.into())];
    check_account(Api::Chronosphere, &account(all.clone()), &["no-slug name"]);
    let slug = [all[0].clone(), all[1].clone(), ("slug", "ci".into())];
    check_account(Api::Chronosphere, &account(slug), &[]);
    check_account(Api::Native, &account(all), &[]);
}

#[test]
fn a_null_in_a_list_a_set_or_a_map_is_an_error_at_its_place() {
    let labels = block([
        ("permission", "READ".into()),
        ("labels", block([("team", Value::Null)])),
    ]);
    let account = account([("restriction", labels)]);
    check_account(
        Api::Chronosphere,
        &account,
        &["null-element restriction.labels[\"team\"]"],
    );
    let triggers = block([("a", "1".into()), ("b", Value::Null)]);
    let token = |roles| {
        token([
            ("rotation", rotation([("triggers", triggers.clone())])),
            ("roles", roles),
        ])
    };
    let at_key = "null-element rotation.triggers[\"b\"]";
    check_token(None, &token(texts(["editor"])), &[at_key]);
    let roles = Value::set(["editor".into(), Value::Null]);
    check_token(None, &token(roles), &["null-element roles", at_key]);
    check_token(None, &token(Value::set([Value::Unknown])), &[at_key]);
}

#[test]
fn a_sound_configuration_is_silent() {
    check_token(None, &token([]), &[]);
    check_token(
        Api::Native,
        &token([
            ("ttl", "90d".into()),
            (
                "rotation",
                rotation([
                    ("before_expiry", "14d".into()),
                    ("grace_period", "until_first_use".into()),
                ]),
            ),
        ]),
        &[],
    );
    check_account(
        Api::Native,
        &account([("restriction", block([("permission", "READ".into())]))]),
        &[],
    );
    check_token(
        Api::Splunk,
        &token([
            ("scopes", texts(["api", "ingest"])),
            ("limits", block([("hosts", 5.into())])),
        ]),
        &[],
    );
    check_account(
        Api::Chronosphere,
        &account([("unrestricted", true.into())]),
        &[],
    );
    check_token(
        Api::Elasticsearch,
        &token([("service_account", "apps/ci".into())]),
        &[],
    );
    check_account(
        Api::Elasticsearch,
        &account([("name", "apps/ci".into()), ("disabled", true.into())]),
        &[],
    );
    check_token(
        Api::Osmo,
        &token([("service_account", "ci".into()), ("ttl", "90d".into())]),
        &[],
    );
    check_token(
        Api::Openobserve,
        &token([
            ("service_account", "x".into()),
            (
                "rotation",
                rotation([("triggers", block([("month", "1".into())]))]),
            ),
        ]),
        &[],
    );
    check_token(Api::Openobserve, &token([("disabled", true.into())]), &[]);
}

#[test]
fn a_text_that_its_server_would_trim_is_refused() {
    for (text, told) in [
        ("trail ", &["limit-exceeded description"][..]),
        ("\nline", &["limit-exceeded description"]),
        ("a b", &[]),
        ("", &[]),
    ] {
        let said = account([("name", "ci".into()), ("description", text.into())]);
        check_account(Api::Openobserve, &said, told);
        check_account(Api::Native, &said, &[]);
    }
}

#[test]
fn what_is_not_known_yet_is_not_complained_about() {
    for name in [
        "name",
        "service_account",
        "roles",
        "expires_at",
        "ttl",
        "disabled",
        "recipient",
        "rotation",
        "visibility",
        "limits",
        "alert",
    ] {
        check_token(Api::Native, &token([(name, Value::Unknown)]), &[]);
    }
    for name in ["name", "roles", "unrestricted", "restriction", "email"] {
        check_account(Api::Native, &account([(name, Value::Unknown)]), &[]);
    }
    check_token(
        Api::Native,
        &token([
            ("rotation", rotation([("before_expiry", "14d".into())])),
            ("ttl", Value::Unknown),
        ]),
        &[],
    );
}

#[test]
fn mistakes_that_no_server_forgives() {
    check_token(
        None,
        &token([
            ("name", "".into()),
            ("ttl", "90x".into()),
            ("expires_at", "tomorrow".into()),
            ("on_conflict", "adpot".into()),
            ("recipient", "age1typo".into()),
            ("id", "at_1".into()),
            (
                "rotation",
                rotation([("grace_period", "soon".into()), ("jitter", "1d".into())]),
            ),
            (
                "visibility",
                block([("level", "everyone".into()), ("users", texts(["u"]))]),
            ),
            ("roles", texts([""])),
        ]),
        &[
            "computed-attribute id",
            "empty-name name",
            "empty-name roles",
            "invalid-choice on_conflict",
            "invalid-duration rotation.grace_period",
            "invalid-duration ttl",
            "invalid-recipient recipient",
            "invalid-timestamp expires_at",
            "jitter-without-rotation rotation.jitter",
            "two-ends ttl",
            "visibility-not-selected visibility.users",
        ],
    );
    check_token(
        None,
        &token([("visibility", block([("level", "selected".into())]))]),
        &["visibility-selects-nobody visibility.level"],
    );
    let email = || block([("type", "Email".into()), ("email", "a@example.com".into())]);
    check_token(
        None,
        &token([(
            "alert",
            Value::List(vec![
                email(),
                email(),
                block([("type", "Slack".into()), ("channel", "x".into())]),
            ]),
        )]),
        &[
            "alert-duplicate alert[1]",
            "alert-incomplete alert[2].credential_id",
        ],
    );
    check_account(
        None,
        &account([
            ("unrestricted", true.into()),
            (
                "restriction",
                block([
                    ("permission", "read".into()),
                    (
                        "labels",
                        block([("a", "1".into()), ("b", "2".into()), ("c", "3".into())]),
                    ),
                ]),
            ),
        ]),
        &[
            "invalid-choice restriction.permission",
            "restriction-conflict unrestricted",
            "too-many-labels restriction.labels",
        ],
    );
    check_account(
        None,
        &account([("unrestricted", false.into()), ("email", "nobody".into())]),
        &["invalid-email email", "restriction-missing unrestricted"],
    );
    check_account(
        None,
        &config(Kind::ServiceAccount, []),
        &["missing-attribute name"],
    );
}

#[test]
fn lifetimes_and_rotations_fit_together() {
    let with = |ttl: &str, entries: &[(&str, &str)]| {
        let mut block = rotation([]);
        for (name, value) in entries {
            set(&mut block, name, *value);
        }
        token([("ttl", ttl.into()), ("rotation", block)])
    };
    check_token(
        None,
        &with("14d", &[("before_expiry", "14d")]),
        &["rotation-before-issue rotation.before_expiry"],
    );
    check_token(
        None,
        &with("14d", &[("before_expiry", "8d"), ("jitter", "7d")]),
        &["rotation-before-issue rotation.before_expiry"],
    );
    check_token(
        None,
        &with("90d", &[("before_expiry", "7d"), ("jitter", "7d")]),
        &["jitter-too-long rotation.jitter"],
    );
    check_token(
        None,
        &with("90d", &[("before_expiry", "7d"), ("grace_period", "8d")]),
        &["grace-after-end rotation.grace_period"],
    );
    check_token(
        Api::Native,
        &with("90d", &[("before_expiry", "80d"), ("grace_period", "61d")]),
        &["grace-too-long rotation.grace_period"],
    );
    check_token(
        Api::Splunk,
        &with("90d", &[("grace_period", "until_first_use")]),
        &["grace-unknown-to-server rotation.grace_period"],
    );
    check_token(
        Api::Native,
        &token([("rotation", rotation([("before_expiry", "7d".into())]))]),
        &["rotation-without-end rotation.before_expiry"],
    );
    for (entries, expected) in [
        (&[("every", "60d"), ("grace_period", "30d")][..], &[][..]),
        (&[("every", "60d"), ("jitter", "7d")], &[]),
        (
            &[("every", "60d"), ("before_expiry", "7d")],
            &["two-rotation-times rotation.every"],
        ),
        (&[("every", "90d")], &["rotation-after-end rotation.every"]),
        (
            &[("every", "60d"), ("jitter", "60d")],
            &["jitter-too-long rotation.jitter"],
        ),
        (
            &[("every", "60d"), ("grace_period", "31d")],
            &["grace-after-end rotation.grace_period"],
        ),
        (
            &[("every", "20d"), ("grace_period", "19d"), ("jitter", "2d")],
            &["grace-after-rotation rotation.grace_period"],
        ),
    ] {
        check_token(None, &with("90d", entries), expected);
    }
    // Nothing ends there, and a secret gets old all the same.
    let every = || rotation([("every", "60d".into())]);
    let of_account = [("service_account", "sa_1".into()), ("rotation", every())];
    check_token(Api::Elasticsearch, &token(of_account), &[]);
    check_account(
        Api::Openobserve,
        &account([("rotation", every())]),
        &["secret-age-unknown rotation.every"],
    );
    // Splunk gives every token an end of its own.
    check_token(
        Api::Splunk,
        &token([("rotation", rotation([("before_expiry", "7d".into())]))]),
        &[],
    );
    check_token(
        Api::Native,
        &token([
            ("expires_at", "2027-01-01T00:00:00Z".into()),
            ("rotation", rotation([("before_expiry", "7d".into())])),
        ]),
        &["rotation-to-a-fixed-end rotation.before_expiry"],
    );
}

/// Terraform before 1.14 generates a configuration that says all that a state says.
#[test]
fn what_a_generated_configuration_says_is_left_to_the_plan() {
    let told = |api, config: &Value| {
        let found = validate_without_state(Kind::ServiceAccount, Some(capabilities(api)), config);
        let named = found
            .iter()
            .map(|problem| format!("{} {}", problem.code, problem.path));
        named.collect::<Vec<_>>()
    };
    let named = |name: &str, unrestricted: bool| {
        account([("name", name.into()), ("unrestricted", unrestricted.into())])
    };
    for (api, name) in [
        (Api::Elasticsearch, "apps/worker"),
        (Api::Openobserve, "ci"),
        (Api::Osmo, "ci"),
    ] {
        check_account(api, &named(name, true), &[]);
        assert_ne!(told(api, &named(name, false)), [""; 0], "{api:?}");
    }
    let with_email = account([("unrestricted", true.into()), ("email", "a@b.c".into())]);
    check_account(
        Api::Chronosphere,
        &with_email,
        &["computed-on-server email"],
    );
    assert_eq!(told(Api::Chronosphere, &with_email), [""; 0]);
    // The plan of both doors compares it with what the server says.
    for (said, count) in [("a@b.c", 0), ("x@b.c", 1)] {
        let mut prior = with_email.clone();
        let entries = prior.as_map_mut().unwrap();
        entries.insert("id", "ci".into());
        entries.insert("email", said.into());
        let server = Some(capabilities(Api::Chronosphere));
        let kind = Kind::ServiceAccount;
        for planned in [
            plan_resource(kind, server, &prior, &with_email),
            plan_validated(kind, server, &prior, &with_email, false),
        ] {
            let problems = planned.diagnostics.iter();
            let computed = problems.filter(|problem| problem.code == Code::ComputedOnServer);
            assert_eq!(computed.count(), count, "{said}");
        }
    }
}

#[test]
fn each_server_gets_what_it_takes() {
    check_account(
        Api::Splunk,
        &account([("roles", texts(["x"]))]),
        &["absent-on-server "],
    );
    check_token(
        Api::Chronosphere,
        &token([("ttl", "90x".into())]),
        &["absent-on-server "],
    );
    check_account(
        Api::Chronosphere,
        &account([("roles", texts(["x"])), ("email", "a@b.c".into())]),
        &[
            "computed-on-server email",
            "restriction-not-chosen unrestricted",
            "unsupported-attribute roles",
        ],
    );
    check_account(
        Api::Chronosphere,
        &account([("unrestricted", true.into()), ("rotation", rotation([]))]),
        &["rotation-impossible rotation"],
    );
    check_token(
        Api::Splunk,
        &token([
            ("service_account", "x".into()),
            ("scopes", texts(["rum", "api"])),
            (
                "limits",
                block([
                    ("hosts", 5.into()),
                    ("dpm", 7.into()),
                    ("job_starts_per_minute", 61.into()),
                ]),
            ),
            ("ttl", "7000d".into()),
        ]),
        &[
            "lifetime-too-long ttl",
            "limit-exceeded limits.dpm",
            "limit-exceeded limits.job_starts_per_minute",
            "limit-exceeded scopes",
            "unsupported-attribute service_account",
        ],
    );
    check_token(
        Api::Splunk,
        &token([("scopes", texts([])), ("roles", texts([]))]),
        &["limit-exceeded roles", "limit-exceeded scopes"],
    );
    check_token(
        Api::Elasticsearch,
        &token([
            ("name", "_x".into()),
            ("ttl", "90d".into()),
            ("limits", block([("hosts", 5.into())])),
            ("disabled", false.into()),
        ]),
        &[
            "limit-exceeded name",
            "required-on-server service_account",
            "unsupported-attribute limits",
            "unsupported-attribute ttl",
        ],
    );
    check_account(
        Api::Elasticsearch,
        &account([("name", "ci".into())]),
        &["limit-exceeded name"],
    );
    // What it lasts without an end of its own: 31 days on OSMO, and on Splunk the server tells.
    for (api, point, codes) in [
        (
            Api::Osmo,
            ("before_expiry", "31d"),
            &["rotation-before-issue rotation.before_expiry"][..],
        ),
        (Api::Osmo, ("before_expiry", "30d"), &[]),
        (
            Api::Osmo,
            ("every", "31d"),
            &["rotation-after-end rotation.every"],
        ),
        (Api::Osmo, ("every", "30d"), &[]),
        (Api::Splunk, ("before_expiry", "40d"), &[]),
        (Api::Splunk, ("every", "40d"), &[]),
    ] {
        let (name, length) = point;
        let account = if api == Api::Osmo {
            "x".into()
        } else {
            Value::Null
        };
        check_token(
            api,
            &token([
                ("service_account", account),
                ("rotation", rotation([(name, length.into())])),
            ]),
            codes,
        );
    }
    check_token(
        Api::Osmo,
        &token([
            ("service_account", "x".into()),
            ("ttl", "36h".into()),
            ("roles", texts([])),
        ]),
        &["lifetime-not-in-days ttl", "limit-exceeded roles"],
    );
    // Its last day may be over when the secret is issued.
    for (ttl, point, codes) in [
        (
            "1d",
            ("before_expiry", "12h"),
            &["rotation-before-issue rotation.before_expiry"][..],
        ),
        ("2d", ("before_expiry", "24h"), &[]),
        (
            "2d",
            ("every", "30h"),
            &["rotation-after-end rotation.every"],
        ),
        ("2d", ("every", "24h"), &[]),
    ] {
        let (name, length) = point;
        check_token(
            Api::Osmo,
            &token([
                ("service_account", "x".into()),
                ("ttl", ttl.into()),
                ("rotation", rotation([(name, length.into())])),
            ]),
            codes,
        );
    }
    check_token(
        Api::Osmo,
        &token([
            ("service_account", "x".into()),
            ("expires_at", "2027-01-01T12:00:00Z".into()),
        ]),
        &["end-rounded-down expires_at"],
    );
    check_token(
        Api::Openobserve,
        &token([
            ("service_account", "x".into()),
            ("rotation", rotation([("grace_period", "48h".into())])),
        ]),
        &["grace-impossible rotation.grace_period"],
    );
    check_token(
        Api::Openobserve,
        &token([("rotation", rotation([]))]),
        &["rotation-impossible rotation"],
    );
    check_token(
        Api::Openobserve,
        &token([("on_conflict", "replace".into())]),
        &["replacement-impossible on_conflict"],
    );
    let adopts = [
        ("name", "ci".into()),
        ("unrestricted", true.into()),
        ("on_conflict", "adopt".into()),
    ];
    check_account(
        Api::Chronosphere,
        &account(adopts.clone()),
        &["adoption-impossible on_conflict"],
    );
    for api in [None, Some(Api::Native)] {
        check_account(api, &account(adopts.clone()), &[]);
    }
    check_token(
        Api::Native,
        &token([("limits", block([("hosts", 5.into())]))]),
        &["unsupported-attribute limits"],
    );
    check_token(
        Api::Native,
        &token([("name", " x".into()), ("scopes", texts(["A"]))]),
        &["limit-exceeded name", "limit-exceeded scopes"],
    );
}

#[test]
fn a_complaint_says_what_where_and_what_to_do() {
    let config = account([("roles", texts(["x"]))]);
    let [complaint] = &validate(
        Kind::ServiceAccount,
        Some(capabilities(Api::Splunk)),
        &config,
    )[..] else {
        panic!()
    };
    insta::assert_snapshot!(complaint, @r"
    error[absent-on-server]: This kind of resource does not exist on the server
      Splunk Observability has no service accounts.
      hint: Its tokens belong to the organization: use `lanyard_access_token` without `service_account`.
    ");
    let config = token([
        ("name", "ci".into()),
        ("service_account", "a/b".into()),
        ("scopes", texts(["x"])),
    ]);
    let [complaint] = &validate(
        Kind::AccessToken,
        Some(capabilities(Api::Elasticsearch)),
        &config,
    )[..] else {
        panic!()
    };
    insta::assert_snapshot!(complaint, @r"
    error[unsupported-attribute]: The server does not have this attribute (at `scopes`)
      Elasticsearch has no `scopes` on access tokens.
      hint: Leave out `scopes`.
    ");
}
