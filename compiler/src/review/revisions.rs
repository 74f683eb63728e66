//! Two revisions of a configuration as a plan, without servers and states: what the base asks for is taken for what there is. What
//! only a server can tell is unknown on both sides.

mod addresses;
mod passage;
mod prior;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use addresses::{Became, Called, Said, keys, names_after, names_before, within};
use passage::Passage;
use prior::Prior;

use super::circumstances::{Circumstances, Course, Manner, Reviewed};
use crate::comparison::{Addresses, Way, consumers, hidden};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::{Configuration, Instance, Provider, Sources, WhyUnread, Words, without_keys};
use crate::model::Kind;
use crate::model::server::{Capabilities, Naming};
use crate::plan::{
    Action, Change, Forced, Plan, PlannedResource, Reason, plan_forced, plan_resource,
};
use crate::value::{AttributePath, Step, Value};

/// One of the two.
#[derive(Clone, Copy)]
pub struct Revision<'a> {
    pub configuration: &'a Configuration,
    pub sources: &'a Sources,
    /// What stands behind what it does not know.
    pub words: &'a Words,
    /// Where its providers lead to, one for each.
    pub ways: &'a [Way],
}

/// What changes from `base` to `head`, as far as that can be known.
pub fn compare(base: Revision<'_>, head: Revision<'_>) -> Reviewed {
    let mut left: BTreeMap<&str, Resource<'_>> = base
        .resources()
        .map(|resource| (resource.instance.address.as_str(), resource))
        .collect();
    let addresses = Addresses::new(head.configuration);
    let imported = head.configuration.imported_ids();
    let mut made: HashMap<ByName, Vec<(usize, Resource<'_>)>> = HashMap::new();
    let pairs: Vec<(Resource<'_>, Option<Resource<'_>>)> = head
        .resources()
        .map(|resource| {
            let mut names =
                names_before(head.configuration, &resource.instance.address).into_iter();
            (resource, names.find_map(|name| left.remove(&*name)))
        })
        .collect();
    let settled = settle(&pairs, base.configuration, head);
    let called = settled.called;
    let mut plan = settled.plan;
    let mut courses = settled.courses;
    let mut in_doubt: Vec<String> = Vec::new();
    let changes = plan.changes.iter_mut().zip(&mut courses);
    for (index, ((resource, before), (change, course))) in pairs.iter().zip(changes).enumerate() {
        let address = resource.instance.address.as_str();
        let import = imported.get(address);
        match (before, import) {
            (Some(before), _) => {
                let passage = &settled.passages[index];
                if let Passage::MayLeave(_) = passage {
                    in_doubt.push(address.to_owned());
                }
                if !matches!(passage, Passage::Leaves(_)) && import.is_none() {
                    let notes = is_another_one(before, resource, change);
                    course.notes.extend(notes);
                }
                let had = consumers(base.configuration, &before.instance.address);
                let has = consumers(head.configuration, address);
                course.notes.extend(used_by_others(&had, &has));
            }
            (None, Some(id)) => (*change, *course) = taken_in(resource, id),
            (None, None) => {
                if let Some(name) = by_name(resource, &called) {
                    let place = made.entry(name).or_default();
                    place.push((index, *resource));
                }
            }
        }
        change.depends_on = addresses.needed_by(resource.instance);
        change.consumers = consumers(head.configuration, address);
    }
    for resource in left.into_values() {
        let (mut change, mut course) = gone(&resource, head.configuration);
        if course.manner != Manner::Forgets {
            let heirs = by_name(&resource, &Called::default()).and_then(|name| made.get(&name));
            let heir = heirs.and_then(|heirs| heirs.first());
            course.notes.push(match heir {
                Some((_, heir)) => format!(
                    "`lanyard apply`, which knows objects by their names, takes it for {}",
                    heir.instance.address
                ),
                None => "`lanyard apply` leaves it until `--prune`".to_owned(),
            });
            if let Some((index, _)) = heir {
                let course: &mut Course = &mut courses[*index];
                course.notes.push(format!(
                    "`lanyard apply`, which knows objects by their names, takes what {} was for it; Terraform does so with a `moved` block",
                    change.address
                ));
            }
        }
        change.consumers = consumers(base.configuration, &change.address);
        plan.changes.push(change);
        courses.push(course);
    }
    let mut circumstances = Circumstances {
        banners: banners(base.configuration, head.configuration, &in_doubt),
        courses,
        ..Circumstances::default()
    };
    circumstances.learn(head.configuration);
    Reviewed {
        plan,
        circumstances,
    }
}

/// A managed resource of a revision.
#[derive(Clone, Copy)]
struct Resource<'a> {
    instance: &'a Instance,
    kind: Kind,
    provider: &'a Provider,
    server: Option<&'static Capabilities>,
    revision: Revision<'a>,
}

