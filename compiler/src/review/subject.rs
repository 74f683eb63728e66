//! What the rules look at: a plan with its assessments, read into types once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::accounts::{Accounts, Fate};
use super::assess::{Assessment, assess_change};
use super::circumstances::{Circumstances, Manner, ServerPlace};
use super::settings::Settings;
use super::uses::Use;
use crate::language::{Configuration, without_keys};
use crate::model::server::{RotationCapability, capabilities};
use crate::model::state::{Seen, Shown};
use crate::model::{Kind, State};
use crate::parallel;
use crate::plan::{Action, Change, Masked, NotWorking, Plan, Takes};

/// A plan as the rules see it. What is hidden or unknown is there, and is never to be taken for absent.
pub struct Subject<'a> {
    /// The resources of the plan, also where nothing changes; after them those that it puts off.
    pub items: Vec<Item<'a>>,
    pub circumstances: &'a Circumstances,
    /// The files that the plan was made of, where they are at hand.
    pub configuration: Option<&'a Configuration>,
    pub settings: &'a Settings,
    /// When the plan was made, where that is known, or else the day of the review.
    pub(super) now: Option<Timestamp>,
    accounts: Accounts<'a>,
    /// Whether anybody uses the secret of an account, by its address without keys: of one that has none, nobody does.
    used: BTreeMap<String, bool>,
}

/// One resource of the plan, as the rules call it.
pub type Item<'a> = Assessment<'a>;

impl<'a> Subject<'a> {
    pub fn new(
        plan: &'a Masked<'_>,
        circumstances: &'a Circumstances,
        configuration: Option<&'a Configuration>,
        settings: &'a Settings,
    ) -> Self {
        let put_off = circumstances.put_off.changes.iter();
        let put_off = put_off.map(|(change, course)| (change, course));
        let planned = plan.changes.iter().enumerate();
        let planned = planned.map(|(index, change)| (change, circumstances.course(index)));
        let all = planned.chain(put_off);
        let accounts = Accounts::among(all.clone(), circumstances);
        let mut used: BTreeMap<String, bool> = BTreeMap::new();
        for (account, _) in all.clone() {
            if account.kind == Kind::ServiceAccount {
                let address = without_keys(&account.address);
                *used.entry(address).or_default() |= !account.consumers.is_empty();
            }
        }
        let today = settings.today;
        let today = today.and_then(|today| today.to_zoned(TimeZone::UTC).ok());
        let now = circumstances.now.or(today.map(|today| today.timestamp()));
        let items = parallel::map(all.collect(), |(change, course)| {
            assess_change(&accounts, change, course, circumstances, now)
        });
        Self {
            now,
            used,
            items,
            circumstances,
            configuration,
            settings,
            accounts,
        }
    }

    /// How many credentials there are before the plan, where it speaks of all.
    pub(super) fn existing(&self) -> Option<usize> {
        let items = self.items.iter();
        let exists = |item: &&Item<'_>| item.before.is_some() && item.course.left_over.is_none();
        let found = items.filter(exists).count();
        let is_whole = self.circumstances.is_whole();
        is_whole.then_some(found + self.circumstances.protected + self.taken())
    }

    /// How many credentials of somebody else end by creations that take their names.
    pub(super) fn taken(&self) -> usize {
        Takes::all_ending(self.items.iter().map(|item| item.change))
    }

