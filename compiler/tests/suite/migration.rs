//! Folders of the vendors' resources rewritten to ours, in place.

use lanyard_compiler::migration::rewrite::{Rewritten, SourceFile, is_read_alike, rewrite};

fn files(files: &[(&str, &str)]) -> Vec<SourceFile> {
    files
        .iter()
        .map(|(name, text)| SourceFile {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect()
}

/// What becomes of one file; a second run must find nothing to do.
fn migrated(text: &str) -> String {
    let Rewritten {
        files: changed,
        persons,
        ..
    } = rewrite(&files(&[("main.tf", text)]));
    assert!(persons.is_empty(), "{text}\n{persons:?}");
    let [file] = &changed[..] else {
        panic!("one file should change: {changed:?}");
    };
    let again = rewrite(&changed);
    assert!(
        again.files.is_empty() && again.persons.is_empty(),
        "{again:?}"
    );
    file.text.clone()
}

/// What needs a person, by the text at each place.
fn refused(text: &str) -> Vec<String> {
    let rewritten = rewrite(&files(&[("main.tf", text)]));
    assert!(rewritten.files.is_empty(), "nothing may be written");
    rewritten
        .persons
        .iter()
        .map(|person| {
            let span = person.span.clone().expect("each has a place");
            text[span.range].to_owned()
        })
        .collect()
}

const HEAD: &str = "terraform {\n  required_providers {\n    signalfx = {\n      source = \"splunk-terraform/signalfx\"\n    }\n  }\n}\n\n";

#[test]
fn a_chronosphere_account_keeps_its_restriction() {
    let before = r#"terraform {
  required_providers {
    chronosphere = { source = "chronosphereio/chronosphere", version = "~> 1.0" } # pinned
  }
}

provider "chronosphere" {
  org       = "acme"
  api_token = var.token # from the vault
}

# CI reads metrics.
resource "chronosphere_service_account" "ci" {
  for_each = toset(["a", "b"])
  name     = "ci-${each.key}"

  restriction {
    permission = "READ_ONLY" /* no writes */
    labels     = { team = "shop" }
  }
}

output "tokens" {
  sensitive = true
  value     = { for name, account in chronosphere_service_account.ci : name => account.token }
}
"#;
    let after = r#"terraform {
  required_providers {
    chronosphere = { source = "chronosphereio/chronosphere", version = "~> 1.0" } # pinned
    lanyard = {
      source = "lanyard/lanyard"
    }
  }
}

provider "chronosphere" {
  org       = "acme"
  api_token = var.token # from the vault
}

provider "lanyard" {
  api          = "chronosphere"
  organization = "acme"
  token        = var.token
}

# CI reads metrics.
resource "lanyard_service_account" "ci" {
  for_each = toset(["a", "b"])
  name     = "ci-${each.key}"

  restriction {
    permission = "READ" /* no writes */
    labels     = { team = "shop" }
  }
}

output "tokens" {
  sensitive = true
  value     = { for name, account in lanyard_service_account.ci : name => account.token }
}

moved {
  from = chronosphere_service_account.ci
  to   = lanyard_service_account.ci
}
"#;
    assert_eq!(migrated(before), after);
}

#[test]
fn a_splunk_token_keeps_limits_and_receivers() {
    let before = format!(
        "{HEAD}{}",
        r#"resource "signalfx_org_token" "ingest" {
  provider      = signalfx.eu
  name          = "shop/ingest"
  auth_scopes   = ["INGEST", "API"]
  notifications = ["Email,ops@example.com", "Slack,${var.slack},alerts"]

  host_or_usage_limits {
    host_limit                  = 10
    host_notification_threshold = -1
  }

  lifecycle {
    ignore_changes = [auth_scopes]
  }
}

resource "signalfx_org_token" "read" {
  count       = 2
  name        = "read-${count.index}"
  auth_scopes = var.scopes
  depends_on  = [signalfx_org_token.ingest]
}

locals {
  header = "X-SF-Token: ${signalfx_org_token.ingest.secret}"
  all    = signalfx_org_token.read[*].secret
  first  = <<-EOT
    ${signalfx_org_token.read[0].secret}
  EOT
}
"#
    );
    let after = r#"resource "lanyard_access_token" "ingest" {
  provider = lanyard.eu
  name     = "shop/ingest"
  scopes   = ["ingest", "api"]

  limits {
    hosts = 10
  }

  lifecycle {
    ignore_changes = [scopes]
  }

  alert {
    type  = "Email"
    email = "ops@example.com"
  }

  alert {
    type          = "Slack"
    credential_id = var.slack
    channel       = "alerts"
  }
}