impl<'a> Resource<'a> {
    /// What it says of an attribute.
    fn said_at(&self, path: &AttributePath) -> Said<'a> {
        let Revision { words, sources, .. } = self.revision;
        let instance = self.instance;
        Said {
            links: &instance.links,
            behind: words.behind(instance, instance.span_of(path), sources),
            words,
            keys: keys(&instance.address),
        }
    }

    /// What its provider says of a setting.
    fn setting_at(&self, path: &AttributePath) -> Said<'a> {
        let Revision { words, sources, .. } = self.revision;
        let provider = self.provider;
        let span = provider.spans.get(path);
        let depth = provider.reference.module.matches("module.").count();
        let mut keys = vec![""; depth];
        keys.extend(provider.reference.key.as_deref());
        Said {
            links: &provider.links,
            behind: span.and_then(|span| words.behind_setting(provider, span, sources)),
            words,
            keys,
        }
    }
}

impl<'a> Revision<'a> {
    fn resources(self) -> impl Iterator<Item = Resource<'a>> {
        let managed = self.configuration.managed();
        managed.map(move |(instance, kind, provider)| Resource {
            instance,
            kind,
            provider: &self.configuration.providers[provider],
            server: self.ways.get(provider).and_then(|way| way.server),
            revision: self,
        })
    }
}

/// What each resource of the head was in the base.
type Pair<'a> = (Resource<'a>, Option<Resource<'a>>);

/// All changes, with what follows from them for others; what is new is created.
struct Settled<'a> {
    called: Called<'a>,
    plan: Plan,
    courses: Vec<Course>,
    passages: Vec<Passage>,
}

/// Compares again what refers to something that turned out to be another one, or to change, until nothing new comes of it.
fn settle<'a>(pairs: &[Pair<'a>], base: &Configuration, head: Revision<'a>) -> Settled<'a> {
    let mut called = Called::default();
    for (resource, before) in pairs {
        let before = before.map(|before| before.instance.address.as_str());
        let became = Became {
            before,
            ..Became::default()
        };
        called.set(&resource.instance.address, became);
    }
    let mut plan = Plan::default();
    let mut courses = Vec::new();
    for (resource, _) in pairs {
        let (change, course) = created(resource, base);
        plan.changes.push(change);
        courses.push(course);
    }
    let mut passages = vec![Passage::Stays; pairs.len()];
    let mut pending: Vec<usize> = (0..pairs.len()).collect();
    while !pending.is_empty() {
        for index in pending {
            let (resource, before) = &pairs[index];
            if let Some(before) = before {
                passages[index] = Passage::of(before, resource, &called);
                (plan.changes[index], courses[index]) =
                    changed(before, resource, &called, &passages[index]);
            }
        }
        replace_triggered(&mut plan, &mut courses, &head);
        let mut news: BTreeSet<String> = BTreeSet::new();
        for ((resource, before), change) in pairs.iter().zip(&plan.changes) {
            if let Some(before) = before {
                let became = became(before, change);
                if called.set(&resource.instance.address, became) {
                    news.insert(resource.instance.resource());
                }
            }
        }
        let waits = |(resource, _): &Pair<'_>| {
            let mut links = resource.instance.links.iter();
            links.any(|(_, link)| news.contains(&without_keys(&link.address)))
                || !resource.instance.dependencies.is_disjoint(&news)
        };
        pending = match news.is_empty() {
            true => Vec::new(),
            false => (0..pairs.len())
                .filter(|index| waits(&pairs[*index]))
                .collect(),
        };
    }
    Settled {
        called,
        plan,
        courses,
        passages,
    }
}

