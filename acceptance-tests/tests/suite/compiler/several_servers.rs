//! The command in other folders than a configuration's with one provider: none, an empty file, two servers, two ways to one.

use serde_json::json;

use super::story::Story;
use crate::support::server::TokenServer;

const COMMANDS: [&str; 4] = ["export", "tokens", "whoami", "sweep"];

/// A server with one account and two tokens, of which Lanyard made one that has ended.
fn estate(configuration: &str) -> Story {
    let story = Story::new(configuration);
    fill(&story.server);
    story
}

fn fill(server: &TokenServer) {
    let native = crate::support::native::Native::of(server);
    let account = native.post(
        "/v1/service-accounts",
        &json!({"name": "ci", "roles": ["viewer"]}),
    );
    native.post(
        "/v1/access-tokens",
        &json!({"name": "deploy", "service_account_id": account["id"]}),
    );
    native.post(
        "/v1/access-tokens",
        &json!({"name": "old", "managed_by": "lanyard", "ttl_seconds": 60}),
    );
    native.advance_clock(3_600);
}

#[test]
fn without_a_provider_the_environment_says_which_server() {
    for configuration in [
        "",
        "terraform {\n  required_providers {\n    lanyard = {\n      source = \"lanyard-hq/lanyard\"\n    }\n  }\n}\n",
        "locals {\n  a = 1\n}\n",
    ] {
        let story = estate(configuration);
        for words in COMMANDS {
            let ended = story.succeeds(words);
            assert!(!ended.stdout.is_empty(), "{ended}");
            // Without a server, nothing can be told: that is no all-clear.
            let ended = story.run_with(words, &[("LANYARD_URL", "")]);
            assert_eq!(ended.code, Some(1), "{ended}");
        }
    }
}

#[test]
fn a_provider_that_is_not_known_yet_is_no_all_clear() {
    let story = estate(
        "provider \"lanyard\" {\n  url = terraform_data.a.output\n}\nresource \"terraform_data\" \"a\" {\n  input = \"x\"\n}\n",
    );
    for words in COMMANDS {
        story.fails(words, &["server-not-known"]);
    }
}

#[test]
fn what_is_configured_can_only_be_left_out_beside_a_configuration() {
    let story = estate("");
    story.remove("main.tf");
    for words in ["export", "tokens", "sweep"] {
        let words = format!("{words} --unconfigured");
        story.fails(&words, &["There is no configuration to compare with"]);
    }
}

#[test]
fn an_import_of_what_is_yet_to_be_written_does_not_stop_an_export() {
    let story = estate("import {\n  to = lanyard_access_token.legacy\n  id = \"x\"\n}\n");
    story.fails("plan", &["import-target-missing"]);
    assert!(story.succeeds("export").stdout.contains("\"deploy\""));
}

#[test]
fn only_what_is_not_configured_is_exported_if_so_asked() {
    let story = estate("");
    let all = story.succeeds("export --kind access-token").stdout;
    story.configure(&all);
    story.apply();
    let rest = story.succeeds("export --unconfigured").stdout;
    assert!(rest.contains("lanyard_service_account"), "{rest}");
    assert!(!rest.contains("lanyard_access_token"), "{rest}");
    story.configure(&format!("{all}\n{rest}"));
    story.apply();
    let ended = story.succeeds("export --unconfigured");
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("Nothing to export."), "{ended}");
}

#[test]
fn what_is_exported_beside_a_configuration_takes_no_address_of_it() {
    let story = estate("resource \"lanyard_access_token\" \"deploy\" {\n  name = \"another\"\n}\n");
    for words in ["export --unconfigured", "adopt --name deploy"] {
        let rest = story.succeeds(words).stdout;
        assert!(
            rest.contains("\"lanyard_access_token\" \"deploy_2\""),
            "{rest}"
        );
        story.file("more.tf", &rest);
        story.succeeds("validate");
        story.remove("more.tf");
    }
}

