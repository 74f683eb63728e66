//! The pages of the rules, each with an example and what the rule says of it: as it is really found.

use std::fmt::Write as _;

use super::File;
use crate::comparison::{Way, ways};
use crate::language::{self, Compiled, MemoryLoader, MissingVariables, Options, Schemas};
use crate::policy::{FILE, Policy};
use crate::review::findings::Fixture;
use crate::review::revisions::{self, Revision};
use crate::review::{Context, Finding, RULES, Review, Rule, Settings, terraform};

/// A page for each rule, and the list of them.
pub(super) fn files() -> Vec<File> {
    let mut files: Vec<File> = RULES.iter().map(|rule| page(rule)).collect();
    files.push(File {
        path: "docs/rules/index.md".to_owned(),
        text: index(),
    });
    files
}

/// What all rules find in an example; nothing in one that cannot be read.
pub fn findings(example: Fixture) -> Vec<Finding> {
    match example {
        Fixture::New(head) => by_configuration("", head, &Settings::default()),
        Fixture::Change(base, head) => by_configuration(base, head, &Settings::default()),
        Fixture::Under(policy, head) => {
            let Ok(Policy { mut rules, .. }) = Policy::parse(FILE, policy) else {
                return Vec::new();
            };
            rules.today = Some(jiff::civil::date(2026, 11, 28));
            by_configuration("", head, &rules)
        }
        Fixture::Plan(text) => {
            let Ok(reviewed) = terraform::parse(text) else {
                return Vec::new();
            };
            let context = Context::default();
            Review::of(&reviewed.plan.masked(), &reviewed.circumstances, context).into_findings()
        }
    }
}

fn by_configuration(base: &str, head: &str, settings: &Settings) -> Vec<Finding> {
    let options = Options {
        missing_variables: MissingVariables::Unknown,
        ..Options::default()
    };
    let [base, head] = [base, head].map(|text| {
        let loader = MemoryLoader::new([("main.tf", text)]);
        language::compile(&loader, &options, &Schemas::lanyard())
    });
    let [base_ways, head_ways] = [&base, &head].map(|compiled| {
        let providers = compiled.configuration.providers.iter();
        ways(providers.map(|provider| Some(&provider.config)))
    });
    let reviewed = revisions::compare(
        revision(&base, &base_ways),
        revision(&head, &head_ways),
        |_| None,
    );
    let context = Context {
        configuration: Some(&head.configuration),
        settings: Some(settings),
        ..Context::default()
    };
    Review::of(&reviewed.plan.masked(), &reviewed.circumstances, context).into_findings()
}

fn revision<'a>(compiled: &'a Compiled, ways: &'a [Way]) -> Revision<'a> {
    Revision {
        configuration: &compiled.configuration,
        sources: &compiled.sources,
        words: &compiled.words,
        ways,
    }
}

fn head(title: &str, description: &str, source: &str) -> String {
    format!(
        "---\n# Generated from `compiler/src/review/{source}` by `cargo test -p lanyard-compiler --test generated`; edit that.\n\
         page_title: \"{title}\"\nsubcategory: \"Rules\"\ndescription: |-\n  {description}\n---\n\n"
    )
}

fn page(rule: &Rule) -> File {
    let Rule {
        name,
        level,
        summary,
        why,
        remedy,
        silent,
        fires,
        passes,
        ..
    } = rule;
    let source = format!("rules/{}.rs", name.replace('-', "_"));
    let mut out = head(&format!("Rule {name}"), summary, &source);
    let _ = write!(
        out,
        "# `{name}`\n\n{summary}\n\nLevel: **{}**, unless `[rules]` of `lanyard.toml` says otherwise.\n\n\
         ## Why\n\n{why}\n\n## What to do\n\n{remedy}\n\n## What it does not see\n\n{silent}\n\n## Finds\n\n",
        level.name()
    );
    out.push_str(&example(*fires));
    let found = findings(*fires);
    let mut found = found.iter().filter(|finding| finding.rule.name == *name);
    if let Some(finding) = found.next() {
        let _ = write!(out, "```text\n{finding:?}\n```\n\n");
    }
    let _ = write!(out, "## Lets pass\n\n{}", example(*passes));
    File {
        path: format!("docs/rules/{name}.md"),
        text: format!("{}\n", out.trim_end()),
    }
}

fn example(example: Fixture) -> String {
    let block = |language: &str, text: &str| match text {
        "" => String::new(),
        text => format!("```{language}\n{}\n```\n\n", text.trim_end()),
    };
    match example {
        Fixture::New(head) => block("terraform", head),
        Fixture::Change(base, head) => format!(
            "Before:\n\n{}After:\n\n{}",
            block("terraform", base),
            block("terraform", head)
        ),
        Fixture::Under(policy, head) => {
            format!("{}{}", block("toml", policy), block("terraform", head))
        }
        Fixture::Plan(text) => format!("In a plan of Terraform:\n\n{}", block("json", text)),
    }
}

fn index() -> String {
    let mut out = head("Rules", "What a review looks for in a plan.", "rules.rs");
    out.push_str(
        "# Rules\n\n`lanyard review` and `lanyard plan` look for these in what a plan makes and changes; what it leaves as it is was \
         reviewed before. Who takes a secret is looked at as a whole. What is hidden, or known only after the apply, is never taken \
         for absent: the page of each rule says where it is silent for that.\n\n`lanyard.toml` beside the configuration says how much \
         each rule counts, where its limits lie, and what is excepted until when: see \
         [the guide](../guides/pull-requests.md) and [the schema](../reference/policy.schema.json).\n\n\
         | rule | level | finds |\n|---|---|---|\n",
    );
    for rule in RULES {
        let _ = writeln!(
            out,
            "| [`{0}`]({0}.md) | {1} | {2} |",
            rule.name,
            rule.level.name(),
            rule.summary
        );
    }
    out
}
