//! Two revisions of a configuration beside the plan of the same change: they say the same, as far as that can be known.

use lanyard_compiler::comparison::{Way, ways};
use lanyard_compiler::diagnostic::Code;
use lanyard_compiler::language::{
    self, Compiled, Language, MemoryLoader, MissingVariables, Schemas,
};
use lanyard_compiler::plan::{Action, Change};
use lanyard_compiler::review::revisions::{self, Revision};
use lanyard_compiler::review::{
    Circumstances, Context, Format, Manner, Options, Review, Reviewed, assess, render_reviewed,
};

use crate::comparison::compared;

/// What the server of [`compared`] has.
const BASE: &str = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}
resource "lanyard_service_account" "still" {
  name = "still"
}
resource "lanyard_access_token" "a" {
  name = "a"
}
resource "lanyard_access_token" "b" {
  name = "b"
}
"#;

const HEAD: &str = r#"
resource "lanyard_service_account" "ci" {
  name  = "ci"
  roles = ["admin"]
}
resource "lanyard_service_account" "still" {
  name = "still"
}
resource "lanyard_service_account" "new" {
  name = "new"
}
resource "lanyard_access_token" "a" {
  name   = "a"
  scopes = ["samples:write"]
}
resource "lanyard_access_token" "b" {
  name        = "b"
  description = "another one"
}
output "a" {
  value     = lanyard_access_token.a.token
  sensitive = true
}
"#;

fn compile(text: &str, language: Language) -> Compiled {
    compile_files(&[("main.tf", text)], language)
}

fn compile_all(files: &[(&str, &str)]) -> Compiled {
    compile_files(files, Language::Terraform)
}

fn compile_files(files: &[(&str, &str)], language: Language) -> Compiled {
    let loader = MemoryLoader::new(files.iter().copied());
    let options = language::Options {
        language: Some(language),
        missing_variables: MissingVariables::Unknown,
        ..language::Options::default()
    };
    language::compile(&loader, &options, &Schemas::lanyard())
}

fn revised(base: &str, head: &str) -> Reviewed {
    revised_as(Language::Terraform, base, head)
}

fn revised_as(language: Language, base: &str, head: &str) -> Reviewed {
    let [base, head] = [base, head].map(|text| compile(text, language));
    compare(&base, &head)
}

fn compare(base: &Compiled, head: &Compiled) -> Reviewed {
    let [base_ways, head_ways] = [base, head].map(|compiled| {
        let providers = compiled.configuration.providers.iter();
        ways(providers.map(|provider| Some(&provider.config)))
    });
    fn revision<'a>(compiled: &'a Compiled, ways: &'a [Way]) -> Revision<'a> {
        Revision {
            configuration: &compiled.configuration,
            sources: &compiled.sources,
            words: &compiled.words,
            ways,
        }
    }
    revisions::compare(
        revision(base, &base_ways),
        revision(head, &head_ways),
        |_| None,
    )
}

fn change<'a>(reviewed: &'a Reviewed, address: &str) -> &'a Change {
    let mut changes = reviewed.plan.changes.iter();
    changes
        .find(|change| change.address == address)
        .expect("the change is there")
}

#[test]
fn two_revisions_say_what_the_plan_says() {
    let planned = compared(HEAD);
    let reviewed = revised(BASE, HEAD);
    let none = Circumstances::default();
    let mut told = Vec::new();
    for assessment in assess(&planned.plan, &none) {
        let address = &assessment.change.address;
        let by_configuration = assess(&reviewed.plan, &reviewed.circumstances);
        let mut others = by_configuration.iter();
        let other = others.find(|other| other.change.address == *address);
        let other = other.unwrap_or_else(|| panic!("nothing of {address}"));
        assert_eq!(other.change.action, assessment.change.action, "{address}");
        assert_eq!(other.danger, assessment.danger, "{address}");
        assert_eq!(other.gained, assessment.gained, "{address}");
        assert_eq!(
            other.change.consumers, assessment.change.consumers,
            "{address}"
        );
        assert_eq!(
            other.change.depends_on, assessment.change.depends_on,
            "{address}"
        );
        told.push(address.clone());
    }
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(
        change(&reviewed, "lanyard_service_account.still").action,
        Action::NoOp
    );
}