    /// The resources that the plan does something to. What it leaves as it is was reviewed before.
    pub fn touched(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|item| item.is_touched())
    }

    /// What the plan makes or changes, with the state to come.
    pub fn comes(&self, kind: Kind) -> impl Iterator<Item = (&Item<'a>, &State<Shown>)> {
        let touched = self.touched();
        touched
            .filter(move |item| item.change.kind == kind && item.course.manner != Manner::Forgets)
            .filter_map(|item| Some((item, item.after.as_deref()?)))
    }

    /// The account that a token belongs to.
    pub(super) fn account(&self, token: &Item<'_>) -> Option<&'a Change> {
        let side = token.after.as_ref().or(token.before.as_ref())?;
        if side.service_account.is_null() {
            return None;
        }
        self.accounts.owner(token.change, side)
    }

    /// True if the configuration of a token does not say which roles it is to have, where that can be told.
    pub(super) fn leaves_roles_out(&self, token: &Item<'_>) -> bool {
        let change = token.change;
        let left = &self.circumstances.leaves_roles_out;
        match change.config.is_null() {
            true => left.contains(&without_keys(&change.address)),
            false => change.config.get("roles").is_null(),
        }
    }

    /// What to do instead of a grace period, where the server of a token keeps no old secret: the one that its provider leads to, or any
    /// of the configuration where that is not known.
    pub(super) fn instead_of_grace(&self, token: &Item<'_>) -> Option<&'static str> {
        let of = |server: &ServerPlace| {
            let server = capabilities(server.api?);
            let able = match &token.after {
                Some(after) => after.capabilities(server),
                None => &server.access_token,
            };
            match able.rotation {
                RotationCapability::NoOverlap { instead }
                | RotationCapability::Impossible { instead } => Some(instead),
                RotationCapability::Server { .. } | RotationCapability::TwoSlots => None,
            }
        };
        if let Some(server) = self.circumstances.server_of(&token.change.address) {
            return of(server);
        }
        let mut all = self.circumstances.servers.iter().map(of);
        let first = all.next()?;
        all.all(|other| other.is_some()).then_some(first)?
    }

    /// The tokens of an account that somebody uses, each with its users; of an account that ends, without those that are only made now.
    pub(super) fn used_tokens_of(&self, account: &Item<'_>) -> Vec<String> {
        let id = account.before.as_ref().and_then(|before| before.id.value());
        let tokens = self.items.iter().filter(move |token| {
            let side = token.before.as_ref().or(token.after.as_ref());
            let owner = side.and_then(|side| side.service_account.value());
            let refers = token.change.depends_on.contains(&account.change.address);
            token.change.kind == Kind::AccessToken
                && (token.before.is_some() || !account.ends())
                && (refers || owner.is_some() && owner == id)
        });
        tokens
            .filter(|token| !token.change.consumers.is_empty())
            .map(|token| {
                let users = token.change.consumers.join(", ");
                format!("{} (used by {users})", token.change.address)
            })
            .collect()
    }

    /// How many tokens end with their accounts, although the plan leaves them as they are.
    pub(super) fn taken_along(&self) -> usize {
        let tokens = self.items.iter();
        tokens.filter(|token| token.is_taken_along()).count()
    }

    /// Everybody who takes a secret in clear, with the address of its resource.
    pub fn all_uses(&self) -> Vec<(&str, Use)> {
        let known = self.circumstances.uses.iter();
        let known =
            known.flat_map(|(owner, uses)| uses.iter().map(move |one| (owner, one.clone())));
        let mut found: Vec<(&str, Use)> = known.collect();
        if found.is_empty() {
            found.extend(self.items.iter().flat_map(|item| {
                let uses = self.uses(item).into_owned().into_iter();
                uses.map(|one| (item.change.address.as_str(), one))
            }));
        }
        let takes_nothing = |owner: &str| self.used.get(&without_keys(owner)) == Some(&false);
        // Ciphertext is nobody's secret, and many an account has none.
        found.retain(|(owner, one)| one.attribute != "encrypted_token" && !takes_nothing(owner));
        // Null is nobody's, too.
        let sealed = self.sealed();
        found.retain(|(owner, one)| one.attribute != "token" || sealed.get(*owner) != Some(&true));
        found
    }

    /// The addresses, with keys and without, of what has its secret only for a recipient: true where all of that address does.
    fn sealed(&self) -> BTreeMap<String, bool> {
        let mut found: BTreeMap<String, bool> = BTreeMap::new();
        for item in self.items.iter().filter(|item| item.has_sealed_secret()) {
            let address = &item.change.address;
            found.extend([(address.clone(), true), (without_keys(address), true)]);
        }
        if !found.is_empty() {
            for item in self.items.iter().filter(|item| !item.has_sealed_secret()) {
                found.insert(without_keys(&item.change.address), false);
            }
        }
        found
    }

    /// Of [`Self::all_uses`], those where the secret itself stands, and not a hash of it: each once, however many secrets of one resource it takes.
    pub fn uses_in_clear(&self) -> impl Iterator<Item = (&str, Use)> {
        let mut found = self.all_uses();
        found.retain(|(_, one)| !one.hashed);
        found.dedup_by_key(|(owner, one)| {
            let plain = Use {
                attribute: String::new(),
                ..one.clone()
            };
            (*owner, plain)
        });
        found.into_iter()
    }

    /// Who takes the secret of a resource.
    pub fn uses(&self, item: &Item<'_>) -> Cow<'_, [Use]> {
        let address = &item.change.address;
        let found = self.circumstances.uses.of(address);
        if item.change.kind == Kind::ServiceAccount && item.change.consumers.is_empty() {
            return Cow::default();
        }
        if !found.is_empty() || item.change.consumers.is_empty() {
            return found;
        }
        item.change
            .consumers
            .iter()
            .map(|name| Use::named(name))
            .collect()
    }
}

impl Item<'_> {
    pub fn is_touched(&self) -> bool {
        self.change.action != Action::NoOp
            || self.course.manner != Manner::Plain
            || self.course.changes_state
            || self.course.server_in_doubt
    }

    /// True if there will be no secret of it in clear, but one that is encrypted for `recipient`.
    pub(super) fn has_sealed_secret(&self) -> bool {
        let planned = &self.change.planned;
        let recipient = planned.get("recipient");
        !recipient.is_null() && !recipient.is_unknown() && planned.get("token").is_null()
    }

    /// True if its secret works and ends with its account, although the plan leaves it as it is.
    fn is_taken_along(&self) -> bool {
        let why = self.before.as_deref().and_then(NotWorking::of);
        self.fate == Fate::End && !self.ends() && !why.is_some_and(NotWorking::is_dead)
    }

    /// True if its secret ends with this plan, at once.
    pub fn ends(&self) -> bool {
        self.course.manner != Manner::Forgets
            && self.course.manner != Manner::ReplacesAndForgets
            && matches!(self.change.action, Action::Delete | Action::Replace)
            && !self.goes_on()
            && !self.change.leaves_account()
    }
}

/// How many tokens end with their accounts, although a plan leaves them as they are.
pub fn taken_along(plan: &Plan, circumstances: &Circumstances) -> usize {
    let all = || {
        let changes = plan.changes.iter().enumerate();
        changes.map(|(index, change)| (change, circumstances.course(index)))
    };
    let may_end = |change: &Change| {
        change.kind == Kind::ServiceAccount
            && matches!(change.action, Action::Delete | Action::Replace)
    };
    if !plan.changes.iter().any(may_end) {
        return 0;
    }
    let accounts = Accounts::among(all(), circumstances);
    let tokens = all().filter(|(change, _)| change.kind == Kind::AccessToken);
    tokens
        .map(|(change, course)| assess_change(&accounts, change, course, circumstances, None))
        .filter(Assessment::is_taken_along)
        .count()
}

/// Whether something holds, where that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    True,
    False,
    /// It is known after the apply, or hidden.
    NotKnown,
}

impl Is {
    pub fn of<T>(seen: &Seen<Option<T>>, test: impl Fn(&T) -> bool) -> Self {
        match seen {
            Seen::Known(Some(value)) if test(value) => Self::True,
            Seen::Known(_) => Self::False,
            Seen::Unknown | Seen::Hidden(_) => Self::NotKnown,
        }
    }

    /// Whether two values are one; what is hidden may be compared with itself.
    pub fn same<T: PartialEq>(one: &Seen<T>, other: &Seen<T>) -> Self {
        match (one, other) {
            (Seen::Unknown, _) | (_, Seen::Unknown) => Self::NotKnown,
            _ if one == other => Self::True,
            (Seen::Known(_), Seen::Known(_)) => Self::False,
            _ => Self::NotKnown,
        }
    }
}
