//! What stands in a plan's file beside the changes of credentials: whether the plan can be trusted, how a change is brought about, what
//! happened outside, and which actions are called.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, has_errors};
use crate::plan::{Action, Plan};
use crate::value::AttributePath;

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
}

/// How a change is brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    pub manner: Manner,
    pub notes: Vec<String>,
    /// What the change only brings back to what it was before somebody else touched it.
    pub put_back: Vec<AttributePath>,
    /// True if the state changes even where the object does not: an import, a move.
    pub changes_state: bool,
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
    /// No plan at all, and why.
    pub fn failed(problem: Diagnostic) -> Self {
        let circumstances = Circumstances {
            banners: vec![problem],
            ..Circumstances::default()
        };
        Self {
            plan: Plan::default(),
            circumstances,
        }
    }

    /// True if an apply would change neither the servers nor the state.
    pub fn is_empty(&self) -> bool {
        let Circumstances {
            courses, asides, ..
        } = &self.circumstances;
        self.plan.is_empty()
            && courses
                .iter()
                .all(|course| !course.changes_state && course.manner == Manner::Plain)
            && asides.iter().all(|aside| aside.event == Event::DriftOnly)
    }

    /// False if the plan failed: what it says is not all that would happen.
    pub fn can_be_trusted(&self) -> bool {
        !has_errors(&self.circumstances.banners)
    }
}

impl Circumstances {
    /// How the change of this index is brought about.
    pub(super) fn course(&self, index: usize) -> &Course {
        const PLAIN: &Course = &Course {
            manner: Manner::Plain,
            notes: Vec::new(),
            put_back: Vec::new(),
            changes_state: false,
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

impl From<Plan> for Reviewed {
    fn from(plan: Plan) -> Self {
        Self {
            plan,
            circumstances: Circumstances::default(),
        }
    }
}
