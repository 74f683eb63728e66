//! What stands in a plan's file beside the changes of credentials: whether the plan can be trusted, how a change is brought about, what
//! happened outside, and which actions are called.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::uses::{self, Uses};
use crate::comparison::consumers;
use crate::diagnostic::{Code, Diagnostic, Span, has_errors};
use crate::language::{Configuration, Position, Sources, without_keys};
use crate::model::kind::Kind;
use crate::model::server::Api;
use crate::model::settings::expected_kind;
use crate::plan::file::SavedPlan;
use crate::plan::{Action, Change, Plan};
use crate::value::{AttributePath, Value};

/// A plan from a file, with all that the file says.
#[derive(Clone, Debug, Default)]
pub struct Reviewed {
    pub plan: Plan,
    pub circumstances: Circumstances,
}

/// What a plan of our own never has: it is whole, or it is not made.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    /// Said before everything else. With an error among them the plan must not be relied on.
    pub banners: Vec<Diagnostic>,
    /// One for each change of the plan, in its order; none where all are plain.
    pub courses: Vec<Course>,
    /// What happens, or happened, beside the changes.
    pub asides: Vec<Aside>,
    /// Of what happened outside, what moved the power of a credential: from the state to what its server says now.
    pub outside: Vec<Change>,
    /// What a later plan does: the rules look at it, too.
    pub put_off: PutOff,
    /// Who uses each secret.
    pub uses: Uses,
    /// The servers that the configuration names.
    pub servers: Vec<ServerPlace>,
    /// What the state holds and the plan does not speak of, as with `-target`.
    pub left_out: Vec<Held>,
    /// Which provider each resource has, by its address; without keys where that is all that is known. Equal names are one provider.
    pub providers: BTreeMap<String, String>,
    /// Tokens whose configuration does not say which roles they are to have, by their addresses without keys, as far as a plan shows it.
    pub leaves_roles_out: BTreeSet<String>,
    /// Where the plan's file holds a secret that everybody may read.
    pub in_clear: Vec<InClear>,
    /// What an apply changes beside credentials.
    pub others: Others,
    /// How many credentials exist that the plan does not speak of, since they are protected from being pruned.
    pub protected: usize,
    /// How many replacements of the plan end what nobody ever received.
    pub unreceived: usize,
    /// When the plan was made, where that is known.
    pub now: Option<Timestamp>,
}

/// How much changes that is no credential: the state does with it, and it may take a secret that it does not have yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    pub outputs: usize,
    /// Resources of other providers.
    pub resources: usize,
}

/// A resource of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub address: String,
    pub kind: Kind,
    /// Where it may be shown.
    pub id: Option<String>,
}

/// A place where a secret stands without the mark of what is sensitive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InClear {
    /// Of a resource, or an output.
    pub address: String,
    /// The root for an output.
    pub path: AttributePath,
}

/// What waits until more is known.
#[derive(Clone, Debug, Default)]
pub struct PutOff {
    pub changes: Vec<(Change, Course)>,
    /// Actions that are called.
    pub calls: Vec<Aside>,
}

/// Where a provider leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPlace {
    /// The address of the provider block.
    pub provider: String,
    /// The URL, where it is known and stands in the configuration.
    pub url: Option<String>,
    /// Likewise, what kind of server it is.
    pub api: Option<Api>,
    /// What it says of the way there, null where it leaves that to the environment; equal for blocks that lead to one server. `None` where
    /// part of it is not known.
    pub way: Option<Vec<Value>>,
    pub place: Option<Span>,
}

impl ServerPlace {
    fn whereabouts(&self) -> Option<Whereabouts<'_>> {
        self.way.as_deref().map(Whereabouts::Way)
    }
}

/// What a provider block may say of the way to its server.
const WAY: [&str; 5] = ["api", "url", "organization", "username", "token"];
/// What one says of it that leaves all to the environment.
const BY_ENVIRONMENT: &[Value] = &[const { Value::Null }; WAY.len()];