#[test]
fn what_is_not_known_in_both_is_no_change_by_itself() {
    let of = |roles: &str, ttl: &str| {
        format!(
            "variable \"roles\" {{}}\nvariable \"others\" {{}}\nvariable \"ttl\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  \
             name = \"x-${{var.ttl}}\"\n  roles = {roles}\n  ttl = {ttl}\n}}\n"
        )
    };
    let same = revised(&of("var.roles", "var.ttl"), &of("var.roles", "var.ttl"));
    assert!(same.is_empty(), "{:#?}", same.plan);
    let aligned = of("var.roles", "var.ttl").replace("ttl =", "ttl   =");
    let same = revised(&of("var.roles", "var.ttl"), &aligned);
    assert!(same.is_empty(), "{:#?}", same.plan);
    // Another variable may be another value, and a known one may be.
    for (roles, ttl) in [
        ("var.others", "var.ttl"),
        ("[\"admin\"]", "var.ttl"),
        ("var.roles", "\"9d\""),
    ] {
        let other = revised(&of("var.roles", "var.ttl"), &of(roles, ttl));
        let change = change(&other, "lanyard_access_token.x");
        assert_ne!(change.action, Action::NoOp, "{roles} {ttl}");
    }
}

#[test]
fn what_leaves_is_deleted_or_forgotten() {
    let deleted = revised(BASE, "");
    assert_eq!(deleted.plan.counts().delete, 4);
    let removed =
        "removed {\n  from = lanyard_access_token.a\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let forgotten = revised(
        "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n",
        removed,
    );
    assert_eq!(forgotten.circumstances.courses[0].manner, Manner::Forgets);
    assert_eq!(forgotten.plan.counts().delete, 0);
    // Likewise under the name that it gets first.
    let moved = "moved {\n  from = lanyard_access_token.x\n  to = lanyard_access_token.a\n}\n";
    let forgotten = revised(
        "resource \"lanyard_access_token\" \"x\" {\n  name = \"a\"\n}\n",
        &format!("{moved}{removed}"),
    );
    assert_eq!(forgotten.circumstances.courses[0].manner, Manner::Forgets);
    assert_eq!(forgotten.plan.counts().delete, 0);
}

#[test]
fn what_is_forgotten_ends_with_its_account() {
    let account = |more: &str| {
        format!("resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  {more}\n}}\n")
    };
    let token = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  service_account = lanyard_service_account.ci.id\n}\n";
    let removed =
        "removed {\n  from = lanyard_access_token.a\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let base = account("") + token;
    let nobody = "and nobody manages or rotates it any more";
    for (head, told) in [
        (
            String::new(),
            "is forgotten, and ends with its service account".to_owned(),
        ),
        (
            account("disabled = true"),
            format!(
                "is forgotten: its secret does not work while its service account is disabled, {nobody}"
            ),
        ),
        (
            account(""),
            format!("is forgotten: its secret works on without an end, {nobody}"),
        ),
    ] {
        let reviewed = revised(&base, &(head + removed));
        let text = render_reviewed(&reviewed, Format::Text, Options::default());
        let line = format!("x lanyard_access_token.a {told}\n");
        assert!(text.contains(&line), "{text}");
    }
}

