//! What the rules find of credentials that end, with an account or without.

use lanyard_compiler::plan::guard;
use lanyard_compiler::policy::{FILE, Policy};
use lanyard_compiler::reference::rules::findings;
use lanyard_compiler::review::findings::Fixture;
use lanyard_compiler::review::{taken_along, terraform};

use super::{found_by, said_of};

#[test]
fn a_review_is_held_to_the_whole_guard() {
    let told = |policy: &str, ends: usize, stays: usize, partial: bool| {
        let change = |index: usize| {
            let (actions, after) = match index < ends {
                true => ("delete", "null"),
                false => ("no-op", "{\"name\": \"x\"}"),
            };
            format!(
                r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"actions": ["{actions}"], "before": {{"name": "x"}}, "after": {after}}}}}"#
            )
        };
        let changes: Vec<String> = (0..ends + stays).map(change).collect();
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": {}, "resource_changes": [{}]}}"#,
            !partial,
            changes.join(", ")
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let policy = Policy::parse(FILE, policy).expect("the policy can be read");
        let mut found = found_by("mass-deletion", &reviewed, Some(&policy));
        found.pop().map(|finding| finding.message)
    };
    let share = "ends 4 of 6 credentials; more than 50 % is told here from 4 on";
    assert_eq!(told("", 4, 2, false).as_deref(), Some(share));
    assert_eq!(told("", 4, 4, false), None);
    assert_eq!(told("", 3, 0, false), None);
    // How many there are is not known.
    assert_eq!(told("", 4, 2, true), None);
    assert!(told("", 10, 0, true).is_some());
    assert!(told("[guard]\nfloor = 2\npercent = 30\n", 2, 3, false).is_some());
    assert_eq!(told("[guard]\npercent = 100\n", 6, 0, false), None);
}

#[test]
fn what_ends_with_its_account_counts() {
    let token = |index: usize| {
        format!(
            r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["no-op"], "before": {{"name": "x", "service_account": "sa_1"}},
                "after": {{"name": "x", "service_account": "sa_1"}}}}}}"#
        )
    };
    let tokens: Vec<String> = (0..3).map(token).collect();
    let plan = format!(
        r#"{{"format_version": "1.2", "complete": true, "resource_changes": [{},
          {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
            "change": {{"actions": ["delete"], "before": {{"id": "sa_1", "name": "a"}}, "after": null}}}}]}}"#,
        tokens.join(", ")
    );
    let found = findings(Fixture::Plan(plan.leak()));
    let told = found
        .iter()
        .find(|finding| finding.rule.name == "mass-deletion");
    assert!(
        told.is_some_and(|told| told.message.starts_with("ends 4 of 4 credentials")),
        "{found:?}"
    );
}

#[test]
fn a_token_that_is_only_made_now_ends_with_no_account() {
    let account = r#"{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
        "change": {"actions": ["delete", "create"], "before": {"id": "sa_1", "name": "a"}, "after": {"name": "b"},
          "after_unknown": {"id": true}}}"#;
    let token = |actions: &str, before: &str| {
        format!(
            r#"{account}, {{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": {actions}, "before": {before}, "after": {{"name": "t"}},
                "after_unknown": {{"service_account": true}}}}}}"#
        )
    };
    let said = |changes: &str| said_of("account-ends-while-used", changes);
    assert!(said(&token(r#"["create"]"#, "null")).is_empty());
    let old = token(
        r#"["delete", "create"]"#,
        r#"{"name": "t", "service_account": "sa_1"}"#,
    );
    assert_eq!(
        said(&old),
        ["takes along lanyard_access_token.t (used by output.t)"]
    );
}

/// Somebody may have put another secret in its place, which the deletion ends.
#[test]
fn the_deletion_of_a_revoked_token_may_end_a_secret() {
    for (status, ends) in [("revoked", true), ("active", true), ("expired", false)] {
        let deletion = format!(
            r#"{{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["delete"], "before": {{"name": "ci", "status": "{status}"}}, "after": null}}}}"#
        );
        assert_eq!(!said_of("ends", &deletion).is_empty(), ends, "{status}");
    }
}

#[test]
fn what_is_imported_under_another_address_is_not_forgotten() {
    let said = |id: &str| {
        let object = |address: &str, id: &str, change: &str| {
            format!(
                r#"{{"address": "lanyard_access_token.{address}", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"before": {{"id": "{id}", "name": "t"}}, {change}}}}}"#
            )
        };
        let after = format!(
            r#""actions": ["no-op"], "after": {{"id": "{id}", "name": "t"}}, "importing": {{"id": "{id}"}}"#
        );
        let forgotten = object("old", "at_1", r#""actions": ["forget"], "after": null"#);
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [{forgotten}, {}],
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"}}}},
                "root_module": {{"resources": [{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
                  "provider_config_key": "lanyard"}}]}}}}}}"#,
            object("t", id, &after)
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let found = found_by("is-forgotten", &reviewed, None).into_iter();
        found.count()
    };
    assert_eq!((said("at_1"), said("at_2")), (0, 1));
}

