//! What a plan means for a credential: its power, its end, and whose it is.

use lanyard_compiler::review::{Context, Format, Level, Review};
use serde_json::{Value as Json, json};

use super::{change, parse, plan, shown, text};

#[test]
fn power_that_nobody_spoke_of_before_is_compared_too() {
    let told = |kind: &str, before: Json, after: Json| {
        let plan = json!({"format_version": "1.2", "resource_changes": [{
            "address": format!("lanyard_{kind}.x"), "mode": "managed", "type": format!("lanyard_{kind}"),
            "change": {"actions": ["update"], "before": before, "after": after}}]});
        text(&plan)
    };
    let disabled = |value: Json| json!({"id": "x", "name": "x", "disabled": value});
    let text = told("access_token", disabled(Json::Null), disabled(json!(true)));
    assert!(text.contains("loses: is disabled\n"), "{text}");
    let text = told("access_token", disabled(Json::Null), disabled(json!(false)));
    assert!(!text.contains("gains"), "{text}");
    let unrestricted = |value: Json| json!({"id": "x", "name": "x", "unrestricted": value});
    for before in [Json::Null, json!(false)] {
        let text = told(
            "service_account",
            unrestricted(before),
            unrestricted(json!(true)),
        );
        assert!(text.contains("gains: all data, unrestricted\n"), "{text}");
    }
}

#[test]
fn a_new_token_without_roles_has_all_that_its_account_has() {
    let mut plan = plan("opentofu_forgets_and_creates");
    let text = |plan: &Json| text(plan);
    // By the reference, where the id is not known yet.
    assert!(
        text(&plan).contains("gains: every role of its account (viewer)"),
        "{}",
        text(&plan)
    );
    let configuration = plan["configuration"].take();
    assert!(
        text(&plan).contains("gains: every role of its account\n"),
        "{}",
        text(&plan)
    );
    let id = plan["resource_changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["change"]["actions"] == json!(["no-op"]))
        .unwrap()["change"]["after"]["id"]
        .clone();
    let token = plan["resource_changes"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|change| change["type"] == "lanyard_access_token")
        .unwrap();
    token["change"]["after_unknown"]["service_account"] = json!(false);
    token["change"]["after"]["service_account"] = id;
    token["change"]["before"]["roles"] = json!([]);
    assert!(configuration.is_object());
    assert!(
        text(&plan).contains("gains: every role of its account (viewer)"),
        "{}",
        text(&plan)
    );
}

#[test]
fn what_is_deleted_has_nothing_to_come() {
    for name in ["opentofu_enabled_false", "one_deposed"] {
        let text = text(&plan(name));
        assert!(!text.contains("never-expires"), "{text}");
    }
}

#[test]
fn what_is_left_over_is_a_finding_of_its_own() {
    let reviewed = parse(&plan("one_deposed"));
    let report: Json = serde_json::from_str(&shown(&reviewed, Format::Codequality)).unwrap();
    let told: Vec<(&str, &str)> = report
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["check_name"] == "ends")
        .map(|issue| {
            let text = |field: &str| issue[field].as_str().unwrap();
            (text("description"), text("fingerprint"))
        })
        .collect();
    let [(live, one), (left_over, other)] = told[..] else {
        panic!("{told:?}");
    };
    assert_ne!(one, other);
    assert!(!live.contains("deposed"), "{live}");
    assert!(
        left_over.contains("not the live object: deposed "),
        "{left_over}"
    );
}

#[test]
fn creating_first_is_not_deleting_first() {
    let mut plan = plan("opentofu_forgets_on_request");
    change(&mut plan)["change"]["actions"] = json!(["create", "delete"]);
    let text = text(&plan);
    assert!(text.contains("+/- lanyard_access_token.x"), "{text}");
    assert!(
        text.contains("created anew before the old one is deleted"),
        "{text}"
    );
}