#[test]
fn what_is_not_to_be_destroyed_is_forgotten_with_its_block_and_when_it_is_replaced() {
    let token = |lifecycle: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  lifecycle {{\n    {lifecycle}\n  }}\n}}\n"
        )
    };
    let of = |language: Language, base: &str, head: &str| {
        let reviewed = revised_as(language, base, head);
        (
            change(&reviewed, "lanyard_access_token.a").action,
            reviewed.circumstances.courses[0].manner,
        )
    };
    let kept = token("destroy = false");
    let forgotten = (Action::NoOp, Manner::Forgets);
    let deleted = (Action::Delete, Manner::Plain);
    // OpenTofu keeps the word in the state, Terraform does not.
    assert_eq!(of(Language::OpenTofu, &kept, ""), forgotten);
    assert_eq!(of(Language::Terraform, &kept, ""), deleted);
    // The newest word counts.
    let removed =
        "removed {\n  from = lanyard_access_token.a\n  lifecycle {\n    destroy = true\n  }\n}\n";
    assert_eq!(of(Language::OpenTofu, &kept, removed), deleted);
    let of_ci = |roles: &str, lifecycle: &str| {
        format!(
            "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  roles = [{roles}]\n}}\n{}",
            token(&format!(
                "replace_triggered_by = [lanyard_service_account.ci]\n    {lifecycle}"
            ))
        )
    };
    for (lifecycle, manner) in [
        ("destroy = false", Manner::ReplacesAndForgets),
        ("create_before_destroy = true", Manner::CreatesFirst),
        ("create_before_destroy = false", Manner::Plain),
    ] {
        let reviewed = revised(&of_ci("", lifecycle), &of_ci("\"admin\"", lifecycle));
        let mut changes = reviewed
            .plan
            .changes
            .iter()
            .zip(&reviewed.circumstances.courses);
        let found = changes.find(|(change, _)| change.address == "lanyard_access_token.a");
        let (change, course) = found.expect("the token is there");
        assert_eq!(
            (change.action, course.manner),
            (Action::Replace, manner),
            "{lifecycle}"
        );
    }
}

#[test]
fn instances_that_are_not_known_are_told() {
    let counted = |count: &str| {
        format!(
            "variable \"n\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  count = {count}\n  name  = \"x-${{count.index}}\"\n}}\n"
        )
    };
    let reviewed = revised(&counted("var.n"), &counted("1"));
    let text: Vec<_> = reviewed
        .circumstances
        .banners
        .iter()
        .map(|banner| banner.detail.clone())
        .collect();
    assert!(
        text.iter()
            .any(|text| text.contains("lanyard_access_token.x are not known")),
        "{text:?}"
    );
    let notes = &reviewed.circumstances.courses[0].notes;
    assert!(notes[0].starts_with("it may exist already"), "{notes:?}");
}

#[test]
fn what_lanyard_itself_makes_of_other_names_is_said_beside_what_terraform_does() {
    let token = |address: &str, name: &str, account: &str| {
        format!(
            "resource \"lanyard_access_token\" \"{address}\" {{\n  name = \"{name}\"\n  service_account = \"{account}\"\n}}\n"
        )
    };
    let notes = |base: &str, head: &str| -> Vec<(String, Vec<String>)> {
        let reviewed = revised(base, head);
        let changes = reviewed.plan.changes.iter();
        let courses = reviewed.circumstances.courses.iter();
        changes
            .zip(courses)
            .map(|(change, course)| (change.address.clone(), course.notes.clone()))
            .collect()
    };
    let one = token("a", "one", "sa_1");
    assert_eq!(
        notes(&one, &one),
        [("lanyard_access_token.a".to_owned(), vec![])]
    );
    for other in [token("a", "two", "sa_1"), token("a", "one", "sa_2")] {
        let notes = notes(&one, &other);
        assert!(
            notes[0].1[0].contains("makes a new one and leaves this one until `--prune`"),
            "{notes:?}"
        );
    }
    let gone = notes(&one, "");
    assert_eq!(gone[0].1, ["`lanyard apply` leaves it until `--prune`"]);
    // Under another address it is the same object for Lanyard, and for Terraform a new one.
    let moved = notes(&one, &token("b", "one", "sa_1"));
    assert!(
        moved[0].1[0].contains("takes what lanyard_access_token.a was for it"),
        "{moved:?}"
    );
    assert!(
        moved[1].1[0].contains("takes it for lanyard_access_token.b"),
        "{moved:?}"
    );
    let block = "moved {\n  from = lanyard_access_token.a\n  to = lanyard_access_token.b\n}\n";
    let said = notes(&one, &format!("{}{block}", token("b", "one", "sa_1")));
    assert_eq!(said[0].1, ["was called lanyard_access_token.a"]);
    // Of another account, it is another one.
    let other = notes(&one, &token("b", "one", "sa_2"));
    assert_eq!(other[1].1, ["`lanyard apply` leaves it until `--prune`"]);
    let import = "import {\n  to = lanyard_access_token.a\n  id = \"at_1\"\n}\n";
    let imported = notes(&one, &format!("{}{import}", token("a", "two", "sa_1")));
    assert!(!format!("{imported:?}").contains("prune"), "{imported:?}");
}

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