#[test]
fn an_account_that_is_not_ours_to_delete_locks_nobody_out() {
    let said = |api: &str, name: &str, (actions, after, rule): (&str, &str, &str)| {
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
                "change": {{"actions": [{actions}], "before": {{"id": "{name}", "name": "{name}"}}, "after": {after}}}}},
              {{"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["no-op"], "before": {{"name": "a", "service_account": "{name}"}},
                  "after": {{"name": "a", "service_account": "{name}"}}}}}}],
              "configuration": {{"provider_config": {{"lanyard": {{"full_name": "registry.terraform.io/lanyard/lanyard",
                "expressions": {{"api": {{"constant_value": "{api}"}}}}}}}}, "root_module": {{"resources": [
                {{"address": "output.a", "expressions": {{"x": {{"references": ["lanyard_access_token.a.token"]}}}}}}]}}}}}}"#
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        !found_by(rule, &reviewed, None).is_empty()
    };
    let ends = ("\"delete\"", "null", "ends");
    let renamed = "{\"name\": \"shop/new\"}";
    let is_replaced = ("\"delete\", \"create\"", renamed, "account-ends-while-used");
    for way in [ends, is_replaced] {
        assert!(!said("elasticsearch", "elastic/fleet-server", way));
        assert!(said("elasticsearch", "shop/worker", way));
        assert!(said("native", "elastic/fleet-server", way));
    }
}

#[test]
fn a_credential_whose_name_its_successor_takes_ends_first() {
    let said = |choice: &str, name: &str| {
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{"name": "t", "on_conflict": "{choice}"}},
                "after": {{"name": "{name}", "on_conflict": "{choice}"}}, "after_unknown": {{"id": true}}}}}}"#
        );
        said_of("ends-before-replaced", &change).len()
    };
    for choice in ["replace", "adopt"] {
        assert_eq!((said(choice, "t"), said(choice, "u")), (1, 0), "{choice}");
    }
    assert_eq!(said("error", "t"), 0);
    // An account without a secret of its own goes on as it is.
    let account = |choice: &str| {
        let changes = format!(
            r#"{{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
              "change": {{"actions": ["create", "delete"], "before": {{"id": "sa_1", "name": "a", "on_conflict": "{choice}"}},
                "after": {{"name": "a", "on_conflict": "{choice}"}}, "after_unknown": {{"id": true}}}}}},
            {{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["no-op"], "before": {{"name": "t", "service_account": "sa_1"}},
                "after": {{"name": "t", "service_account": "sa_1"}}}}}}"#
        );
        said_of("account-ends-while-used", &changes).len()
    };
    assert_eq!((account("adopt"), account("replace")), (0, 1));
}

#[test]
fn a_token_that_takes_itself_over_leaves_its_old_secret_the_grace_period() {
    let said = |choice: &str, grace: &str, account: &str| {
        let same = format!(r#""name": "t", "on_conflict": "{choice}", "rotation": {{{grace}}}"#);
        let (known, unknown) = match account {
            "" => ("", r#", "service_account": true"#),
            _ => (account, ""),
        };
        let change = format!(
            r#"{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{{same}, "service_account": "sa_1"}},
                "after": {{{same}{known}}}, "after_unknown": {{"id": true{unknown}}}}}}}"#
        );
        let mut said = said_of("is-replaced", &change);
        said.extend(said_of("ends-before-replaced", &change));
        said
    };
    let account = r#", "service_account": "sa_1""#;
    let by_itself = "is replaced by itself: `on_conflict` takes it over with a new secret, and the old secret works";
    for (grace, how) in [
        ("48h", "for 48h more"),
        ("until_first_use", "until the first use of the new one"),
    ] {
        let grace = format!(r#""grace_period": "{grace}""#);
        assert_eq!(
            said("adopt", &grace, account),
            [format!("{by_itself} {how}")]
        );
        let may = said("adopt", &grace, "");
        let end = format!("`on_conflict` takes it over, and the old secret works {how}");
        assert!(may.len() == 1 && may[0].ends_with(&end), "{may:?}");
    }
    for (choice, grace) in [("replace", r#""grace_period": "48h""#), ("adopt", "")] {
        let said = said(choice, grace, account);
        assert!(
            said.len() == 2 && said[0].contains("ends the old one first"),
            "{said:?}"
        );
    }
}

#[test]
fn a_credential_whose_account_is_only_known_later_ends_first_where_its_name_stays() {
    let said = |account: &str| {
        let changes = format!(
            r#"{account}{{"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
              "change": {{"actions": ["create", "delete"], "before": {{"name": "t", "service_account": "sa_1", "on_conflict": "replace"}},
                "after": {{"name": "t", "on_conflict": "replace"}}, "after_unknown": {{"id": true, "service_account": true}}}}}}"#
        );
        said_of("ends-before-replaced", &changes)
    };
    let account = |name: &str| {
        format!(
            r#"{{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
              "change": {{"actions": ["create", "delete"], "before": {{"id": "sa_1", "name": "a", "on_conflict": "adopt"}},
                "after": {{"name": "{name}", "on_conflict": "adopt"}}, "after_unknown": {{"id": true}}}}}},"#
        )
    };
    let ends = |how: &str| format!("{how} before the new one is there, and is used by output.t");
    assert_eq!(said(&account("a")), [ends("ends")]);
    assert!(said(&account("b")).is_empty());
    assert_eq!(said(""), [ends("may end")]);
}

