//! Which server a resource is on in two revisions, and what that means for it.

use super::*;

#[test]
fn each_instance_of_a_provider_is_a_server_of_its_own() {
    const REGIONS: &str = r#"
provider "lanyard" {
  alias    = "by_region"
  for_each = toset(["eu", "us"])
  url      = "http://${each.key}.example.com"
  api      = each.key == "eu" ? "openobserve" : "native"
}
resource "lanyard_access_token" "ci" {
  for_each = toset(["eu", "us"])
  provider = lanyard.by_region[each.key]
  name     = "ci"
}
resource "lanyard_access_token" "again" {
  provider = lanyard.by_region["us"]
  name     = "NAME"
}
"#;
    let found = |name: &str| -> Vec<String> {
        let reviewed = revised_as(Language::OpenTofu, "", &REGIONS.replace("NAME", name));
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let found = review.findings().iter();
        found
            .filter(|found| ["duplicate-name", "plain-http"].contains(&found.rule.name))
            .map(|found| format!("{} {}", found.rule.name, found.address))
            .collect()
    };
    let http = [
        "plain-http provider[\"lanyard\"].by_region[\"eu\"]",
        "plain-http provider[\"lanyard\"].by_region[\"us\"]",
    ];
    assert_eq!(found("other"), http);
    assert_eq!(
        found("ci"),
        [
            &["duplicate-name lanyard_access_token.ci[\"us\"]"][..],
            &http[..]
        ]
        .concat()
    );
}

const TWO_SERVERS: &str = r#"
variable "one" {}
variable "two" {}
provider "lanyard" {
  url = "https://a.example.com"
}
provider "lanyard" {
  alias = "b"
  url   = "https://b.example.com"
}
resource "lanyard_access_token" "ci" {
  name     = "ci"
  provider = lanyard
}
"#;

#[test]
fn what_goes_to_another_server_is_made_there_and_lives_on_here() {
    let [a, b] = ["\"https://a.example.com\"", "\"https://b.example.com\""];
    let of = |from: &str, to: &str| TWO_SERVERS.replace(from, to);
    let aliased = of("provider = lanyard\n", "provider = lanyard.b\n");
    for (base, head) in [
        (TWO_SERVERS.to_owned(), aliased.clone()),
        (TWO_SERVERS.to_owned(), of(a, "\"https://c.example.com\"")),
        (
            of(a, &format!("{a}\n  api = \"openobserve\"")),
            of(a, &format!("{a}\n  api = \"native\"")),
        ),
        (
            of(a, &format!("{a}\n  organization = \"one\"")),
            of(a, &format!("{a}\n  organization = \"two\"")),
        ),
    ] {
        let reviewed = revised(&base, &head);
        let course = &reviewed.circumstances.courses[0];
        let change = change(&reviewed, "lanyard_access_token.ci");
        assert_eq!(
            (change.action, course.manner),
            (Action::Replace, Manner::ReplacesAndForgets),
            "{head}"
        );
        assert!(
            course.notes[0].ends_with("the old one lives on at the first server"),
            "{:?}",
            course.notes
        );
        assert!(!reviewed.is_empty());
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let mut found = review.findings().iter();
        assert!(
            found.any(|found| found.rule.name == "is-forgotten"),
            "{head}"
        );
    }
    // Another name or another spelling of the same server is none.
    for head in [
        of(b, "\"https://A.example.com/\"")
            .replace("provider = lanyard\n", "provider = lanyard.b\n"),
        of(a, &format!("{a}\n  api = \"native\"")),
        of(a, &format!("{a}\n  token = \"x\"")),
    ] {
        let reviewed = revised(TWO_SERVERS, &head);
        assert!(reviewed.is_empty(), "{head}\n{:#?}", reviewed.plan);
    }
}

