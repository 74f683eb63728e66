//! Whole configurations beside what a server has.

use lanyard_compiler::comparison::{Asked, Comparison, Server, Side, Twins, compare};
use lanyard_compiler::delivery::{Issuing, Open, Place, State};
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{self, MemoryLoader, Options, Schemas};
use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::record::{AccessTokenRecord, Former, ServiceAccountRecord};
use lanyard_compiler::model::server::{Api, capabilities, native, osmo, splunk};
use lanyard_compiler::model::{Kind, observe};
use lanyard_compiler::plan::file::SavedPlan;
use lanyard_compiler::plan::in_use::{Bond, InUse};
use lanyard_compiler::plan::inventory::{Found, Inventory};
use lanyard_compiler::plan::{Action, guard};
use lanyard_compiler::review::{self, Circumstances, Context, Format, Review};
use lanyard_compiler::secret::Secret;

/// A server with accounts `ci`, `still`, `x` and `y`, and tokens `a` and `b`, all of them ours.
pub(crate) fn side() -> Side {
    side_of(&["a", "b"])
}

/// Likewise, with these tokens; one that is called `dead` has expired.
fn side_of(tokens: &[&str]) -> Side {
    let accounts = ["ci", "still", "x", "y"].map(|name| {
        observe::service_account(&ServiceAccountRecord {
            id: format!("sa_{name}"),
            name: name.to_owned(),
            ..ServiceAccountRecord::default()
        })
    });
    let tokens = tokens.iter().map(|name| {
        observe::access_token(&AccessTokenRecord {
            id: format!("at_{name}"),
            name: (*name).to_owned(),
            roles: Some([].into()),
            scopes: Some([].into()),
            issued_at: "2026-01-01T00:00:00Z".parse().ok(),
            expires_at: (*name == "dead")
                .then_some("2026-01-01T12:00:00Z")
                .and_then(|end| end.parse().ok()),
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
            trace: None,
        }
    };
    let accounts = accounts.into_iter().map(found(Kind::ServiceAccount));
    let tokens = tokens.map(found(Kind::AccessToken));
    Side {
        provider: "provider[\"lanyard\"]".to_owned(),
        server: Server::Known(&native::CAPABILITIES),
        url: "http://localhost".to_owned(),
        organization: None,
        told_organization: None,
        credential: None,
        inventory: Inventory::new(
            accounts.chain(tokens).collect(),
            Some("lanyard"),
            "2026-01-02T00:00:00Z"
                .parse()
                .expect("the test world is well formed"),
        ),
        in_use: Some(InUse::default()),
        note: None,
    }
}

pub(crate) fn compared(configuration: &str) -> Comparison {
    compared_with(configuration, &[])
}

/// What pruning deletes, as ids, and what is said of the rest.
fn pruned(files: &[(&str, &str)], configuration: &str, sides: Vec<Side>) -> (Vec<String>, String) {
    let comparison = compared_on(files, configuration, sides, (true, &[]));
    let changes = comparison.plan.changes.iter();
    let mut deleted: Vec<String> = changes
        .filter(|change| change.action == Action::Delete)
        .map(|change| change.address.clone())
        .collect();
    deleted.sort();
    let mut notes = comparison.notes.iter();
    let note = notes.find(|note| note.code == Code::NotPruned);
    (
        deleted,
        note.map_or_else(String::new, |note| note.detail.clone()),
    )
}

fn compared_with(configuration: &str, open: &[Open]) -> Comparison {
    compared_on(&[], configuration, vec![side()], (false, open))
}

pub(crate) fn compared_on(
    files: &[(&str, &str)],
    configuration: &str,
    sides: Vec<Side>,
    (prune, open): (bool, &[Open]),
) -> Comparison {
    let asked = Asked {
        prune,
        open,
        ..Asked::default()
    };
    compared_as_asked(files, configuration, sides, &asked)
}

fn compared_as_asked(
    files: &[(&str, &str)],
    configuration: &str,
    sides: Vec<Side>,
    asked: &Asked<'_>,
) -> Comparison {
    let versions = "terraform {\n  required_providers {\n    lanyard = { source = \"lanyard/lanyard\" }\n  }\n}\n";
    let main = ("main.tf", format!("{versions}{configuration}"));
    let files = files.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let loader = MemoryLoader::new(files.chain([main]));
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
    compare(&compiled.configuration, again, sides, asked)
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
fn a_replacement_that_the_lifecycle_forbids_is_an_error() {
    for (word, allowed) in [
        ("prevent_destroy = true", "prevent_destroy = false"),
        ("destroy = false", "destroy = true"),
    ] {
        let of = |lifecycle: &str| {
            compared(&format!(
                "{ACCOUNTS}resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  lifecycle {{\n    replace_triggered_by = [lanyard_service_account.ci]\n    {lifecycle}\n  }}\n}}\n"
            ))
        };
        let problems = |comparison: &Comparison| -> Vec<String> {
            let changes = comparison.plan.changes.iter();
            let all = changes.flat_map(|change| &change.diagnostics);
            all.filter(|problem| problem.code == Code::PreventDestroy)
                .map(|problem| problem.detail.clone())
                .collect()
        };
        let forbidden = problems(&of(word));
        assert!(
            matches!(forbidden.as_slice(), [one] if one.contains("lanyard_access_token.a would be replaced") && one.contains(word.trim_end_matches(" = true"))),
            "{forbidden:?}"
        );
        let comparison = of(allowed);
        assert_eq!(
            action(&comparison, "lanyard_access_token.a"),
            Action::Replace
        );
        assert_eq!(problems(&comparison), [""; 0]);
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
            .filter(|note| note.code == Code::TriggersNotEvaluated);
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
          for_each = {{ x = \"a\", y = \"b\" }}
          name     = each.value
          lifecycle {{
            replace_triggered_by = [lanyard_service_account.many[each.key]]
          }}
        }}"
    ));
    let of = |key: &str| action(&comparison, &format!("lanyard_access_token.of[{key:?}]"));
    assert_eq!([of("x"), of("y")], [Action::Replace, Action::NoOp]);
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
        place: Place::new("http://localhost", None),
        kind: Kind::AccessToken,
        name: Some(name.to_owned()),
        service_account: None,
        before: None,
        begun: "2026-01-01T00:00:00Z"
            .parse()
            .expect("the test world is well formed"),
        displaced: false,
    }
}

#[test]
fn what_is_made_at_the_address_of_an_open_delivery_does_not_end_it() {
    let address = "lanyard_access_token.a";
    let open = [undelivered(address, "a")];
    // A new name, and one that another object has.
    for name in ["new", "b"] {
        let token =
            format!("resource \"lanyard_access_token\" \"a\" {{\n  name = \"{name}\"\n}}\n");
        let comparison = compared_with(&token, &open);
        assert!(
            comparison
                .plan
                .changes
                .iter()
                .all(|change| !change.rotates()),
            "{name}"
        );
        let [delivery] = comparison.deliveries.as_slice() else {
            panic!("{name}: {:#?}", comparison.deliveries);
        };
        assert_eq!(delivery.state, State::Unconfigured, "{name}");
        assert!(delivery.open.displaced, "{name}");
        let told = delivery.complaint().expect("it is stuck");
        assert!(told.detail.contains("another object now"), "{told:?}");
    }
    // And back again, also where something else is open at the address since.
    let token = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let displaced = Open {
        displaced: true,
        ..undelivered(address, "a")
    };
    let open = [undelivered(address, "b"), displaced];
    let comparison = compared_with(token, &open);
    let states: Vec<&State> = comparison
        .deliveries
        .iter()
        .map(|each| &each.state)
        .collect();
    let address = address.to_owned();
    assert_eq!(states, [&State::Reissued { address }, &State::Unconfigured]);
}

#[test]
fn one_server_in_two_spellings_is_one_place() {
    let open = [Open {
        place: Place::new("HTTP://LOCALHOST:80/", None),
        ..undelivered("lanyard_access_token.a", "a")
    }];
    let token = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let comparison = compared_with(token, &open);
    assert!(comparison.plan.changes[0].rotates());
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
    let elsewhere = Place::new("http://elsewhere", None);
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
            .filter(|each| each.code == Code::UndeliveredSecret)
            .count(),
        2
    );
}