const MOVED: &str = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}
resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
}
"#;

#[test]
fn an_account_under_another_address_is_the_same_for_its_tokens() {
    let now = |address: &str, key: &str, more: &str| {
        let text = MOVED
            .replace("account\" \"ci\" {", &format!("account\" \"{address}\" {{"))
            .replace("_account.ci.id", &format!("_account.{address}{key}.id"));
        format!("{text}\n{more}")
    };
    let counted = |text: String| text.replace("  name = \"ci\"", "  count = 1\n  name = \"ci\"");
    let moved = |from: &str, to: &str| {
        let [from, to] = [from, to].map(|name| format!("lanyard_service_account.{name}"));
        format!("moved {{\n  from = {from}\n  to = {to}\n}}\n")
    };
    let chain = format!("{}{}", moved("ci", "mid"), moved("mid", "new"));
    for head in [
        now("new", "", &moved("ci", "new")),
        now("new", "", &chain),
        counted(now("ci", "[0]", &moved("ci", "ci[0]"))),
        // Terraform moves it there by itself.
        counted(now("ci", "[0]", "")),
    ] {
        let reviewed = revised(MOVED, &head);
        let counts = reviewed.plan.counts();
        assert_eq!(
            (counts.unchanged, reviewed.plan.changes.len()),
            (2, 2),
            "{head}\n{counts:?}"
        );
    }
    // Without a word of it, the account is another one.
    let reviewed = revised(MOVED, &now("new", "", ""));
    let token = change(&reviewed, "lanyard_access_token.ci");
    assert_eq!(token.action, Action::Replace);
}

#[test]
fn an_account_in_a_module_with_another_name_is_the_same_for_its_tokens() {
    let of = |name: &str, more: &str| {
        let main = format!("module \"{name}\" {{\n  source = \"./m\"\n}}\n{more}");
        compile_all(&[("main.tf", &main), ("m/main.tf", MOVED)])
    };
    let moved = "moved {\n  from = module.a\n  to = module.b\n}\n";
    let reviewed = compare(&of("a", ""), &of("b", moved));
    assert_eq!(reviewed.plan.counts().unchanged, 2);
    assert_eq!(reviewed.plan.changes.len(), 2);
}

/// One token whose period of grace is written as given, beside what that leads to.
fn grace(expression: &str, more: &str) -> String {
    format!(
        "variable \"a\" {{}}\nvariable \"b\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  name = \"x\"\n  ttl = \"30d\"\n  \
         rotation {{\n    grace_period = {expression}\n  }}\n}}\n{more}"
    )
}