#[test]
fn a_server_that_is_not_known_is_the_same_by_the_same_words_only() {
    let of = |a: &str, b: &str, alias: &str| {
        TWO_SERVERS
            .replace("\"https://a.example.com\"", a)
            .replace("\"https://b.example.com\"", b)
            .replace(
                "provider = lanyard\n",
                &format!("provider = lanyard{alias}\n"),
            )
    };
    let base = of("var.one", "var.two", "");
    for head in [of("var.one", "var.one", ""), of("var.one", "var.one", ".b")] {
        let reviewed = revised(&base, &head);
        assert!(reviewed.is_empty(), "{head}");
        assert!(reviewed.circumstances.courses[0].notes.is_empty());
    }
    for head in [
        of("var.two", "var.two", ""),
        of("var.one", "var.two", ".b"),
        of("\"https://a.example.com\"", "var.two", ""),
        of("null", "var.two", ""),
    ] {
        let reviewed = revised(&base, &head);
        assert!(!reviewed.is_empty(), "{head}");
        let masked = reviewed.plan.masked();
        let review = Review::of(&masked, &reviewed.circumstances, Context::default());
        let text = review.render(Format::Text, Options::default());
        assert!(text.contains("the server may change"), "{text}");
        assert!(
            text.contains("does not change if it stays on its server, which is not known"),
            "{text}"
        );
        assert!(text.contains("WARNING: It is not known whether"), "{text}");
        assert!(
            text.ends_with("Plan: 1 perhaps on another server.\n"),
            "{text}"
        );
        let json = review.render(Format::Json, Options::default());
        let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!(json["summary"]["in_doubt"], 1);
        assert_eq!(json["summary"]["unchanged"], 0);
    }
    // Which organization it is, the credential says there.
    let splunk = |alias: &str| {
        of(
            "\"https://a.example.com\"\n  api = \"splunk\"\n  token = var.one",
            "\"https://a.example.com\"\n  api = \"splunk\"\n  token = var.two",
            alias,
        )
    };
    assert!(!revised(&splunk(""), &splunk(".b")).is_empty());
    assert!(revised(&splunk(""), &splunk("")).is_empty());
}

#[test]
fn a_module_that_gets_another_provider_is_on_another_server() {
    let of = |provider: &str| {
        let main = format!(
            "{}\nmodule \"m\" {{\n  source = \"./m\"\n  providers = {{ lanyard = {provider} }}\n}}\n",
            TWO_SERVERS.split("resource").next().unwrap_or_default()
        );
        let module = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}\n";
        compile_all(&[("main.tf", &main), ("m/main.tf", module)])
    };
    let (base, head) = (of("lanyard"), of("lanyard.b"));
    let reviewed = compare(&base, &head);
    assert_eq!(
        reviewed.circumstances.courses[0].manner,
        Manner::ReplacesAndForgets
    );
    assert!(compare(&base, &base).is_empty());
}

#[test]
fn a_server_is_the_same_only_where_all_behind_its_words_is() {
    let of = |url: &str| {
        let text = TWO_SERVERS.replace("\"https://a.example.com\"", "local.url");
        format!("locals {{\n  url = {url}\n}}\n{text}")
    };
    assert!(revised(&of("var.one"), &of("var.one")).is_empty());
    let reviewed = revised(&of("var.one"), &of("var.two"));
    assert!(reviewed.circumstances.courses[0].server_in_doubt);
}

#[test]
fn which_kind_of_server_was_taken_for_granted_is_told_where_it_matters() {
    let told = |block: &str, name: &str| {
        let folder = |name: &str| {
            format!(
                "provider \"lanyard\" {{\n{block}\n}}\n\
                 resource \"lanyard_service_account\" \"a\" {{\n  name = \"{name}\"\n}}\n"
            )
        };
        let reviewed = revised(&folder("a"), &folder(name));
        let banners = reviewed.circumstances.banners.iter();
        banners
            .map(|banner| banner.code)
            .any(|code| code == Code::ServerNotKnown)
    };
    assert!(told("", "b"));
    assert!(!told("", "a"));
    assert!(!told("api = \"osmo\"", "b"));
    // Whoever says where it is has said all.
    assert!(!told("url = \"https://tokens.example.com\"", "b"));
}
