//! What Terraform hides, and what it shows although it is a secret.

use lanyard_compiler::language::{self, MemoryLoader, Options, Schemas};
use lanyard_compiler::review::{Context, Format, Level, Review};
use serde_json::{Value as Json, json};

use super::{change, parse, plan, shown, text};

#[test]
fn what_terraform_hides_is_neither_shown_nor_taken_for_equal() {
    let mut plan = plan("grace_period_unknown");
    let parts = &mut change(&mut plan)["change"];
    // The block as a whole, as `rotation = sensitive(...)` of a module's object marks it.
    parts["before_sensitive"]["rotation"] = json!(true);
    parts["after_sensitive"]["rotation"] = json!(true);
    parts["after_unknown"]["rotation"] = json!({});
    parts["before"]["rotation"]["triggers"] = json!({"a": "hunter1"});
    parts["after"]["rotation"] = json!({"triggers": {"a": "hunter2"}, "grace_period": "1h"});
    let reviewed = parse(&plan);
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(!shown.contains("hunter"), "{shown}");
    }
    let text = shown(&reviewed, Format::Text);
    assert!(text.contains("rotation.triggers"), "{text}");
    assert!(text.contains("(changes, hidden)"), "{text}");
    assert!(text.contains("may end at once"), "{text}");
}

#[test]
fn what_becomes_hidden_does_not_show_what_it_was() {
    let mut plan = plan("imports");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["description"] = json!("hunter2");
    parts["after"]["description"] = json!("hunter2");
    parts["after_sensitive"]["description"] = json!(true);
    let reviewed = parse(&plan);
    for format in Format::ALL {
        let shown = shown(&reviewed, format);
        assert!(!shown.contains("hunter"), "{shown}");
        // What formats themselves call so is no attribute.
        let told = shown.replace("\"description\":", "");
        assert!(
            !told.contains("description"),
            "its mark alone changes: {shown}"
        );
    }
}

#[test]
fn hidden_power_that_changes_may_be_a_gain() {
    let mut plan = plan("imports");
    let parts = &mut change(&mut plan)["change"];
    parts["before"]["roles"] = json!(["viewer"]);
    parts["after"]["roles"] = json!(["hunter"]);
    parts["after_sensitive"]["roles"] = json!([true]);
    let text = text(&plan);
    assert!(
        text.contains("gains: roles, hidden: maybe more than before"),
        "{text}"
    );
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn a_secret_that_stands_in_clear_is_hidden_and_told() {
    const SECRET: &str = "lyd_hunter2hunter2hunter2";
    let note = format!("{SECRET} is for the pipeline");
    let token = |address: &str, before: Json, after: Json, action: &str| {
        json!({"address": address, "mode": "managed", "type": "lanyard_access_token", "change": {
            "actions": [action], "before": before, "after": after, "after_unknown": {},
            "before_sensitive": {"token": true}, "after_sensitive": {"token": true},
        }})
    };
    let ci = json!({"id": "at_1", "name": "ci", "token": SECRET, "generation": 1});
    let other = |description: Json| json!({"id": "at_2", "name": "other", "description": description, "generation": 1});
    let configuration = json!({"root_module": {}});
    let holder = token("lanyard_access_token.ci", ci.clone(), ci.clone(), "no-op");
    let state = json!({"values": {"root_module": {"resources": [
        {"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token", "values": ci},
    ]}}});
    let output = |value: Json, sensitive: Json| {
        json!({"actions": ["create"], "before": null, "after": value, "after_unknown": false,
               "before_sensitive": false, "after_sensitive": sensitive})
    };
    let address = "lanyard_access_token.other";
    let updated = token(address, other(json!("old")), other(json!(note)), "update");
    let created = token(address, Json::Null, other(json!(note)), "create");
    let drifted = token(address, other(json!("old")), other(json!(note)), "update");
    let mended = token(address, other(json!(note)), other(json!("old")), "update");
    let told = |place: &str| format!("{place}: shows a secret");
    let description = format!("{address}.description");
    for (changes, drift, outputs, finds) in [
        (
            json!([holder, updated]),
            json!([]),
            json!({}),
            Some(description.as_str()),
        ),
        // The holder stands behind, or only in the state: it is not in a plan that was targeted.
        (
            json!([updated, holder]),
            json!([]),
            json!({}),
            Some(&description),
        ),
        (json!([updated]), json!([]), json!({}), Some(&description)),
        (json!([created]), json!([]), json!({}), Some(&description)),
        // Whoever takes it out again is not stopped.
        (json!([mended]), json!([drifted]), json!({}), None),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!(SECRET), json!(false))}),
            Some("output.x"),
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!([{"a": note}]), json!([{}]))}),
            Some("output.x"),
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!(SECRET), json!(true))}),
            None,
        ),
        (
            json!([holder]),
            json!([]),
            json!({"x": output(json!({"a": SECRET}), json!({"a": true}))}),
            None,
        ),
    ] {
        let plan = json!({"format_version": "1.2", "resource_changes": changes, "resource_drift": drift,
            "output_changes": outputs, "prior_state": state, "configuration": configuration});
        let reviewed = parse(&plan);
        for format in Format::ALL {
            let text = shown(&reviewed, format);
            assert!(!text.contains("hunter2"), "{format:?}: {text}");
        }
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.rules_from(Level::Error).contains(&"secret-shown");
        assert_eq!(found, finds.is_some(), "{plan}");
        let text = shown(&reviewed, Format::Text);
        assert!(
            finds.is_none_or(|place| text.contains(&told(place))),
            "{text}"
        );
    }
    let plan = json!({"format_version": "1.2", "resource_changes": [holder, updated]});
    assert!(
        text(&plan).contains("description = \"old\" -> \"(a secret, hidden) is for the pipeline\""),
        "{}",
        text(&plan)
    );
}

