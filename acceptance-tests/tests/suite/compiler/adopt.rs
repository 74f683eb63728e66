//! What `adopt` asks, what it takes for a mistake, and what `lanyard apply` does with what it wrote.

use serde_json::json;

use super::every_server::{EXAMPLES, applied};
use super::story::Story;
use crate::support::hand::Hand;

fn with_tokens(names: &[&str]) -> Story {
    let story = Story::new("provider \"lanyard\" {}\n");
    for name in names {
        let token = json!({ "name": name, "scopes": ["samples:read"] });
        story.native().post("/v1/access-tokens", &token);
    }
    story
}

#[test]
fn it_is_chosen_from_a_list_at_a_terminal() {
    let names = ["alone", "team/shop", "team/web", "x"];
    for (typed, labels) in [
        ("1\n", vec!["\"alone\""]),
        ("2-3\n", vec!["\"team\""]),
        ("team/*, 4\n", vec!["\"team\"", "\"x\""]),
        ("all\n", vec!["\"alone\"", "\"team\"", "\"x\""]),
        ("nobody\n9\n1\n", vec!["\"alone\""]),
    ] {
        let story = with_tokens(&names);
        let ended = story.run_at_a_terminal("adopt", typed);
        assert_eq!(ended.code, Some(0), "{typed:?}: {ended}");
        for (index, name) in names.iter().enumerate() {
            let line = format!("{:>4}  {name} (", index + 1);
            assert!(ended.stderr.contains(&line), "{typed:?}: {ended}");
        }
        let written: Vec<&str> = ended
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("resource \"lanyard_access_token\" "))
            .map(|label| label.trim_end_matches(" {"))
            .collect();
        assert_eq!(written, labels, "{typed:?}: {ended}");
        if typed.starts_with("nobody") {
            assert!(
                ended.stderr.contains("Nothing is meant by \"nobody\""),
                "{ended}"
            );
            assert!(
                ended.stderr.contains("Nothing is meant by \"9\""),
                "{ended}"
            );
        }
        let imports = ended.stdout.matches("import {").count();
        assert_eq!(
            ended
                .stdout
                .matches("for_each = toset([\"shop\", \"web\"])")
                .count(),
            labels.iter().filter(|label| **label == "\"team\"").count()
        );
        let picked = labels.len() + labels.iter().filter(|label| **label == "\"team\"").count();
        assert_eq!(imports, picked, "{typed:?}: {ended}");
    }
    let story = with_tokens(&names);
    let ended = story.run_at_a_terminal("adopt --into new.tf", "\n");
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stderr.contains("Nothing to adopt"), "{ended}");
    assert!(!story.path("new.tf").exists(), "nothing was picked");
}

#[test]
fn a_name_in_the_place_of_a_folder_is_an_error_that_names_the_option() {
    let story = with_tokens(&["team/shop"]);
    story.file("other.tf", "");
    for words in [
        "team/*",
        "team/shop --into new.tf",
        "main.tf other.tf",
        "ci deploy",
    ] {
        for command in ["adopt", "export", "tokens"] {
            if command == "tokens" && words.contains("--into") {
                continue;
            }
            let first = words.split(' ').next().unwrap_or_default();
            let hint = format!("lanyard {command} --name '{first}'");
            let ended = story.fails(&format!("{command} {words}"), &[&hint]);
            assert!(ended.stdout.is_empty(), "{ended}");
        }
    }
    for command in ["adopt", "export", "tokens"] {
        let hint = format!("lanyard {command} . --name 'team/shop'");
        let told = ["team/shop: there is no such folder", &hint];
        story.fails(&format!("{command} . team/shop"), &told);
    }
    assert!(!story.path("new.tf").exists());
    // A document that is not there is no name.
    story.fails(
        "adopt ci.lanyard.hcl --name *",
        &["ci.lanyard.hcl: it does not exist"],
    );
}

#[test]
fn a_pattern_that_means_nothing_is_an_error_and_nothing_is_written() {
    let story = with_tokens(&["team/shop"]);
    for words in [
        "--name nobody",
        "--name team/* --name nobody",
        "--name team/* --kind service-account",
    ] {
        let said = story.fails(
            &format!("adopt {words} --into new.tf"),
            &["Nothing has this name", "lanyard tokens"],
        );
        assert!(said.stdout.is_empty(), "{said}");
        assert!(!story.path("new.tf").exists(), "{words}");
    }
    for (words, told) in [
        ("--name nope", &["has \"nope\" in its name"][..]),
        ("--name team/shob", &["Did you mean \"team/shop\"?"]),
        (
            "--name shop --kind service-account",
            &["No service account"],
        ),
    ] {
        let told: Vec<&str> = told
            .iter()
            .copied()
            .chain(["Nothing has this name"])
            .collect();
        let said = story.fails(&format!("export {words} --into new.tf"), &told);
        assert!(said.stdout.is_empty(), "{said}");
        assert!(!story.path("new.tf").exists(), "{words}");
    }
    // What is adopted already was found.
    story.succeeds("adopt --name team/* --into new.tf");
    let again = story.succeeds("adopt --name team/* --into new.tf");
    assert!(again.stderr.contains("Nothing to adopt"), "{again}");
    let again = story.succeeds("export --name shop --into new.tf");
    assert!(again.stderr.contains("Nothing to export"), "{again}");
}