/// What others that refer to it have to know.
fn became<'a>(before: &Resource<'a>, change: &Change) -> Became<'a> {
    let fields = change.fields.iter();
    Became {
        before: (change.action != Action::Replace).then_some(before.instance.address.as_str()),
        changes: fields
            .filter_map(|field| match field.path.steps().first() {
                Some(Step::Attribute(name)) => Some(name.to_string()),
                _ => None,
            })
            .collect(),
    }
}

/// Why a configuration may declare an instance that it does not show, if it may.
fn may_declare(configuration: &Configuration, instance: &Instance) -> Option<String> {
    let mut unread = configuration.unread.iter();
    unread.find_map(|unread| match &unread.why {
        WhyUnread::Module(outer) | WhyUnread::Instances(outer) => {
            within(outer, &instance.resource()).map(|_| unread.why.to_string())
        }
        _ => None,
    })
}

fn created(resource: &Resource<'_>, base: &Configuration) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let planned = plan_resource(*kind, *server, &Value::Null, &instance.config);
    let change = described(instance, *kind, Value::Null, planned);
    let mut course = Course::default();
    if let Some(why) = may_declare(base, instance) {
        course
            .notes
            .push(format!("it may exist already: in the base, {why}"));
    }
    (change, course)
}

/// An import: what it changes only the server knows.
fn taken_in(resource: &Resource<'_>, id: &str) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let planned = plan_resource(*kind, *server, &Value::Null, &instance.config);
    let unchanged = PlannedResource {
        action: Action::NoOp,
        ..planned
    };
    let prior = unchanged.planned.clone();
    let course = Course {
        notes: vec![format!(
            "is imported by the id {}; what that changes on it, only a plan can tell",
            super::words::quoted(id)
        )],
        changes_state: true,
        ..Course::default()
    };
    (described(instance, *kind, prior, unchanged), course)
}

fn changed(
    before: &Resource<'_>,
    after: &Resource<'_>,
    called: &Called<'_>,
    passage: &Passage,
) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = after;
    let prior = Prior::of(before, after, called);
    let forced = match passage {
        Passage::Leaves(how) => Some(Forced::Replacement(format!(
            "its provider leads to another server: {how}"
        ))),
        Passage::Stays | Passage::MayLeave(_) => None,
    };
    let planned = match &forced {
        Some(forced) => plan_forced(*kind, *server, &prior.state, &prior.config, forced),
        None => plan_resource(*kind, *server, &prior.state, &prior.config),
    };
    let mut change = described(instance, *kind, prior.state.clone(), planned);
    change.forced = forced;
    change.hidden.extend(hidden(before.instance));
    prior.forget(&mut change);
    let mut course = Course::default();
    let (was, is) = (&before.instance.address, &instance.address);
    if was != is {
        course.notes.push(format!("was called {was}"));
        course.changes_state = true;
    }
    course.manner = manner(&change, instance);
    let (from, to) = (&before.provider.reference, &after.provider.reference);
    let way = match from == to {
        true => format!("of {to}"),
        false => format!("from {from} to {to}"),
    };
    match passage {
        Passage::Stays => {}
        Passage::Leaves(_) => {
            course.manner = Manner::ReplacesAndForgets;
            // There it is new, whatever else changes; here nothing ends.
            change.reasons.truncate(1);
            course.notes.push(format!(
                "the server changes ({way}): Terraform does not find it there and creates it, and the old one lives on at the first server"
            ));
        }
        Passage::MayLeave(what) => {
            course.server_in_doubt = true;
            course.notes.push(format!(
                "the server may change ({way}): {what} is not known; if it does, another one is created there, and the old one lives on at the first server, managed by nobody"
            ));
        }
    }
    (change, course)
}

