//! `lanyard validate`.

use crate::support::Folder;

const GOOD: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["editor"]
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
  ttl             = "90d"
}
"#;

const FOR_A_RUN: &str = r#"
ephemeral "lanyard_access_token" "now" {
  service_account = "ops/deploy"
}

ephemeral "lanyard_token_exchange" "now" {
  style         = "openobserve"
  subject_token = "signed elsewhere"
  scopes        = ["openid"]
}
"#;

const BAD: &str = r#"
resource "lanyard_access_token" "ci" {
  nmae = "ci"
  ttl  = "90x"

  rotation {
    grace_period = "400d"
  }
}

resource "lanyard_service_account" "ci" {
  name = "ci"
  slug = "ci"
  restriction {
    permission = "ALL"
  }
}
"#;

const DOCUMENT: &str = r#"
server "native" {
  url = "https://tokens.example.com"
}

service_account "ci" {
  name = "ci"
}

access_token "deploy" {
  name            = "deploy"
  service_account = service_account.ci.id
}
"#;

const TWICE: &str = r#"
resource "lanyard_access_token" "old" {
  name  = "ci"
  roles = ["admin"]
}

resource "lanyard_access_token" "new" {
  name = "ci"
}
"#;

#[test]
fn two_resources_that_are_one_object_are_a_mistake() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", TWICE)]).run("validate"));
}

#[test]
fn a_good_configuration_is_valid() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", GOOD)]).run("validate"));
}

#[test]
fn a_document_is_valid_by_its_name() {
    let folder = Folder::new(&[
        ("ci.lanyard.hcl", DOCUMENT),
        ("other.lanyard.hcl", "broken {"),
    ]);
    insta::assert_snapshot!(folder.run("validate ci.lanyard.hcl"));
}

#[test]
fn every_mistake_is_shown_at_once_at_its_place() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", BAD)]).run("validate"));
}

#[test]
fn mistakes_are_data_for_programs() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", BAD)]).run("validate --format json"));
}

#[test]
fn the_server_of_the_environment_decides_what_is_possible() {
    let folder = Folder::new(&[("main.tf", GOOD)]).set("LANYARD_API", "splunk");
    insta::assert_snapshot!(folder.run("validate"));
}

/// As Terraform's own validation says it.
#[test]
fn what_lasts_for_a_run_is_checked_against_the_server() {
    let of = |api| Folder::new(&[("main.tf", FOR_A_RUN)]).set("LANYARD_API", api);
    insta::assert_snapshot!(of("elasticsearch").run("validate"));
    for api in ["openobserve", "chronosphere"] {
        let said = of(api).run("validate");
        assert!(said.contains("error[ephemeral-without-end]"), "{said}");
    }
    for api in ["native", "osmo"] {
        let said = of(api).run("validate");
        assert!(!said.contains("ephemeral-without-end"), "{said}");
    }
    // No server is asked first.
    let said = of("elasticsearch").run("plan");
    assert!(said.contains("error[ephemeral-without-end]"), "{said}");
}

#[test]
fn a_folder_without_a_configuration_is_an_error() {
    insta::assert_snapshot!(Folder::new(&[("notes.txt", "")]).run("validate"));
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    insta::assert_snapshot!(Folder::new(&[]).run("validate elsewhere"));
}

#[test]
fn a_single_terraform_file_is_not_a_configuration() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", GOOD)]).run("validate main.tf"));
}

#[test]
fn a_variable_without_a_value_is_not_repeated() {
    let story = Folder::new(&[("main.tf", GOOD)]).run("validate --var hunter2");
    assert!(
        !story.lines().skip(1).any(|line| line.contains("hunter2")),
        "{story}"
    );
}

#[test]
fn colour_is_only_for_those_who_want_it() {
    let folder = Folder::new(&[("main.tf", BAD)]);
    assert!(!folder.run("validate").contains('\u{1b}'));
    assert!(folder.run("validate --color always").contains('\u{1b}'));
}

#[test]
fn a_variable_without_a_value_is_not_known_yet() {
    let folder = Folder::new(&[(
        "main.tf",
        r#"
        variable "team" {
          type = string
        }

        resource "lanyard_service_account" "ci" {
          name = "ci-${var.team}"
        }
        "#,
    )]);
    assert!(folder.run("validate").contains("Valid: 1 resource."));
    // To plan, it has to be known.
    assert!(folder.run("plan").contains("missing-variable"));
}

#[test]
fn every_mistake_of_the_policy_is_told_with_its_place() {
    let folder = Folder::new(&[
        (
            "main.tf",
            "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n",
        ),
        (
            "lanyard.toml",
            "[rules]\nnever-expire = \"warning\"\nplain-http = \"fatal\"\n\n[[exceptions]]\nrule = \"never-expires\"\naddress = \"*\"\n",
        ),
    ]);
    insta::assert_snapshot!(folder.run("validate"));
}