#[test]
fn the_credential_that_terraform_itself_signs_in_with_is_not_ended_unseen() {
    let ended = |kind: &str, state: Json| {
        json!({"address": format!("{kind}.ci"), "mode": "managed", "type": kind, "change": {
            "actions": ["delete"], "before": state, "after": null,
            "before_sensitive": {"token": true}, "after_sensitive": false}})
    };
    let token = |token: &str| {
        let state = json!({"id": "at_1", "name": "ci", "service_account": "sa_1", "token": token});
        ended("lanyard_access_token", state)
    };
    let account = || {
        ended(
            "lanyard_service_account",
            json!({"id": "sa_1", "name": "ci"}),
        )
    };
    let found = |expression: Json, identity: Json, held: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [token(held), account()],
            "variables": {"key": {"value": "hunter2hunter2"}, "other": {"value": "hunter3hunter3"}},
            "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": [
                {"address": "data.lanyard_identity.me", "mode": "data", "type": "lanyard_identity", "values": identity}]}}},
            "configuration": {"provider_config": {"lanyard": {"name": "lanyard",
                "full_name": "registry.terraform.io/lanyard/lanyard", "expressions": {"token": expression}}}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.findings().iter();
        let found = found.filter(|finding| finding.rule.name == "credential-in-use");
        let found: Vec<String> = found.map(|finding| finding.message.clone()).collect();
        assert!(!shown(&reviewed, Format::Json).contains("hunter"));
        found.join("; ")
    };
    let by = |name: &str| json!({"references": [name]});
    let nobody = json!({});
    let held = "hunter2hunter2";
    let by_block = "ends, and provider[\"lanyard\"] signs in with it; \
                    ends, and provider[\"lanyard\"] signs in with a token of it";
    assert_eq!(found(by("var.key"), nobody.clone(), held), by_block);
    let constant = json!({"constant_value": "hunter2hunter2"});
    assert_eq!(found(constant, nobody.clone(), held), by_block);
    for other in ["var.other", "var.absent", "local.key"] {
        assert_eq!(found(by(other), nobody.clone(), held), "");
    }
    let identity = |token: Json, account: Json| json!({"id": "sa_1", "access_token": token, "service_account": account});
    let told = |identity: Json| found(json!({}), identity, held);
    let said = "Terraform, as data.lanyard_identity.me was told, signs in with";
    let of_account = format!("ends, and {said} a token of it");
    assert_eq!(
        told(identity("at_1".into(), "sa_1".into())),
        format!("ends, and {said} it; {of_account}")
    );
    // Another token of the same account.
    assert_eq!(told(identity("at_2".into(), "sa_1".into())), of_account);
    assert_eq!(
        told(identity(Json::Null, "sa_1".into())),
        format!("ends, and {said} it")
    );
    assert_eq!(told(identity("at_2".into(), "sa_2".into())), "");
}