/// Without Terraform, there is no state into which anything would be imported: an `import` block says which object is meant.
#[test]
fn an_apply_after_an_adoption_changes_nothing_on_any_server() {
    for (api, example) in EXAMPLES {
        let made = applied(api, example);
        let secrets = made.handed_over();
        assert!(!secrets.is_empty(), "{api}");
        let story = Story::beside(&made);
        story.configure(
            &made
                .succeeds("adopt --no-configuration --managed --name *")
                .stdout,
        );
        let imports = story.read("main.tf").matches("import {").count();
        let expected = format!("nothing to do, {imports} unchanged");
        for trigger in ["1", "2"] {
            let text = story.read("main.tf");
            story.configure(&text.replace("adopted = \"1\"", &format!("adopted = \"{trigger}\"")));
            let plan = story.succeeds("plan --detailed-exitcode");
            assert!(plan.stdout.contains(&expected), "{api}: {plan}");
            story.succeeds("apply --yes");
        }
        let hand = Hand::on(&story.server);
        for (name, secret) in &secrets {
            let text = story.read("main.tf");
            let ids = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix("id = \""));
            let mut ids = ids.map(|rest| rest.trim_end_matches('"'));
            assert!(
                ids.any(|id| hand.lets_in(id, secret)),
                "{api}: the secret of {name} should work on"
            );
        }
    }
}

/// What the command says of the secrets, server by server: whether they come along, and if not, the one step to a new one.
#[test]
fn it_is_said_what_becomes_of_the_secrets_on_every_server() {
    const STEP: &str = "change `adopted` in its rotation block, then terraform apply";
    const NEW: &str =
        "each stays with whoever has it. For a new one, beside which the old one works on for";
    for (api, example) in EXAMPLES {
        let story = applied(api, example);
        let said = story.succeeds("adopt --no-configuration --managed --name *");
        let expected: &[&str] = match api {
            "native" => &[NEW, "up to 60d", STEP],
            "elasticsearch" | "osmo" => &[NEW, "as long as `grace_period` says", STEP],
            "splunk" => &["each comes along: the server shows it again."],
            "openobserve" => &[
                "each comes along: the server shows it again.",
                "For a new one, which ends the old one at once",
                STEP,
                "use two accounts and rotate them in turn",
            ],
            _ => &[
                "each stays with whoever has it, and there is no other.",
                "create a second account under another name, move its users, then delete the first",
            ],
        };
        for text in expected {
            assert!(
                said.stderr.contains(text),
                "{api} should say {text:?}: {said}"
            );
        }
        let has_trigger = said.stdout.contains("adopted = \"1\"");
        assert_eq!(
            has_trigger,
            !matches!(api, "splunk" | "chronosphere"),
            "{said}"
        );
    }
}

#[test]
fn a_module_is_given_the_provider_of_its_server_and_never_one_that_is_there() {
    let aliased = "provider \"lanyard\" {\n  alias = \"eu\"\n}\n";
    let story = Story::new(aliased);
    let token = json!({ "name": "shop/ci", "scopes": ["samples:read"] });
    story.native().post("/v1/access-tokens", &token);
    let adopt = "adopt --name * --into tokens.tf --modules ./teams/";
    // Somebody else's folder is nobody's to add to.
    std::fs::create_dir_all(story.path("teams/shop")).expect("the story's folder is ours");
    story.file("teams/shop/mine.tf", "locals {\n  a = 1\n}\n");
    story.fails(adopt, &["teams/shop", "no module of this name is called"]);
    assert!(!story.path("tokens.tf").exists());
    // Nor can what requires other providers alone take a resource of ours.
    story.remove("teams/shop/mine.tf");
    let requires = "terraform {\n  required_providers {\n    x = { source = \"x/x\" }\n  }\n}\n";
    story.file("teams/shop/versions.tf", requires);
    let called = "module \"shop\" {\n  source = \"./teams/shop\"\n  providers = {\n    lanyard = lanyard.eu\n  }\n}\n";
    story.file("calls.tf", called);
    story.fails(
        adopt,
        &["teams/shop", "requires providers", "lanyard/lanyard"],
    );
    assert!(!story.path("tokens.tf").exists());
    story.file("teams/shop/mine.tf", "");
    story.remove("teams/shop/versions.tf");
    // Nor is a module that comes from elsewhere.
    story.remove("teams/shop/mine.tf");
    story.file(
        "calls.tf",
        "module \"shop\" {\n  source = \"./elsewhere\"\n}\n",
    );
    std::fs::create_dir_all(story.path("elsewhere")).expect("the story's folder is ours");
    story.file("elsewhere/main.tf", "");
    let said = story.succeeds(adopt);
    assert!(said.stderr.contains("terraform init"), "{said}");
    let root = story.read("tokens.tf");
    assert!(
        root.contains(
            "module \"shop_2\" {\n  source = \"./teams/shop_2\"\n  providers = {\n    lanyard = lanyard.eu\n  }\n}\n"
        ),
        "{root}"
    );
    let module = story.read("teams/shop_2/main.tf");
    assert!(!module.contains("provider ="), "{module}");
    story.succeeds("validate");
    let plan = story.succeeds("plan");
    assert!(plan.stdout.contains("nothing to do, 1 unchanged"), "{plan}");
    for folder in ["../teams", "/teams", "."] {
        story.fails(
            &format!("adopt --name * --into tokens.tf --modules {folder}"),
            &["--modules teams"],
        );
    }
    story.fails("adopt --name * --modules teams", &["--into <FILE>"]);
}