#[test]
fn each_of_several_servers_is_named_and_each_object_has_an_address_of_its_own() {
    let story = estate("");
    let other = TokenServer::start_with(&[]);
    fill(&other);
    let providers = format!(
        "provider \"lanyard\" {{}}\nprovider \"lanyard\" {{\n  alias = \"eu\"\n  url   = {:?}\n  token = var.token\n}}\n\
         variable \"token\" {{\n  type      = string\n  sensitive = true\n}}\n",
        other.ready.url
    );
    story.configure(&providers);
    let token = [("TF_VAR_token", other.operator_token())];
    let show = |words: &str| {
        let mut ended = story.run_with(words, &token);
        assert_eq!(ended.code, Some(0), "{ended}");
        for (url, name) in [
            (&story.server.ready.url, "[one]"),
            (&other.ready.url, "[other]"),
        ] {
            ended.stdout = ended.stdout.replace(url.as_str(), name);
        }
        ended
    };
    story.snapshot("tokens_of_two_servers", &show("tokens"));
    story.snapshot("sweep_of_two_servers", &show("sweep"));
    let exported = show("export");
    story.snapshot("export_of_two_servers", &exported);
    story.file("imported.tf", &exported.stdout);
    let ended = story.run_with("apply --yes --out-file secrets.jsonl", &token);
    assert_eq!(ended.code, Some(0), "{ended}");
    let ended = story.run_with("plan --detailed-exitcode", &token);
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn an_export_calls_the_provider_what_the_folder_calls_it() {
    let required = "terraform {\n  required_providers {\n    tokens = {\n      source = \"lanyard-hq/lanyard\"\n    }\n  }\n}\n";
    for provider in ["", "provider \"tokens\" {}\n"] {
        let configuration = format!("{required}{provider}");
        let story = estate(&configuration);
        let exported = story.succeeds("export").stdout;
        let named = exported.lines().filter(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("provider") && words.last() == Some("tokens")
        });
        assert_eq!(named.count(), 3, "{exported}");
        story.configure(&format!("{configuration}{exported}"));
        story.apply();
        story.succeeds("plan --detailed-exitcode");
    }
}

#[test]
fn an_export_names_each_server_by_the_key_of_its_provider() {
    let story = estate("");
    let other = TokenServer::start_with(&[]);
    fill(&other);
    let providers = format!(
        "variable \"servers\" {{\n  default = {{\n    eu = {{ url = {:?}, token = {:?} }}\n    us = {{ url = {:?}, token = {:?} }}\n  }}\n}}\n\
         provider \"lanyard\" {{\n  alias    = \"by_region\"\n  for_each = var.servers\n  url      = each.value.url\n  token    = each.value.token\n}}\n",
        story.server.ready.url,
        story.server.operator_token(),
        other.ready.url,
        other.operator_token()
    );
    story.remove("main.tf");
    story.file("main.tofu", &providers);
    let exported = story.succeeds("export").stdout;
    for key in ["eu", "us"] {
        let named = format!("= lanyard.by_region[{key:?}]");
        assert_eq!(exported.matches(&named).count(), 3, "{exported}");
    }
    story.file("imported.tofu", &exported);
    story.apply();
    story.succeeds("plan --detailed-exitcode");
    assert_eq!(story.succeeds("export --unconfigured").stdout, "");
}

#[test]
fn two_ways_to_one_server_show_nothing_twice() {
    let story = estate("provider \"lanyard\" {}\nprovider \"lanyard\" {\n  alias = \"same\"\n}\n");
    let told = story.json("tokens --format json");
    assert_eq!(
        told["access_tokens"].as_array().map(Vec::len),
        Some(2),
        "{told:#}"
    );
    assert!(!story.succeeds("tokens").stdout.contains("SERVER"));
    let exported = story.succeeds("export").stdout;
    assert_eq!(exported.matches("\nresource ").count(), 3, "{exported}");
    let swept = story.json("sweep --format json");
    assert_eq!(
        swept["access_tokens"].as_array().map(Vec::len),
        Some(1),
        "{swept:#}"
    );
}

#[test]
fn what_one_of_two_host_names_of_a_server_has_is_neither_pruned_nor_swept_through_the_other() {
    let story = estate("");
    let url = &story.server.ready.url;
    let other = url.replace("127.0.0.1", "localhost");
    assert_ne!(*url, other);
    let configuration = format!(
        "provider \"lanyard\" {{}}\nprovider \"lanyard\" {{\n  alias = \"two\"\n  url   = {other:?}\n}}\n\
         resource \"lanyard_access_token\" \"y\" {{\n  name = \"y\"\n}}\n\
         resource \"lanyard_access_token\" \"z\" {{\n  provider = lanyard.two\n  name     = \"z\"\n}}\n"
    );
    story.configure(&configuration);
    story.apply();
    let planned = story.succeeds("plan --prune");
    assert!(
        planned.stdout.contains("Plan: 1 to delete, 2 unchanged."),
        "{planned}"
    );
    let swept = story.json("sweep --unconfigured --revoke --format json");
    let swept = swept["access_tokens"].as_array().expect("a list of tokens");
    let names: Vec<_> = swept.iter().map(|token| &token["name"]).collect();
    assert_eq!(names, ["old"]);
    story.succeeds("apply --yes --prune --out-file secrets.jsonl");
    story.succeeds("plan --detailed-exitcode");
    assert_eq!(story.native().token_names(), ["deploy", "y", "z"]);
}