/// With `-target`, a plan does not speak of all that the state holds.
#[test]
fn what_a_part_of_a_plan_deletes_may_be_what_the_rest_of_the_state_holds() {
    let told = |kept: &str, id: &str, beside: &str, more: &str| {
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": false, "resource_changes": [
              {{"address": "lanyard_access_token.b", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["delete"], "before": {{"name": "x", "id": "at_1"}}, "after": null}}}}{more}],
              "prior_state": {{"values": {{"root_module": {{"resources": [
                {{"address": "lanyard_access_token.b", "mode": "managed", "type": "lanyard_access_token", "values": {{"id": "at_1"}}}},
                {{"address": "lanyard_access_token.{kept}", "type": "lanyard_access_token", "values": {{"id": "{id}"}}, {beside}}}]}}}}}},
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard", "full_name": "registry.terraform.io/lanyard/lanyard"}}}}}}}}"#
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("held-twice", &reviewed, None).into_iter();
        found
            .map(|finding| format!("{} {}", finding.address, finding.message))
            .collect::<Vec<_>>()
    };
    let managed = r#""mode": "managed""#;
    assert_eq!(
        told("a", "at_1", managed, ""),
        ["lanyard_access_token.b ends what lanyard_access_token.a holds, which stays"]
    );
    let none = [""; 0];
    assert_eq!(told("a", "at_2", managed, ""), none);
    assert_eq!(told("a", "at_1", r#""mode": "data""#, ""), none);
    for beside in [
        r#""sensitive_values": {"id": true}"#,
        r#""deposed_key": "deadbeef""#,
    ] {
        assert_eq!(told("a", "at_1", &format!("{managed}, {beside}"), ""), none);
    }
    // What the plan speaks of it judges itself: both go, or the other one has this address now.
    let gone = r#", {"address": "lanyard_access_token.a", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["delete"], "before": {"name": "x", "id": "at_1"}, "after": null}}"#;
    assert_eq!(told("a", "at_1", managed, gone), none);
    let moved = r#", {"address": "lanyard_access_token.c", "previous_address": "lanyard_access_token.a", "mode": "managed",
        "type": "lanyard_access_token", "change": {"actions": ["no-op"], "before": {"id": "at_2"}, "after": {"id": "at_2"}}}"#;
    assert_eq!(told("a", "at_1", managed, moved), none);
}

/// Before an apply and in a review alike.
#[test]
fn what_ends_with_its_account_is_counted_in_one_way() {
    let counted = |api: &str, status: &str| {
        let state = format!(
            r#"{{"id": "at_1", "name": "x", "service_account": "sa_1", "status": "{status}"}}"#
        );
        let token = |index: usize| {
            format!(
                r#"{{"address": "lanyard_access_token.x[{index}]", "mode": "managed", "type": "lanyard_access_token",
                  "change": {{"actions": ["no-op"], "before": {state}, "after": {state}}}}}"#
            )
        };
        let tokens: Vec<String> = (0..3).map(token).collect();
        let plan = format!(
            r#"{{"format_version": "1.2", "complete": true, "resource_changes": [{},
              {{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
                "change": {{"actions": ["delete"], "before": {{"id": "sa_1", "name": "a"}}, "after": null}}}}],
              "configuration": {{"provider_config": {{"lanyard": {{"name": "lanyard",
                "full_name": "registry.terraform.io/lanyard/lanyard", "expressions": {{"api": {{"constant_value": "{api}"}}}}}}}}}}}}"#,
            tokens.join(", ")
        );
        let reviewed = terraform::parse(&plan).expect("the plan is Terraform's");
        let along = taken_along(&reviewed.plan, &reviewed.circumstances);
        let limits = guard::Limits::default();
        let beside = guard::Beside {
            taken_along: along,
            ..guard::Beside::default()
        };
        let refused = guard::mass_deletion(&reviewed.plan, beside, limits, None).is_some();
        let found = found_by("mass-deletion", &reviewed, None);
        assert_eq!(!found.is_empty(), refused);
        (along, refused)
    };
    assert_eq!(counted("native", "active"), (3, true));
    // What is dead ends no more.
    assert_eq!(counted("native", "expired"), (0, false));
    // An account there does not end while it has tokens.
    assert_eq!(counted("elasticsearch", "active"), (0, false));
}