/// Accounts that somebody made past Lanyard have addresses and no names.
#[test]
fn an_account_known_by_its_address_alone_is_written_under_a_name_that_plans() {
    const MADE: [(&str, &str); 5] = [
        ("ci.pipeline@example.com", "ci-pipeline"),
        ("ci_pipeline@example.org", "ci-pipeline"),
        ("shop@x.io", "shop"),
        ("plain-a@sa.internal", "plain-a"),
        ("web_front.default@sa.internal", "web-front-default"),
    ];
    let story = Story::on("openobserve", "provider \"lanyard\" {}\n");
    let ready = &story.server.ready;
    let root = ready.username.as_deref().expect("root has an address");
    let root = story.native().basic(root, story.server.operator_token());
    for (email, _) in MADE {
        let body = json!({ "email": email, "first_name": "By hand", "last_name": "" });
        root.post("/api/default/service_accounts", &body)
            .expect(200);
    }

    let one = story.succeeds("adopt --name ci.pipeline@example.com");
    assert_eq!(one.stdout.matches("resource ").count(), 1, "{one}");
    story.succeeds("adopt --kind service-account --name * --into made.tf");
    let made = story.read("made.tf");
    for (email, name) in MADE {
        let written = format!("  name        = \"{name}\"\n  email       = \"{email}\"\n");
        assert!(made.contains(&written), "{made}");
    }
    for label in ["ci-pipeline", "ci-pipeline_2", "shop", "plain-a"] {
        let head = format!("resource \"lanyard_service_account\" \"{label}\" {{");
        assert!(made.contains(&head), "{made}");
    }
    story.succeeds("validate");
    let plan = story.succeeds("plan");
    assert!(plan.stdout.contains("nothing to do, 5 unchanged"), "{plan}");
}

/// What stands before a mark, in small letters: `A` and `a` are no two folders everywhere, and no second run could tell them apart.
#[test]
fn a_team_is_the_same_in_any_letters() {
    let story = with_tokens(&["q/a b-1", "q/A-1", "q/web-1"]);
    story.succeeds("adopt --name q/* --into tokens.tf --modules teams");
    let module = story.read("teams/a/main.tf");
    for name in ["q/a b-1", "q/A-1"] {
        assert!(module.contains(&format!("\"{name}\"")), "{module}");
    }
    assert!(story.path("teams/web/main.tf").exists());
    let root = story.read("tokens.tf");
    assert_eq!(
        root.matches("\nmodule \"").count() + usize::from(root.starts_with("module \"")),
        2,
        "{root}"
    );
    story.succeeds("validate");
}

/// Nothing that was written has to be changed before reviewers let it pass.
#[test]
fn an_old_secret_is_to_work_on_no_longer_than_the_folder_allows() {
    for (api, example) in EXAMPLES {
        let story = Story::beside(&applied(api, example));
        story.configure("");
        let graces = || -> Vec<String> {
            let adopted = story.succeeds("adopt . --managed --name *").stdout;
            let lines = adopted.lines().map(str::trim);
            let graces = lines.filter_map(|line| line.strip_prefix("grace_period = "));
            graces
                .map(|grace| grace.trim_matches('"').to_owned())
                .collect()
        };
        let allowed = graces();
        let has_some = matches!(api, "native" | "elasticsearch" | "osmo");
        assert_eq!(!allowed.is_empty(), has_some, "{api}");
        assert!(
            allowed.iter().all(|grace| grace == "14d"),
            "{api}: {allowed:?}"
        );
        story.file("lanyard.toml", "[limits]\ngrace = \"2d\"\n");
        assert!(graces().iter().all(|grace| grace == "2d"), "{api}");
    }
}