#[test]
fn an_account_that_has_configured_tokens_is_not_pruned() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"a\" {\n  name = \"new\"\n  service_account = \"sa_x\"\n}\n";
    let comparison = compared_on(&[], TOKEN, vec![side()], (true, &[]));
    let ends = |id: &str| {
        let mut changes = comparison.plan.changes.iter();
        changes.any(|change| change.action == Action::Delete && change.address == id)
    };
    assert!(!ends("sa_x") && ends("sa_y"));
    let mut notes = comparison.notes.iter();
    let told = notes.find(|note| note.code == Code::HoldsConfiguredTokens);
    assert!(
        told.is_some_and(|told| told
            .detail
            .ends_with("end with it: lanyard_access_token.a.")),
        "{told:?}"
    );
}

#[test]
fn what_is_protected_from_pruning_counts_in_the_share() {
    let in_use = || {
        let mut side = side();
        side.in_use = Some(InUse {
            account: Some("sa_ci".to_owned()),
            token: Some("at_a".to_owned()),
            secrets: Vec::new(),
        });
        vec![side]
    };
    const EMPTY: &str = "provider \"lanyard\" {}\n";
    let comparison = compared_on(&[], EMPTY, in_use(), (true, &[]));
    let refusal = |protected| {
        let limits = guard::Limits::default();
        guard::mass_deletion(&comparison.plan, protected, limits, None)
            .map(|refusal| refusal.detail)
    };
    assert_eq!(comparison.protected, 2);
    assert_eq!(
        refusal(comparison.protected).as_deref(),
        Some("4 of 6 would be deleted or replaced, and 2 are protected from being pruned.")
    );
    // Half of what exists is no large share.
    assert_eq!(refusal(4), None);

    const UNREAD: &str = "module \"m\" {\n  source = \"example.org/a/b/c\"\n}\n";
    for (configuration, sides, advice) in [
        (
            EMPTY,
            vec![side()],
            "If none does, `lanyard plan --prune` plans to delete them.",
        ),
        (
            EMPTY,
            in_use(),
            "`lanyard plan --prune` plans to delete 4 of them, and says why not the others.",
        ),
        (
            UNREAD,
            vec![side()],
            "`--prune` would not delete any of them now: `lanyard plan --prune` says why.",
        ),
    ] {
        let configuration = format!("{EMPTY}{}", configuration.replace(EMPTY, ""));
        let told = compared_on(&[], &configuration, sides, (false, &[])).notes;
        let told = told
            .iter()
            .find(|note| note.code == Code::NotInConfiguration);
        let hints = told.map_or_else(String::new, |note| note.hints.join(" "));
        assert!(hints.contains(advice), "{hints}");
    }
}

#[test]
fn a_removed_block_silences_nothing_that_it_may_not_name() {
    const EMPTY: &str = "provider \"lanyard\" {}\n";
    let removed = |from: &str| {
        format!(
            "{EMPTY}removed {{\n  from = {from}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
        )
    };
    let told = |configuration: &str| {
        let notes = compared_on(&[], configuration, vec![side()], (false, &[])).notes;
        let note = notes
            .into_iter()
            .find(|note| note.code == Code::NotInConfiguration);
        note.expect("somebody should be told of what is left alone")
            .detail
    };
    let without = told(EMPTY);
    for address in [
        "lanyard_access_token.never",
        "lanyard_service_account.never",
        "module.never",
    ] {
        assert_eq!(
            told(&removed(address)),
            format!(
                "{without} What was {address} may be among them: without a state nothing says which object it was."
            )
        );
    }
    assert_eq!(told(&removed("terraform_data.never")), without);
}

#[test]
fn what_may_have_been_an_instance_that_is_never_destroyed_is_not_pruned() {
    let token = |more: &str, name: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  {more}\n  name = \"{name}\"\n  lifecycle {{\n    prevent_destroy = true\n  }}\n}}\n"
        )
    };
    let accounts = ["sa_ci", "sa_still", "sa_x", "sa_y"];
    for (configuration, tokens) in [
        // Its one instance is there: `b` was none of it.
        (token("", "a"), &["at_b"][..]),
        // There may have been more.
        (token("for_each = toset([\"a\"])", "a"), &[]),
        // Now there is none.
        (token("for_each = toset([])", "a"), &[]),
        (token("count = 0", "a"), &[]),
        // It may have had another name.
        (token("", "new"), &[]),
    ] {
        let (deleted, note) = pruned(&[], &configuration, vec![side()]);
        assert_eq!(deleted, [tokens, &accounts].concat(), "{configuration}");
        let says = "lanyard_access_token.a has `prevent_destroy`, and without a state nothing says which object it was";
        assert_eq!(note.contains(says), tokens.is_empty(), "{note}");
    }
    // Nor where a module around it has no instance any more.
    let module =
        |repeated: &str| format!("module \"m\" {{\n  source = \"./m\"\n  {repeated}\n}}\n");
    let files = [("m/main.tf", &*token("", "a"))];
    for (repeated, tokens) in [("", &["at_b"][..]), ("count = 0", &[])] {
        let (deleted, note) = pruned(&files, &module(repeated), vec![side()]);
        assert_eq!(deleted, [tokens, &accounts].concat(), "{repeated:?}");
        let says = "module.m.lanyard_access_token.a has `prevent_destroy`";
        assert_eq!(note.contains(says), tokens.is_empty(), "{note}");
    }
}

const ALL: [&str; 6] = ["at_a", "at_b", "sa_ci", "sa_still", "sa_x", "sa_y"];
const ACCOUNTS_ONLY: [&str; 4] = ["sa_ci", "sa_still", "sa_x", "sa_y"];
const TOKENS_ONLY: [&str; 2] = ["at_a", "at_b"];
const NOTHING: [&str; 0] = [];

