//! The credential that the command signs in with, when it is itself among what the command manages.

use serde_json::json;

use super::story::Story;
use crate::support::console::Ended;

const ROOT: &str = r#"
resource "lanyard_service_account" "root" {
  name  = "root"
  roles = ["admin"]
}

resource "lanyard_access_token" "root" {
  name            = "root"
  service_account = lanyard_service_account.root.id
  ttl             = "90d"

  rotation {
    before_expiry = "14d"
    grace_period  = "2d"
  }
}
"#;

/// A story whose command signs in with a token that it made.
struct SignedIn {
    story: Story,
    secret: String,
}

impl SignedIn {
    fn as_root() -> Self {
        let story = Story::new(ROOT);
        story.apply();
        let secret = story.handed_over().remove(0).1;
        story.configure(&format!(
            "{ROOT}resource \"lanyard_access_token\" \"old\" {{\n  name = \"old\"\n}}\n"
        ));
        story.apply();
        story.configure(ROOT);
        Self { story, secret }
    }

    fn run(&self, words: &str) -> Ended {
        self.story
            .run_with(words, &[("LANYARD_TOKEN", &self.secret)])
    }

    fn succeeds(&self, words: &str) -> Ended {
        let ended = self.run(words);
        assert_eq!(ended.code, Some(0), "{ended}");
        ended
    }
}

/// What a plan says of the credential in use, on one line.
fn told(signed_in: &SignedIn, configuration: &str) -> Option<String> {
    signed_in.story.configure(configuration);
    let ended = signed_in.succeeds("plan");
    let words: Vec<&str> = ended.stderr.split_whitespace().collect();
    let said = words.join(" ");
    let (_, told) = said.split_once("warning[credential-in-use]: ")?;
    Some(told.to_owned())
}

#[test]
fn a_plan_that_ends_the_credential_in_use_says_so() {
    let signed_in = SignedIn::as_root();
    assert_eq!(told(&signed_in, ROOT), None);
    let longer = ROOT.replace("\"90d\"", "\"95d\"");
    assert_eq!(told(&signed_in, &longer), None);
    let roles = "roles = [\"admin\"]";
    let disabled = ROOT.replace(roles, &format!("{roles}\n  disabled = true"));
    let said = told(&signed_in, &disabled).expect("the account is disabled");
    assert!(
        said.contains("is the account of the credential in use, and the plan disables it"),
        "{said}"
    );

    let weaker = ROOT.replace(roles, "roles = [\"viewer\"]");
    let said = told(&signed_in, &weaker).expect("the account loses its role");
    assert!(
        said.contains(
            "is the account of the credential in use, and the plan takes \"admin\" from it"
        ),
        "{said}"
    );

    signed_in.story.native().advance_clock(80 * 24 * 60 * 60);
    assert_eq!(
        told(&signed_in, ROOT),
        None,
        "the old secret lasts for a while"
    );
    let at_once = ROOT.replace("grace_period  = \"2d\"", "");
    let said = told(&signed_in, &at_once).expect("the old secret ends at once");
    assert!(
        said.contains("is the credential in use, and the plan ends its secret at once"),
        "{said}"
    );
    let planned = signed_in.run("plan");
    signed_in
        .story
        .snapshot("a_plan_that_ends_the_credential_in_use", &planned);
}

#[test]
fn what_nobody_configures_is_neither_pruned_nor_swept_while_it_is_in_use() {
    let signed_in = SignedIn::as_root();
    let story = &signed_in.story;
    story.configure("resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n");
    let planned = signed_in.run("plan --prune");
    story.snapshot("the_credential_in_use_is_not_pruned", &planned);
    let swept = signed_in.run("sweep --unconfigured --revoke");
    story.snapshot("the_credential_in_use_is_not_swept", &swept);
    assert_eq!(story.native().token_names(), ["root"]);
    signed_in.succeeds("apply --yes --prune --out-file secrets.jsonl");
    assert_eq!(story.native().token_names(), ["ci", "root"]);
    assert_eq!(story.native().account_names(), ["root"]);
    signed_in.succeeds("whoami");
}

#[test]
fn the_list_of_tokens_marks_the_credential_in_use() {
    let signed_in = SignedIn::as_root();
    let listed = signed_in.succeeds("tokens");
    let marks: Vec<&str> = listed
        .stdout
        .lines()
        .filter(|line| line.contains("in use"))
        .collect();
    assert_eq!(marks.len(), 1, "{listed}");
    assert!(
        marks[0].starts_with("root ") && marks[0].contains("active, in use"),
        "{listed}"
    );
    let listed = signed_in.succeeds("tokens --format json");
    let tokens: serde_json::Value = serde_json::from_str(&listed.stdout).expect("it is JSON");
    let tokens = tokens["access_tokens"].as_array().expect("it is a list");
    let marked: Vec<_> = tokens
        .iter()
        .map(|each| (&each["name"], &each["in_use"]))
        .collect();
    let of = |name: &str| {
        marked
            .iter()
            .find(|(each, _)| *each == name)
            .map(|(_, mark)| *mark)
    };
    assert_eq!(of("root"), Some(&true.into()), "{listed}");
    assert_eq!(of("old"), Some(&false.into()), "{listed}");
}

#[test]
fn an_export_leaves_the_credential_in_use_out_and_says_so() {
    let signed_in = SignedIn::as_root();
    let exported = signed_in.run("export --no-configuration");
    signed_in
        .story
        .snapshot("an_export_without_the_credential_in_use", &exported);
    let all = signed_in.succeeds("export --no-configuration --with-credential-in-use");
    let marked = "# Lanyard signs in with this.\nresource \"lanyard_access_token\" \"root\"";
    assert!(all.stdout.contains(marked), "{all}");
}

#[test]
fn what_cannot_be_left_out_because_nobody_says_who_we_are_is_warned_about() {
    let signed_in = SignedIn::as_root();
    let fault = json!({"kind": "status", "status": 403, "before_work": true});
    let rule = json!([{"method": "GET", "path": "/v1/whoami", "fault": fault}]);
    signed_in.story.native().put("/-/faults", &rule);
    let everything = ["export", "adopt --name * --managed"];
    for command in everything.map(|command| format!("{command} --no-configuration")) {
        let written = signed_in.succeeds(&command);
        let warned = |ended: &Ended| ended.stderr.contains("warning[credential-in-use]");
        assert!(warned(&written), "{written}");
        assert!(written.stdout.contains("\"root\""), "{written}");
        let wanted = signed_in.succeeds(&format!("{command} --with-credential-in-use"));
        assert!(!warned(&wanted), "{wanted}");
    }
}