resource "lanyard_access_token" "read" {
  count      = 2
  name       = "read-${count.index}"
  scopes     = [for scope in var.scopes : lower(scope)]
  depends_on = [lanyard_access_token.ingest]
}

locals {
  header = "X-SF-Token: ${lanyard_access_token.ingest.token}"
  all    = lanyard_access_token.read[*].token
  first  = <<-EOT
    ${lanyard_access_token.read[0].token}
  EOT
}

moved {
  from = signalfx_org_token.ingest
  to   = lanyard_access_token.ingest
}

moved {
  from = signalfx_org_token.read
  to   = lanyard_access_token.read
}
"#;
    let migrated = migrated(&before);
    assert!(migrated.ends_with(after), "{migrated}");
}

#[test]
fn openobserves_accounts_get_names_and_triggers() {
    let before = r#"resource "openobserve_service_account" "ci" {
  email        = "ci.pipeline@example.com"
  first_name   = "CI"
  last_name    = ""
  rotate_token = var.month
}

resource "openobserve_service_account" "each" {
  for_each     = var.teams
  email        = "${each.key}@example.com"
  custom_roles = ["viewer"]
}

resource "openobserve_ingestion_token" "otel" {
  name    = "otel"
  enabled = var.on
}

resource "openobserve_ingestion_token" "old" {
  name    = "old"
  enabled = false
}
"#;
    let after = r#"resource "lanyard_service_account" "ci" {
  name        = "ci-pipeline"
  email       = "ci.pipeline@example.com"
  description = "CI"

  rotation {
    triggers = { rotate_token = var.month }
  }
}

resource "lanyard_service_account" "each" {
  for_each = var.teams
  name     = trim(replace(lower(split("@", "${each.key}@example.com")[0]), "/[^a-z0-9]+/", "-"), "-")
  email    = "${each.key}@example.com"
  roles    = ["viewer"]
}

resource "lanyard_access_token" "otel" {
  name     = "otel"
  disabled = !(var.on)
}

resource "lanyard_access_token" "old" {
  name     = "old"
  disabled = true
}
"#;
    let migrated = migrated(before);
    assert!(migrated.contains(after), "{migrated}");
    assert!(migrated.starts_with("terraform {\n  required_providers {"));
    assert_eq!(migrated.matches("\nmoved {").count(), 4);
}

/// In brackets stands an instance's key or an attribute's name: which, is certain behind what chooses an instance.
#[test]
fn attributes_in_brackets_follow_where_their_meaning_is_certain() {
    let counted =
        "resource \"signalfx_org_token\" \"n\" {\n  count = 2\n  name  = \"n-${count.index}\"\n}\n";
    let read = |expression: &str| format!("{counted}output \"x\" {{\n  value = {expression}\n}}\n");
    let theirs = "signalfx_org_token.n";
    for (steps, expected) in [
        ("[0][\"secret\"]", "[0][\"token\"]"),
        (".0[\"secret\"]", ".0[\"token\"]"),
        ("[*][\"secret\"]", "[*][\"token\"]"),
        (".*[0][\"secret\"]", ".*[0][\"token\"]"),
        ("[count.index][\"secret\"]", "[count.index][\"token\"]"),
        ("[\"shop\"][\"secret\"]", "[\"shop\"][\"token\"]"),
        ("[0][\"description\"]", "[0][\"description\"]"),
        ("[\"name\"].secret", "[\"name\"].token"),
        ("[each.key].secret", "[each.key].token"),
    ] {
        let after = migrated(&read(&format!("{theirs}{steps}")));
        let expected = format!("value = lanyard_access_token.n{expected}\n");
        assert!(after.contains(&expected), "{after}");
        // In a text, and in JSON, where brackets hold escapes.
        let after = migrated(&read(&format!("\"a ${{{theirs}{steps}}}\"")));
        assert!(
            after.contains(expected.trim_start_matches("value = ").trim_end()),
            "{after}"
        );
    }
    for steps in [
        // The attribute of one resource, or all of the instance `secret`.
        "[\"secret\"]",
        "[\"name\"][\"secret\"]",
        "[each.key][\"secret\"]",
        "[each.key][0][\"secret\"]",
    ] {
        let text = read(&format!("{theirs}{steps}"));
        assert_eq!(refused(&text), [format!("{theirs}{steps}")], "{text}");
    }
    assert_eq!(
        refused(&read(&format!("{theirs}[0][\"auth_scopes\"]"))),
        ["\"auth_scopes\""]
    );
}

