//! Named rules over a whole configuration: what its parts must look like, what they mean together, and what the server can do.

mod alert;
mod attributes;
mod lifetime;
mod power;
mod recipient;
mod rotation;
mod server;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use super::facts;
use super::kind::Kind;
use super::schema::{Attribute, Body, Nesting};
use super::server::{Capabilities, ResourceCapabilities};
use super::state::Outline;
use crate::diagnostic::{Code, Diagnostic, sentence};
use crate::value::{AttributePath, Step, Value};

/// Checks a configuration of the schema's shape, and reports every mistake at once. Parts that are not known yet are skipped.
/// `server` is `None` while the provider is not configured: then only what holds on every server is checked.
pub fn validate(kind: Kind, server: Option<&Capabilities>, config: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if config.as_map().is_none() {
        return found;
    }
    let said = Outline::of(config);
    let mut subject = Subject {
        kind,
        server: server.map(|server| Target {
            title: server.title,
            can: said.capabilities(kind, server),
        }),
        config,
        said,
        attributes: Vec::new(),
    };
    if let Some(diagnostic) = server::absent(&subject) {
        // Nothing else about it matters there.
        return vec![diagnostic];
    }
    let body = &facts::schema(kind).body;
    collect(body, config, AttributePath::root(), &mut subject.attributes);
    found.extend(form(&subject.attributes));
    for rule in RULES {
        rule(&subject, &mut found);
    }
    without_repetition(found)
}

/// What is wrong with the arguments of anything that has such a schema, one by one. Parts that are not known yet are skipped.
pub fn arguments(body: &Body, config: &Value) -> Vec<Diagnostic> {
    let mut attributes = Vec::new();
    collect(body, config, AttributePath::root(), &mut attributes);
    without_repetition(form(&attributes))
}

fn form(attributes: &[Stated<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    attributes::computed_ones_are_not_configured(attributes, &mut found);
    attributes::required_ones_are_set(attributes, &mut found);
    attributes::elements_are_not_null(attributes, &mut found);
    attributes::texts_have_their_form(attributes, &mut found);
    found
}

/// A cause is named once for each place, a server's limit only where nothing simpler is wrong, and nothing inside a block matters that
/// has to go as a whole.
fn without_repetition(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let hopeless: Vec<AttributePath> = found
        .iter()
        .filter(|diagnostic| {
            [Code::UnsupportedAttribute, Code::RotationImpossible].contains(&diagnostic.code)
        })
        .map(|diagnostic| diagnostic.path.clone())
        .collect();
    let mut kept: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in found {
        let inside = hopeless.iter().any(|whole| {
            diagnostic.path != *whole && diagnostic.path.steps().starts_with(whole.steps())
        });
        let repeated = kept.iter().any(|earlier| {
            earlier.path == diagnostic.path
                && (earlier.code == diagnostic.code || diagnostic.code == Code::LimitExceeded)
        });
        if !inside && !repeated {
            diagnostic.detail = sentence(&diagnostic.detail);
            kept.push(diagnostic);
        }
    }
    kept
}

/// What is wrong whatever the server says of the object: for who has no state at hand.
pub fn validate_without_state(
    kind: Kind,
    server: Option<&Capabilities>,
    config: &Value,
) -> Vec<Diagnostic> {
    let mut found = validate(kind, server, config);
    found.retain(|problem| !waits_for_the_state(problem));
    found
}

/// True for a complaint that is none if the state says the same, which only a plan knows: Terraform before 1.14 generates a
/// configuration that says all that a state says, but for what is secret.
pub(crate) fn waits_for_the_state(problem: &Diagnostic) -> bool {
    problem.code == Code::ComputedOnServer || alert::may_be_left_out(problem)
}

type Rule = fn(&Subject<'_>, &mut Vec<Diagnostic>);

const RULES: &[Rule] = &[
    attributes::names_are_not_empty,
    power::restriction_is_chosen_once,
    power::labels_are_few,
    power::visibility_names_whom_it_selects,
    alert::receivers_are_complete_and_distinct,
    recipient::is_an_age_key,
    lifetime::one_end,
    lifetime::end_suits_the_server,
    rotation::comes_before_the_end,
    rotation::grace_suits_the_server,
    server::takes_every_attribute,
    server::gets_what_it_requires,
    server::limits_are_kept,
    server::names_lead_to_a_slug,
    server::replaces_what_can_be_deleted,
    server::adopts_what_gets_a_secret,
];

/// What is checked.
struct Subject<'a> {
    kind: Kind,
    server: Option<Target<'a>>,
    config: &'a Value,
    said: Outline,
    /// Everything in it.
    attributes: Vec<Stated<'a>>,
}

/// The server that it is for.
struct Target<'a> {
    title: &'static str,
    can: &'a ResourceCapabilities,
}

impl Target<'_> {
    /// False where the server has no restrictions.
    fn restricts(&self) -> bool {
        self.can.attribute("restriction").is_some()
    }
}

impl Subject<'_> {
    fn get(&self, name: &str) -> &Value {
        self.config.get(name)
    }

    /// Visits every attribute that the configuration could set, with its value; the blocks that stand included.
    fn each(&self, visit: &mut impl FnMut(&Place<'_>, &Attribute, &Value)) {
        for (place, attribute, value) in &self.attributes {
            visit(place, attribute, value);
        }
    }
}

/// Where an attribute stands. Most are right, so that the path is put together only where somebody complains.
struct Place<'a> {
    around: Rc<AttributePath>,
    name: &'a str,
}

impl<'a> Place<'a> {
    fn path(&self) -> AttributePath {
        self.around.then(self.name)
    }

    /// The path as capabilities spell it: names only, `alert.email`.
    fn spelled(&self) -> Cow<'a, str> {
        let around = self.around.steps().iter();
        let mut names: Vec<&str> = around
            .filter_map(|step| match step {
                Step::Attribute(name) => Some(name.as_str()),
                Step::Key(_) | Step::Index(_) => None,
            })
            .collect();
        if names.is_empty() {
            return Cow::Borrowed(self.name);
        }
        names.push(self.name);
        Cow::Owned(names.join("."))
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(formatter)
    }
}

/// An attribute that the configuration could set, and its value.
type Stated<'a> = (Place<'a>, &'a Attribute, &'a Value);

fn collect<'a>(body: &'a Body, value: &'a Value, path: AttributePath, found: &mut Vec<Stated<'a>>) {
    let around = Rc::new(path);
    for attribute in &body.attributes {
        let place = Place {
            around: Rc::clone(&around),
            name: &attribute.name,
        };
        found.push((place, attribute, value.get(&attribute.name)));
    }
    for block in &body.blocks {
        match (block.nesting, value.get(&block.name)) {
            (Nesting::Single, inner @ Value::Map(_)) => {
                collect(&block.body, inner, around.then(&block.name), found);
            }
            (Nesting::List, Value::List(items)) => {
                for (index, item) in items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| item.as_map().is_some())
                {
                    let path = around.then(&block.name).index(index);
                    collect(&block.body, item, path, found);
                }
            }
            _ => {}
        }
    }
}

fn attribute(name: &str) -> AttributePath {
    AttributePath::attribute(name)
}
