//! What happens between two applies: time passes, and others change things.

use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::server::{Api, ExpiryCapability, UpdateCapability};
use lanyard_compiler::model::{Kind, ServiceAccount, decode};
use lanyard_compiler::plan::Action;
use lanyard_compiler::value::Value;
use lanyard_servers::{Object as _, anything, engine};
use lanyard_token_server::{Fault, FaultRule};

use super::subject::texts;
use super::{Resource, Subject};
use crate::support::states;

pub(crate) async fn what_comes_due_rotates_and_nothing_before(subject: Subject) {
    for mut resource in subject.new_secrets("deploy").await {
        resource.rotation(&[("before_expiry", "5d".into())]);
        if resource.kind == Kind::AccessToken {
            resource.set("ttl", "20d");
        }
        if resource.kind == Kind::ServiceAccount
            || matches!(
                resource.can(&subject).expiry,
                ExpiryCapability::Never { .. }
            )
        {
            resource.refusal(&subject);
            continue;
        }
        resource.apply(&subject).await;
        let old = resource.secret().clone();
        subject.advance_days(12);
        resource.refresh(&subject).await;
        assert_eq!(resource.state.get("rotation_due"), &false.into());
        assert_eq!(resource.plan(&subject), Action::NoOp);

        subject.advance_days(5);
        // A plan that saw no refresh rotates nothing, however late it is.
        assert_eq!(resource.plan(&subject), Action::NoOp);
        resource.refresh(&subject).await;
        assert_eq!(resource.state.get("rotation_due"), &true.into());
        assert!(subject.lets_in(&resource, &old).await);
        let plan = resource.whole_plan(&subject);
        assert_eq!(plan.action, Action::Update);
        assert_eq!(plan.planned.get("generation"), &2.into());
        assert!(plan.planned.get("token").is_unknown());
        let reason = plan.planned.get("rotation_reason").as_str();
        assert!(reason.is_some_and(|reason| !reason.is_empty()));
        assert_eq!(resource.whole_plan(&subject).planned, plan.planned);

        resource.apply(&subject).await;
        assert_ne!(resource.secret(), &old);
        assert!(subject.lets_in(&resource, resource.secret()).await);
        assert!(!subject.lets_in(&resource, &old).await);
        subject.works(&resource);
    }
}

/// In every answer, or in each but one: the time that it says is told as wrong, and nothing is due by it.
pub(crate) async fn a_clock_that_is_wrong_ends_nothing(mut subject: Subject) {
    const YEARS: i64 = 50 * 366 * 86_400;
    for mut resource in subject.new_secrets("deploy").await {
        if !matches!(
            resource.can(&subject).expiry,
            ExpiryCapability::Never { .. }
        ) && resource.kind == Kind::AccessToken
        {
            resource.set("ttl", "20d");
            resource.rotation(&[("before_expiry", "5d".into())]);
        }
        resource.apply(&subject).await;
        let stored = resource.state.clone();
        for (seconds, passing) in [(YEARS, 0), (-YEARS, 0), (YEARS, 1), (-YEARS, 1)] {
            subject.restart_doubting();
            let rule = FaultRule::new(Fault::Date { seconds }).after(passing);
            subject.reference.faults().replace(vec![rule]).unwrap();
            for _ in 0..2 {
                resource.refresh(&subject).await;
                assert_eq!(resource.state, stored, "{seconds} after {passing}");
                assert_eq!(resource.plan(&subject), Action::NoOp);
            }
            let doubt = subject.server.clock().doubt.expect("it is told");
            assert_eq!(doubt.server < doubt.own, seconds < 0);
            subject.reference.faults().clear();
        }
        subject.works(&resource);
    }
}