#[test]
fn what_needs_a_person_is_named_and_nothing_is_written() {
    let resource = |body: &str| {
        format!("resource \"signalfx_org_token\" \"ci\" {{\n  name = \"ci\"\n{body}}}\n")
    };
    for (text, expected) in [
        (resource("  zone = 1\n"), "zone"),
        (resource("  notifications = var.list\n"), "notifications"),
        (
            resource("  notifications = [\n    \"Email,a@example.com,b@example.com,\",\n  ]\n"),
            "\"Email,a@example.com,b@example.com,\"",
        ),
        (
            resource("  dynamic \"zones\" {\n    for_each = []\n    content {}\n  }\n"),
            "dynamic",
        ),
        (
            format!("{}output \"all\" {{\n  value = signalfx_org_token.ci\n}}\n", resource("")),
            "signalfx_org_token.ci",
        ),
        (
            format!("{}output \"x\" {{\n  value = signalfx_org_token.ci.auth_scopes\n}}\n", resource("")),
            "auth_scopes",
        ),
        (
            format!("{}module \"m\" {{\n  source    = \"./m\"\n  providers = {{ signalfx = signalfx }}\n}}\n", resource("")),
            "\"m\"",
        ),
        (
            "resource \"openobserve_ingestion_token\" \"x\" {\n  name   = \"x\"\n  org_id = \"other\"\n}\n".to_owned(),
            "org_id",
        ),
        (
            resource("  dpm_limits {\n    dpm_limit = 1\n  }\n\n  host_or_usage_limits {\n    host_limit = 1\n  }\n"),
            "host_or_usage_limits",
        ),
        (resource("").replacen('\n', "\r\n", 1), ""),
        (
            format!("locals {{\n  empty = <<EOT\nEOT\n}}\n\n{}locals {{\n  next = <<EOT\nEOT\n}}\n", resource("")),
            "",
        ),
        (
            format!("{}resource \"openobserve_ingestion_token\" \"ci\" {{\n  name = \"ci\"\n}}\n", resource("")),
            "\"ci\"",
        ),
        (
            format!("{}resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n}}\n", resource("")),
            "\"ci\"",
        ),
    ] {
        assert_eq!(refused(&text), [expected], "{text}");
    }
}

#[test]
fn what_needs_a_person_in_json_is_named_too() {
    let resource = |more: &str| {
        format!(
            "{{\"resource\": {{\"signalfx_org_token\": {{\"ci\": {{\"name\": \"ci\"{more}}}}}}}}}"
        )
    };
    for (text, expected) in [
        (resource(", \"zone\": 1"), "\"zone\""),
        (
            resource(", \"notifications\": \"${var.list}\""),
            "\"notifications\"",
        ),
        (resource(", \"provider\": \"splunk.eu\""), "\"splunk.eu\""),
        (
            resource("").replacen(
                '{',
                "{\"output\": {\"x\": {\"value\": \"${signalfx_org_token.ci}\"}}, ",
                1,
            ),
            "\"${signalfx_org_token.ci}\"",
        ),
        (
            resource("").replace(
                "\"resource\": {",
                "\"resource\": {\"lanyard_access_token\": {}, ",
            ),
            "\"signalfx_org_token\"",
        ),
    ] {
        let rewritten = rewrite(&files(&[("main.tf.json", &text)]));
        assert!(rewritten.files.is_empty(), "nothing may be written: {text}");
        let places: Vec<_> = rewritten
            .persons
            .iter()
            .map(|person| &text[person.span.clone().expect("each has a place").range])
            .collect();
        assert_eq!(places, [expected], "{text}");
    }
}

