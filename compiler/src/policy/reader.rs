//! The text of `lanyard.toml`, read to its end whatever is wrong on the way.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Policy;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::Language;
use crate::model::Lifetime;
use crate::plan::guard;
use crate::review::rules;
use crate::review::settings::{Exception, Pattern};
use crate::review::{Level, RULES};
use crate::suggest::closest;

pub(super) fn read(name: &str, text: &str) -> Result<Policy, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        file: Arc::from(name),
        problems: Vec::new(),
        of_an_apply: None,
        of_a_review: None,
    };
    for error in errors {
        let message = error.message().trim_end_matches('.');
        reader.complain(error.span().unwrap_or_default(), format!("{message}."));
    }
    let mut policy = Policy::default();
    for (key, value) in in_order(table.get_ref()) {
        match key.get_ref().as_ref() {
            "guard" => policy.guard = reader.guard(value),
            "rules" => reader.rules(value, &mut policy),
            "limits" => reader.limits(value, &mut policy),
            "owners" => reader.owners(value, &mut policy),
            "exceptions" => reader.exceptions(value, &mut policy),
            "language" => policy.language = reader.language(value),
            _ => reader.unknown(
                key,
                &[
                    "guard",
                    "language",
                    "rules",
                    "limits",
                    "owners",
                    "exceptions",
                ],
            ),
        }
    }
    // How many may end is one number, whichever table says it; only who says it twice means two.
    if let (None, Some(count)) = (reader.of_an_apply, reader.of_a_review) {
        policy.guard.get_or_insert_default().count = count;
    }
    let guard = policy.guard.unwrap_or_default();
    policy.rules.limits.deletions = guard::Limits {
        count: reader.of_a_review.unwrap_or(guard.count),
        ..guard
    };
    if reader.problems.is_empty() {
        return Ok(policy);
    }
    let place = |problem: &Diagnostic| problem.span.as_ref().map(|span| span.range.start);
    reader.problems.sort_by_key(place);
    Err(reader.problems)
}

type Key<'i> = Spanned<std::borrow::Cow<'i, str>>;
type Item<'i> = Spanned<DeValue<'i>>;

/// The entries of a table as they stand in the file.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<(&'a Key<'i>, &'a Item<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

struct Reader {
    file: Arc<str>,
    problems: Vec<Diagnostic>,
    /// `deletions` of `[guard]`.
    of_an_apply: Option<usize>,
    /// `deletions` of `[limits]`.
    of_a_review: Option<usize>,
}

impl Reader {
    fn complain(&mut self, range: Range<usize>, detail: impl Into<String>) {
        let is_told =
            |told: &Diagnostic| told.span.as_ref().is_some_and(|span| span.range == range);
        if self.problems.iter().any(is_told) {
            return;
        }
        self.problems.push(
            Diagnostic::error(Code::InvalidPolicy, "The policy cannot be read")
                .detail(detail)
                .span(Span {
                    file: Arc::clone(&self.file),
                    range,
                }),
        );
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let name = key.get_ref();
        let hint = match closest(name, known.iter().copied()) {
            Some(meant) => format!(" Perhaps `{meant}` is meant."),
            None => format!(" There are {}.", listed(known)),
        };
        self.complain(key.span(), format!("There is no `{name}` here.{hint}"));
    }

    fn table<'a, 'i>(&mut self, value: &'a Item<'i>) -> Vec<(&'a Key<'i>, &'a Item<'i>)> {
        match value.get_ref() {
            DeValue::Table(table) => in_order(table),
            other => {
                let what = other.type_str();
                self.complain(
                    value.span(),
                    format!("This is to be a table, and is of type {what}."),
                );
                Vec::new()
            }
        }
    }

    fn text<'a>(&mut self, value: &'a Item<'_>) -> Option<&'a str> {
        let text = value.get_ref().as_str();
        match text.map(str::trim) {
            Some("") => self.complain(value.span(), "This is to be some text, and is empty."),
            Some(text) => return Some(text),
            None => {
                let what = value.get_ref().type_str();
                self.complain(
                    value.span(),
                    format!("This is to be text, and is of type {what}."),
                );
            }
        }
        None
    }

    fn count(&mut self, value: &Item<'_>) -> Option<usize> {
        let number = value.get_ref().as_integer();
        let number =
            number.and_then(|number| usize::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.complain(
                value.span(),
                "This is to be a whole number, and not less than 0.",
            );
        }
        number
    }

    fn length(&mut self, value: &Item<'_>) -> Option<Lifetime> {
        let text = self.text(value)?;
        Lifetime::parse(text)
            .map_err(|problem| self.complain(value.span(), format!("{text:?} {problem}.")))
            .ok()
    }

    fn language(&mut self, value: &Item<'_>) -> Option<Language> {
        let language = value.get_ref().as_str().and_then(Language::parse);
        if language.is_none() {
            let names = Language::ALL.map(|language| format!("{:?}", language.name()));
            let detail = format!("`language` is {}.", names.join(" or "));
            self.complain(value.span(), detail);
        }
        language
    }

    fn guard(&mut self, value: &Item<'_>) -> Option<guard::Limits> {
        let mut limits = guard::Limits::default();
        for (key, value) in self.table(value) {
            let is_count = key.get_ref() == "deletions";
            let place = match key.get_ref().as_ref() {
                "deletions" => &mut limits.count,
                "percent" => &mut limits.percent,
                "floor" => &mut limits.at_least,
                _ => {
                    self.unknown(key, &["deletions", "percent", "floor"]);
                    continue;
                }
            };
            if let Some(count) = self.count(value) {
                *place = count;
                self.of_an_apply = is_count.then_some(count).or(self.of_an_apply);
            }
            if limits.percent > 100 {
                let detail = "`percent` is a share of what exists: at most 100.";
                self.complain(key.span(), detail);
                limits.percent = 100;
            }
        }
        Some(limits)
    }