/// What is changed elsewhere: an attribute, as it is configured and as somebody else sets it. Those of a kind that a server does not take
/// at all are refused there.
fn changed_elsewhere(api: Api, kind: Kind) -> Vec<(&'static str, Value, Value)> {
    let roles = match (api, kind) {
        (Api::Native, Kind::ServiceAccount) => {
            Some((texts(&["viewer"]), texts(&["editor", "viewer"])))
        }
        (Api::Osmo, Kind::ServiceAccount) => {
            Some((texts(&["osmo-user"]), texts(&["osmo-admin", "osmo-user"])))
        }
        // Elsewhere roles cannot change in place, or need what the server in this check has not; a token's are a share of its account's.
        _ => None,
    };
    let restriction = |permission: &str, team: &str| {
        let labels = Value::map([("team", Value::from(team))]);
        Value::map([("permission", permission.into()), ("labels", labels)])
    };
    let visible_to = |user: &str| {
        Value::map([
            ("level", "selected".into()),
            ("users", texts(&[user])),
            ("teams", texts(&["t1"])),
        ])
    };
    let mut pairs = vec![
        ("description", "ours".into(), "theirs".into()),
        ("description", "ours".into(), Value::Null),
        ("disabled", false.into(), true.into()),
    ];
    pairs.extend(roles.map(|(ours, theirs)| ("roles", ours, theirs)));
    match kind {
        Kind::ServiceAccount => pairs.extend([
            (
                "restriction",
                restriction("READ", "a"),
                restriction("READ_AND_WRITE", "a"),
            ),
            (
                "restriction",
                restriction("READ", "a"),
                restriction("READ", "b"),
            ),
            ("restriction", restriction("READ", "a"), Value::Null),
        ]),
        Kind::AccessToken => {
            if api == Api::Native {
                let (read, both) = (&["samples:read"], &["samples:read", "samples:write"]);
                pairs.push(("scopes", texts(read), texts(both)));
                pairs.push(("scopes", texts(read), texts(&[])));
            }
            pairs.push(("visibility", visible_to("u1"), visible_to("u2")));
            let limits = |hosts: i64| Value::map([("hosts", Value::from(hosts))]);
            pairs.push(("limits", limits(10), limits(20)));
        }
    }
    pairs
}

/// True if a value says what another one does, and perhaps more.
fn says(value: &Value, what: &Value) -> bool {
    match what {
        Value::Map(entries) => entries
            .iter()
            .all(|(name, inner)| says(value.get(name), inner)),
        what => value == what,
    }
}

pub(crate) async fn what_others_changed_shows_and_is_put_back(mut subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    for mut resource in resources {
        for (name, ours, theirs) in changed_elsewhere(subject.api(), resource.kind) {
            match resource.can(&subject).attribute(name).map(|can| can.change) {
                None if theirs.is_null() => continue,
                None => {
                    resource.clone().with(name, theirs).refusal(&subject);
                    continue;
                }
                Some(UpdateCapability::InPlace) => {}
                Some(_) => continue,
            }
            resource.set(name, ours.clone());
            resource.apply(&subject).await;
            let secret = resource.state.get("token").clone();
            let mut other = resource.clone().with(name, theirs.clone());
            subject.restart_elsewhere();
            other.apply(&subject).await;
            subject.restart();

            resource.refresh(&subject).await;
            let is = |resource: &Resource, what: &Value| says(resource.state.get(name), what);
            assert!(is(&resource, &theirs), "{name}: {:?}", resource.state);
            assert_eq!(resource.plan(&subject), Action::Update, "{name}");
            resource.apply(&subject).await;
            assert!(is(&resource, &ours), "{name}: {:?}", resource.state);
            assert_eq!(resource.state.get("token"), &secret, "{name}");
            subject.works(&resource);
        }
    }
}