const TOKEN: &str = "resource \"signalfx_org_token\" \"ci\" {\n  name = \"ci\"\n}\n";

/// What is said of each place that needs a person, with its file.
fn persons(given: &[(&str, &str)]) -> Vec<(String, String)> {
    let rewritten = rewrite(&files(given));
    assert_eq!(
        rewritten.files.is_empty(),
        !rewritten.persons.is_empty(),
        "all or nothing"
    );
    rewritten
        .persons
        .iter()
        .map(|person| {
            let file = &person.span.as_ref().expect("each has a place").file;
            (file.to_string(), person.detail.clone())
        })
        .collect()
}

#[test]
fn what_overrides_a_resource_is_for_a_person() {
    let part = "resource \"signalfx_org_token\" \"ci\" {\n  description = \"x\"\n}\n";
    let in_json = r#"{"resource": {"signalfx_org_token": {"ci": {"description": "x"}}}}"#;
    for (name, text) in [
        ("override.tf", part),
        ("a_override.tf", part),
        ("override.tofu", part),
        ("z_override.tf.json", in_json),
    ] {
        let found = persons(&[("main.tf", TOKEN), (name, text)]);
        let [(file, why)] = &found[..] else {
            panic!("{name}: {found:?}");
        };
        assert_eq!(file, name);
        assert!(
            why.contains("overrides signalfx_org_token.ci") && why.contains("own block first"),
            "{why}"
        );
    }
    // What is no part of a resource follows there, too.
    let output = "output \"x\" {\n  value = signalfx_org_token.ci.secret\n}\n";
    assert_eq!(persons(&[("main.tf", TOKEN), ("override.tf", output)]), []);
    let found = persons(&[("main.tf", TOKEN), ("my-override.tf", part)]);
    assert!(
        found[0]
            .1
            .contains("signalfx_org_token.ci is declared in main.tf as well"),
        "{found:?}"
    );
}

#[test]
fn files_of_which_each_program_reads_one_are_both_migrated() {
    let rewritten = rewrite(&files(&[("main.tf", TOKEN), ("main.tofu", TOKEN)]));
    assert!(rewritten.persons.is_empty(), "{:?}", rewritten.persons);
    for file in &rewritten.files {
        for part in ["moved {", "required_providers {"] {
            assert_eq!(file.text.matches(part).count(), 1, "{file:?}");
        }
    }
    assert_eq!(rewritten.files.len(), 2);
}

#[test]
fn what_is_named_in_json_is_followed_in_every_resource() {
    let text = r#"{
  "resource": [
    { "signalfx_org_token": { "ci": { "name": "ci" } } },
    { "terraform_data": { "user": {
      "depends_on": ["signalfx_org_token.ci"],
      "lifecycle": { "replace_triggered_by": ["signalfx_org_token.ci", "signalfx_org_token.ci.secret"] }
    } } }
  ],
  "data": { "local_file": { "x": { "depends_on": ["signalfx_org_token.ci"] } } },
  "output": { "x": { "value": 1, "depends_on": ["signalfx_org_token.ci"] } }
}
"#;
    let rewritten = rewrite(&files(&[("main.tf.json", text)]));
    assert!(rewritten.persons.is_empty(), "{:?}", rewritten.persons);
    let after = &rewritten.files[0].text;
    assert_eq!(
        after.matches("[\"lanyard_access_token.ci\"]").count(),
        3,
        "{after}"
    );
    assert!(
        after.contains("[\"lanyard_access_token.ci\", \"lanyard_access_token.ci.token\"]"),
        "{after}"
    );
}

#[test]
fn a_text_with_a_mistake_or_of_which_readers_think_differently_is_not_read_alike() {
    for (text, alike) in [
        (TOKEN, true),
        ("", true),
        ("resource {", false),
        // Empty for Terraform, and for the other reader as long as it takes to the next marker.
        ("locals {\n  a = <<EOT\nEOT\n  b = <<EOT\nEOT\n}\n", false),
    ] {
        assert_eq!(is_read_alike(text), alike, "{text}");
    }
}

