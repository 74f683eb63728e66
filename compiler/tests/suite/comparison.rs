//! Whole configurations beside what a server has.

use lanyard_compiler::comparison::{Comparison, Server, Side, compare};
use lanyard_compiler::delivery::{Issuing, Open, Place, State};
use lanyard_compiler::language::{self, MemoryLoader, Options, Schemas};
use lanyard_compiler::model::record::{AccessTokenRecord, ServiceAccountRecord};
use lanyard_compiler::model::server::native;
use lanyard_compiler::model::{Kind, observe};
use lanyard_compiler::plan::Action;
use lanyard_compiler::plan::inventory::{Found, Inventory};

/// A server with accounts `ci`, `still`, `x` and `y`, and tokens `a` and `b`, all of them ours.
fn side() -> Side {
    let accounts = ["ci", "still", "x", "y"].map(|name| {
        observe::service_account(&ServiceAccountRecord {
            id: format!("sa_{name}"),
            name: name.to_owned(),
            ..ServiceAccountRecord::default()
        })
    });
    let tokens = ["a", "b"].map(|name| {
        observe::access_token(&AccessTokenRecord {
            id: format!("at_{name}"),
            name: name.to_owned(),
            roles: Some([].into()),
            scopes: Some([].into()),
            issued_at: "2026-01-01T00:00:00Z".parse().ok(),
            ..AccessTokenRecord::default()
        })
    });
    let found = |kind| {
        move |state| Found {
            kind,
            state,
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
        }
    };
    let accounts = accounts.into_iter().map(found(Kind::ServiceAccount));
    let tokens = tokens.into_iter().map(found(Kind::AccessToken));
    Side {
        provider: "provider[\"lanyard\"]".to_owned(),
        server: Server::Known(&native::CAPABILITIES),
        url: "http://localhost".to_owned(),
        organization: None,
        inventory: Inventory::new(
            accounts.chain(tokens).collect(),
            Some("lanyard"),
            "2026-01-02T00:00:00Z"
                .parse()
                .expect("the test world is well formed"),
        ),
        note: None,
    }
}

fn compared(configuration: &str) -> Comparison {
    compared_with(configuration, &[])
}

fn compared_with(configuration: &str, open: &[Open]) -> Comparison {
    let versions = "terraform {\n  required_providers {\n    lanyard = { source = \"lanyard/lanyard\" }\n  }\n}\n";
    let loader = MemoryLoader::new([("main.tf", format!("{versions}{configuration}"))]);
    let compile = |options: &Options| language::compile(&loader, options, &Schemas::lanyard());
    let compiled = compile(&Options::default());
    assert!(!compiled.has_errors(), "{:#?}", compiled.diagnostics);
    let again = |known: &_| {
        let options = Options {
            known: Clone::clone(known),
            ..Options::default()
        };
        compile(&options).configuration
    };
    compare(&compiled.configuration, again, vec![side()], false, open)
}

fn action(comparison: &Comparison, address: &str) -> Action {
    let mut changes = comparison.plan.changes.iter();
    let change = changes.find(|change| change.address == address);
    change.unwrap_or_else(|| panic!("no {address}")).action
}

/// Accounts of which `ci` and `x` are updated, `still` and `y` stay, and `new` is created.
const ACCOUNTS: &str = r#"
resource "lanyard_service_account" "ci" {
  name        = "ci"
  description = "another one"
}

resource "lanyard_service_account" "still" {
  name = "still"
}

resource "lanyard_service_account" "new" {
  name = "new"
}

resource "lanyard_service_account" "many" {
  for_each    = { x = "another one", y = null }
  name        = each.key
  description = each.value
}

resource "terraform_data" "other" {}
"#;

fn triggered(by: &str) -> (Action, Comparison) {
    let comparison = compared(&format!(
        "{ACCOUNTS}resource \"lanyard_access_token\" \"a\" {{
          name = \"a\"
          lifecycle {{
            replace_triggered_by = [{by}]
          }}
        }}"
    ));
    (action(&comparison, "lanyard_access_token.a"), comparison)
}

#[test]
fn an_update_or_a_replacement_triggers_and_nothing_else_does() {
    for (by, expected) in [
        ("lanyard_service_account.ci", Action::Replace),
        ("lanyard_service_account.ci.description", Action::Replace),
        ("lanyard_service_account.ci.name", Action::NoOp),
        ("lanyard_service_account.still", Action::NoOp),
        ("lanyard_service_account.new", Action::NoOp),
        ("lanyard_service_account.many", Action::Replace),
        ("lanyard_service_account.many[\"x\"]", Action::Replace),
        ("lanyard_service_account.many[\"y\"]", Action::NoOp),
        (
            "lanyard_service_account.many[\"x\"].description",
            Action::Replace,
        ),
        ("lanyard_service_account.many[\"x\"].name", Action::NoOp),
        ("terraform_data.other", Action::NoOp),
        (
            "terraform_data.other, lanyard_service_account.ci",
            Action::Replace,
        ),
    ] {
        assert_eq!(triggered(by).0, expected, "{by}");
    }
}