/// What a provider block says of the way to its server; what it leaves out the environment says, of every block the same.
pub(super) fn way_of(block: &Value) -> Option<Vec<Value>> {
    let said = WAY.map(|name| block.get(name).clone());
    said.iter().all(Value::is_wholly_known).then(|| said.into())
}

/// Where the object of an address is, to be compared.
#[derive(Debug, PartialEq)]
pub(super) enum Whereabouts<'a> {
    Way(&'a [Value]),
    /// By the same provider, wherever that leads.
    Provider(&'a str),
}

/// How a change is brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    pub manner: Manner,
    pub notes: Vec<String>,
    /// True if somebody asked for a new object, which nothing about the object itself makes necessary.
    pub asked_for: bool,
    /// For what is left over of an earlier replacement (deposed): its key, beside the address of the live object.
    pub left_over: Option<String>,
    /// True if the state changes even where the object does not: an import, a move.
    pub changes_state: bool,
    /// True if it may be another server's from now on, and that is not known.
    pub server_in_doubt: bool,
    /// True if its server does not have what the state has, and nobody can tell whether it was deleted or lives on elsewhere.
    pub not_found: bool,
    /// True for what leaves one address of the state, while the plan keeps it under another one.
    pub kept_elsewhere: bool,
    /// Who signs in with it, if that is known of somebody: `provider["lanyard"] signs in with it`.
    pub signs_in: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    #[default]
    Plain,
    /// The object stays on the server and leaves the state.
    Forgets,
    /// A new object is made, and the old one stays on the server.
    ReplacesAndForgets,
    /// A new object is made before the old one ends.
    CreatesFirst,
}

/// What happens beside the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub event: Event,
    pub address: String,
    /// What is done, after the address.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An action of ours is called.
    Invocation,
    /// An object changed outside, and the apply writes that into the state.
    Drift,
    /// An object changed outside, and this plan leaves the state as it was.
    DriftOnly,
}

impl Reviewed {
    /// No plan at all, and why: all that is wrong, with its places in these files.
    pub fn failed(problems: &[Diagnostic], sources: &Sources) -> Self {
        let placed = |problem: &Diagnostic| {
            let place = problem.span.as_ref().and_then(|span| {
                let Position { line, column } = sources.position(span)?;
                Some(format!("{}:{line}:{column}: ", sources.shown(&span.file)))
            });
            Diagnostic {
                detail: format!("{}{}", place.unwrap_or_default(), problem.detail),
                ..problem.clone()
            }
        };
        let circumstances = Circumstances {
            banners: problems.iter().map(placed).collect(),
            ..Circumstances::default()
        };
        Self {
            plan: Plan::default(),
            circumstances,
        }
    }

    /// True if an apply would change neither the servers nor the state, and nothing else is to do: what is missing in a part may be.
    pub fn is_empty(&self) -> bool {
        let Circumstances {
            courses,
            asides,
            others,
            ..
        } = &self.circumstances;
        self.circumstances.is_whole()
            && *others == Others::default()
            && self.plan.is_empty()
            && courses.iter().all(|course| {
                !course.changes_state && !course.server_in_doubt && course.manner == Manner::Plain
            })
            && asides.iter().all(|aside| aside.event == Event::DriftOnly)
    }

    /// False if the plan failed, or part of it cannot be read, or of the folder that it was made of: what the review says is not all that
    /// there is to say.
    pub fn can_be_trusted(&self) -> bool {
        let banners = &self.circumstances.banners;
        let mut codes = banners.iter().map(|banner| banner.code);
        !has_errors(banners) && codes.all(|code| code != Code::FolderNotRead)
    }
}