/// What `lanyard apply` makes of a change of what it knows the object by.
fn is_another_one(before: &Resource<'_>, after: &Resource<'_>, change: &Change) -> Option<String> {
    let name = AttributePath::attribute("name");
    let known = |resource: &Resource<'_>| {
        let name = resource.instance.config.at(&name)?;
        name.as_str().map(str::to_owned)
    };
    let by_name = after.server.is_none_or(|server| {
        let able = after.kind.capabilities_for(server, &after.instance.config);
        !matches!(able.naming, Naming::Account)
    });
    let is_renamed = match (known(before), known(after)) {
        (Some(before), Some(after)) => by_name && before != after,
        _ => false,
    };
    let account = AttributePath::attribute("service_account");
    (is_renamed || change.requires_replace.contains(&account)).then(|| {
        "`lanyard apply`, which knows objects by their names and accounts, makes a new one and leaves this one until `--prune`".to_owned()
    })
}

/// What `lanyard apply` knows an object by: its kind, its name and the account that it belongs to.
type ByName = (Kind, String, Option<String>);

/// `None` while part of it is not known.
fn by_name(resource: &Resource<'_>, called: &Called<'_>) -> Option<ByName> {
    let said = |name: &str| {
        let path = AttributePath::attribute(name);
        match resource.instance.config.at(&path) {
            // By the resource that it comes of.
            Some(Value::Unknown) => {
                let mut links = resource.instance.links.iter();
                let (_, link) = links.find(|(at, _)| **at == path)?;
                Some(Some(called.before(&link.address).to_owned()))
            }
            Some(Value::String(text)) => Some(Some(text.to_string())),
            Some(Value::Null) | None => Some(None),
            Some(_) => None,
        }
    };
    Some((resource.kind, said("name")??, said("service_account")?))
}

fn gone(resource: &Resource<'_>, head: &Configuration) -> (Change, Course) {
    let Resource {
        instance,
        kind,
        server,
        ..
    } = resource;
    let prior = Prior::of(resource, resource, &Called::default());
    let mut planned = plan_resource(*kind, *server, &prior.state, &Value::Null);
    let why = "it is not in the configuration any more".to_owned();
    let forgets = is_forgotten(instance, head);
    let mut course = Course::default();
    if forgets {
        course.manner = Manner::Forgets;
        planned.reasons.clear();
        let why = "`removed`, or `destroy = false`, says so".to_owned();
        planned.reasons.push(Reason::Cascade { what: why });
    } else {
        planned.reasons.insert(0, Reason::Cascade { what: why });
    }
    if let Some(why) = may_declare(head, instance) {
        course.notes.push(format!("it may well stay: {why}"));
    }
    let mut change = described(instance, *kind, prior.state.clone(), planned);
    prior.forget(&mut change);
    if forgets {
        change.action = Action::NoOp;
    }
    (change, course)
}

/// True if what leaves stays on its server: a `removed` block says so, or, where none speaks of it, the `destroy = false` that an
/// OpenTofu's state remembers of the base.
fn is_forgotten(instance: &Instance, head: &Configuration) -> bool {
    let lifecycle = &instance.lifecycle;
    let names: Vec<String> = [&instance.address, &instance.resource()]
        .into_iter()
        .flat_map(|address| names_after(head, address))
        .collect();
    let mut blocks = head.removed.iter().filter(|removed| {
        let mut names = names.iter();
        names.any(|name| within(&removed.from, name).is_some())
    });
    blocks
        .next_back()
        .map_or(lifecycle.forgets && lifecycle.state_remembers, |removed| {
            !removed.destroy
        })
}

/// How an object makes way for another one.
fn manner(change: &Change, instance: &Instance) -> Manner {
    match change.action {
        Action::Replace if instance.lifecycle.forgets => Manner::ReplacesAndForgets,
        Action::Replace if instance.lifecycle.create_before_destroy => Manner::CreatesFirst,
        _ => Manner::Plain,
    }
}

/// As planned. What is wrong about a configuration `validate` says.
fn described(instance: &Instance, kind: Kind, prior: Value, planned: PlannedResource) -> Change {
    let planned = PlannedResource {
        diagnostics: Vec::new(),
        ..planned
    };
    let config = instance.config.clone();
    let mut change = Change::new(instance.address.as_str(), kind, prior, config, planned);
    change.diagnostics.clear();
    change.hidden = hidden(instance);
    change
}