    fn rules(&mut self, value: &Item<'_>, policy: &mut Policy) {
        for (key, value) in self.table(value) {
            let rule = self.rule(key.get_ref(), key.span());
            let levels: Vec<_> = match value.get_ref() {
                DeValue::Table(table) => in_order(table)
                    .into_iter()
                    .filter_map(|(address, value)| {
                        let pattern = Pattern::new(address.get_ref().as_ref());
                        Some((pattern, self.level(value)?))
                    })
                    .collect(),
                _ => {
                    let level = self.level(value);
                    level
                        .map(|level| (Pattern::any(), level))
                        .into_iter()
                        .collect()
                }
            };
            if let Some(rule) = rule {
                policy.rules.levels.insert(rule.name, levels);
            }
        }
    }

    /// `None` in it where the rule is off.
    fn level(&mut self, value: &Item<'_>) -> Option<Option<Level>> {
        let word = self.text(value)?;
        let level = Level::parse(word);
        if word != "off" && level.is_none() {
            let detail =
                format!("{word:?} is none of \"off\", \"note\", \"warning\" and \"error\".");
            self.complain(value.span(), detail);
            return None;
        }
        Some(level)
    }

    fn rule(&mut self, name: &str, range: Range<usize>) -> Option<&'static crate::review::Rule> {
        let rule = rules::find(name);
        if rule.is_none() {
            let names = RULES.iter().map(|rule| rule.name);
            let hint = match closest(name, names) {
                Some(meant) => format!(" Perhaps `{meant}` is meant."),
                None => " The pages in docs/rules list them.".to_owned(),
            };
            self.complain(range, format!("There is no rule `{name}`.{hint}"));
        }
        rule
    }

    fn limits(&mut self, value: &Item<'_>, policy: &mut Policy) {
        for (key, value) in self.table(value) {
            let limits = &mut policy.rules.limits;
            match key.get_ref().as_ref() {
                "lifetime" => limits.lifetime = self.length(value).unwrap_or(limits.lifetime),
                "grace" => limits.grace = self.length(value).unwrap_or(limits.grace),
                "deletions" => self.of_a_review = self.count(value),
                "name" => {
                    let Some(text) = self.text(value) else {
                        continue;
                    };
                    match regex::Regex::new(text) {
                        Ok(expression) => limits.name = Some(expression),
                        Err(error) => {
                            let error = error.to_string();
                            let last = error.lines().last().unwrap_or_default();
                            let why = last.trim().trim_start_matches("error: ");
                            let detail = format!("{text:?} is no regular expression: {why}.");
                            self.complain(value.span(), detail);
                        }
                    }
                }
                _ => self.unknown(key, &["lifetime", "grace", "deletions", "name"]),
            }
        }
    }

    fn owners(&mut self, value: &Item<'_>, policy: &mut Policy) {
        for (key, value) in self.table(value) {
            if let Some(team) = self.text(value) {
                let pattern = Pattern::new(key.get_ref().as_ref());
                policy.rules.limits.owners.push((pattern, team.to_owned()));
            }
        }
    }

    fn exceptions(&mut self, value: &Item<'_>, policy: &mut Policy) {
        let Some(list) = value.get_ref().as_array() else {
            let detail = "Exceptions are written one by one, each under `[[exceptions]]`.";
            self.complain(value.span(), detail);
            return;
        };
        for item in list.iter() {
            policy.rules.exceptions.extend(self.exception(item));
        }
    }

    fn exception(&mut self, item: &Item<'_>) -> Option<Exception> {
        const KEYS: [&str; 4] = ["rule", "address", "reason", "until"];
        let (mut rule, mut address, mut reason, mut until) = (None, None, None, None);
        let entries = self.table(item);
        for (key, value) in &entries {
            match key.get_ref().as_ref() {
                "rule" => {
                    let name = self.text(value);
                    rule = name.and_then(|name| self.rule(name, value.span()));
                }
                "address" => address = self.text(value).map(Pattern::new),
                "reason" => reason = self.text(value).map(str::to_owned),
                "until" => until = self.day(value),
                _ => self.unknown(key, &KEYS),
            }
        }
        let is_there = |name: &str| {
            entries
                .iter()
                .any(|(key, _)| key.get_ref().as_ref() == name)
        };
        let missing: Vec<&str> = KEYS.into_iter().filter(|name| !is_there(name)).collect();
        if !missing.is_empty() {
            let detail = format!("An exception needs {}.", listed(&missing));
            self.complain(item.span(), detail);
        }
        Some(Exception {
            rule: rule?,
            address: address?,
            reason: reason?,
            until: until?,
            place: Span {
                file: Arc::clone(&self.file),
                range: item.span(),
            },
        })
    }

    /// A date of TOML, or text that is one.
    fn day(&mut self, value: &Item<'_>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let day = text
            .parse::<Date>()
            .ok()
            .filter(|_| text.len() == "2027-03-31".len());
        if day.is_none() {
            self.complain(
                value.span(),
                "This is to be a day, for example `2027-03-31`.",
            );
        }
        day
    }
}

/// `a`, `b` and `c`.
fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}