#[test]
fn a_folder_that_was_named_is_named() {
    let folder = Folder::new(&[
        ("good/main.tf", GOOD),
        ("bad/main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
        ("bad/a/main.tf", "locals {\n  a = nonsense()\n}\n"),
        ("none/notes.txt", ""),
    ]);
    insta::assert_snapshot!(
        ["good", "bad/", "none", "elsewhere"]
            .map(|name| folder.run(&format!("validate {name}")))
            .join("\n\n")
    );
}

#[test]
fn a_document_by_the_name_of_a_terraform_file_gets_a_hint() {
    insta::assert_snapshot!(Folder::new(&[("main.tf", DOCUMENT)]).run("validate"));
}

#[test]
fn a_policy_in_a_folder_that_was_named_is_named_once() {
    let folder = Folder::new(&[("in/main.tf", GOOD), ("in/lanyard.toml", "[gard]\n")]);
    let story = folder.run("validate in");
    assert!(story.contains("--> in/lanyard.toml:1:"), "{story}");
}

#[test]
fn a_folder_says_whose_language_it_is_and_where_it_does_not_that_is_told() {
    const TERRAFORM: &str = "locals {\n  a = 1\n}\n";
    const OPENTOFU: &str = "locals {\n  a = urldecode(tofu.workspace)\n}\n";
    let own = [("main.tofu", OPENTOFU)];
    assert_eq!(
        Folder::new(&own).run("validate"),
        "$ lanyard validate\n--- stdout\nValid: 0 resources.\n--- exit 0"
    );
    let both = [("main.tf", TERRAFORM), ("main.tofu", OPENTOFU)];
    let words = Folder::new(&[("main.tf", OPENTOFU)]);
    insta::assert_snapshot!(
        [
            Folder::new(&both).run("validate"),
            Folder::new(&both).run("validate --language terraform"),
            Folder::new(&both).run("validate --language opentofu"),
            words.run("validate"),
            words.run("validate --language tofu"),
        ]
        .join("\n\n")
    );
    words.write("lanyard.toml", "language = \"opentofu\"\n");
    assert!(words.run("validate").contains("Valid: "));
    words.write("lanyard.toml", "language = \"tofu\"\n");
    let story = words.run("compile");
    assert!(
        story.contains("`language` is \"terraform\" or \"opentofu\"."),
        "{story}"
    );
}

#[test]
fn a_misspelled_name_is_put_right_where_it_says_what_was_meant() {
    const WRONG: &str = "# Mine.\nresource \"lanyard_acces_token\" \"ci\" {\n  name   = \"ci\" # kept\n}\n\nresource \"lanyard_access_token\" \"b\" {\n  name   = \"b\"\n  scops  = [\"x\"]\n\n  rotatoin {\n    grace_period = \"1h\"\n  }\n}\n";
    let folder = Folder::new(&[("main.tf", WRONG)]);
    let read = || std::fs::read_to_string(folder.path().join("main.tf")).unwrap();
    let shown = folder.run("validate --fix");
    assert!(
        shown.contains("Would fix 3 names") && shown.contains("+  scopes  = [\"x\"]"),
        "{shown}"
    );
    assert_eq!(read(), WRONG, "showing writes nothing");
    let written = folder.run("validate --fix --write");
    assert!(
        written.contains("Fixed 3 names") && written.contains("Valid: 2 resources"),
        "{written}"
    );
    let right = WRONG
        .replace("acces_token", "access_token")
        .replace("scops", "scopes")
        .replace("rotatoin", "rotation");
    assert_eq!(read(), right, "nothing else is touched");
    assert!(
        folder
            .run("validate --fix --write")
            .contains("Nothing to fix")
    );
}

/// Who takes the clear secret of a token with a recipient gets null, and a plan would only show that when it is too late.
#[test]
fn who_takes_the_clear_secret_of_a_token_with_a_recipient_is_told() {
    let folder = |recipient: &str, takes: &str| {
        let text = format!(
            "variable \"later\" {{\n  type = string\n}}\n\nresource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n{recipient}}}\n\n\
             resource \"terraform_data\" \"ci\" {{\n  input = {takes}\n}}\n"
        );
        Folder::new(&[("main.tf", &text)])
    };
    let recipient =
        "  recipient = \"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"\n";
    let clear = "lanyard_access_token.ci.token";
    insta::assert_snapshot!(folder(recipient, clear).run("validate"));
    let is_told = |recipient: &str, takes: &str| {
        let told = folder(recipient, takes).stdout("validate --format json");
        assert!(told.contains("\"valid\": true"), "{told}");
        told.contains("token-is-null")
    };
    assert!(is_told(recipient, clear));
    assert!(is_told(recipient, &format!("[{{ a = {clear} }}]")));
    let ignored = format!("{recipient}  lifecycle {{\n    ignore_changes = [recipient]\n  }}\n");
    for (recipient, takes) in [
        ("", clear),
        (recipient, "lanyard_access_token.ci.encrypted_token"),
        (
            recipient,
            "coalesce(lanyard_access_token.ci.token, lanyard_access_token.ci.encrypted_token)",
        ),
        (
            recipient,
            "1 == 2 ? lanyard_access_token.ci.token : lanyard_access_token.ci.encrypted_token",
        ),
        (recipient, "lanyard_access_token.ci"),
        (recipient, "{ all = [lanyard_access_token.ci] }"),
        ("  recipient = var.later\n", clear),
        (&ignored, clear),
    ] {
        assert!(!is_told(recipient, takes), "{recipient} {takes}");
    }
}
