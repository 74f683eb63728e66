//! Two resources that are one object, and roles that an account does not have, are found before anything is done.

use lanyard_compiler::comparison::{Server, Side, contradictions, ways};
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{self, MemoryLoader, Options, Schemas};
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::{Api, capabilities};
use lanyard_compiler::model::{Kind, State, observe};
use lanyard_compiler::plan::how_to_have_none;
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::review::{Circumstances, assess};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use crate::comparison::{compared, compared_on, side};

/// What a configuration for this kind of server says against itself, without any server.
fn found(api: &str, configuration: &str) -> Vec<String> {
    found_in(&format!(
        "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\n{configuration}"
    ))
}

fn found_in(configuration: &str) -> Vec<String> {
    let text = format!(
        "terraform {{\n  required_providers {{\n    lanyard = {{ source = \"lanyard/lanyard\" }}\n  }}\n}}\n{configuration}"
    );
    let loader = MemoryLoader::new([("main.tf".to_owned(), text)]);
    let compiled = language::compile(&loader, &Options::default(), &Schemas::lanyard());
    assert!(!compiled.has_errors(), "{:#?}", compiled.diagnostics);
    let configuration = compiled.configuration;
    let settings: Vec<Value> = configuration
        .providers
        .iter()
        .map(|provider| provider.config.clone())
        .collect();
    let ways = ways(settings.iter().map(Some));
    let problems = contradictions(&configuration, &ways).into_iter();
    problems
        .map(|problem| {
            assert!(problem.is_error() && problem.span.is_some(), "{problem:#?}");
            format!("{}: {}", problem.path, problem.detail)
        })
        .collect()
}

#[track_caller]
fn check(api: &str, configuration: &str, expected: &[&str]) {
    assert_eq!(found(api, configuration), expected, "{configuration}");
}

fn account(label: &str, rest: &str) -> String {
    format!("resource \"lanyard_service_account\" \"{label}\" {{\n{rest}\n}}\n")
}

fn token(label: &str, rest: &str) -> String {
    format!("resource \"lanyard_access_token\" \"{label}\" {{\n{rest}\n}}\n")
}

#[test]
fn a_name_stands_once_for_each_owner() {
    let owner = account("x", "name = \"x\"") + &account("y", "name = \"y\"");
    let of = |label: &str, account: &str| {
        token(
            label,
            &format!("name = \"ci\"\nservice_account = lanyard_service_account.{account}.id"),
        )
    };
    check(
        "native",
        &format!("{owner}{}{}{}", of("a", "x"), of("b", "y"), of("c", "x")),
        &[
            "name: lanyard_access_token.a and lanyard_access_token.c are both the access token \"ci\" of \
             lanyard_service_account.x.id: the native token server gives a name once.",
        ],
    );
    let counted = token("a", "count = 2\nname = \"ci\"");
    check(
        "splunk",
        &counted,
        &[
            "name: lanyard_access_token.a[0] and lanyard_access_token.a[1] are both the access token \"ci\": Splunk \
             Observability gives a name once.",
        ],
    );
    check(
        "osmo",
        &(account("a", "name = \"ci\"") + &account("b", "name = \"CI\"")),
        &[],
    );
    check(
        "elasticsearch",
        &(account("a", "name = \"elastic/kibana\"") + &account("b", "name = \"elastic/kibana\"")),
        &[],
    );
}

