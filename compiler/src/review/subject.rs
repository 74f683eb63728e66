//! What the rules look at: a plan with its assessments, read into types once.

use std::ops::Deref;

use super::assess::{Assessment, assess_change};
use super::circumstances::{Circumstances, Manner};
use super::power::Accounts;
use crate::language::Configuration;
use crate::plan::{Action, Plan};

/// A plan as the rules see it. What is hidden or unknown is there, and is never to be taken for absent.
pub struct Subject<'a> {
    pub items: Vec<Item<'a>>,
    pub circumstances: &'a Circumstances,
    /// The files that the plan was made of, where they are at hand.
    pub configuration: Option<&'a Configuration>,
}

/// One resource of the plan, also where nothing changes.
pub struct Item<'a> {
    pub assessment: Assessment<'a>,
}

impl<'a> Deref for Item<'a> {
    type Target = Assessment<'a>;

    fn deref(&self) -> &Assessment<'a> {
        &self.assessment
    }
}

impl<'a> Subject<'a> {
    /// The plan must be masked already: what is found is told.
    pub fn new(
        plan: &'a Plan,
        circumstances: &'a Circumstances,
        configuration: Option<&'a Configuration>,
    ) -> Self {
        let accounts = Accounts::of(plan);
        let items = plan.changes.iter().enumerate().map(|(index, change)| {
            let course = circumstances.course(index);
            Item {
                assessment: assess_change(&accounts, change, course),
            }
        });
        Self {
            items: items.collect(),
            circumstances,
            configuration,
        }
    }

    /// The resources that the plan does something to. What it leaves as it is was reviewed before.
    pub fn touched(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|item| item.is_touched())
    }
}

impl Item<'_> {
    pub fn is_touched(&self) -> bool {
        self.change.action != Action::NoOp
            || self.course.manner != Manner::Plain
            || self.course.changes_state
    }
}