#[test]
fn power_that_only_the_apply_can_tell_may_be_a_gain() {
    let change = |kind: &str, before: Json, after: Json, unknown: Json| {
        json!({"address": format!("{kind}.ci"), "mode": "managed", "type": kind, "change": {
            "actions": ["update"], "before": before, "after": after, "after_unknown": unknown}})
    };
    let told = |changes: Json| {
        let reviewed = parse(&json!({"format_version": "1.2", "resource_changes": changes}));
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let gains = review.rules_from(Level::Note).contains(&"gains-power");
        (shown(&reviewed, Format::Text), gains)
    };
    let account = "lanyard_service_account";
    let token = "lanyard_access_token";
    let labels = |team: Json| json!({"permission": "READ", "labels": {"team": team}});
    for (kind, before, after, unknown, phrase) in [
        (
            token,
            json!({"name": "ci", "roles": ["viewer"]}),
            json!({"name": "ci"}),
            json!({"roles": true}),
            "roles, known after apply: maybe more than before",
        ),
        (
            account,
            json!({"name": "ci", "roles": ["viewer", "editor"]}),
            json!({"name": "ci", "roles": ["viewer", null]}),
            json!({"roles": [false, true]}),
            "roles, known after apply: maybe more than before",
        ),
        (
            token,
            json!({"name": "ci", "scopes": ["metrics:read"]}),
            json!({"name": "ci"}),
            json!({"scopes": true}),
            "scopes, known after apply: maybe more than before",
        ),
        (
            account,
            json!({"name": "ci", "restriction": labels("a".into())}),
            json!({"name": "ci", "restriction": labels(Json::Null)}),
            json!({"restriction": {"labels": {"team": true}}}),
            "restriction.labels, known after apply: maybe more than before",
        ),
        (
            account,
            json!({"name": "ci", "disabled": true}),
            json!({"name": "ci"}),
            json!({"disabled": true}),
            "may be enabled again",
        ),
    ] {
        let (text, gains) = told(json!([change(kind, before, after, unknown)]));
        assert!(
            text.contains(&format!("gains: {phrase}\n")) && gains,
            "{text}"
        );
        assert!(!text.contains("loses"), "{text}");
    }
    // Whether the account stays disabled is not known.
    let off = json!({"id": "at_1", "name": "ci", "service_account": "sa_1", "status": "disabled"});
    let mut cut_off = change(token, off.clone(), off, json!({}));
    cut_off["change"]["actions"] = json!(["no-op"]);
    let enabled = |after: Json, unknown: Json| {
        let before = json!({"id": "sa_1", "name": "ci", "disabled": true});
        let (text, _) = told(json!([change(account, before, after, unknown), cut_off]));
        text.contains("secret-does-not-work")
    };
    assert!(!enabled(
        json!({"id": "sa_1", "name": "ci"}),
        json!({"disabled": true})
    ));
    assert!(enabled(
        json!({"id": "sa_1", "name": "ci", "disabled": true}),
        json!({})
    ));
}

#[test]
fn a_replaced_token_gains_no_role_that_it_had() {
    let told = |roles: Json, account: Json| {
        let state = json!({"id": "sa_1", "name": "ci", "roles": account});
        let token = json!({"name": "ci", "service_account": "sa_1"});
        let mut before = token.clone();
        before["roles"] = roles;
        text(&json!({"format_version": "1.2", "resource_changes": [
            {"address": "lanyard_service_account.ci", "mode": "managed", "type": "lanyard_service_account",
             "change": {"actions": ["no-op"], "before": state, "after": state, "after_unknown": {}}},
            {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
             "change": {"actions": ["delete", "create"], "before": before, "after": token,
                 "after_unknown": {"roles": true, "token": true}}}]}))
    };
    assert!(!told(json!(["a"]), json!(["a"])).contains("gains"));
    assert!(!told(json!([]), json!([])).contains("gains"));
    let text = told(json!(["a"]), json!(["a", "b"]));
    assert!(
        text.contains("gains: every role of its account (b)"),
        "{text}"
    );
}

#[test]
fn what_is_made_anew_under_another_address_could_have_been_moved() {
    let noted = |plan: &Json| {
        let told = text(plan);
        let of_old = "lanyard_access_token.t[\"0\"] is created with the same name: a `moved` block would keep this one";
        let of_new = "has the name of lanyard_access_token.t[0], which is deleted: a `moved` block would keep that one";
        assert_eq!(told.contains(of_old), told.contains(of_new), "{told}");
        assert!(told.matches("`moved`").count() <= 2, "{told}");
        told.contains(of_new)
    };
    let recorded = plan("count_to_for_each");
    assert!(noted(&recorded));
    for (place, value) in [
        ("name", "another"),
        ("service_account", "sa_0000000000000009"),
    ] {
        let mut other = recorded.clone();
        let changes = other["resource_changes"].as_array_mut().unwrap();
        let created = changes.iter_mut().find(|change| change["index"] == "0");
        created.unwrap()["change"]["after"][place] = value.into();
        assert!(!noted(&other), "{place}");
    }
}
