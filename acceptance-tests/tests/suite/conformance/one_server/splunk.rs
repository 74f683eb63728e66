//! Limits, alerts and visibility; how Splunk Observability tells of a taken name, and of rotations; and signing in.

use lanyard_compiler::model::{AccessToken, Kind, Settings};
use lanyard_compiler::plan::Action;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{
    ErrorKind, Filter, Object as _, RotateRequest, Seen, anything, connect, engine,
};
use lanyard_token_server::{Fault, FaultRule};
use serde_json::json;

use super::subject::{block, texts, the};
use super::{Resource, Subject};

pub(crate) async fn a_splunk_token_has_limits_and_tells_people_of_them(mut subject: Subject) {
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
        .with("scopes", texts(&["ingest"]));
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
    token.apply_for_good(&mut subject).await;
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
    token.apply_for_good(&mut subject).await;

    token.set("limits", Value::Null);
    token.set("alert", Value::List(Vec::new()));
    token.apply_for_good(&mut subject).await;
    assert_eq!(token.secret(), &secret, "nothing of this costs the secret");
}

pub(crate) async fn a_taken_name_that_splunk_calls_not_acceptable_is_a_taken_name(
    subject: Subject,
) {
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
    subject.reference.faults().replace(Vec::new()).unwrap();
    token.set("name", "cd");
    token.apply(&subject).await;
    token.set("name", "ci");
    let told = the("name-taken", &token.try_apply(&subject).await).to_string();
    assert!(told.contains("a third name"), "{told}");
    assert_eq!(token.id(), "cd");
}

/// The state cannot be compared with a secret that is encrypted for somebody else: only the time of its issue tells whose it is.
pub(crate) async fn a_secret_for_a_recipient_that_others_replaced_is_replaced_at_once(
    mut subject: Subject,
) {
    let key = age::x25519::Identity::generate().to_public().to_string();
    let mut token = Resource::new(Kind::AccessToken)
        .with("name", "ci")
        .with("recipient", key.as_str());
    token.apply(&subject).await;
    for round in 2..6 {
        let current = token.access_token();
        let request = RotateRequest {
            current: current.clone(),
            desired: current,
            grace_period: None,
            generation: round,
            seen: Seen::default(),
        };
        let tokens = AccessToken::of(&*subject.server);
        let rotated = tokens.rotate(token.id(), &request, &anything).await;
        rotated.unwrap();
        subject.restart();
        token.refresh(&subject).await;
        assert_eq!(token.state.get("status"), &"revoked".into());
        // Within the same second, and nothing is left to plan afterwards.
        token.apply(&subject).await;
        assert_eq!(token.state.get("status"), &"active".into());
        assert_eq!(token.state.get("generation"), &round.into());
    }
}

/// The rules that leave this out of the answers to such requests.
fn without(member: &str, methods: &[&str]) -> Vec<FaultRule> {
    let rule = |method: &&str| {
        let fault = Fault::Alter {
            without: vec![member.to_owned()],
            with: Default::default(),
        };
        FaultRule::new(fault).on(method, "/v2/token")
    };
    methods.iter().map(rule).collect()
}

pub(crate) async fn a_secret_that_no_answer_has_is_told_as_an_error(mut subject: Subject) {
    let faults = |subject: &Subject, rules| subject.reference.faults().replace(rules).unwrap();
    let mut token = Resource::new(Kind::AccessToken).with("name", "ci");
    token.rotation(&[("triggers", Value::map([("round", "1".into())]))]);
    // A read has it.
    faults(&subject, without("secret", &["POST"]));
    token.apply_for_good(&mut subject).await;
    assert!(subject.accepts(token.secret()).await);
    let old = token.secret().clone();
    token.rotation(&[("triggers", Value::map([("round", "2".into())]))]);
    token.apply_for_good(&mut subject).await;
    assert!(subject.accepts(token.secret()).await);
    assert_ne!(token.secret(), &old);

    faults(&subject, without("secret", &["POST", "GET"]));
    token.rotation(&[("triggers", Value::map([("round", "3".into())]))]);
    let told = token.try_apply(&subject).await;
    the("secret-not-told", &told);
    subject.restart();
    token.refresh(&subject).await;
    assert_eq!(token.state.get("status"), &"revoked".into());
    faults(&subject, without("secret", &["GET"]));
    token.apply_for_good(&mut subject).await;
    assert!(subject.accepts(token.secret()).await);

    faults(&subject, without("secret", &["POST", "GET"]));
    let mut other = Resource::new(Kind::AccessToken).with("name", "cd");
    the("secret-not-told", &other.try_apply(&subject).await);
    assert_eq!(other.id(), "cd");
    assert_eq!(other.state.get("token"), &Value::Null);
    other.destroy(&subject).await;
    faults(&subject, Vec::new());
    other.apply_for_good(&mut subject).await;
}