/// What the head passes the secret on to, and the base does not; and the other way round.
fn used_by_others(had: &[String], has: &[String]) -> Vec<String> {
    let less = |these: &[String], those: &[String]| {
        let only: Vec<String> = these
            .iter()
            .filter(|consumer| !those.contains(consumer))
            .cloned()
            .collect();
        only.join(", ")
    };
    let mut notes = Vec::new();
    for (word, only) in [
        ("its secret also goes to", less(has, had)),
        ("its secret goes no longer to", less(had, has)),
    ] {
        if !only.is_empty() {
            notes.push(format!("{word} {only}"));
        }
    }
    notes
}

/// `replace_triggered_by`, round by round until nothing more is replaced.
fn replace_triggered(plan: &mut Plan, courses: &mut [Course], head: &Revision<'_>) {
    loop {
        let touched: BTreeSet<String> = plan
            .changes
            .iter()
            .filter(|change| matches!(change.action, Action::Update | Action::Replace))
            .map(|change| change.address.clone())
            .collect();
        let mut again = false;
        for resource in head.resources() {
            let mut triggers = resource.instance.lifecycle.replace_triggered_by.iter();
            let fired = triggers.find(|trigger| {
                trigger.watched.as_ref().is_some_and(|watched| {
                    touched
                        .iter()
                        .any(|address| within(&watched.address, address).is_some())
                })
            });
            let Some(fired) = fired else { continue };
            let mut changes = plan.changes.iter_mut().zip(courses.iter_mut());
            let change = changes.find(|(change, _)| {
                change.address == resource.instance.address
                    && matches!(change.action, Action::NoOp | Action::Update)
                    && !change.prior.is_null()
            });
            if let Some((change, course)) = change {
                course.asked_for = true;
                let why = format!(
                    "`replace_triggered_by` names {}, which changes",
                    fired.written
                );
                let (prior, config) = (change.prior.known_part(), change.config.known_part());
                let forced = Forced::Replacement(why);
                let planned = plan_forced(resource.kind, resource.server, &prior, &config, &forced);
                let mut replaced = described(resource.instance, resource.kind, prior, planned);
                replaced.prior = std::mem::take(&mut change.prior);
                replaced.depends_on = std::mem::take(&mut change.depends_on);
                replaced.consumers = std::mem::take(&mut change.consumers);
                replaced.forced = Some(forced);
                *change = replaced;
                course.manner = manner(change, resource.instance);
                again = true;
            }
        }
        if !again {
            return;
        }
    }
}

fn banners(base: &Configuration, head: &Configuration, in_doubt: &[String]) -> Vec<Diagnostic> {
    let mut found = vec![
        Diagnostic::warning(
            Code::ByConfigurationOnly,
            "By configuration only: no server and no state was asked",
        )
        .detail(
            "What the base asks for is taken for what there is. Whether it was applied, what is due to rotate, and what was changed \
             outside, only a plan can tell.",
        ),
    ];
    if !in_doubt.is_empty() {
        found.push(
            Diagnostic::warning(
                Code::ServerMayChange,
                "It is not known whether these stay on their server",
            )
            .detail(format!("{}.", in_doubt.join(", ")))
            .hint("If not, new ones are created, and the old ones live on where they are: a plan of Terraform tells."),
        );
    }
    for (which, configuration) in [("the base", base), ("this revision", head)] {
        let unread: BTreeSet<String> = configuration
            .unread
            .iter()
            .map(|unread| unread.why.to_string())
            .collect();
        if !unread.is_empty() {
            let unread: Vec<String> = unread.into_iter().collect();
            found.push(
                Diagnostic::warning(
                    Code::NotCompared,
                    format!("Not all of {which} could be compared"),
                )
                .detail(format!("{}.", unread.join("; ")))
                .hint(
                    "Credentials in there may begin, change or end, and nothing of it stands here.",
                ),
            );
        }
    }
    found
}