#[test]
fn what_a_server_makes_of_a_name_stands_once_too() {
    let named =
        |label: &str, name: &str| account(label, &format!("name = {name:?}\nunrestricted = true"));
    check(
        "chronosphere",
        &(named("a", "CI / CD") + &named("b", "ci-cd")),
        &[
            "slug: lanyard_service_account.a and lanyard_service_account.b have the same slug \"ci-cd\", and Chronosphere \
             knows a service account by its slug.",
        ],
    );
    check(
        "openobserve",
        &(account("a", "name = \"x\"\nemail = \"CI@example.com\"")
            + &account("b", "name = \"y\"\nemail = \"ci@example.com\"")),
        &[
            "email: lanyard_service_account.a and lanyard_service_account.b are both the service account \"ci@example.com\": \
             OpenObserve knows it by this address.",
        ],
    );
    let secret = |label: &str| {
        token(
            label,
            &format!("name = {label:?}\nservice_account = lanyard_service_account.x.id"),
        )
    };
    check(
        "openobserve",
        &(account("x", "name = \"x\"") + &secret("a") + &secret("b")),
        &[
            "service_account: lanyard_access_token.a and lanyard_access_token.b are both the one secret that OpenObserve has for \
             their account.",
        ],
    );
}

#[test]
fn two_providers_of_one_address_are_one_server_unless_the_credential_decides() {
    let second = |url: &str| {
        format!("provider \"lanyard\" {{\n  alias = \"b\"\n  api = \"API\"\n  url = {url:?}\n}}\n")
    };
    let configuration = |api: &str, url: &str| {
        let tokens = token("a", "name = \"ci\"\nprovider = lanyard.c")
            + &token("b", "name = \"ci\"\nprovider = lanyard.b");
        let third = second("https://One.example.com/").replace("\"b\"", "\"c\"");
        (third + &second(url) + &tokens).replace("API", api)
    };
    for (api, url, count) in [
        ("native", "https://one.example.com", 1),
        ("native", "https://two.example.com", 0),
        ("splunk", "https://one.example.com", 0),
    ] {
        let problems = found(api, &configuration(api, url));
        assert_eq!(problems.len(), count, "{api} {url}: {problems:?}");
    }
}

#[test]
fn a_token_has_no_roles_beyond_its_account() {
    let owner = account("x", "name = \"x\"\nroles = [\"viewer\"]");
    let with = |roles: &str| {
        token(
            "a",
            &format!(
                "name = \"a\"\nservice_account = lanyard_service_account.x.id\nroles = {roles}"
            ),
        )
    };
    let beyond = "roles: lanyard_access_token.a is to have \"admin\", and lanyard_service_account.x will not.";
    for api in ["native", "osmo"] {
        check(api, &(owner.clone() + &with("[\"viewer\"]")), &[]);
        check(
            api,
            &(owner.clone() + &with("[\"admin\", \"viewer\"]")),
            &[beyond],
        );
    }
    // Roles that are left to the server may be anything, and those that are not looked at too.
    let open = account("x", "name = \"x\"");
    check("native", &(open + &with("[\"admin\"]")), &[]);
    let ignored = account(
        "x",
        "name = \"x\"\nroles = [\"viewer\"]\nlifecycle {\n  ignore_changes = [roles]\n}",
    );
    check("native", &(ignored + &with("[\"admin\"]")), &[]);
}

fn contradicted(configuration: &str) -> Vec<String> {
    let notes = compared(configuration).notes.into_iter();
    notes
        .filter(|note| [Code::DuplicateObject, Code::RolesBeyondAccount].contains(&note.code))
        .map(|note| note.detail)
        .collect()
}

#[test]
fn a_plan_knows_ids_and_roles_that_a_configuration_does_not() {
    let owner = account("x", "name = \"x\"");
    let by_reference = token(
        "a",
        "name = \"ci\"\nservice_account = lanyard_service_account.x.id",
    );
    let by_id = token("b", "name = \"ci\"\nservice_account = \"sa_x\"");
    assert_eq!(
        contradicted(&(owner + &by_reference + &by_id)),
        [
            "lanyard_access_token.a and lanyard_access_token.b are both the access token \"ci\" of the service account \"sa_x\": \
             the native token server gives a name once."
        ]
    );
    let imported = "import {\n  to = lanyard_access_token.other\n  id = \"at_a\"\n}\n".to_owned();
    assert_eq!(
        contradicted(&(imported + &token("other", "name = \"new\"") + &token("a", "name = \"a\""))),
        [
            "lanyard_access_token.a and lanyard_access_token.other are both the access token \"at_a\" that exists on the native \
             token server."
        ]
    );
    let new = account("new", "name = \"new\"");
    let wants = token(
        "a",
        "name = \"ci\"\nservice_account = lanyard_service_account.new.id\nroles = [\"viewer\"]",
    );
    assert_eq!(
        contradicted(&(new + &wants)),
        ["lanyard_access_token.a is to have \"viewer\", and lanyard_service_account.new will not."]
    );
}

