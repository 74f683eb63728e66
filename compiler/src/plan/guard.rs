//! What an apply refuses to do unasked: end many credentials at once, or carry out a plan that the server has overtaken.

use super::change::{Change, Plan};
use super::diff::{Difference, differences};
use super::left_out::says_the_same;
use super::not_working::NotWorking;
use super::{Action, Takes};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::schema::{Block, Body, Nesting};
use crate::model::state::{Open, Planned};
use crate::model::{Kind, State, facts};
use crate::value::Value;

/// Deletions and replacements beyond which somebody has to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// This many are always refused.
    pub count: usize,
    /// More than this share of what exists is refused, from `at_least` on.
    pub percent: usize,
    pub at_least: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            count: 10,
            percent: 50,
            at_least: 4,
        }
    }
}

impl Limits {
    /// True if ending so many is likelier a mistake than intent. Where nobody knows how many exist, their share does not count.
    pub fn are_exceeded(self, ending: usize, existing: Option<usize>) -> bool {
        let is_large_share = |existing| ending * 100 > existing * self.percent;
        let is_many = ending >= self.count;
        ending > 0 && (is_many || ending >= self.at_least && existing.is_some_and(is_large_share))
    }
}

/// What counts in a mass deletion and does not follow from the changes of a plan: numbers of credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Tokens that the plan leaves as they are and that end with their accounts.
    pub taken_along: usize,
    /// Of those that it replaces, the ones that nobody ever received.
    pub unreceived: usize,
    /// Exist, and are protected from being pruned: the plan does not speak of them.
    pub protected: usize,
}

/// Refuses a plan that ends so many credentials that a mistake is likelier than intent. `allowed` is the number that the user agreed to
/// beforehand.
pub fn mass_deletion(
    plan: &Plan,
    beside: Beside,
    limits: Limits,
    allowed: Option<usize>,
) -> Option<Diagnostic> {
    let Beside {
        taken_along,
        unreceived,
        protected,
    } = beside;
    let counts = plan.counts();
    let taken = Takes::all_ending(&plan.changes);
    let replaced = counts.replace.saturating_sub(unreceived);
    let ending = counts.delete + replaced + taken_along + taken;
    let planned = plan
        .changes
        .iter()
        .filter(|change| change.action != Action::Create)
        .count();
    let existing = planned + protected + taken;
    let is_agreed = allowed.is_some_and(|allowed| ending <= allowed);
    if is_agreed || !limits.are_exceeded(ending, Some(existing)) {
        return None;
    }
    let stay = match protected {
        0 => String::new(),
        1 => ", and 1 is protected from being pruned".to_owned(),
        _ => format!(", and {protected} are protected from being pruned"),
    };
    Some(
        Diagnostic::error(Code::MassDeletion, "The plan ends many credentials at once").detail(
            format!("{ending} of {existing} would be deleted or replaced{stay}."),
        ),
    )
}

/// Refuses to carry out a reviewed change when the object is no longer what was reviewed. What only ages (status, last use) does
/// not count.
pub fn moved(reviewed: &Change, current: &Value) -> Option<Diagnostic> {
    let appeared = reviewed.prior.is_null() && !current.is_null();
    let vanished = !reviewed.prior.is_null() && current.is_null();
    let detail = if appeared {
        format!("{} was to be created, and exists now.", reviewed.address)
    } else if vanished {
        format!("{} existed, and is gone now.", reviewed.address)
    } else {
        let differ = differing(reviewed.kind, &reviewed.prior, current).into_iter();
        let mut names: Vec<String> = differ
            .map(|difference| difference.path.to_string())
            .collect();
        // Servers that do not count secrets tell when each was issued.
        let facts = ["id", "created_at", "generation", "issued_at"].into_iter();
        names.extend(
            facts
                .filter(|name| reviewed.prior.get(name) != current.get(name))
                .map(str::to_owned),
        );
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return None;
        }
        format!(
            "{} differs from what was reviewed in {}.",
            reviewed.address,
            names.join(", ")
        )
    };
    Some(
        Diagnostic::error(
            Code::PlanIsStale,
            "The server has changed since the plan was made",
        )
        .detail(detail)
        .hint("Plan and review again."),
    )
}

/// What a server says of an object, and says otherwise now.
fn differing(kind: Kind, before: &Value, now: &Value) -> Vec<Difference> {
    let mut found = differences(&facts::schema(kind).body, before, now);
    found.retain(|difference| !difference.local);
    found
}

/// The attributes that a planned update leaves as they were and that the server has otherwise by now. Where `account_changes` in the
/// same run, what its access tokens lose with it was planned.
pub fn moved_beside(
    prior: &State,
    planned: &State<Planned>,
    now: &State,
    account_changes: bool,
) -> Vec<String> {
    let kind = prior.kind();
    let (before, after, now_said) = (prior.write(), planned.write(), now.write());
    let changes = differences(&facts::schema(kind).body, &before, &after);
    let is_planned = |moved: &Difference| {
        changes
            .iter()
            .any(|change| is_part(&change.name, &moved.name) || is_part(&moved.name, &change.name))
    };
    let moved = differing(kind, &before, &now_said).into_iter();
    let mut names: Vec<String> = moved
        .filter(|moved| !is_repeated(kind, &moved.name))
        .filter(|moved| !(is_planned(moved) || account_changes && moved.name == "roles"))
        .map(|moved| moved.path.to_string())
        .collect();
    let blocks = repeated(kind).filter(|block| {
        let [before, after, now] = [&before, &after, &now_said].map(|side| side.get(&block.name));
        blocks_moved(&block.body, before, after, now)
    });
    names.extend(blocks.map(|block| block.name.clone()));
    let is_off = Some(NotWorking::AccountDisabled);
    // A new secret is to work as the old one did.
    let counted_on = match planned.status {
        Open::Unknown => NotWorking::of(prior),
        Open::Known(_) => NotWorking::of(planned),
    };
    // One that is disabled itself says nothing of its account.
    let says = prior.status.is_some() && prior.disabled != Some(true);
    let counts_on_it = says && counted_on != is_off;
    if counts_on_it && NotWorking::of(now) == is_off && !account_changes {
        names.push("status".to_owned());
    }
    names
}

