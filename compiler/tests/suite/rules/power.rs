//! What the rules find of what tokens may do, and who sees them.

use lanyard_compiler::reference::rules::findings;
use lanyard_compiler::review::findings::Fixture;
use lanyard_compiler::review::terraform;

use super::{found_by, said_of};

#[test]
fn a_new_token_has_no_role_of_an_account_without_any() {
    let found = |api: &str, roles: &str| {
        let text = format!(
            "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\n\
             resource \"lanyard_service_account\" \"a\" {{\n  name = \"a\"\n  {roles}\n}}\n\
             resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  \
             service_account = lanyard_service_account.a.id\n}}\n"
        );
        let found = findings(Fixture::New(text.leak()));
        let mut names = found.iter().map(|finding| finding.rule.name);
        names.any(|name| name == "roles-beyond-account")
    };
    assert!(found("osmo", ""));
    assert!(found("osmo", "roles = []"));
    assert!(!found("osmo", "roles = [\"osmo-user\"]"));
    assert!(!found("native", ""));
}

#[test]
fn what_a_token_leaves_to_its_account_is_never_beyond_it() {
    let changes = r#"{"address": "lanyard_service_account.a", "mode": "managed", "type": "lanyard_service_account",
        "change": {"actions": ["update"], "before": {"id": "sa_1", "name": "a", "roles": ["editor", "viewer"]},
          "after": {"id": "sa_1", "name": "a", "roles": ["editor"]}}},
      {"address": "lanyard_access_token.t", "mode": "managed", "type": "lanyard_access_token",
        "change": {"actions": ["update"],
          "before": {"name": "t", "service_account": "sa_1", "roles": ["editor", "viewer"], "description": "one"},
          "after": {"name": "t", "service_account": "sa_1", "roles": ["editor", "viewer"], "description": "two"}}}"#;
    assert!(said_of("roles-beyond-account", changes).is_empty());
}

#[test]
fn who_sees_a_token_is_told_where_more_do() {
    let found = |before: &str, after: &str, unknown: &str, hidden: &str| -> Vec<String> {
        let block = |said: &str| match said {
            "" => "null".to_owned(),
            said => format!("{{{said}}}"),
        };
        let plan = format!(
            r#"{{"format_version": "1.2", "resource_changes": [
              {{"address": "lanyard_access_token.ci", "mode": "managed", "type": "lanyard_access_token",
                "change": {{"actions": ["update"], "before": {{"name": "ci", "visibility": {}}},
                  "after": {{"name": "ci", "visibility": {}}}, "after_unknown": {{"visibility": {{{unknown}}}}},
                  "before_sensitive": {{"visibility": {{{hidden}}}}}, "after_sensitive": {{"visibility": {{{hidden}}}}}}}}}]}}"#,
            block(before),
            block(after)
        );
        let reviewed = terraform::parse(&plan).unwrap();
        let found = found_by("visibility-widened", &reviewed, None).into_iter();
        found.map(|finding| finding.message).collect()
    };
    let (admins, everyone) = (r#""level": "admins""#, r#""level": "everyone""#);
    let (one, two) = (
        r#""level": "selected", "users": ["u_1"]"#,
        r#""level": "selected", "users": ["u_1"], "teams": ["t_1"]"#,
    );
    for (before, after, expected) in [
        ("", everyone, Some("visible to everyone on its server")),
        (admins, one, Some("visible to user u_1")),
        (one, two, Some("visible to team t_1")),
        (two, everyone, Some("visible to everyone on its server")),
        ("", admins, None),
        (two, one, None),
        (everyone, two, None),
        (everyone, "", None),
    ] {
        let found = found(before, after, "", "");
        let told = found.first().map(String::as_str);
        let expected = expected.map(|by| format!("is seen by more people: {by}"));
        assert_eq!(told, expected.as_deref(), "{before} -> {after}");
    }
    let hidden = found(one, two, "", r#""users": true"#);
    assert_eq!(
        hidden,
        ["is seen by more people: visibility, hidden: maybe more than before"]
    );
    assert!(found(one, r#""level": "selected""#, r#""users": true"#, "").is_empty());
}