#[test]
fn two_sides_are_one_server_only_if_that_is_known() {
    let configuration = "provider \"lanyard\" {}\nprovider \"lanyard\" {\n  alias = \"b\"\n}\n"
        .to_owned()
        + &token("a", "name = \"ci\"")
        + &token("b", "name = \"ci\"\nprovider = lanyard.b");
    let other = |url: &str| {
        let mut other = side();
        other.url = url.to_owned();
        other.inventory = Inventory::default();
        other
    };
    for (url, count) in [("http://LOCALHOST/", 1), ("http://elsewhere", 0)] {
        let compared = compared_on(&[], &configuration, vec![side(), other(url)], (false, &[]));
        let notes = compared.notes.iter();
        let duplicates = notes.filter(|note| note.code == Code::DuplicateObject);
        assert_eq!(duplicates.count(), count, "{url}");
    }
}

/// There, one address is that of every organization.
#[test]
fn two_sides_of_splunk_are_one_server_with_one_credential() {
    let folder = |one: &str, other: &str| {
        format!(
            "provider \"lanyard\" {{{one}}}\nprovider \"lanyard\" {{\n  alias = \"b\"\n{other}}}\n"
        ) + &token("a", "name = \"ci\"")
            + &token("b", "name = \"ci\"\nprovider = lanyard.b")
    };
    let splunk = |credential: Option<&str>| {
        let mut splunk = side();
        splunk.server = Server::Known(capabilities(Api::Splunk));
        splunk.credential = credential.map(Secret::new);
        splunk.inventory = Inventory::default();
        splunk
    };
    for (credentials, count) in [
        ([Some("one"), Some("one")], 1),
        ([Some("one"), Some("two")], 0),
        ([Some("one"), None], 0),
        ([None, None], 0),
    ] {
        let sides = credentials.map(splunk).into();
        let compared = compared_on(&[], &folder("", ""), sides, (false, &[]));
        let notes = compared.notes.iter();
        let duplicates = notes.filter(|note| note.code == Code::DuplicateObject);
        assert_eq!(duplicates.count(), count, "{credentials:?}");
        let [one, other] = credentials.map(|credential| {
            let token = credential.map(|credential| format!("token = \"{credential}\"\n"));
            format!("api = \"splunk\"\n{}", token.unwrap_or_default())
        });
        let text = folder(&format!("\n{one}"), &other);
        assert_eq!(found_in(&text).len(), count, "{credentials:?}");
    }
}

#[test]
fn one_secret_is_renewed_by_one_resource() {
    let rotating = |rest: &str| account("ci", &format!("name = \"ci\"\n{rest}"));
    let secret = token(
        "a",
        "name = \"a\"\nservice_account = lanyard_service_account.ci.id",
    );
    let rotation = "rotation {\n  triggers = { a = \"1\" }\n}";
    check(
        "openobserve",
        &(rotating(rotation) + &secret),
        &[
            "rotation: OpenObserve has one secret for an account: lanyard_access_token.a is that of lanyard_service_account.ci, whose \
             `rotation` block renews it too: each apply would end the other's.",
        ],
    );
    check("openobserve", &(rotating("") + &secret), &[]);
    check("openobserve", &rotating(rotation), &[]);
    // A token without an account is none of anybody's.
    let other = token("a", "name = \"a\"");
    check("openobserve", &(rotating(rotation) + &other), &[]);
}