pub(crate) async fn what_splunk_does_not_do_is_no_success(mut subject: Subject) {
    let answers = |subject: &Subject, member: &str, value: serde_json::Value| {
        let fault = Fault::Alter {
            without: Vec::new(),
            with: [(member.to_owned(), value)].into_iter().collect(),
        };
        let rules = ["POST", "PUT"].map(|method| FaultRule::new(fault.clone()).on(method, "/v2/"));
        subject.reference.faults().replace(rules.into()).unwrap();
    };
    let mut token = Resource::new(Kind::AccessToken)
        .with("name", "ci")
        .with("description", "ours");
    token.apply(&subject).await;
    answers(&subject, "disabled", false.into());
    token.set("disabled", true);
    let told = token.try_apply(&subject).await;
    assert!(the("not-taken", &told).is_error());
    assert_eq!(token.state.get("disabled"), &false.into());
    answers(&subject, "description", "theirs".into());
    token.set("disabled", false);
    token.refresh(&subject).await;
    token.set("description", "new");
    let told = token.try_apply(&subject).await;
    assert!(the("not-taken", &told).is_error());
    subject.reference.faults().replace(Vec::new()).unwrap();
    token.apply_for_good(&mut subject).await;
    // An organization that has no limits answers without.
    subject
        .reference
        .faults()
        .replace(without("limits", &["PUT"]))
        .unwrap();
    token.set(
        "limits",
        block(Kind::AccessToken, "limits", &[("hosts", 5.into())]),
    );
    let told = token.try_apply(&subject).await;
    assert!(the("not-taken", &told).is_error());
    let unlimited = without("limits", &["GET", "POST", "PUT"]);
    subject.reference.faults().replace(unlimited).unwrap();
    let mut other = token.clone().with("name", "other");
    (other.state, other.evidence) = (Value::Null, None);
    // Each apply says it, as the plan shows it each time.
    for _ in 0..3 {
        let told = other.try_apply(&subject).await;
        assert_eq!(the("not-taken", &told).path.to_string(), "limits");
        other.refresh(&subject).await;
        assert_eq!(other.plan(&subject), Action::Update);
    }
}

pub(crate) async fn an_email_address_and_a_password_sign_in(mut subject: Subject) {
    let by_name = Settings {
        token: None,
        ..subject.settings()
    };
    subject.server = connect(&by_name).unwrap();
    let mut token = Resource::new(Kind::AccessToken).with("name", "ci");
    token.apply(&subject).await;
    token.destroy(&subject).await;
    assert_eq!(subject.server.identity().await.unwrap().kind, "user");
    subject.server.sign_out().await;
    let requests = subject.reference.requests().all();
    let sessions = requests.iter().filter(|sent| sent.path == "/v2/session");
    let sessions: Vec<_> = sessions.map(|sent| sent.method.as_str()).collect();
    assert_eq!(sessions, ["POST", "DELETE"]);

    let wrong = Settings {
        password: Some(Secret::new("a wrong password")),
        ..by_name
    };
    let refused = connect(&wrong).unwrap().identity().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::SignIn, "{refused}");
    assert!(refused.to_string().contains("POST /v2/session"));
}

pub(crate) async fn what_a_token_of_the_organization_does_not_see_is_not_gone(
    mut subject: Subject,
) {
    let mut own = Resource::new(Kind::AccessToken)
        .with("name", "reader")
        .with("scopes", texts(&["api"]));
    own.apply(&subject).await;
    let mut token = Resource::new(Kind::AccessToken).with("name", "ci");
    token.apply(&subject).await;
    let reader = Settings {
        token: Some(own.secret().clone()),
        ..subject.settings()
    };
    subject.server = connect(&reader).unwrap();
    let kept = token.clone();
    the(
        "server-forbids",
        &token.may_refresh(&subject).await.unwrap_err(),
    );
    assert_eq!(token.state, kept.state);
    let all = engine::read_all(&*subject.server, &Filter::default()).await;
    the("server-forbids", &[all.unwrap_err()]);
    own.refresh(&subject).await;

    subject.restart();
    token.refresh(&subject).await;
    assert_eq!(token.state, kept.state);
}