#[test]
fn what_stays_is_named_with_its_place() {
    let text = format!(
        "{HEAD}provider \"signalfx\" {{\n  auth_token     = var.t\n  custom_app_url = \"u\"\n}}\n\n{}",
        "moved {\n  from = signalfx_org_token.a\n  to   = signalfx_org_token.b\n}\n\nresource \"signalfx_org_token\" \"b\" {\n  name = \"b\"\n}\n"
    );
    let rewritten = rewrite(&files(&[("main.tf", &text)]));
    let named: Vec<_> = rewritten
        .left
        .iter()
        .map(|left| &text[left.span.clone().expect("each has a place").range])
        .collect();
    assert_eq!(named, ["moved", "custom_app_url"]);
    let after = &rewritten.files[0].text;
    assert!(after.contains("from = signalfx_org_token.a\n  to   = signalfx_org_token.b\n"));
    assert!(after.contains("provider \"lanyard\" {\n  api   = \"splunk\"\n  token = var.t\n}\n"));
}

/// Texts that nobody lays out like this, and that must stay as they are.
const NOISE: [&str; 7] = [
    "",
    "# a comment\t with   spaces  \n",
    "/* over\n   lines */ locals { a   =\"caf\\u00e9\\t\" }\n",
    "locals {\n  odd=<<EOT\n  x   =  1\n longer = 2\nEOT\n}\n\n\n",
    "variable \"x\" {\ndefault={\"k\":[1,\n2 , 3]}   // why\n}\n",
    "resource \"other_thing\" \"y\" {\n  a = 1\n    longer   = 2\n}\n",
    "output \"z\" {\n  value = \"%{ if true }$${no}%{ endif }\"\n}\n",
];

#[test]
fn whatever_stands_around_stays_byte_for_byte() {
    let resources = [
        "resource \"chronosphere_service_account\" \"a\" {\n  name = \"a\"\n  unrestricted=true # all\n}\n",
        "resource \"chronosphere_service_account\" a { name = \"a\" }\n",
        "resource \"signalfx_org_token\" \"a\" {\n\tname        = \"a\" // tab\n\n\tauth_scopes = [ \"RUM\" ,]\n}\n",
        "resource \"signalfx_org_token\" \"a\"{\n    name = \"a\"\n    dpm_limits{\n      dpm_limit = 1\n    }\n}\n",
        "resource \"openobserve_ingestion_token\" \"a\" {\n  # about\n  name = \"a\"\n  enabled = true\n}\n",
        "resource \"openobserve_service_account\" \"a\" {\n  email = \"a@example.com\"\n}",
    ];
    let mut told = 0;
    for resource in resources {
        for before in NOISE {
            for after in NOISE {
                let text = format!("{before}{resource}\n{after}");
                let migrated = migrated(&text);
                assert!(
                    migrated.contains(before) && migrated.contains(after),
                    "{text}\n{migrated}"
                );
                assert!(is_read_alike(&migrated), "{migrated}");
                told += 1;
            }
        }
    }
    assert_eq!(told, 294);
}

/// The texts between three backquotes.
fn snippets(guide: &str) -> Vec<&str> {
    let parts = guide.split("```terraform\n").skip(1);
    parts.filter_map(|part| part.split("```").next()).collect()
}

#[test]
fn the_guides_end_with_what_a_migration_writes() {
    let guides = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides");
    for vendor in ["chronosphere", "openobserve", "splunk"] {
        let guide =
            std::fs::read_to_string(guides.join(format!("coming-from-{vendor}.md"))).unwrap();
        let [before, after, ..] = snippets(&guide)[..] else {
            panic!("{vendor}: what people have, and what it becomes");
        };
        let migrated = migrated(before);
        let blocks = after
            .split("\n\n")
            .filter(|block| !block.starts_with("provider "));
        for block in blocks {
            assert!(
                migrated.contains(block.trim()),
                "{vendor}:\n{block}\n--- is not in\n{migrated}"
            );
        }
    }
}