/// What is not known, further files, the configuration, what is pruned, and why not more.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static [&'static str],
    &'static str,
);

#[test]
fn what_is_not_known_is_not_absent() {
    const MODULE: &str =
        "module \"m\" {\n  source = \"./m\"\n  count = length(terraform_data.other.id)\n}\n";
    const ONE_TOKEN: &str = "resource \"lanyard_access_token\" \"t\" {\n  name = \"t\"\n}\n";
    let cases: [Case; 16] = [
        ("nothing is unknown", &[], "", &ALL, ""),
        (
            "a module that is not on disk",
            &[],
            "module \"m\" {\n  source = \"example.org/a/b/c\"\n}\n",
            &NOTHING,
            "module.m is not on disk",
        ),
        (
            "a module that is not on disk and has no instance",
            &[],
            "module \"m\" {\n  source = \"example.org/a/b/c\"\n  count = 0\n}\n",
            &ALL,
            "",
        ),
        (
            "count of tokens",
            &[],
            "resource \"lanyard_access_token\" \"t\" {\n  count = length(terraform_data.other.id)\n  name = \"t${count.index}\"\n}\n",
            &ACCOUNTS_ONLY,
            "the instances of lanyard_access_token.t are not known yet",
        ),
        (
            "for_each of accounts",
            &[],
            "resource \"lanyard_service_account\" \"s\" {\n  for_each = toset([terraform_data.other.id])\n  name = each.key\n}\n",
            &TOKENS_ONLY,
            "the instances of lanyard_service_account.s are not known yet",
        ),
        (
            "count of somebody else's resource",
            &[],
            "resource \"terraform_data\" \"s\" {\n  count = length(terraform_data.other.id)\n}\n",
            &ALL,
            "",
        ),
        (
            "a name",
            &[],
            "resource \"lanyard_access_token\" \"t\" {\n  name = terraform_data.other.id\n}\n",
            &ACCOUNTS_ONLY,
            "the `name` of lanyard_access_token.t is not known yet",
        ),
        (
            "an owner",
            &[],
            "resource \"lanyard_access_token\" \"t\" {\n  name = \"a\"\n  service_account = terraform_data.other.id\n}\n",
            &ACCOUNTS_ONLY,
            "the `service_account` of lanyard_access_token.t is not known yet",
        ),
        (
            "an owner that is new itself",
            &[],
            "resource \"lanyard_service_account\" \"n\" {\n  name = \"n\"\n}\nresource \"lanyard_access_token\" \"t\" {\n  name = \"a\"\n  service_account = lanyard_service_account.n.id\n}\n",
            &ALL,
            "",
        ),
        (
            "instances of a module of tokens",
            &[("m/main.tf", ONE_TOKEN)],
            MODULE,
            &ACCOUNTS_ONLY,
            "the instances of module.m are not known yet",
        ),
        (
            "instances of a module that calls one that is not on disk",
            &[(
                "m/main.tf",
                "module \"n\" {\n  source = \"example.org/a/b/c\"\n}\n",
            )],
            MODULE,
            &NOTHING,
            "module.m.module.n is not on disk",
        ),
        (
            "instances of a module without resources of ours",
            &[("m/main.tf", "")],
            MODULE,
            &ALL,
            "",
        ),
        (
            "a file of OpenTofu's, which makes the folder one of its own",
            &[("more.tofu", ONE_TOKEN)],
            "",
            &ALL,
            "",
        ),
        (
            "a file of the other program",
            &[
                (
                    ".terraform.lock.hcl",
                    "provider \"registry.terraform.io/lanyard/lanyard\" {}\n",
                ),
                ("more.tofu", ONE_TOKEN),
            ],
            "",
            &NOTHING,
            "more.tofu was not read",
        ),
        (
            "a file that another one stands for",
            &[("more.tf", ONE_TOKEN), ("more.tofu", "")],
            "",
            &NOTHING,
            "more.tf was not read",
        ),
        (
            "a name that follows from an account that exists",
            &[],
            "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\nresource \"lanyard_service_account\" \"x\" {\n  count = lanyard_service_account.ci.id == \"sa_ci\" ? 1 : 0\n  name = \"x\"\n}\n",
            &["at_a", "at_b", "sa_still", "sa_y"],
            "",
        ),
    ];
    for (what, files, configuration, expected, said) in cases {
        let versions = "terraform {\n  required_providers {\n    lanyard = { source = \"lanyard/lanyard\" }\n  }\n}\n";
        let files: Vec<(&str, String)> = files
            .iter()
            // The root module says it once, in its main.tf.
            .map(|(name, text)| match name.contains('/') {
                true => (*name, format!("{versions}{text}")),
                false => (*name, (*text).to_owned()),
            })
            .collect();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let configuration = format!(
            "provider \"lanyard\" {{}}\nresource \"terraform_data\" \"other\" {{}}\n{configuration}"
        );
        let (deleted, note) = pruned(&files, &configuration, vec![side()]);
        assert_eq!(deleted, expected, "{what}: {note}");
        assert!(note.contains(said), "{what}: {note}");
        assert_eq!(note.is_empty(), said.is_empty(), "{what}: {note}");
    }
}

/// A token through the provider `two`, beside the default one.
const TWO_PROVIDERS: &str = r#"
provider "lanyard" {}
provider "lanyard" {
  alias = "two"
}
resource "lanyard_access_token" "a" {
  provider = lanyard.two
  name     = "a"
}
"#;

#[test]
fn what_another_provider_of_the_same_server_declares_is_not_pruned() {
    let elsewhere = Side {
        url: "http://elsewhere".to_owned(),
        ..side()
    };
    for (second, expected) in [
        (
            side(),
            ["at_b", "sa_ci", "sa_still", "sa_x", "sa_y"].as_slice(),
        ),
        // On a server of its own each is a leftover, and the first server's own token as well.
        (
            elsewhere,
            &[
                "at_a", "at_b", "at_b", "sa_ci", "sa_ci", "sa_still", "sa_still", "sa_x", "sa_x",
                "sa_y", "sa_y",
            ],
        ),
    ] {
        let (deleted, note) = pruned(&[], TWO_PROVIDERS, vec![side(), second]);
        assert_eq!(
            (
                deleted.iter().map(String::as_str).collect::<Vec<_>>(),
                note.as_str()
            ),
            (expected.to_vec(), "")
        );
    }
}

/// The same server, at this address: where its objects have dates of their own, ids and dates tell that it is the same.
fn dated(url: &str, created_at: &str) -> Side {
    let side = side();
    let objects = side.inventory.found().iter().map(|object| Found {
        created_at: created_at.parse().ok(),
        ..object.clone()
    });
    let inventory = Inventory::new(objects.collect(), Some("lanyard"), side.inventory.now());
    Side {
        url: url.to_owned(),
        inventory,
        ..side
    }
}

