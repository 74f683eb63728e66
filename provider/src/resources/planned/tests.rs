use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::model::facts;
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::secret::Secret;

use super::*;

fn object(kind: Kind, entries: &[(&str, Value)]) -> Outline {
    Outline::of(&facts::object(kind, entries.iter().cloned()))
}

fn token(name: &str, account: &str) -> Outline {
    object(
        Kind::AccessToken,
        &[
            ("name", name.into()),
            ("service_account", account.into()),
            ("roles", Value::set(["admin".into()])),
        ],
    )
}

fn on_native(kind: Kind, config: &Outline) -> Subject<'_> {
    Subject {
        kind,
        server: capabilities(Api::Native),
        organization: None,
        config,
        whole: &Value::Null,
    }
}

fn existing(id: &str) -> Option<State> {
    let mut state = State::nothing(Kind::AccessToken);
    state.id = Some(id.to_owned());
    Some(state)
}

/// Checks so many instances, and then plans one for each prior state: what the last of them is told.
fn told(checked: usize, priors: &[Option<State>]) -> Vec<String> {
    let planned = Walk::default();
    planned.conclude_from_each_call();
    let config = token("ci", "sa_1");
    let subject = on_native(Kind::AccessToken, &config);
    for _ in 0..checked {
        planned.checked(&subject);
    }
    let mut told = Vec::new();
    for prior in priors {
        assert_eq!(told, [], "only the last one is told");
        told = planned.planned(&subject, prior.as_ref(), &config);
    }
    told.into_iter().map(|problem| problem.detail).collect()
}

#[test]
fn a_second_instance_of_a_name_is_refused() {
    assert_eq!(
        told(2, &[existing("at_1"), None]),
        [
            "More than one access token with the name \"ci\" of the service account \"sa_1\" is planned: one that exists as \
             \"at_1\", and one that is new. The native token server has room for one. The other one says exactly the same as this one."
        ]
    );
    assert_eq!(told(2, &[None, None]).len(), 1);
    assert_eq!(told(2, &[existing("at_1"), existing("at_1")]).len(), 1);
}

#[test]
fn the_other_instance_is_recognized_by_what_it_says_otherwise() {
    let planned = Walk::default();
    planned.conclude_from_each_call();
    let config = token("ci", "sa_1");
    let [one, other] = [Value::Null, "b".into()]
        .map(|text: Value| Value::map([("name", "ci".into()), ("description", text)]));
    let [one, other] = [&one, &other].map(|whole| Subject {
        whole,
        ..on_native(Kind::AccessToken, &config)
    });
    planned.checked(&one);
    planned.checked(&other);
    assert_eq!(planned.planned(&one, None, &config), []);
    let told = planned.planned(&other, None, &config);
    let [told] = told.try_into().unwrap();
    assert!(
        told.detail
            .ends_with("The other one differs from this one in `description`."),
        "{told}"
    );
}

#[test]
fn one_instance_may_be_planned_twice() {
    // A replacement that the user asked for: first as what exists, then as what is new.
    assert_eq!(told(1, &[existing("at_1"), None]), [""; 0]);
    assert_eq!(told(2, &[existing("at_1")]), [""; 0]);
    let planned = Walk::default();
    let config = token("ci", "sa_1");
    let subject = on_native(Kind::AccessToken, &config);
    for _ in 0..3 {
        planned.checked(&subject);
        // Who does not say that it is Terraform may plan as often as it likes.
        assert_eq!(planned.planned(&subject, None, &config), []);
    }
}

#[test]
fn a_token_has_no_roles_beyond_what_its_account_is_planned_to_have() {
    let planned = Walk::default();
    planned.conclude_from_each_call();
    let config = token("ci", "sa_1");
    let account = |roles: &[&str]| {
        let roles = roles.iter().map(|role| Value::from(*role));
        object(Kind::ServiceAccount, &[("roles", Value::set(roles))])
    };
    for (roles, count) in [(&["admin"][..], 0), (&["viewer"], 1), (&[], 1)] {
        let state = account(roles);
        let subject = on_native(Kind::ServiceAccount, &state);
        assert_eq!(
            planned.planned(&subject, existing("sa_1").as_ref(), &state),
            []
        );
        let found = planned.planned(
            &on_native(Kind::AccessToken, &config),
            existing("at_1").as_ref(),
            &config,
        );
        assert_eq!(found.len(), count, "{roles:?} {found:?}");
    }
}