pub(crate) async fn what_another_organization_does_not_have_is_not_gone(mut subject: Subject) {
    let mut token = Resource::new(Kind::AccessToken).with("name", "ci");
    token.apply(&subject).await;
    subject.restart();
    token.refresh(&subject).await;
    let kept = token.clone();
    // Another one may have the same names, or none.
    for is_there in [true, false] {
        if !is_there {
            kept.clone().destroy(&subject).await;
        }
        subject.profile(&json!({ "organization": "another" })).await;
        subject.server = connect(&subject.settings()).unwrap();
        let told = token.may_refresh(&subject).await.unwrap_err();
        let told = the("another-server", &told).to_string();
        assert!(told.contains("another organization"), "{told}");
        assert_eq!(token.state, kept.state);
        if is_there {
            subject.profile(&json!({})).await;
            subject.server = connect(&subject.settings()).unwrap();
        }
    }
    let mut changed = token.clone();
    changed.set("description", "new");
    let plan = changed.whole_plan(&subject);
    let applied = engine::apply_held(
        &subject.server,
        token.kind,
        &token.state,
        &plan.planned,
        &changed.config,
        token.evidence.as_ref(),
    );
    the("another-server", &applied.await.diagnostics);
    the("another-server", &token.destroy(&subject).await);
    assert_eq!(token.state, kept.state);

    subject.profile(&json!({})).await;
    subject.server = connect(&subject.settings()).unwrap();
    token.refresh(&subject).await;
    assert!(token.state.is_null());
}

pub(crate) async fn an_adopted_token_ends_as_configured_after_the_first_apply(
    mut subject: Subject,
) {
    for (number, ttl, disabled) in [
        (1, Some("90d"), false),
        (2, None, false),
        (3, Some("90d"), true),
    ] {
        let name = format!("shop/{number}");
        let mut theirs = Resource::new(Kind::AccessToken)
            .with("name", name.as_str())
            .with("scopes", texts(&["ingest"]));
        subject.restart_elsewhere();
        theirs.apply(&subject).await;
        subject.restart();
        let mut ours = theirs.clone();
        ours.state = Value::Null;
        ours.set("on_conflict", "adopt");
        ours.trigger("first", Value::Null);
        if let Some(ttl) = ttl {
            ours.set("ttl", ttl);
        }
        if disabled {
            ours.set("disabled", true);
        }
        ours.apply_for_good(&mut subject).await;
        assert_eq!(ours.secret(), theirs.secret());
        let moved = ours.end().duration_since(theirs.end()).as_hours() / 24;
        let expected = if ttl.is_some() && !disabled { 60 } else { 0 };
        assert_eq!(moved, expected, "{ttl:?} {disabled}");
    }
}

/// Whoever uses it keeps a secret that works: it neither ends nor passes for one that ends as configured.
pub(crate) async fn a_token_whose_age_is_past_its_ttl_is_not_adopted(mut subject: Subject) {
    let mut theirs = Resource::new(Kind::AccessToken)
        .with("name", "shop/old")
        .with("scopes", texts(&["ingest"]));
    subject.restart_elsewhere();
    theirs.apply(&subject).await;
    subject.advance_days(20);
    subject.restart();
    let mut ours = theirs.clone();
    (ours.state, ours.evidence) = (Value::Null, None);
    ours.set("on_conflict", "adopt");
    ours.set("ttl", "10d");
    for rotates in [false, true] {
        if rotates {
            ours.trigger("first", Value::Null);
        }
        let told = ours.try_apply(&subject).await;
        let told = the("end-is-past", &told);
        assert!(told.is_error());
        assert_eq!(told.path.to_string(), "ttl");
        assert!(ours.state.is_null());
    }
    subject.restart_elsewhere();
    theirs.refresh(&subject).await;
    assert_eq!(theirs.plan(&subject), Action::NoOp, "nothing was changed");
    // An end that is to come moves, though it is earlier than the one that there was.
    subject.restart();
    ours.set("ttl", "25d");
    ours.apply_for_good(&mut subject).await;
    assert_eq!(ours.secret(), theirs.secret());
    assert!(ours.end() < theirs.end());
}