/// A plan of something harmless, or of a new secret, is made, somebody changes something else, and the plan is applied: it undoes nothing
/// unsaid, issues nothing, and the state says what is true.
pub(crate) async fn a_saved_plan_undoes_nothing_that_others_changed(mut subject: Subject) {
    let mut resources = subject.new_tokens("deploy").await;
    if subject.capabilities().service_account.absent.is_none() {
        resources.push(subject.new_account("ci"));
    }
    for mut resource in resources {
        let can = resource.can(&subject);
        let is_changed = |name: &str| {
            let change = can.attribute(name).map(|attribute| attribute.change);
            change == Some(UpdateCapability::InPlace)
        };
        let harmless = ["description", "on_conflict"].into_iter();
        let harmless: Vec<_> = harmless
            .filter(|name| *name == "on_conflict" || is_changed(name))
            .collect();
        let mut plans = harmless.clone();
        if resource.can_rotate(&subject) {
            resource.trigger("first", Value::Null);
            plans.push("rotation");
        }
        let pairs = changed_elsewhere(subject.api(), resource.kind).into_iter();
        let pairs: Vec<_> = pairs.filter(|(name, ..)| is_changed(name)).collect();
        for (round, (name, ours, theirs)) in pairs.into_iter().enumerate() {
            for planned in plans.iter().filter(|planned| **planned != name) {
                for harmless in &harmless {
                    let before = if *harmless == "on_conflict" {
                        "error"
                    } else {
                        "ours"
                    };
                    resource.set(harmless, before);
                }
                resource.set(name, ours.clone());
                resource.apply(&subject).await;
                let mut changed = resource.clone();
                match *planned {
                    "on_conflict" => changed.set(planned, "replace"),
                    "rotation" => changed.trigger(&round.to_string(), Value::Null),
                    _ => changed.set(planned, "planned"),
                }
                let plan = changed.whole_plan(&subject);
                assert_eq!(plan.action, Action::Update, "{planned}");
                subject.restart_elsewhere();
                let mut other = resource.clone().with(name, theirs.clone());
                other.apply(&subject).await;

                subject.restart();
                let (prior, config) = (&changed.state, &changed.config);
                let applied =
                    engine::apply(&subject.server, changed.kind, prior, &plan.planned, config)
                        .await;
                let told = applied.diagnostics.iter().map(|told| told.code);
                assert_eq!(
                    told.collect::<Vec<_>>(),
                    [Code::Overtaken],
                    "{name}, {planned}"
                );
                let is = |resource: &Resource, what: &Value| says(resource.state.get(name), what);
                changed.state = applied.state;
                assert!(is(&changed, &theirs), "{name}: {:?}", changed.state);
                let [before, after] = [&resource, &changed].map(|it| it.state.get("token"));
                assert_eq!(before, after, "{name}, {planned}");
                changed.refresh(&subject).await;
                assert!(is(&changed, &theirs), "{name}: {:?}", changed.state);
                changed.apply(&subject).await;
                assert!(is(&changed, &ours), "{name}: {:?}", changed.state);
                resource = changed;
            }
        }
        subject.works(&resource);
    }
}

/// A rotation is planned, somebody takes power from the account, and the plan is applied: it issues nothing, and the state says what is
/// true.
pub(crate) async fn a_saved_plan_rotates_no_token_whose_account_others_changed(
    mut subject: Subject,
) {
    let (attribute, theirs) = match subject.api() {
        Api::Native | Api::Elasticsearch => ("disabled", true.into()),
        Api::Osmo => ("roles", texts(&[])),
        // A token there is the account's own secret, or has no account.
        Api::Chronosphere | Api::Openobserve | Api::Splunk => {
            let without = subject.new_secrets("deploy").await;
            return without.iter().for_each(|secret| subject.works(secret));
        }
    };
    for mut token in subject.new_tokens("deploy").await {
        assert!(token.begins_to_rotate(&subject).await);
        let mut changed = token.clone();
        changed.trigger("second", Value::Null);
        let plan = changed.whole_plan(&subject);
        let others = subject.elsewhere();
        let account = token.config.get("service_account").as_str().unwrap();
        let imported = states::import(&*others, Kind::ServiceAccount, account).await;
        let mut after = imported.unwrap();
        let before: ServiceAccount = decode(&after).unwrap();
        after
            .as_map_mut()
            .unwrap()
            .insert(attribute, theirs.clone());
        let after = decode(&after).unwrap();
        let objects = ServiceAccount::of(&*others);
        let updated = objects.update(account, &before, &after, &anything).await;
        updated.unwrap();

        subject.restart();
        let (prior, config) = (&token.state, &changed.config);
        let applied =
            engine::apply(&subject.server, token.kind, prior, &plan.planned, config).await;
        let told: Vec<_> = applied.diagnostics.iter().map(|told| told.code).collect();
        assert_eq!(told, [Code::Overtaken]);
        for name in ["token", "generation"] {
            assert_eq!(applied.state.get(name), prior.get(name), "{name}");
        }
        token.refresh(&subject).await;
        for name in ["status", "roles"] {
            assert_eq!(applied.state.get(name), token.state.get(name), "{name}");
        }
        subject.works(&token);
    }
}