#[test]
fn an_account_and_its_token_that_renew_one_secret_are_refused_in_either_order() {
    let id = "default/ci@example.com";
    let rotation = Value::map([("before_expiry", Value::Null), ("every", "30d".into())]);
    let account = |rotation: Value| {
        let says = [("name", "ci".into()), ("rotation", rotation)];
        object(Kind::ServiceAccount, &says)
    };
    let token = object(
        Kind::AccessToken,
        &[("name", "ci".into()), ("service_account", id.into())],
    );
    let (renews, leaves) = (account(rotation), account(Value::Null));
    let told = |api: Api, order: &[(Kind, &Outline)]| -> Vec<Code> {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let each = order.iter().flat_map(|(kind, config)| {
            let subject = Subject {
                server: capabilities(api),
                organization: Some("default"),
                ..on_native(*kind, config)
            };
            let mut prior = State::nothing(*kind);
            prior.id = Some(id.to_owned());
            planned.planned(&subject, Some(&prior), config)
        });
        each.map(|told| told.code).collect()
    };
    let (account, token) = ((Kind::ServiceAccount, &renews), (Kind::AccessToken, &token));
    let twice = [Code::SecretHeldTwice];
    assert_eq!(told(Api::Openobserve, &[account, token]), twice);
    assert_eq!(told(Api::Openobserve, &[token, account]), twice);
    assert_eq!(told(Api::Openobserve, &[account, account]), []);
    let quiet = (Kind::ServiceAccount, &leaves);
    assert_eq!(told(Api::Openobserve, &[quiet, token]), []);
    assert_eq!(told(Api::Native, &[account, token]), []);
}

#[test]
fn a_new_token_of_an_account_without_roles_is_refused_where_it_needs_one() {
    let told = |api: Api, roles: &[&str], prior: Option<State>| -> Vec<Code> {
        let planned = Walk::default();
        planned.conclude_from_each_call();
        let subject = |kind, config| Subject {
            server: capabilities(api),
            ..on_native(kind, config)
        };
        let roles = Value::set(roles.iter().map(|role| Value::from(*role)));
        let account = object(Kind::ServiceAccount, &[("roles", roles)]);
        let of_account = subject(Kind::ServiceAccount, &account);
        planned.planned(&of_account, existing("sa_1").as_ref(), &account);
        let says = [("name", "ci".into()), ("service_account", "sa_1".into())];
        let token = object(Kind::AccessToken, &says);
        let found = planned.planned(&subject(Kind::AccessToken, &token), prior.as_ref(), &token);
        found.iter().map(|told| told.code).collect()
    };
    assert_eq!(told(Api::Osmo, &[], None), [Code::AccountWithoutRoles]);
    assert_eq!(told(Api::Osmo, &["osmo-user"], None), []);
    assert_eq!(told(Api::Osmo, &[], existing("sa_1/ci")), []);
    assert_eq!(told(Api::Native, &[], None), []);
}

#[test]
fn a_token_that_lost_the_roles_of_its_account_is_told() {
    let planned = Walk::default();
    planned.conclude_from_each_call();
    let account = object(
        Kind::ServiceAccount,
        &[("roles", Value::set(["viewer".into()]))],
    );
    let subject = on_native(Kind::ServiceAccount, &account);
    planned.planned(&subject, existing("sa_1").as_ref(), &account);
    let config = |roles: Value| {
        let says = [
            ("name", "ci".into()),
            ("service_account", "sa_1".into()),
            ("roles", roles),
        ];
        object(Kind::AccessToken, &says)
    };
    let none = || Value::set([]);
    for (configured, has, told) in [
        (Value::Null, none(), true),
        (none(), none(), false),
        (Value::Null, Value::set(["viewer".into()]), false),
        (Value::Null, Value::Null, false),
        (Value::Unknown, none(), false),
    ] {
        let mut prior = State::nothing(Kind::AccessToken);
        prior.id = Some("at_1".to_owned());
        prior.roles = match &has {
            Value::List(roles) => Some(
                roles
                    .iter()
                    .filter_map(|role| role.as_str().map(str::to_owned))
                    .collect(),
            ),
            _ => None,
        };
        let config = config(configured);
        let subject = on_native(Kind::AccessToken, &config);
        let found = planned.planned(&subject, Some(&prior), &config);
        let codes: Vec<Code> = found.iter().map(|told| told.code).collect();
        let expected: &[Code] = if told {
            &[Code::TokenWithoutRoles]
        } else {
            &[]
        };
        assert_eq!(codes, expected, "{found:?}");
    }
}

/// What replaces a token that was read and is planned no more: of those that are planned as new at the same time, by how each is like it.
async fn refused(new: &[Likeness]) -> Vec<bool> {
    let planned = Walk::default();
    planned.conclude_from_each_call();
    let mut tainted = State::nothing(Kind::AccessToken);
    tainted.id = Some("default/logs".to_owned());
    tainted.token = Some(Secret::new("lyd_1"));
    planned.reads(&tainted);
    let each = new.iter().map(|likeness| {
        planned.tainted(
            Kind::AccessToken,
            |_| Some(*likeness),
            |_| *likeness != Likeness::Renamed,
        )
    });
    let found = futures_util::future::join_all(each).await;
    found.iter().map(Option::is_some).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_tainted_stands_in_the_way_of_what_may_replace_it_alone() {
    use Likeness::{Perhaps, Renamed, Same};
    for (new, expected) in [
        (&[Perhaps][..], &[true][..]),
        (&[Renamed], &[false]),
        // The name tells which one it is.
        (&[Perhaps, Same, Perhaps], &[false, true, false]),
        // Any of them may be it.
        (&[Renamed, Perhaps], &[false, false]),
        (&[Perhaps, Renamed], &[false, false]),
        (&[Perhaps, Perhaps], &[false, false]),
    ] {
        assert_eq!(refused(new).await, expected, "{new:?}");
    }
}