#[test]
fn the_same_words_are_the_same_only_where_all_behind_them_is() {
    let of = |expression: &str, more: &str, module: &str| {
        let main = grace(expression, more);
        let module = format!("variable \"in\" {{\n  default = null\n}}\n{module}");
        compile_all(&[("main.tf", &main), ("m/main.tf", &module)])
    };
    let call = |more: &str| format!("module \"m\" {{\n  source = \"./m\"\n  {more}\n}}\n");
    let data = |argument: &str| format!("data \"http\" \"x\" {{\n  url = {argument}\n}}\n");
    let provider = |setting: &str| format!("provider \"http\" {{\n  proxy = {setting}\n}}\n");
    let output = |value: &str| format!("output \"out\" {{\n  value = {value}\n}}\n");
    // What it says, and two things that it may lead to: in the folder, and in the module.
    let stories: [(&str, [String; 2], [String; 2]); 9] = [
        (
            "local.g",
            ["var.a", "var.b"].map(|it| format!("locals {{\n  g = {it}\n}}\n")),
            Default::default(),
        ),
        (
            "local.g",
            ["\"1\"", "\"2\""].map(|it| {
                format!("locals {{\n  n = {it}\n  g = \"${{local.n}}${{var.a}}h\"\n}}\n")
            }),
            Default::default(),
        ),
        (
            "\"${var.a}${var.c}h\"",
            ["\"1\"", "\"2\""].map(|it| format!("variable \"c\" {{\n  default = {it}\n}}\n")),
            Default::default(),
        ),
        (
            "data.http.x.body",
            ["var.a", "var.b"].map(data),
            Default::default(),
        ),
        (
            "data.http.x.body",
            ["var.a", "var.b"].map(|it| format!("{}{}", data("\"u\""), provider(it))),
            Default::default(),
        ),
        (
            "module.m.out",
            ["var.a", "var.b"].map(|it| call(&format!("in = {it}"))),
            [(); 2].map(|()| output("var.in")),
        ),
        (
            "module.m.out",
            [(); 2].map(|()| call("in = var.a")),
            ["var.in", "\"${var.in}h\""].map(output),
        ),
        (
            "module.m[\"k\"].out",
            ["var.a", "var.b"].map(|it| {
                call(&format!(
                    "for_each = {{ k = {it} }}\n  in = each.value"
                ))
            }),
            [(); 2].map(|()| output("var.in")),
        ),
        (
            "lanyard_service_account.s.description",
            ["var.a", "var.b"].map(|it| {
                format!(
                    "resource \"lanyard_service_account\" \"s\" {{\n  name = \"s\"\n  description = {it}\n}}\n"
                )
            }),
            Default::default(),
        ),
    ];
    for (expression, [one, other], [inner, outer]) in stories {
        let base = of(expression, &one, &inner);
        assert!(base.diagnostics.is_empty(), "{:?}", base.diagnostics);
        let told = |head: &Compiled| {
            let reviewed = compare(&base, head);
            let change = change(&reviewed, "lanyard_access_token.x").clone();
            (change.action, change.fields().into_owned())
        };
        let same = told(&of(expression, &one, &inner));
        assert_eq!(same.0, Action::NoOp, "{expression}: {one}\n{:?}", same.1);
        let not = told(&of(expression, &other, &outer));
        assert_ne!(not.0, Action::NoOp, "{expression}: {other}{outer}");
    }
}

#[test]
fn each_instance_has_its_own_words_by_its_key() {
    let of = |keys: &str| {
        format!(
            "variable \"a\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  for_each = {keys}\n  name = each.key\n  ttl = each.value\n}}\n"
        )
    };
    let moved = "moved {\n  from = lanyard_access_token.x[\"a\"]\n  to = lanyard_access_token.x[\"b\"]\n}\n";
    let text = of("{ a = var.a, b = var.a }").replace("ttl = each.value", "ttl = var.a[each.key]");
    assert!(revised(&text, &text).is_empty());
    let one = text.replace("{ a = var.a, b = var.a }", "{ a = var.a }");
    let other = text.replace("{ a = var.a, b = var.a }", "{ b = var.a }");
    let reviewed = revised(&one, &format!("{other}{moved}"));
    let change = change(&reviewed, "lanyard_access_token.x[\"b\"]");
    let fields = change.fields();
    assert!(fields.iter().any(|field| field.path.to_string() == "ttl"));
}

#[test]
fn an_instance_is_the_same_whichever_others_there_are() {
    for (repetition, name, address) in [
        (
            "for_each = toset([\"a\", KEY])",
            "${var.a}-${each.key}",
            "x[\"a\"]",
        ),
        ("count = KEY", "${var.a}-${count.index}", "x[0]"),
    ] {
        let of = |key: &str| {
            let repetition = repetition.replace("KEY", key);
            format!(
                "variable \"a\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  {repetition}\n  name = \"{name}\"\n  ttl = \"1d\"\n}}\n"
            )
        };
        let (base, head) = match repetition.starts_with("count") {
            true => (of("1"), of("2")),
            false => (of("\"b\""), of("\"c\"")),
        };
        let reviewed = revised(&base, &head);
        let same = change(&reviewed, &format!("lanyard_access_token.{address}"));
        assert_eq!(
            same.action,
            Action::NoOp,
            "{repetition}: {:?}",
            same.fields()
        );
    }
    // The value of a key may be another one.
    let of = |value: &str| {
        format!(
            "variable \"a\" {{}}\nvariable \"b\" {{}}\nresource \"lanyard_access_token\" \"x\" {{\n  for_each = {{ a = {value} }}\n  name = each.value\n}}\n"
        )
    };
    let reviewed = revised(&of("var.a"), &of("var.b"));
    let other = change(&reviewed, "lanyard_access_token.x[\"a\"]");
    assert_ne!(other.action, Action::NoOp);
}