const TWO_NAMES: [&str; 2] = ["http://localhost", "http://127.0.0.1"];

#[test]
fn one_server_by_two_host_names_is_known_by_what_it_lists() {
    const THEN: &str = "2026-01-01T00:00:00Z";
    let both = |date| vec![dated(TWO_NAMES[0], THEN), dated(TWO_NAMES[1], date)];
    let (deleted, _) = pruned(&[], TWO_PROVIDERS, both(THEN));
    assert_eq!(deleted, ["at_b", "sa_ci", "sa_still", "sa_x", "sa_y"]);
    let (deleted, _) = pruned(&[], TWO_PROVIDERS, both("2026-01-01T00:00:01Z"));
    assert_eq!(deleted.len(), 11, "{deleted:?}");
}

#[test]
fn what_any_provider_of_a_server_signs_in_with_is_left_alone_by_all() {
    let signed_in = |url: &str, token: &str| {
        let mut side = dated(url, "2026-01-01T00:00:00Z");
        side.in_use = Some(InUse {
            account: Some("sa_ci".to_owned()),
            token: Some(token.to_owned()),
            ..InUse::default()
        });
        side
    };
    const PROVIDERS: &str =
        "provider \"lanyard\" {}\nprovider \"lanyard\" {\n  alias = \"two\"\n}\n";
    let disabled = |name: &str| {
        format!(
            "{PROVIDERS}resource \"lanyard_access_token\" \"it\" {{\n  name = {name:?}\n  disabled = true\n}}\n"
        )
    };
    for second in TWO_NAMES {
        let sides = || vec![signed_in(TWO_NAMES[0], "at_a"), signed_in(second, "at_b")];
        let (deleted, _) = pruned(&[], PROVIDERS, sides());
        assert_eq!(deleted, ["sa_still", "sa_x", "sa_y"], "{second}");
        for name in ["a", "b"] {
            let comparison = compared_on(&[], &disabled(name), sides(), (false, &[]));
            let told = comparison.diagnostics();
            let told = told.iter().filter(|it| it.code == Code::CredentialInUse);
            assert_eq!(told.count(), 1, "{second}: {name}");
        }
    }
    // Two organizations may have one address there.
    let splunk = |token| {
        let side = signed_in(TWO_NAMES[0], token);
        let found = side.inventory.found().to_vec();
        Side {
            server: Server::Known(&splunk::CAPABILITIES),
            inventory: Inventory::new(found, None, side.inventory.now()),
            ..side
        }
    };
    for (name, expected) in [("a", 1), ("b", 0)] {
        let sides = vec![splunk("at_a"), splunk("at_b")];
        let comparison = compared_on(&[], &disabled(name), sides, (false, &[]));
        let told = comparison.diagnostics();
        let told = told.iter().filter(|it| it.code == Code::CredentialInUse);
        assert_eq!(told.count(), expected, "{name}");
    }
}

#[test]
fn where_ids_are_names_one_server_is_known_by_a_secret_that_is_listed() {
    let showing = |server, url: &str, secret: &str| {
        let mut found: Vec<Found> = dated(url, "2026-01-01T00:00:00Z")
            .inventory
            .found()
            .to_vec();
        for object in &mut found {
            if object.kind == Kind::AccessToken {
                object.state.token = Some(Secret::new(secret));
            }
        }
        Side {
            server: Server::Known(server),
            url: url.to_owned(),
            inventory: Inventory::new(found, None, side().inventory.now()),
            ..side()
        }
    };
    let openobserve = capabilities(Api::Openobserve);
    let splunk = &splunk::CAPABILITIES;
    for (server, second_url, second_secret, expected) in [
        (openobserve, TWO_NAMES[0], "other", true),
        (openobserve, TWO_NAMES[1], "other", false),
        (openobserve, TWO_NAMES[1], "secret", true),
        // Two organizations may have one address there.
        (splunk, TWO_NAMES[0], "other", false),
        (splunk, TWO_NAMES[0], "secret", true),
        (splunk, TWO_NAMES[1], "secret", true),
    ] {
        let sides = [
            showing(server, TWO_NAMES[0], "secret"),
            showing(server, second_url, second_secret),
        ];
        let twins = Twins::among(&sides);
        let case = format!("{} {second_url} {second_secret}", server.title);
        for object in sides[0].inventory.found() {
            let has_it = [0, 1].map(|index| twins.is_holder(&sides, index, object));
            assert_eq!(has_it, [true, !expected], "{case}");
        }
    }
}

#[test]
fn of_what_several_providers_of_a_server_sign_in_with_the_strongest_bond_counts() {
    let account = Some("sa_ci".to_owned());
    let signed_in = |token: Option<&str>| Side {
        in_use: Some(InUse {
            account: account.clone(),
            token: token.map(str::to_owned),
            ..InUse::default()
        }),
        ..side()
    };
    let silent = Side {
        in_use: None,
        ..side()
    };
    let sides = [signed_in(Some("at_a")), signed_in(None), silent];
    let ci = &sides[0].inventory.found()[0].state;
    let twins = Twins::among(&sides[..1]);
    assert_eq!(twins.bond(&sides[..1], 0, ci), Some(Bond::Account));
    assert!(twins.say_who(&sides[..1], 0));
    let twins = Twins::among(&sides);
    for index in 0..3 {
        assert_eq!(twins.bond(&sides, index, ci), Some(Bond::Itself));
        // Of one of them nobody knows.
        assert!(!twins.say_who(&sides, index));
    }
}

#[test]
fn what_is_declared_on_a_server_that_is_not_known_may_be_on_any() {
    let unknown = |api| Side {
        server: Server::NotKnown {
            api,
            unknown: vec!["url".to_owned()],
        },
        url: String::new(),
        inventory: Inventory::default(),
        ..side()
    };
    for (api, expected) in [
        (None, ACCOUNTS_ONLY.as_slice()),
        (Some(Api::Native), &ACCOUNTS_ONLY),
        (Some(Api::Splunk), &ALL),
    ] {
        let (deleted, note) = pruned(&[], TWO_PROVIDERS, vec![side(), unknown(api)]);
        assert_eq!(deleted, expected, "{api:?}: {note}");
        let said = note.contains("the server of lanyard_access_token.a is not known yet");
        assert_eq!(said, expected.len() < ALL.len(), "{note}");
    }
}

#[test]
fn a_secret_that_died_is_renewed_although_no_state_holds_it() {
    for (settings, expected) in [
        ("ttl = \"12h\"", true),
        ("ttl = \"12h\"\n  disabled = true", false),
        ("expires_at = \"2026-01-01T12:00:00Z\"", false),
    ] {
        let configuration = format!(
            "resource \"lanyard_access_token\" \"dead\" {{\n  name = \"dead\"\n  {settings}\n}}\n"
        );
        let sides = vec![side_of(&["dead"])];
        let comparison = compared_on(&[], &configuration, sides, (false, &[]));
        let change = &comparison.plan.changes[0];
        assert_eq!(change.rotates(), expected, "{settings}");
        if expected {
            let why = change.reasons[0].to_string();
            assert_eq!(why, "rotates: expired 2026-01-01T12:00:00Z");
        }
        assert_eq!(dead_in(&comparison), [""; 0], "{settings}");
    }
}

