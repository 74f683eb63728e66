//! The rules, in the order in which the reference lists them: one file each, with its code, its words, its check, a change that it finds
//! and one that it lets pass.

mod ends;
mod gains_power;
mod is_forgotten;
mod is_replaced;
mod rotates_at_once;

use super::assess::Danger;
use super::findings::{Finding, Hit, Rule};
use super::subject::Subject;
use super::words;
use crate::value::AttributePath;

/// All rules.
pub const RULES: &[&Rule] = &[
    &ends::RULE,
    &is_replaced::RULE,
    &is_forgotten::RULE,
    &rotates_at_once::RULE,
    &gains_power::RULE,
];

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// What the rules find in a plan, the worst first; alike ones in the order of the rules and of the plan.
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for &rule in RULES {
        let hits = (rule.check)(subject).into_iter();
        found.extend(hits.map(|hit| finding(rule, hit, subject)));
    }
    found.sort_by_key(|finding| (finding.excepted.is_some(), std::cmp::Reverse(finding.level)));
    found
}

fn finding(rule: &'static Rule, hit: Hit, subject: &Subject<'_>) -> Finding {
    let Hit {
        address,
        path,
        message,
        hint,
        place,
    } = hit;
    let place = place.or_else(|| {
        let mut instances = subject.configuration?.instances.iter();
        let instance = instances.find(|instance| instance.address == address)?;
        Some(instance.span_of(&path).clone())
    });
    Finding {
        rule,
        level: rule.level,
        address,
        path,
        message,
        hint,
        place,
        excepted: None,
    }
}

/// What was assessed as this dangerous, in the words of the review.
fn assessed_as(subject: &Subject<'_>, danger: Danger) -> Vec<Hit> {
    let found = subject.touched();
    found
        .filter(|item| item.assessment.danger == danger)
        .map(|item| {
            let root = AttributePath::root();
            let mut message = words::headline(&item.assessment);
            if danger == Danger::GainsPower {
                message.push_str(&format!("; it gains {}", item.assessment.gained.join(", ")));
            }
            Hit::of(item, root, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::review::findings::Fixture;
    use crate::review::{Context, Review, terraform};

    fn findings(fixture: Fixture) -> Vec<Finding> {
        let Fixture::Plan(text) = fixture;
        let reviewed = terraform::parse(text).unwrap();
        Review::of(&reviewed.plan, &reviewed.circumstances, Context::default()).into_findings()
    }

    #[test]
    fn each_rule_finds_what_it_should_and_lets_the_rest_pass() {
        for rule in RULES {
            let found = |fixture| {
                let found = findings(fixture);
                found.iter().any(|finding| finding.rule.name == rule.name)
            };
            assert!(found(rule.fires), "{} finds nothing", rule.name);
            assert!(!found(rule.passes), "{} lets nothing pass", rule.name);
        }
    }

    #[test]
    fn every_rule_has_a_name_of_its_own_and_words() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        for rule in RULES {
            let name = rule.name;
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{name}"
            );
            assert_eq!(find(name).map(|found| found.name), Some(name));
            for words in [rule.summary, rule.why, rule.remedy, rule.silent] {
                assert!(words.ends_with('.'), "{name}: {words:?} is no sentence");
            }
        }
    }

    #[test]
    fn a_fingerprint_does_not_move_with_the_lines() {
        let mut one = findings(ends::RULE.fires).remove(0);
        let before = one.fingerprint();
        assert_eq!(before.len(), 64);
        one.message.push_str(" (said otherwise)");
        assert_eq!(one.fingerprint(), before);
        one.path = AttributePath::attribute("name");
        assert_ne!(one.fingerprint(), before);
    }
}
