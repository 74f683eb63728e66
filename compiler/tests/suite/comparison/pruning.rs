//! What `--prune` may end, and what it leaves alone.

use super::*;

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
        let beside = guard::Beside {
            protected,
            ..guard::Beside::default()
        };
        let refusal = guard::mass_deletion(&comparison.plan, beside, limits, None);
        refusal.map(|refusal| refusal.detail)
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

pub(super) const ALL: [&str; 6] = ["at_a", "at_b", "sa_ci", "sa_still", "sa_x", "sa_y"];
pub(super) const ACCOUNTS_ONLY: [&str; 4] = ["sa_ci", "sa_still", "sa_x", "sa_y"];
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