#[test]
fn the_credential_of_a_second_way_to_a_server_is_neither_pruned_nor_swept_through_the_first() {
    let story = estate("");
    let native = crate::support::native::Native::of(&story.server);
    let account = native.post(
        "/v1/service-accounts",
        &json!({"name": "root", "roles": ["admin"]}),
    );
    let second = native.post(
        "/v1/access-tokens",
        &json!({"name": "second", "managed_by": "lanyard", "service_account_id": account["id"]}),
    );
    let secret = second["secret"].as_str().expect("the server shows it");
    story.configure(&format!(
        "provider \"lanyard\" {{}}\nprovider \"lanyard\" {{\n  alias = \"two\"\n  token = \"{secret}\"\n}}\n"
    ));
    let planned = story.succeeds("plan --prune");
    assert!(!planned.stdout.contains("second"), "{planned}");
    let swept = story.succeeds("sweep --unconfigured --revoke");
    assert!(
        swept.stdout.contains("left: Lanyard signs in with it"),
        "{swept}"
    );
    let left = story.native().token_names();
    assert!(left.contains(&"second".to_owned()), "{left:?}");
    assert!(!left.contains(&"old".to_owned()), "{left:?}");
}

/// Two blocks of one server, by one host name or two, each with a credential of its own.
fn each_with_its_own_credential(check: impl Fn(&Story)) {
    let story = estate("");
    let native = crate::support::native::Native::of(&story.server);
    let account = native.post(
        "/v1/service-accounts",
        &json!({"name": "root", "roles": ["admin"]}),
    );
    let [first, second] = ["first", "second"].map(|name| {
        let token = json!({"name": name, "service_account_id": account["id"]});
        let made = native.post("/v1/access-tokens", &token);
        let secret = made["secret"].as_str();
        secret.expect("the server shows it").to_owned()
    });
    let url = &story.server.ready.url;
    let other = url.replace("127.0.0.1", "localhost");
    assert_ne!(*url, other);
    for second_url in [url, &other] {
        story.configure(&format!(
            "provider \"lanyard\" {{\n  token = \"{first}\"\n}}\nprovider \"lanyard\" {{\n  alias = \"two\"\n  url   = {second_url:?}\n  token = \"{second}\"\n}}\n"
        ));
        check(&story);
    }
}

#[test]
fn tokens_lists_once_what_several_blocks_of_a_server_list_and_marks_what_each_signs_in_with() {
    each_with_its_own_credential(|story| {
        let told = story.json("tokens --format json");
        let tokens = told["access_tokens"].as_array().expect("a list of tokens");
        let tokens = tokens.iter().map(|token| {
            let name = token["name"].as_str().expect("each has a name");
            (name, token["in_use"].as_bool())
        });
        let expected = [
            ("old", false),
            ("deploy", false),
            ("first", true),
            ("second", true),
        ];
        let expected = expected.map(|(name, in_use)| (name, Some(in_use)));
        assert_eq!(tokens.collect::<Vec<_>>(), expected, "{told:#}");
    });
}

#[test]
fn export_and_adopt_write_once_what_several_blocks_of_a_server_list_and_leave_out_what_each_signs_in_with()
 {
    each_with_its_own_credential(|story| {
        for words in ["export", "adopt --one-by-one --managed --name *"] {
            let written = story.succeeds(words).stdout;
            let count = |part: &str| written.matches(part).count();
            assert_eq!(count("\nresource \"lanyard_access_token\""), 2, "{written}");
            assert_eq!(
                count("\nresource \"lanyard_service_account\""),
                2,
                "{written}"
            );
            for name in ["first", "second"] {
                let left_out = format!("Left out: the access token \"{name}\" (");
                assert_eq!(count(&left_out), 1, "{name}: {written}");
            }
            let marked = "# Lanyard signs in with a token of this account.";
            assert_eq!(count(marked), 1, "{written}");
        }
    });
}