/// A server with an account `x`, and a token `a` of it without any role.
fn side_of_account() -> Side {
    side_with_roles(&[])
}

/// Likewise, and both have these roles.
fn side_with_roles(roles: &[&str]) -> Side {
    let roles = || roles.iter().map(|role| (*role).to_owned()).collect();
    let found = |state: State| Found {
        kind: state.kind(),
        state,
        managed_by: Some("lanyard".to_owned()),
        created_at: None,
        last_used_at: None,
        trace: None,
        claimed_by: None,
    };
    let account = observe::service_account(&ServiceAccountRecord {
        id: "sa_x".to_owned(),
        name: "x".to_owned(),
        roles: roles(),
        ..ServiceAccountRecord::default()
    });
    let token = observe::access_token(&AccessTokenRecord {
        id: "at_a".to_owned(),
        name: "a".to_owned(),
        service_account: Some("sa_x".to_owned()),
        roles: Some(roles()),
        scopes: Some([].into()),
        ..AccessTokenRecord::default()
    });
    let mut side = side();
    let now = side.inventory.now();
    side.inventory = Inventory::new(vec![found(account), found(token)], Some("lanyard"), now);
    side
}

#[test]
fn a_token_that_lost_the_roles_of_its_account_is_told_in_each_plan() {
    let told = |roles: &str, rest: &str| -> Vec<Code> {
        let configuration = account("x", &format!("name = \"x\"\nroles = [{roles}]"))
            + &token(
                "a",
                &format!("name = \"a\"\nservice_account = lanyard_service_account.x.id\n{rest}"),
            );
        let notes = compared_on(&[], &configuration, vec![side_of_account()], (false, &[])).notes;
        notes.iter().map(|note| note.code).collect()
    };
    assert_eq!(told("\"viewer\"", ""), [Code::TokenWithoutRoles]);
    assert_eq!(told("", ""), []);
    assert_eq!(told("\"viewer\"", "roles = []"), []);
    assert_eq!(told("\"viewer\"", "roles = [\"viewer\"]"), []);
}

/// A token that leaves `roles` out, of an account that had others: what is told, the roles of its next secret, and what that gains.
#[test]
fn a_new_secret_has_what_its_account_leaves_of_the_roles_before() {
    let planned = |api: Api, has: &[&str], held: &str, description: &str| {
        let configuration = account("x", &format!("name = \"x\"\nroles = [{held}]"))
            + &token(
                "a",
                &format!(
                    "name = \"a\"\nservice_account = lanyard_service_account.x.id\n{description}"
                ),
            );
        let mut side = side_with_roles(has);
        side.server = Server::Known(capabilities(api));
        let comparison = compared_on(&[], &configuration, vec![side], (false, &[]));
        let codes: Vec<Code> = comparison.notes.iter().map(|note| note.code).collect();
        let mut changes = comparison.plan.changes.iter();
        let change = changes.find(|change| change.kind == Kind::AccessToken);
        let change = change.expect("the token is planned");
        // An apply plans once more.
        let again = change.plan_again(Some(capabilities(api)), &change.prior, &change.config);
        let roles = change.planned.get("roles");
        assert_eq!(again.planned.get("roles"), roles);
        let circumstances = Circumstances::default();
        let reviewed = assess(&comparison.plan, &circumstances);
        let reviewed = reviewed
            .into_iter()
            .find(|item| item.change.kind == Kind::AccessToken);
        let power = reviewed.map_or_else(Vec::new, |item| [item.gained, item.lost].concat());
        (codes, roles.clone(), power.join(", "))
    };
    let roles = |roles: &[&str]| Value::set(roles.iter().map(|role| Value::from(*role)));
    let rotates = "description = \"another\"";
    let (some, both) = (["admin"], ["admin", "user"]);
    let all = |names: &str| format!("every role of its account ({names})");
    let cases = [
        (
            &both[..],
            "\"admin\"",
            vec![],
            roles(&some),
            "role user".to_owned(),
        ),
        (
            &some,
            "\"admin\", \"user\"",
            vec![],
            roles(&some),
            String::new(),
        ),
        (&some, "\"user\"", vec![], Value::Unknown, all("user")),
        (
            &[],
            "\"user\", \"admin\"",
            vec![],
            Value::Unknown,
            all("admin, user"),
        ),
        (
            &[],
            "",
            vec![Code::AccountWithoutRoles],
            Value::Unknown,
            String::new(),
        ),
        (
            &some,
            "",
            vec![Code::AccountWithoutRoles],
            Value::Unknown,
            String::new(),
        ),
    ];
    for (has, held, told, left, power) in cases {
        let found = planned(Api::Osmo, has, held, rotates);
        assert_eq!(found, (told, left, power), "{has:?} {held}");
    }
    // Without a new secret, and where it is the same token still, it loses what its account loses.
    let without = vec![Code::TokenWithoutRoles];
    // What a server refuses is no advice.
    let refused = "NVIDIA OSMO takes no empty `roles`: if nobody needs the token any more, remove its resource.";
    let written = "If it is to have none, say so: `roles = []`.";
    for (api, expected) in [(Api::Osmo, refused), (Api::Native, written)] {
        assert_eq!(how_to_have_none(Some(capabilities(api))), expected);
    }
    for (api, description) in [(Api::Osmo, ""), (Api::Native, ""), (Api::Native, rotates)] {
        let found = planned(api, &some, "\"user\"", description);
        assert_eq!(
            found,
            (without.clone(), roles(&some), String::new()),
            "{api:?}"
        );
    }
}