impl Reviewed {
    /// What the files of the configuration say of the plan. If these could not be read as a whole, the review says so.
    pub fn learn(
        &mut self,
        configuration: &Configuration,
        is_whole: bool,
        environment: impl Fn(&str) -> Option<String>,
    ) {
        let shown = std::mem::take(&mut self.circumstances.uses);
        self.circumstances.learn(configuration, environment);
        let uses = &mut self.circumstances.uses;
        uses.learn_values(&shown);
        let instances: BTreeSet<&str> = configuration
            .managed()
            .map(|(instance, ..)| instance.address.as_str())
            .collect();
        for (index, change) in self.plan.changes.iter_mut().enumerate() {
            let is_left_over = self
                .circumstances
                .courses
                .get(index)
                .is_some_and(|course| course.left_over.is_some());
            let address = change.address.as_str();
            if is_left_over {
                continue;
            }
            if instances.contains(address) {
                let users = consumers(configuration, address);
                change.used_by(users, Change::may_hold_secret);
            } else {
                // Which instances there are may depend on what only the plan knows.
                for one in shown.of(address).iter() {
                    uses.add(address, one.clone());
                }
            }
        }
        uses.only_direct = !is_whole;
        if !is_whole {
            self.circumstances.banners.push(
                Diagnostic::warning(
                    Code::FolderNotRead,
                    "The configuration could not be read as a whole",
                )
                .detail("Who uses a secret may be missing below.")
                .hint("Mend what stands on stderr, or name the folder that the plan was made of."),
            );
        }
    }
}

impl Circumstances {
    /// What the files of a configuration say of it, in place of what a plan shows of them; the environment completes provider blocks.
    pub fn learn(
        &mut self,
        configuration: &Configuration,
        environment: impl Fn(&str) -> Option<String>,
    ) {
        self.uses = uses::of_configuration(configuration);
        // One resource may have instances on several servers.
        self.providers.extend(
            configuration
                .managed()
                .map(|(instance, ..)| (instance.address.clone(), instance.provider.to_string())),
        );
        let url = AttributePath::attribute("url");
        let providers = configuration.providers.iter();
        let servers = providers.map(|provider| ServerPlace {
            provider: provider.reference.to_string(),
            url: provider
                .config
                .at(&url)
                .and_then(Value::as_str)
                .map(str::to_owned),
            api: expected_kind(&provider.config, &environment),
            way: way_of(&provider.config),
            place: provider.spans.get(&url).or(provider.span.as_ref()).cloned(),
        });
        let servers: Vec<_> = servers.collect();
        // Where nothing is left, the plan shows what there was.
        if !servers.is_empty() {
            self.servers = servers;
        }
    }

    /// Says first what the plan could not take in.
    pub fn leave_out(&mut self, what: &[String]) {
        self.banners.extend(not_compared("the configuration", what));
    }

    /// False if there may be more to do than what is told: nothing that is to do is not nothing to do then.
    pub(super) fn is_whole(&self) -> bool {
        const OF_A_PART: [Code; 3] = [Code::PlanPutsOff, Code::PlanIsAPart, Code::NotCompared];
        let mut banners = self.banners.iter();
        !has_errors(&self.banners) && banners.all(|banner| !OF_A_PART.contains(&banner.code))
    }

    /// What kind of server the object of an address is on: that of its provider, or the one that all providers of the configuration lead to
    /// where the object's own is not known, as of what the configuration does not have any more.
    pub(super) fn api_of(&self, address: &str) -> Option<Api> {
        if let Some(server) = self.server_of(address) {
            return server.api;
        }
        let mut all = self.servers.iter().map(|server| server.api);
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }

    /// Which provider the object of an address has, where that is known.
    pub(super) fn provider_of(&self, address: &str) -> Option<&str> {
        let found = self.providers.get(address);
        found
            .or_else(|| self.providers.get(&without_keys(address)))
            .map(String::as_str)
    }

    /// Which server it is on, likewise.
    pub(super) fn server_of(&self, address: &str) -> Option<&ServerPlace> {
        let provider = self.provider_of(address)?;
        self.servers
            .iter()
            .find(|server| server.provider == provider)
    }