/// The tokens of which the plan says that their secrets do not work.
fn dead_in(comparison: &Comparison) -> Vec<String> {
    let told = comparison.diagnostics().into_iter();
    told.filter(|problem| problem.code == Code::SecretDoesNotWork)
        .map(|problem| problem.detail)
        .collect()
}

#[test]
fn a_token_of_a_disabled_account_does_not_work_until_the_plan_enables_it() {
    let on = |disabled: bool| {
        let mut found: Vec<Found> = side_of(&["a"]).inventory.found().to_vec();
        for object in &mut found {
            match object.kind {
                Kind::ServiceAccount => object.state.disabled = Some(disabled),
                Kind::AccessToken => {
                    object.state.service_account = Some("sa_ci".to_owned());
                    object.state.status = disabled.then_some(Status::Disabled);
                }
            }
        }
        Side {
            inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
            ..side()
        }
    };
    let token = |account: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  service_account = {account}\n}}\n"
        )
    };
    let account = |settings: &str| {
        let token = token("lanyard_service_account.ci.id");
        format!(
            "{token}resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n{settings}\n}}\n"
        )
    };
    let dead = "\"a\": its service account \"sa_ci\" is disabled, and with it every access token of it. The token itself is not.";
    for (configuration, disabled, expected) in [
        (token("\"sa_ci\""), false, &[][..]),
        (token("\"sa_ci\""), true, &[dead]),
        (account("disabled = true"), true, &[dead]),
        (account("disabled = false"), true, &[]),
        (account(""), true, &[]),
    ] {
        let sides = vec![on(disabled)];
        let comparison = compared_on(&[], &configuration, sides, (false, &[]));
        assert_eq!(dead_in(&comparison), expected, "{configuration}");
    }
}