#[test]
fn a_token_is_not_of_an_account_that_another_server_has() {
    let told = |url: &str, api: &str| {
        let providers = format!(
            "provider \"lanyard\" {{\n  api = \"native\"\n  url = \"https://a.example.com\"\n}}\n\
             provider \"lanyard\" {{\n  alias = \"two\"\n  api = \"{api}\"\n  {url}\n}}\n"
        );
        let owner = account("a", "name = \"a\"");
        let other = token(
            "t",
            "name = \"t\"\nprovider = lanyard.two\nservice_account = lanyard_service_account.a.id",
        );
        let found = found_in(&(providers + &owner + &other));
        found
            .iter()
            .any(|problem| problem.starts_with("service_account: "))
    };
    assert!(told("url = \"https://b.example.com\"", "native"));
    assert!(told("url = \"https://a.example.com\"", "osmo"));
    assert!(!told("url = \"https://A.example.com/\"", "native"));
    // It may be the same.
    assert!(!told("", "native"));
}

#[test]
fn a_new_token_of_an_account_without_roles_is_refused_where_it_needs_one() {
    let told = |api: Api, account_says: &str, token_says: &str| -> Vec<Code> {
        let configuration = account("n", &format!("name = \"n\"\n{account_says}"))
            + &token(
                "t",
                &format!(
                    "name = \"t\"\nservice_account = lanyard_service_account.n.id\n{token_says}"
                ),
            );
        let mut side = side();
        side.server = Server::Known(capabilities(api));
        side.inventory = Inventory::default();
        let notes = compared_on(&[], &configuration, vec![side], (false, &[])).notes;
        notes.iter().map(|note| note.code).collect()
    };
    let refused = [Code::AccountWithoutRoles];
    assert_eq!(told(Api::Osmo, "", ""), refused);
    assert_eq!(told(Api::Osmo, "roles = []", ""), refused);
    assert_eq!(told(Api::Osmo, "roles = [\"osmo-user\"]", ""), []);
    assert_eq!(
        told(Api::Osmo, "", "roles = [\"osmo-user\"]"),
        [Code::RolesBeyondAccount]
    );
    assert_eq!(told(Api::Native, "", ""), []);
}