    /// Equal for objects that are surely on one server. Which provider an object has that the configuration does not have any more is not
    /// known: it is where all providers lead to.
    pub(super) fn whereabouts_of(&self, address: &str) -> Option<Whereabouts<'_>> {
        let Some(provider) = self.provider_of(address) else {
            let mut all = self.servers.iter().map(ServerPlace::whereabouts);
            let first = all.next()??;
            return all
                .all(|other| other.as_ref() == Some(&first))
                .then_some(first);
        };
        Some(match self.server_of(address) {
            Some(server) => server
                .whereabouts()
                .unwrap_or(Whereabouts::Provider(provider)),
            // The only one that needs no block.
            None if matches!(provider, "lanyard" | "provider[\"lanyard\"]") => {
                Whereabouts::Way(BY_ENVIRONMENT)
            }
            None => Whereabouts::Provider(provider),
        })
    }

    /// How the change of this index is brought about.
    pub(super) fn course(&self, index: usize) -> &Course {
        const PLAIN: &Course = &Course {
            manner: Manner::Plain,
            notes: Vec::new(),
            asked_for: false,
            left_over: None,
            changes_state: false,
            server_in_doubt: false,
            not_found: false,
            kept_elsewhere: false,
            signs_in: None,
        };
        self.courses.get(index).unwrap_or(PLAIN)
    }

    /// How many objects leave the state without ending, of those whose action says nothing.
    pub(super) fn forgotten(&self) -> usize {
        self.count(|course| course.manner == Manner::Forgets)
    }

    /// How many unchanged objects the state takes in, or calls otherwise.
    pub(super) fn only_in_the_state(&self, plan: &Plan) -> usize {
        plan.changes
            .iter()
            .enumerate()
            .filter(|(index, change)| {
                change.action == Action::NoOp && self.course(*index).changes_state
            })
            .count()
    }

    /// How many objects do not change, if only they stay on their server.
    pub(super) fn in_doubt(&self, plan: &Plan) -> usize {
        let changes = plan.changes.iter().enumerate();
        changes
            .filter(|(index, change)| {
                let course = self.course(*index);
                change.action == Action::NoOp && course.server_in_doubt && !course.changes_state
            })
            .count()
    }

    /// What calls an action.
    pub(super) fn invocations(&self) -> impl Iterator<Item = &Aside> {
        self.asides
            .iter()
            .filter(|aside| aside.event == Event::Invocation)
    }

    /// True if the apply takes into the state what happened outside.
    pub(super) fn drifts(&self) -> bool {
        self.asides.iter().any(|aside| aside.event == Event::Drift)
    }

    fn count(&self, is: impl Fn(&Course) -> bool) -> usize {
        self.courses.iter().filter(|course| is(course)).count()
    }
}

/// Says that there may be more than what could be compared.
pub(super) fn not_compared(of: &str, left_out: &[String]) -> Option<Diagnostic> {
    (!left_out.is_empty()).then(|| {
        Diagnostic::warning(
            Code::NotCompared,
            format!("Not all of {of} could be compared"),
        )
        .detail(format!("{}.", left_out.join("; ")))
        .hint("Credentials in there may begin, change or end, and nothing of it stands here.")
    })
}

impl From<SavedPlan> for Reviewed {
    fn from(saved: SavedPlan) -> Self {
        let mut reviewed = Self::from(saved.plan);
        reviewed.circumstances.leave_out(&saved.left_out);
        reviewed.circumstances.protected = saved.protected;
        reviewed
    }
}

impl From<Plan> for Reviewed {
    fn from(plan: Plan) -> Self {
        let circumstances = Circumstances {
            banners: unreadable(&plan.changes),
            ..Circumstances::default()
        };
        Self {
            plan,
            circumstances,
        }
    }
}

/// What of a plan that somebody wrote down cannot be read: nobody can tell what it means for a credential.
pub(super) fn unreadable<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for change in changes {
        let problems = change.unreadable();
        found.extend(problems.map(|problem| {
            Diagnostic::error(problem.code, "Part of this plan cannot be read")
                .detail(format!("{}: {}", change.address, problem.detail))
                .hint("A newer version of Lanyard may have written it: review it with that one.")
        }));
    }
    found
}