#[test]
fn a_role_that_an_account_loses_is_said_of_its_tokens_where_it_has_any() {
    for (owner, is_told) in [("sa_ci", true), ("sa_x", false)] {
        let mut found: Vec<Found> = side_of(&["a"]).inventory.found().to_vec();
        for object in &mut found {
            match object.kind {
                Kind::ServiceAccount => object.state.roles = Some(["viewer".to_owned()].into()),
                Kind::AccessToken => object.state.service_account = Some(owner.to_owned()),
            }
        }
        let side = Side {
            inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
            ..side()
        };
        let configuration =
            "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n  roles = []\n}\n";
        let comparison = compared_on(&[], configuration, vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        assert_eq!(change.action, Action::Update);
        let told = change.diagnostics.iter();
        let told = told.filter(|told| told.code == Code::RolesRemoved).count();
        assert_eq!(
            (told, change.reasons.len()),
            (usize::from(is_told), usize::from(is_told))
        );
    }
}

#[test]
fn a_retired_secret_ends_with_its_grace_period_although_no_state_remembers_it() {
    let former = |id: &str, own_end: &str, end: &str| Former {
        id: id.to_owned(),
        expires_at: own_end.parse().ok(),
        successor_expires_at: end.parse().ok(),
    };
    let compared_with = |own_end: &str, since: &str, ttl: &str, rotation: &str, now: &str| {
        let retired = [
            former("svc/ci@2", own_end, "2026-04-01T00:00:00Z"),
            former("svc/ci@1", own_end, "2026-03-31T00:00:00Z"),
        ];
        let token = observe::access_token(&AccessTokenRecord {
            id: "svc/ci".to_owned(),
            name: "ci".to_owned(),
            service_account: Some("svc".to_owned()),
            roles: Some([].into()),
            // It was issued on the second of March, and ends are whole days there.
            expires_at: "2026-04-01T00:00:00Z".parse().ok(),
            generation: Some(3),
            retired: Some(retired.into()),
            ..AccessTokenRecord::default()
        });
        let found = |kind, state, created_at| Found {
            kind,
            state,
            managed_by: None,
            created_at,
            last_used_at: None,
            trace: None,
        };
        let account = observe::service_account(&ServiceAccountRecord {
            id: "svc".to_owned(),
            name: "svc".to_owned(),
            ..ServiceAccountRecord::default()
        });
        let account = found(Kind::ServiceAccount, account, since.parse().ok());
        let found = found(Kind::AccessToken, token, None);
        let now = now.parse().expect("the test world is well formed");
        let side = Side {
            server: Server::Known(&osmo::CAPABILITIES),
            inventory: Inventory::new(vec![account, found], None, now),
            ..side()
        };
        let configuration = format!(
            "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  service_account = \"svc\"\n  {ttl}\n  {rotation}\n}}\n"
        );
        let comparison = compared_on(&[], &configuration, vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        let reasons: Vec<String> = change.reasons.iter().map(ToString::to_string).collect();
        let codes: Vec<_> = change
            .diagnostics
            .iter()
            .map(|told| told.code.name())
            .collect();
        let masked = comparison.plan.masked();
        let circumstances = Circumstances::default();
        let review = Review::of(&masked, &circumstances, Context::default());
        let text = review.render(Format::Text, review::Options::default());
        (reasons, codes, text)
    };
    let compared_since = |since: &str, ttl: &str, rotation: &str, now: &str| {
        compared_with("", since, ttl, rotation, now)
    };
    // No grace period keeps one beyond its own end, and what is past that is over whatever else is known.
    let two_days = "rotation {\n grace_period = \"2d\"\n }";
    let own_end = "2026-03-03T12:00:00Z";
    for (end, now, expected) in [
        ("ttl = \"30d\"", "2026-03-03T00:00:00Z", true),
        ("ttl = \"30d\"", "2026-03-03T12:00:00Z", false),
        (
            "expires_at = \"2026-04-01T00:00:00Z\"",
            "2026-03-03T12:00:00Z",
            false,
        ),
    ] {
        let (reasons, codes, text) = compared_with(own_end, "", end, two_days, now);
        let kept = text
            .matches(&format!("an old secret works until {own_end}, "))
            .count();
        assert_eq!(
            (kept, reasons.is_empty()),
            (if expected { 2 } else { 0 }, expected),
            "{text}"
        );
        assert_eq!(codes, [""; 0]);
    }
    let compared = |ttl: &str, rotation: &str, now: &str| {
        let (reasons, codes, text) = compared_since("", ttl, rotation, now);
        let kept = text.lines().filter(|line| line.contains(" works until "));
        let kept: Vec<String> = kept.map(|line| line.trim().to_owned()).collect();
        (reasons, codes, kept)
    };
    let none: Vec<String> = Vec::new();
    let (_, _, shortened) = compared_since(
        "",
        "ttl = \"30d\"",
        "rotation {\n grace_period = \"0s\"\n }",
        "2026-03-02T12:00:00Z",
    );
    let at_once = "ends the old secret svc/ci@1 of an earlier rotation at once: `rotation` gives it no grace period";
    assert!(shortened.contains(at_once), "{shortened}");
    // With a `ttl` that was longer all the time, its successors would be older than the account.
    let longer = |since: &str| {
        let rotation = "rotation {\n grace_period = \"2d\"\n }";
        compared_since(since, "ttl = \"90d\"", rotation, "2026-03-03T23:00:00Z").1
    };
    assert_eq!(longer("2026-02-28T00:00:00Z"), ["retired-without-date"]);
    let no_word: [&str; 0] = [];
    assert_eq!(longer("2025-02-28T00:00:00Z"), no_word);
    let end = |id: &str| format!("ends the old secret {id} of an earlier rotation");
    let first = vec![end("svc/ci@1")];
    let ends = vec![format!("{}; {}", end("svc/ci@2"), first[0])];
    // Another `grace_period` moves them, and nothing else would say so.
    let kept = [
        "an old secret works until 2026-03-05T00:00:00Z, as `ttl` and `grace_period` are configured now: svc/ci@2",
        "an old secret works until 2026-03-04T00:00:00Z, as `ttl` and `grace_period` are configured now: svc/ci@1",
    ];
    for (ttl, rotation, now, expected) in [
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-03T23:00:00Z",
            (&none, vec![], kept.as_slice()),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-04T23:00:00Z",
            (&first, vec![], &kept[..1]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-05T00:00:00Z",
            (&ends, vec![], &[]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n triggers = {}\n }",
            "2026-03-02T12:00:00Z",
            (&ends, vec![], &[]),
        ),
        // Nothing says when it was issued.
        (
            "expires_at = \"2026-04-01T00:00:00Z\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-31T00:00:00Z",
            (&none, vec!["retired-without-date", "token-ends-soon"], &[]),
        ),
        // What the hint says where there is no block to take anything out of.
        (
            "ttl = \"30d\"",
            "",
            "2026-03-05T00:00:00Z",
            (&none, vec!["retired-without-date"], &[]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {}",
            "2026-03-05T00:00:00Z",
            (&ends, vec![], &[]),
        ),
    ] {
        let (reasons, codes, kept) = compared(ttl, rotation, now);
        let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
        let found = (&reasons, codes, kept.as_slice());
        assert_eq!(found, expected, "{ttl} {rotation} {now}");
    }
}

#[test]
fn an_apply_is_held_to_what_was_reviewed() {
    const REVIEWED: &str =
        "resource \"lanyard_service_account\" \"new\" {\n  name  = \"new\"\n  roles = []\n}\n";
    let reviewed = compared(REVIEWED).save();
    let held = |configuration: &str, change: fn(&mut Side)| {
        let mut side = side();
        change(&mut side);
        let mut now = compared_on(&[], configuration, vec![side], (false, &[]));
        let problems = now.hold_to(&reviewed).err().unwrap_or_default();
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(held(REVIEWED, |_| ()), []);
    let more = format!("{REVIEWED}{}", REVIEWED.replace("new", "more"));
    assert_eq!(
        held(&more, |_| ()),
        [Code::PlanIsStale],
        "nobody reviewed it"
    );
    assert_eq!(
        held("", |_| ()),
        [Code::PlanIsStale],
        "it is not there any more"
    );
    let other = REVIEWED.replace("roles = []", "roles = [\"admin\"]");
    assert_eq!(
        held(&other, |_| ()),
        [Code::PlanIsStale],
        "it means something else"
    );
    let moved = |side: &mut Side| side.url = "http://elsewhere".to_owned();
    assert_eq!(held(REVIEWED, moved), [Code::AnotherServer]);
    let configured = |side: &mut Side| side.organization = Some("ops".to_owned());
    let told = |side: &mut Side| side.told_organization = Some("ops".to_owned());
    for lead in [configured, told] {
        let mut side = side();
        lead(&mut side);
        let mut now = compared_on(&[], REVIEWED, vec![side], (false, &[]));
        let told = now.hold_to(&reviewed).unwrap_err();
        assert!(told[0].detail.contains("organization \"ops\""), "{told:?}");
    }
    // Of a folder without resources, whose environment named the server that was looked through: there was nothing to prune.
    let empty = Side {
        inventory: Inventory::default(),
        ..self::side()
    };
    let nothing = compared_on(&[], "", vec![empty], (true, &[])).save();
    let mut now = compared_on(&[], "", vec![], (false, &[]));
    assert_eq!(now.hold_to(&nothing), Ok(()));
    assert!(now.hold_to(&reviewed).is_err());
}

#[test]
fn a_saved_plan_holds_no_secret_that_stands_in_a_description_and_is_held_to_it() {
    const SECRET: &str = "lyd_hunter2Xhunter2Xhunter2Xhunter2X3TAlfo";
    let on = |was: &str, becomes: &str, prune: bool| {
        let account = ServiceAccountRecord {
            id: "sa_ci".to_owned(),
            name: "ci".to_owned(),
            description: Some(was.to_owned()),
            ..ServiceAccountRecord::default()
        };
        let found = Found {
            kind: Kind::ServiceAccount,
            state: observe::service_account(&account),
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
        };
        let mut side = side();
        let now = side.inventory.now();
        side.inventory = Inventory::new(vec![found], Some("lanyard"), now);
        let configured = format!(
            "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  description = \"{becomes}\"\n}}\n"
        );
        let configured = if prune { "" } else { configured.as_str() };
        compared_on(&[], configured, vec![side], (prune, &[]))
    };
    let uses = format!("uses {SECRET}");
    let used = format!("used {SECRET}");
    for (was, becomes, prune, action) in [
        (&*uses, "fine", false, Action::Update),
        (&uses, &used, false, Action::Update),
        (&uses, "", true, Action::Delete),
    ] {
        let reviewed = on(was, becomes, prune).save();
        assert_eq!(reviewed.plan.changes[0].action, action);
        let text = reviewed.to_text();
        assert!(text.contains("uses (a secret, hidden)"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        let reviewed = SavedPlan::parse(&text).unwrap();
        let mut now = on(was, becomes, prune);
        assert_eq!(now.hold_to(&reviewed), Ok(()));
        let held = &now.plan.changes[0];
        assert_eq!(held.prior.get("description").as_str(), Some(was));
        if !prune {
            let planned = held.planned.get("description");
            assert_eq!(planned.as_str(), Some(becomes), "what is applied is whole");
        }
        // What somebody wrote there since is another text.
        let told = on(&used, becomes, prune).hold_to(&reviewed).unwrap_err();
        assert_eq!(told[0].code, Code::PlanIsStale);
        let without = on("uses nothing", becomes, prune).hold_to(&reviewed);
        assert!(without.is_err());
    }
    let reviewed = on("fine", &uses, false).save();
    assert!(on("fine", &uses, false).hold_to(&reviewed).is_ok());
    assert!(on("fine", &used, false).hold_to(&reviewed).is_err());
}

#[test]
fn an_account_that_was_made_anew_since_the_review_is_not_the_one_reviewed() {
    const CONFIGURATION: &str = "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n\
        resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  service_account = lanyard_service_account.ci.id\n}\n";
    let on = |hour: u8, rotate: &[&str]| {
        let mut side = side();
        let created = format!("2026-01-01T{hour:02}:00:00Z");
        let found = [
            (
                Kind::ServiceAccount,
                observe::service_account(&ServiceAccountRecord {
                    id: "sa_ci".to_owned(),
                    name: "ci".to_owned(),
                    created_at: created.parse().ok(),
                    ..ServiceAccountRecord::default()
                }),
            ),
            (
                Kind::AccessToken,
                observe::access_token(&AccessTokenRecord {
                    id: "at_a".to_owned(),
                    name: "a".to_owned(),
                    service_account: Some("sa_ci".to_owned()),
                    roles: Some([].into()),
                    scopes: Some([].into()),
                    ..AccessTokenRecord::default()
                }),
            ),
        ];
        let found = found.map(|(kind, state)| Found {
            kind,
            state,
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
        });
        side.inventory = Inventory::new(found.into(), Some("lanyard"), side.inventory.now());
        let rotate: Vec<String> = rotate.iter().map(ToString::to_string).collect();
        let asked = Asked {
            rotate: &rotate,
            ..Asked::default()
        };
        compared_as_asked(&[], CONFIGURATION, vec![side], &asked)
    };
    let rotate = &["lanyard_access_token.a"];
    let reviewed = on(0, rotate).save();
    assert!(on(0, rotate).hold_to(&reviewed).is_ok());
    let problems = on(1, rotate).hold_to(&reviewed).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(
        problems[0].detail,
        "lanyard_service_account.ci differs from what was reviewed in created_at."
    );
}

/// What comes of `--rotate` with these addresses: each change that issues a secret, and each complaint.
fn rotated(configuration: &str, addresses: &[&str]) -> Vec<String> {
    let rotate: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let asked = Asked {
        rotate: &rotate,
        ..Asked::default()
    };
    let sides = vec![side_of(&["a", "b", "dead"])];
    let comparison = compared_as_asked(&[], configuration, sides, &asked);
    let changes = comparison.plan.changes.iter();
    let issued = changes.filter_map(|change| {
        let how = Issuing::of(change)?;
        Some(format!("{how:?} {}", change.address))
    });
    let complaints = comparison.diagnostics().into_iter();
    let complaints = complaints.filter(|problem| problem.code != Code::NotInConfiguration);
    let complaints = complaints.map(|problem| format!("{}: {}", problem.code, problem.detail));
    issued.chain(complaints).collect()
}

#[test]
fn an_address_as_documents_refer_to_it_is_told_in_full() {
    let rotate = ["access_token.a".to_owned()];
    let asked = Asked {
        rotate: &rotate,
        ..Asked::default()
    };
    let configuration = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let comparison = compared_as_asked(&[], configuration, vec![side()], &asked);
    let mut told = comparison.diagnostics().into_iter();
    let told = told.find(|problem| problem.code == Code::NothingToRotate);
    assert_eq!(
        told.expect("nothing has this address").hints,
        ["Its address is `lanyard_access_token.a`, in a document as well."]
    );
}

#[test]
fn a_new_secret_is_issued_for_whatever_it_is_asked_for() {
    let configuration = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_access_token" "all" {
  for_each = toset(["a", "b"])
  name     = each.key
}

resource "lanyard_access_token" "dead" {
  name = "dead"
}
"#;
    let check = |addresses: &[&str], expected: &[&str]| {
        assert_eq!(rotated(configuration, addresses), expected, "{addresses:?}");
    };
    let dead = "Rotate lanyard_access_token.dead";
    check(&[], &[dead]);
    check(&["lanyard_access_token.dead"], &[dead]);
    check(
        &["lanyard_access_token.all[\"b\"]"],
        &["Rotate lanyard_access_token.all[\"b\"]", dead],
    );
    check(
        &["lanyard_access_token.all"],
        &[
            "Rotate lanyard_access_token.all[\"a\"]",
            "Rotate lanyard_access_token.all[\"b\"]",
            dead,
        ],
    );
    check(
        &["lanyard_access_token.al"],
        &[
            dead,
            "nothing-to-rotate: `--rotate lanyard_access_token.al`: the configuration has no such resource.",
        ],
    );
    check(
        &["lanyard_service_account.ci"],
        &[
            dead,
            "rotation-impossible: `--rotate lanyard_service_account.ci`: the native token server cannot replace the secret of this service account.",
        ],
    );
}

/// The state that a provider would have stored is made of what the server says: where that is when a secret was issued, both doors
/// rotate by its age alike; where it is not, that is said.
#[test]
fn a_secret_rotates_by_its_age_where_the_server_tells_it() {
    let configuration = |every: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  rotation {{\n    every = \"{every}\"\n  }}\n}}"
        )
    };
    let told = |every: &str, side: Side| {
        let comparison = compared_on(&[], &configuration(every), vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        let unknown = comparison.diagnostics().into_iter();
        let unknown = unknown.filter(|problem| problem.code == Code::SecretAgeUnknown);
        (Issuing::of(change), unknown.count())
    };
    // It was issued a day ago.
    assert_eq!(told("24h", side()), (Some(Issuing::Rotate), 0));
    assert_eq!(told("25h", side()), (None, 0));
    let mut found: Vec<Found> = side().inventory.found().to_vec();
    for object in &mut found {
        object.state.issued_at = None;
    }
    let silent = Side {
        inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
        ..side()
    };
    assert_eq!(told("24h", silent), (None, 1));
}

/// At this time, a server that has one token `a` of ours, which ends then.
fn side_of_token(end: &str, status: Option<Status>, now: &str) -> Side {
    let mut state = observe::access_token(&AccessTokenRecord {
        id: "at_a".to_owned(),
        name: "a".to_owned(),
        roles: Some([].into()),
        scopes: Some([].into()),
        issued_at: "2026-01-01T00:00:00Z".parse().ok(),
        expires_at: end.parse().ok(),
        ..AccessTokenRecord::default()
    });
    state.status = status;
    let found = Found {
        kind: Kind::AccessToken,
        state,
        managed_by: Some("lanyard".to_owned()),
        created_at: None,
        last_used_at: None,
        trace: None,
    };
    let now = now.parse().expect("the test world is well formed");
    Side {
        inventory: Inventory::new(vec![found], Some("lanyard"), now),
        ..side()
    }
}

/// It has died of old age since, which waits for the next plan; anything else that asks for a new secret is told as what it is.
#[test]
fn what_merely_expired_since_the_review_is_no_loss() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  ttl = \"10d\"\n  description = \"new\"\n}\n";
    let on = |now: &str, status: Option<Status>| {
        let side = side_of_token("2026-01-11T00:00:00Z", status, now);
        compared_on(&[], TOKEN, vec![side], (false, &[]))
    };
    let reviewed = on("2026-01-02T00:00:00Z", Some(Status::Active)).save();

    let mut later = on("2026-01-20T00:00:00Z", Some(Status::Expired));
    assert!(later.plan.changes[0].brings_secret(), "it would be renewed");
    assert_eq!(later.hold_to(&reviewed), Ok(()));
    assert!(!later.plan.changes[0].brings_secret());

    let mut revoked = on("2026-01-03T00:00:00Z", Some(Status::Revoked));
    let problems = revoked.hold_to(&reviewed).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let said = &problems[0].detail;
    assert!(said.contains("no longer accepted"), "{said}");
}

#[test]
fn a_token_that_ends_soon_is_told_until_something_rotates_it() {
    let told = |now: &str, rotation: &str, rotate: &[String]| {
        let side = side_of_token("2026-01-21T00:00:00Z", Some(Status::Active), now);
        let configuration = format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  ttl = \"20d\"\n  {rotation}\n}}\n"
        );
        let asked = Asked {
            rotate,
            ..Asked::default()
        };
        let comparison = compared_as_asked(&[], &configuration, vec![side], &asked);
        let told = &comparison.plan.changes[0].diagnostics;
        let told = told
            .iter()
            .map(|told| format!("{}: {}", told.code, told.detail));
        told.collect::<Vec<_>>()
    };
    let soon = "token-ends-soon: The access token \"a\" ends in a day, at 2026-01-21T00:00:00Z.";
    let none: Vec<String> = Vec::new();
    assert_eq!(told("2026-01-02T00:00:00Z", "", &[]), none);
    assert_eq!(told("2026-01-19T12:00:00Z", "", &[]), [soon]);
    let rotation = "rotation {\n before_expiry = \"1d\"\n }";
    assert_eq!(told("2026-01-19T12:00:00Z", rotation, &[]), none);
    let asked = &["lanyard_access_token.a".to_owned()];
    assert_eq!(told("2026-01-19T12:00:00Z", "", asked), none);
}

/// A side whose objects nobody manages; its tokens are of the account `ci`.
fn side_of_others(tokens: &[&str]) -> Side {
    let mut side = side_of(tokens);
    let mut found = side.inventory.found().to_vec();
    for object in &mut found {
        object.managed_by = None;
        object.created_at = "2026-01-01T00:00:00Z".parse().ok();
        if object.kind == Kind::AccessToken {
            object.state.service_account = Some("sa_ci".to_owned());
        }
    }
    side.inventory = Inventory::new(found, Some("lanyard"), side.inventory.now());
    side
}

#[test]
fn what_is_taken_from_somebody_else_is_told_and_counted() {
    let planned = |tokens: &[&str], configuration: &str| {
        let side = side_of_others(tokens);
        let comparison = compared_on(&[], configuration, vec![side], (false, &[]));
        let masked = comparison.plan.masked();
        let circumstances = Circumstances::default();
        let review = Review::of(&masked, &circumstances, Context::default());
        let text = review.render(Format::Text, review::Options::default());
        let limits = guard::Limits::default();
        let refusal = guard::mass_deletion(&comparison.plan, 0, limits, None);
        (text, refusal.map(|refusal| refusal.detail), comparison)
    };
    let tokens = |way: &str, count: usize, more: &str| {
        format!(
            "resource \"lanyard_access_token\" \"t\" {{\n  count = {count}\n  name = \"t${{count.index}}\"\n  service_account = \"sa_ci\"\n  on_conflict = \"{way}\"\n{more}}}\n"
        )
    };
    let four = ["t0", "t1", "t2", "t3"];
    let all = Some("4 of 4 would be deleted or replaced.".to_owned());
    let made = "(made 2026-01-01T00:00:00Z, nobody manages it)";
    for (way, told) in [
        (
            "replace",
            format!(
                "-/+ lanyard_access_token.t[0] is created in place of at_t0 {made}, which is deleted first: its secret ends at once"
            ),
        ),
        (
            "adopt",
            format!("+ lanyard_access_token.t[0] takes over at_t0 {made}: its secret ends at once"),
        ),
    ] {
        let (text, refusal, comparison) = planned(&four, &tokens(way, 5, ""));
        assert!(text.starts_with(&told), "{text}");
        let fifth = text.find("t[4] is created\n").expect("it is new");
        assert!(text.find("t[3]").is_some_and(|at| at < fifth), "{text}");
        assert!(
            text.contains("Plan: 5 to create (4 by taking what is there)."),
            "{text}"
        );
        assert!(text.contains("error[mass-deletion]"), "{text}");
        assert_eq!(refusal, all);
        // What was reviewed is done, or nothing is.
        let reviewed = comparison.save();
        for (there, problems) in [(&four[..], 0), (&four[1..], 1)] {
            let (_, _, mut later) = planned(there, &tokens(way, 5, ""));
            let told = later.hold_to(&reviewed).err().unwrap_or_default();
            assert_eq!(told.len(), problems, "{told:?}");
            assert!(
                problems == 0 || told[0].detail.ends_with("is free now."),
                "{told:?}"
            );
            assert_eq!(
                later.plan.changes[3].takes,
                comparison.plan.changes[3].takes
            );
        }
    }
    let grace = tokens("adopt", 4, "  rotation {\n    grace_period = \"1d\"\n  }\n");
    let (text, refusal, _) = planned(&four, &grace);
    assert!(
        text.contains(&format!("takes over at_t0 {made}\n")),
        "{text}"
    );
    assert_eq!(refusal, None);
    let (text, refusal, _) = planned(&four, &grace.replace("1d", "0s"));
    assert!(text.contains(": its secret ends at once\n"), "{text}");
    assert_eq!(refusal, all);
    assert_eq!(
        planned(
            &["dead"],
            &tokens("replace", 1, "").replace("t${count.index}", "dead")
        )
        .2
        .plan
        .changes[0]
            .takes
            .as_ref()
            .map(|takes| takes.ending()),
        Some(0)
    );

    let account = |way: &str| {
        format!(
            "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  on_conflict = \"{way}\"\n}}\n"
        )
    };
    let (text, refusal, _) = planned(&["t0", "t1", "t2", "dead"], &account("replace"));
    let told = format!(
        "-/+ lanyard_service_account.ci is created in place of sa_ci {made}, which is deleted first: 3 access tokens end with it, and whatever signs in as it is locked out at once\n"
    );
    assert!(text.contains(&told), "{text}");
    assert_eq!(refusal, all);
    let (text, refusal, _) = planned(&four, &account("adopt"));
    let told = format!("+ lanyard_service_account.ci takes over sa_ci {made}\n");
    assert!(text.contains(&told), "{text}");
    assert_eq!(refusal, None);
}