#[test]
fn an_output_that_showed_the_old_secret_shows_the_new_one_when_it_rotates() {
    let held = json!({"name": "t", "token": "lyd_hunter2hunter2", "generation": 1});
    let next = json!({"name": "t", "generation": 2});
    let found = |before: Json, after: Json, unknown: Json, sensitive: Json| {
        let plan = json!({"format_version": "1.2",
            "resource_changes": [{"address": "lanyard_access_token.t[\"x\"]", "mode": "managed", "type": "lanyard_access_token",
                "change": {"actions": ["update"], "before": held, "after": next, "after_unknown": {"token": true},
                    "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}}],
            "output_changes": {"tokens": {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown,
                "before_sensitive": false, "after_sensitive": sensitive}},
            "configuration": {"root_module": {"outputs": {"tokens": {"expression": {"references": ["lanyard_access_token.t"]}}}}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        review.rules_from(Level::Error).contains(&"secret-shown")
    };
    let clear = || json!({"x": "lyd_hunter2hunter2", "y": "at_1"});
    let (yes, no) = (json!(true), json!(false));
    assert!(found(clear(), Json::Null, yes.clone(), no.clone()));
    assert!(found(
        clear(),
        json!({"y": "at_1"}),
        json!({"x": true}),
        json!({})
    ));
    // Mended with the rotation.
    assert!(!found(clear(), Json::Null, yes.clone(), yes.clone()));
    assert!(!found(clear(), json!({"y": "at_1"}), no, json!({})));
    assert!(!found(json!({"y": "at_1"}), Json::Null, yes, json!(false)));
}

const SHOWS: &str = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n\
    output \"fingerprint\" {\n  value = nonsensitive(split(\"\", lanyard_access_token.ci.token))\n}\n";

#[test]
fn a_hash_that_an_output_shows_is_no_secret() {
    let secret = "d41d8cd98f00b204e9800998ecf8427e";
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let held = json!({"id": "at_1", "name": "ci", "token": secret, "generation": 1});
    let reference = json!(["lanyard_access_token.ci.token", "lanyard_access_token.ci"]);
    for (value, unknown, is_shown) in [
        (json!(hash), false, false),
        (json!({"ci": hash}), false, false),
        (json!([hash, "plain"]), false, true),
        (json!(true), false, false),
        (json!(22), false, false),
        (json!("e3b0c442"), false, false),
        (json!(1_234_567_890_123_u64), false, true),
        (json!(["d", "4", "1"]), false, true),
        // A secret may look like a hash.
        (json!(secret), false, true),
        (Json::Null, true, true),
    ] {
        let plan = json!({"format_version": "1.2",
            "resource_changes": [{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {"actions": ["no-op"], "before": held, "after": held, "after_unknown": {},
                    "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}}],
            "output_changes": {"fingerprint": {"actions": ["no-op"], "before": value, "after": value,
                "after_unknown": unknown, "before_sensitive": false, "after_sensitive": false}},
            "configuration": {"root_module": {"outputs": {"fingerprint": {"expression": {"references": reference}}}}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.rules_from(Level::Error).contains(&"secret-shown");
        assert_eq!(found, is_shown, "{value}");
        // Nor where the configuration itself cannot tell.
        let loader = MemoryLoader::new([("main.tf", SHOWS)]);
        let compiled = language::compile(&loader, &Options::default(), &Schemas::lanyard());
        let mut reviewed = parse(&plan);
        reviewed.learn(&compiled.configuration, true, |_| None);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.rules_from(Level::Error).contains(&"secret-shown");
        assert_eq!(found, is_shown, "{value}");
    }
}

#[test]
fn a_hash_that_an_argument_has_is_no_secret() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let reference = json!(["lanyard_access_token.ci.token", "lanyard_access_token.ci"]);
    let found = |secret: &str, value: &Json, unknown: bool, sensitive: bool| {
        let held = json!({"id": "at_1", "name": "ci", "token": secret, "generation": 1});
        let plan = json!({"format_version": "1.2",
            "resource_changes": [{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {"actions": ["no-op"], "before": held, "after": held, "after_unknown": {},
                    "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}},
              {"address": "terraform_data.d", "mode": "managed", "type": "terraform_data", "change": {"actions": ["create"],
                "before": null, "after": {"input": value}, "after_unknown": {"input": unknown},
                "before_sensitive": false, "after_sensitive": {"input": sensitive}}}],
            "configuration": {"root_module": {"resources": [
                {"address": "terraform_data.d", "type": "terraform_data", "expressions": {"input": {"references": reference}}}]}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let rules = review.rules_from(Level::Warning);
        let hint = review.findings().iter().any(|found| found.hint.is_some());
        let has = |rule| rules.contains(&rule);
        (has("secret-shown"), has("secret-in-terraform-data"), hint)
    };
    let secret = "lyd_hunter2hunter2";
    for (value, is_hash) in [
        (json!(hash), true),
        (json!({"ci": [hash]}), true),
        (json!(true), true),
        (json!("e3b0c442"), true),
        (json!([hash, "plain"]), false),
        (json!("for the pipeline"), false),
    ] {
        let shown = (!is_hash, !is_hash, !is_hash);
        assert_eq!(found(secret, &value, false, false), shown, "{value}");
        let hidden = (false, !is_hash, false);
        assert_eq!(found(secret, &value, false, true), hidden, "{value}");
    }
    // Before the value is known, it may be either.
    assert_eq!(found(secret, &Json::Null, true, false), (true, true, true));
    // Nobody tells a secret that looks like a hash from one.
    assert_eq!(found(hash, &json!(hash), false, false), (true, true, true));
}

#[test]
fn a_secret_in_an_address_is_hidden_and_told() {
    let secret = "lyd_hunter2hunter2";
    let key = format!("lanyard_access_token.k[\"{secret}\"]");
    let other = "lanyard_access_token.k[\"lyd_hunter3hunter3\"]";
    let token = |address: &str, before: Json, action: &str| {
        json!({"address": address, "mode": "managed", "type": "lanyard_access_token", "change": {
            "actions": [action], "before": before, "after": {"name": "ci"}, "after_unknown": {"token": true},
            "before_sensitive": {"token": true}, "after_sensitive": {"token": true}}})
    };
    let held = |secret: &str| json!({"name": "ci", "token": secret});
    let user = json!({"references": [format!("lanyard_access_token.k[\"{secret}\"].token"), "lanyard_access_token.k"]});
    let plan = json!({"format_version": "1.2",
        "resource_changes": [
            token("lanyard_access_token.t", held(secret), "no-op"),
            token("lanyard_access_token.u", held("lyd_hunter3hunter3"), "no-op"),
            token(&key, Json::Null, "create"),
            token(other, Json::Null, "create"),
        ],
        "configuration": {"root_module": {"resources": [
            {"address": format!("terraform_data.d[\"{secret}\"]"), "expressions": {"input": user}}]}}});
    let reviewed = parse(&plan);
    for format in Format::ALL {
        let text = shown(&reviewed, format);
        assert!(!text.contains("hunter"), "{text}");
    }
    let text = shown(&reviewed, Format::Text);
    for told in [
        "lanyard_access_token.k[\"(a secret, hidden)\"] is created",
        "lanyard_access_token.k[\"(a secret, hidden)\"] (2) is created",
        "used by: terraform_data.d[\"(a secret, hidden)\"].input",
        "error[secret-shown] lanyard_access_token.k[\"(a secret, hidden)\"] (2): shows a secret",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn what_is_sensitive_of_others_is_not_shown_where_it_stands_in_clear() {
    let told = |sensitive: Json| {
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "random_password.p", "mode": "managed", "type": "random_password", "change": {
                "actions": ["no-op"], "before": {"result": "hunter2hunter2", "all": [{"key": "hunter4hunter4"}]},
                "after": {"result": "hunter2hunter2", "all": [{"key": "hunter4hunter4"}]},
                "before_sensitive": sensitive, "after_sensitive": sensitive}},
            {"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account", "change": {
                "actions": ["update"], "before": {"name": "a", "description": "old"},
                "after": {"name": "a", "description": "by hunter2hunter2 and hunter4hunter4"}}}]});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        // It may be no secret at all.
        assert!(!review.rules_from(Level::Note).contains(&"secret-shown"));
        shown(&reviewed, Format::Text)
    };
    let text = told(json!({"result": true, "all": [{"key": true}]}));
    assert!(
        text.contains("\"old\" -> \"by (a secret, hidden) and (a secret, hidden)\""),
        "{text}"
    );
    let text = told(json!({"all": true}));
    assert!(
        text.contains("\"by hunter2hunter2 and (a secret, hidden)\""),
        "{text}"
    );
    assert!(told(json!({})).contains("hunter2hunter2 and hunter4hunter4"));
}

#[test]
fn what_was_sensitive_and_is_not_known_yet_is_not_called_shown() {
    // As Terraform 1.11 writes it: the mark is there before, for a creation, and not for an update.
    let told = |change: Json| {
        let user =
            json!({"references": ["lanyard_access_token.t.token", "lanyard_access_token.t"]});
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "terraform_data.d", "mode": "managed", "type": "terraform_data", "change": change}],
            "configuration": {"root_module": {"resources": [
                {"address": "terraform_data.d", "expressions": {"input": user}}]}}});
        let reviewed = parse(&plan);
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        review.rules_from(Level::Note).contains(&"secret-shown")
    };
    let update = |before_sensitive: Json| {
        told(
            json!({"actions": ["update"], "before": {"input": "hunter2hunter2"}, "after": {},
            "after_unknown": {"input": true}, "before_sensitive": before_sensitive, "after_sensitive": {}}),
        )
    };
    assert!(!update(json!({"input": true})));
    assert!(update(json!({})));
    let create = |after_sensitive: Json| {
        told(json!({"actions": ["create"], "before": null, "after": {},
            "after_unknown": {"input": true}, "before_sensitive": false, "after_sensitive": after_sensitive}))
    };
    assert!(!create(json!({"input": true})));
    assert!(create(json!({})));
}