#[test]
fn what_a_file_says_is_behind_the_words_that_read_it() {
    let main = grace("\"${file(\"hours\")}${var.a}\"", "");
    let of = |hours: &str| compile_all(&[("main.tf", &main), ("hours", hours)]);
    assert!(compare(&of("1"), &of("1")).is_empty());
    assert!(!compare(&of("1"), &of("2")).is_empty());
}

#[test]
fn what_a_data_source_reads_is_behind_what_it_says() {
    let of = |files: &[(&str, &str)], more: &str| {
        let data = "data \"external\" \"x\" {\n  program = [\"sh\", \"${path.module}/hours\"]\n}\n";
        let main = grace("data.external.x.result.hours", &format!("{data}{more}"));
        let all: Vec<(&str, &str)> = [("main.tf", main.as_str())]
            .into_iter()
            .chain(files.iter().copied())
            .collect();
        compile_all(&all)
    };
    let base = of(&[("hours", "1"), ("other", "1")], "");
    assert!(base.diagnostics.is_empty(), "{:?}", base.diagnostics);
    let another = "data \"local_file\" \"y\" {\n  filename = \"other\"\n}\n";
    for (files, more, is_same) in [
        (&[("hours", "1"), ("other", "2")][..], "", true),
        (&[("hours", "1"), ("other", "2")], another, true),
        (&[("hours", "2"), ("other", "1")], "", false),
        (&[("other", "1")], "", false),
    ] {
        let reviewed = compare(&base, &of(files, more));
        assert_eq!(reviewed.is_empty(), is_same, "{files:?}");
    }
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
fn the_tokens_of_an_account_that_is_another_one_are_others() {
    const SERVERS: &str = "provider \"lanyard\" {\n  url = \"https://a.example.com\"\n}\n\
        provider \"lanyard\" {\n  alias = \"b\"\n  url = \"https://b.example.com\"\n}\n";
    let of = |account: &str, description: &str| {
        let text = MOVED.replacen('}', &format!("  {account}\n}}"), 1);
        format!(
            "{SERVERS}{text}resource \"lanyard_service_account\" \"other\" {{\n  name = \"o\"\n  description = \"{description}\"\n}}\n"
        )
    };
    let triggered = "lifecycle {\n    replace_triggered_by = [lanyard_service_account.other]\n  }";
    for (base, head) in [
        (of("", ""), of("provider = lanyard.b", "")),
        (of(triggered, "1"), of(triggered, "2")),
    ] {
        let reviewed = revised(&base, &head);
        for address in ["lanyard_service_account.ci", "lanyard_access_token.ci"] {
            let action = change(&reviewed, address).action;
            assert_eq!(action, Action::Replace, "{address} in {head}");
        }
    }
    let text = of(triggered, "1");
    assert!(revised(&text, &text).is_empty());
}

#[test]
fn a_module_that_is_counted_from_now_on_is_another_one() {
    let of = |count: &str, more: &str| {
        let main = format!("module \"a\" {{\n  source = \"./m\"\n  {count}\n}}\n{more}");
        compile_all(&[("main.tf", &main), ("m/main.tf", MOVED)])
    };
    // Terraform moves a resource to its new key by itself, and no module: so seen with 1.11.4.
    for (from, to) in [("", "count = 1"), ("count = 1", "")] {
        let counts = compare(&of(from, ""), &of(to, "")).plan.counts();
        assert_eq!((counts.create, counts.delete), (2, 2), "{from} to {to}");
    }
    let moved = "moved {\n  from = module.a\n  to = module.a[0]\n}\n";
    let reviewed = compare(&of("", ""), &of("count = 1", moved));
    assert_eq!(reviewed.plan.counts().unchanged, 2);
    assert_eq!(reviewed.plan.changes.len(), 2);
}

#[test]
fn a_shorter_lifetime_may_rotate_as_in_the_plan_of_the_same_change() {
    let of = |lifetime: &str| {
        format!("resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  {lifetime}\n}}\n")
    };
    let provider =
        "provider \"lanyard\" {\n  api = \"native\"\n  url = \"https://tokens.example.com\"\n}\n";
    let told = |before: &str, after: &str| {
        let [before, after] = [before, after].map(|text| provider.to_owned() + &of(text));
        let reviewed = revised(&before, &after);
        let change = change(&reviewed, "lanyard_access_token.a");
        let shown = format!("{change:?}");
        assert!(!shown.contains("1970"), "{shown}");
        let reasons: Vec<String> = change.reasons.iter().map(ToString::to_string).collect();
        (change.may_rotate(), reasons)
    };
    let may = |why: &str| (true, vec![format!("may rotate: {why}")]);
    let keeps = (false, Vec::new());
    assert_eq!(
        told("ttl = \"90d\"", "ttl = \"30d\""),
        may("with a `ttl` of 30d it ends earlier, which may be past when this is applied")
    );
    assert!(told("", "ttl = \"30d\"").0, "a first end may be past");
    assert_eq!(told("ttl = \"30d\"", "ttl = \"90d\""), keeps);
    assert_eq!(told("ttl = \"30d\"", "ttl = \"720h\""), keeps);
    assert_eq!(
        told("ttl = \"30d\"", "ttl = \"30d\"\n  description = \"x\""),
        keeps
    );
    let fixed = "expires_at = \"2099-01-01T00:00:00Z\"";
    assert_eq!(told("ttl = \"30d\"", fixed), keeps);
    assert!(told(fixed, "ttl = \"30d\"").0);
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

#[test]
fn a_built_in_account_stays_whatever_takes_its_place() {
    let account = |name: &str| {
        format!("resource \"lanyard_service_account\" \"a\" {{\n  name = \"{name}\"\n}}\n")
    };
    let stays = |before: &str, after: &str| {
        let [before, after] = [before, after]
            .map(|text| format!("provider \"lanyard\" {{\n  api = \"elasticsearch\"\n}}\n{text}"));
        revised(&before, &after).plan.changes[0].leaves_account()
    };
    let [built_in, own] = ["elastic/fleet-server", "shop/worker"].map(account);
    assert!(stays(&built_in, &own));
    assert!(stays(&built_in, ""));
    assert!(!stays(&own, &built_in));
    assert!(!stays(&own, ""));
}

#[test]
fn an_account_whose_address_is_made_of_its_name_is_replaced_with_it() {
    let folder = |api: &str, said: &str| {
        format!(
            "provider \"lanyard\" {{\n  api = \"{api}\"\n}}\n\
             resource \"lanyard_service_account\" \"a\" {{\n  unrestricted = true\n  {said}\n}}\n\
             output \"a\" {{\n  value = lanyard_service_account.a.token\n  sensitive = true\n}}\n"
        )
    };
    let renamed = |api: &str, more: &str| {
        let [base, head] =
            ["one", "two"].map(|name| folder(api, &format!("name = \"{name}\"\n  {more}")));
        let reviewed = revised(&base, &head);
        let change = &reviewed.plan.changes[0];
        let note = reviewed.circumstances.courses[0].notes.join("; ");
        (
            change.action,
            change.consumers.clone(),
            note.contains("--prune"),
        )
    };
    let used = vec!["output.a".to_owned()];
    assert_eq!(
        renamed("openobserve", ""),
        (Action::Replace, used.clone(), false)
    );
    // An address of its own goes with any name.
    let address = "email = \"robot@example.com\"";
    assert_eq!(
        renamed("openobserve", address),
        (Action::Update, used, false)
    );
    // No account has a secret here.
    assert_eq!(renamed("osmo", ""), (Action::Replace, Vec::new(), false));
    assert_eq!(renamed("native", ""), (Action::Update, Vec::new(), true));
}
