//! Two revisions of a configuration as a plan, without servers and states: what the base asks for is taken for what there is. What
//! only a server can tell is unknown on both sides.

mod addresses;
mod banners;
mod by_name;
mod object;
mod passage;
mod prior;
mod triggered;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use addresses::{Became, Called, Said, keys, names_before};
use banners::banners;
use by_name::{ByName, by_name, is_another_one, until_pruned};
use object::{changed, created, gone, taken_in, used_by_others};
use passage::Passage;
use triggered::replace_triggered;

use super::circumstances::{Circumstances, Course, Manner, Reviewed};
use crate::comparison::{Addresses, Way, consumers};
use crate::language::{Configuration, Instance, Provider, Sources, Words, without_keys};
use crate::model::Kind;
use crate::model::server::Capabilities;
use crate::plan::{Action, Change, Plan, accounts_have_secrets};
use crate::value::{AttributePath, Step};

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

/// What changes from `base` to `head`, as far as that can be known; the environment completes what a provider block does not say.
pub fn compare(
    base: Revision<'_>,
    head: Revision<'_>,
    environment: impl Fn(&str) -> Option<String>,
) -> Reviewed {
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
        let users = consumers(head.configuration, address);
        change.used_by(users, |_| accounts_have_secrets(resource.server));
    }
    let addresses_before = Addresses::new(base.configuration);
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
                None => format!("`lanyard apply` leaves it{}", until_pruned(&resource)),
            });
            if let Some((index, _)) = heir {
                let course: &mut Course = &mut courses[*index];
                course.notes.push(format!(
                    "`lanyard apply`, which knows objects by their names, takes what {} was for it; Terraform does so with a `moved` block",
                    change.address
                ));
            }
        }
        change.depends_on = addresses_before.needed_by(resource.instance);
        let users = consumers(base.configuration, &change.address);
        change.used_by(users, |_| accounts_have_secrets(resource.server));
        plan.changes.push(change);
        courses.push(course);
    }
    let mut circumstances = Circumstances {
        courses,
        ..Circumstances::default()
    };
    if head.configuration.providers.is_empty() {
        circumstances.learn(base.configuration, &environment);
    }
    circumstances.learn(head.configuration, &environment);
    let changed = plan.changes.iter();
    let changed = changed.filter(|change| !matches!(change.action, Action::NoOp | Action::Create));
    let servers = changed.filter_map(|change| circumstances.server_of(&change.address));
    let not_said = servers.filter(|server| server.api.is_none());
    let not_said = not_said.map(|server| server.provider.as_str()).collect();
    circumstances.banners = banners(base.configuration, head.configuration, &in_doubt, &not_said);
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
    let fields = change.fields();
    Became {
        before: (change.action != Action::Replace).then_some(before.instance.address.as_str()),
        changes: fields
            .iter()
            .filter_map(|field| match field.path.steps().first() {
                Some(Step::Attribute(name)) => Some(name.to_string()),
                _ => None,
            })
            .collect(),
    }
}
