//! Two revisions of a configuration beside the plan of the same change: they say the same, as far as that can be known.

mod accounts;
mod servers;
mod words;

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