/// Blocks that may stand several times, in any order.
fn repeated(kind: Kind) -> impl Iterator<Item = &'static Block> {
    let blocks = facts::schema(kind).body.blocks.iter();
    blocks.filter(|block| block.nesting == Nesting::List)
}

fn is_repeated(kind: Kind, name: &str) -> bool {
    repeated(kind).any(|block| is_part(name, &block.name))
}

/// True if somebody else changed one of these blocks: one that the plan leaves as it was is missing, or there are more than it knows. What
/// the server makes of one that the plan changes is no one else's.
fn blocks_moved(body: &Body, before: &Value, after: &Value, now: &Value) -> bool {
    let list = |side: &Value| side.as_list().unwrap_or_default().to_vec();
    if after.is_unknown() {
        return false;
    }
    let (mut before, mut now) = (list(before), list(now));
    let (kept, new): (Vec<Value>, Vec<Value>) = list(after)
        .into_iter()
        .partition(|item| take(body, item, &mut before));
    let all_kept = kept.iter().all(|item| take(body, item, &mut now));
    let missing = new.iter().filter(|item| !take(body, item, &mut now));
    let missing = missing.count();
    // Those that the plan takes away may be there still.
    before.iter().for_each(|item| {
        take(body, item, &mut now);
    });
    !all_kept || now.len() > missing
}

/// Takes the block out of those that there are, if it is there: what is not known yet may be anything, and what is hidden is as it was.
fn take(body: &Body, block: &Value, there: &mut Vec<Value>) -> bool {
    let is_it = |other: &Value| {
        block.is_unknown()
            || body.attributes.iter().all(|attribute| {
                block.get(&attribute.name).is_unknown()
                    || says_the_same(attribute, block, other.get(&attribute.name))
            })
    };
    let position = there.iter().position(is_it);
    position.map(|position| there.remove(position)).is_some()
}

/// True if `name` is `whole` or stands in it.
fn is_part(name: &str, whole: &str) -> bool {
    let rest = name.strip_prefix(whole);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_block_that_the_plan_changes_may_stand_anywhere() {
        let token = |alerts: &[&str]| {
            let block = facts::schema(Kind::AccessToken).body.block("alert");
            let empty = || block.map(|block| block.body.empty()).unwrap_or_default();
            let alert = |text: &&str| {
                let mut alert = empty();
                for (name, said) in ["type", "email", "url"].iter().zip(text.split(' ')) {
                    let value = match (said, *name) {
                        ("_", _) => Value::Null,
                        ("?", _) => Value::Unknown,
                        (text, "url") => Secret::new(text).into(),
                        (text, _) => text.into(),
                    };
                    alert.insert(*name, value);
                }
                Value::Map(alert)
            };
            let alerts = Value::List(alerts.iter().map(alert).collect());
            let said = [("id", "t".into()), ("name", "t".into()), ("alert", alerts)];
            facts::object(Kind::AccessToken, said)
        };
        let moved = |before: &[&str], after: &[&str], now: &[&str]| {
            let [before, now] =
                [before, now].map(|side| State::read(Kind::AccessToken, &token(side)).unwrap());
            let planned = State::<Planned>::read(Kind::AccessToken, &token(after)).unwrap();
            !moved_beside(&before, &planned, &now, false).is_empty()
        };
        let (mail, hook) = ("Email a _", "Webhook _ u");
        let before = &[mail, hook][..];
        for after in ["Email b _", "Email ? _"] {
            let after = &[after, hook][..];
            assert!(!moved(before, after, before), "not changed yet");
            assert!(!moved(before, after, &[hook, "Email b _"]));
            assert!(
                !moved(before, after, &["Webhook _ _", "Email b _"]),
                "hidden"
            );
            assert!(moved(before, after, &["Email b _", "Webhook _ v"]));
            assert!(moved(before, after, &["Email b _"]));
        }
        // What the server makes of a block is judged elsewhere.
        assert!(!moved(before, &["Email b _", hook], &[hook, "Email B _"]));
        assert!(!moved(before, &[hook], before));
        assert!(!moved(before, &[hook], &[hook]));
        assert!(!moved(before, before, &[hook, mail]));
        for now in [
            &[mail][..],
            &[mail, hook, "Email c _"],
            &[mail, "Webhook _ v"],
        ] {
            assert!(moved(before, before, now), "{now:?}");
        }
    }

    #[test]
    fn a_token_that_is_disabled_itself_says_nothing_of_its_account() {
        let token = |disabled: bool, status: Value| {
            let said = [("id", "at_1".into()), ("name", "ci".into())];
            let more = [("disabled", disabled.into()), ("status", status)];
            facts::object(Kind::AccessToken, said.into_iter().chain(more))
        };
        let read = |value: &Value| State::read(Kind::AccessToken, value).unwrap();
        let planned = token(false, Value::Unknown);
        let planned = State::<Planned>::read(Kind::AccessToken, &planned).unwrap();
        let now = read(&token(false, "disabled".into()));
        for (before, expected) in [
            (token(true, "disabled".into()), &[][..]),
            (token(false, "active".into()), &["status"]),
            (token(false, "disabled".into()), &[]),
        ] {
            let moved = moved_beside(&read(&before), &planned, &now, false);
            assert_eq!(moved, expected, "{before:?}");
        }
    }
}