#[test]
fn what_only_terraform_knows_is_warned_of() {
    for (by, expected) in [
        ("lanyard_service_account.ci", 0),
        ("terraform_data.other", 1),
    ] {
        let notes = triggered(by).1.notes;
        let warned = notes
            .iter()
            .filter(|note| note.code == "triggers-not-evaluated");
        assert_eq!(warned.count(), expected, "{by}: {notes:#?}");
    }
}

#[test]
fn a_replacement_triggers_the_next_whatever_their_order() {
    for (first, second) in [("a", "b"), ("b", "a")] {
        let comparison = compared(&format!(
            "{ACCOUNTS}
            resource \"lanyard_access_token\" \"{first}\" {{
              name = \"{first}\"
              lifecycle {{
                replace_triggered_by = [lanyard_service_account.ci]
              }}
            }}
            resource \"lanyard_access_token\" \"{second}\" {{
              name = \"{second}\"
              lifecycle {{
                replace_triggered_by = [lanyard_access_token.{first}.id]
              }}
            }}"
        ));
        for name in [first, second] {
            let address = format!("lanyard_access_token.{name}");
            assert_eq!(action(&comparison, &address), Action::Replace, "{address}");
        }
    }
}

#[test]
fn each_instance_has_triggers_of_its_own() {
    let comparison = compared(&format!(
        "{ACCOUNTS}
        resource \"lanyard_access_token\" \"of\" {{
          for_each = {{ a = \"x\", b = \"y\" }}
          name     = each.key
          lifecycle {{
            replace_triggered_by = [lanyard_service_account.many[each.value]]
          }}
        }}"
    ));
    let of = |key: &str| action(&comparison, &format!("lanyard_access_token.of[{key:?}]"));
    assert_eq!([of("a"), of("b")], [Action::Replace, Action::NoOp]);
}

#[test]
fn a_forced_replacement_stays_one_when_it_is_planned_again() {
    let (_, comparison) = triggered("lanyard_service_account.ci");
    let mut changes = comparison.plan.changes.iter();
    let change = changes
        .find(|change| change.address == "lanyard_access_token.a")
        .unwrap();
    let again = change.plan_again(Some(&native::CAPABILITIES), &change.prior, &change.config);
    assert_eq!(again.action, Action::Replace);
    assert_eq!(again.reasons, change.reasons);
    assert!(
        again.reasons[0]
            .to_string()
            .contains("names `lanyard_service_account.ci`"),
        "{:?}",
        again.reasons
    );
}

#[test]
fn an_expression_is_evaluated_with_what_exists() {
    let comparison = compared(
        "resource \"lanyard_service_account\" \"ci\" {
          name = \"ci\"
        }
        resource \"lanyard_access_token\" \"a\" {
          name        = \"a\"
          description = \"of ${lanyard_service_account.ci.id}\"
        }",
    );
    let mut changes = comparison.plan.changes.iter();
    let token = changes
        .find(|change| change.kind == Kind::AccessToken)
        .unwrap();
    assert_eq!(token.planned.get("description").as_str(), Some("of sa_ci"));
    assert_eq!(token.depends_on, ["lanyard_service_account.ci"]);
}

/// A creation that nobody knows the outcome of.
fn undelivered(address: &str, name: &str) -> Open {
    Open {
        address: address.to_owned(),
        action: Issuing::Create,
        place: Place {
            url: "http://localhost".to_owned(),
            organization: None,
        },
        kind: Kind::AccessToken,
        name: Some(name.to_owned()),
        service_account: None,
        before: None,
        begun: "2026-01-01T00:00:00Z"
            .parse()
            .expect("the test world is well formed"),
    }
}

#[test]
fn an_open_delivery_is_issued_again_whatever_the_rotation_block_says() {
    let tokens = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n\
                  resource \"lanyard_access_token\" \"renamed\" {\n  name = \"b\"\n}\n";
    assert!(compared(tokens).plan.is_empty());
    let a = "lanyard_access_token.a";
    let open = [
        undelivered(a, "a"),
        undelivered("lanyard_access_token.b", "b"),
    ];
    let comparison = compared_with(tokens, &open);
    for (change, delivery) in comparison.plan.changes.iter().zip(&comparison.deliveries) {
        assert!(change.rotates(), "{}", change.address);
        let address = change.address.clone();
        assert_eq!(delivery.state, State::Reissued { address });
        let again = change.plan_again(Some(&native::CAPABILITIES), &change.prior, &change.config);
        assert_eq!(again.planned, change.planned, "the apply means the same");
    }
}

#[test]
fn an_open_delivery_is_forgotten_only_with_its_object() {
    let elsewhere = Place {
        url: "http://elsewhere".to_owned(),
        organization: None,
    };
    let open = [
        undelivered("lanyard_access_token.a", "a"),
        Open {
            place: elsewhere,
            ..undelivered("lanyard_access_token.b", "b")
        },
        undelivered("lanyard_access_token.gone", "gone"),
    ];
    let account = "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n";
    let comparison = compared_with(account, &open);
    let states: Vec<&State> = comparison
        .deliveries
        .iter()
        .map(|delivery| &delivery.state)
        .collect();
    let expected = [&State::Unconfigured, &State::Elsewhere, &State::Gone];
    assert_eq!(states, expected);
    let told = comparison.diagnostics();
    assert_eq!(
        told.iter()
            .filter(|each| each.code == "undelivered-secret")
            .count(),
        2
    );
}
