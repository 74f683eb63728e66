//! The arithmetic of a secret's life: when it is due, what its status is, and what is over. `now` is an argument, given only when
//! a state is read, created or updated; planning looks at what was stored then.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::model::access_token::Status;
use crate::model::kind::Kind;
use crate::model::lifetime::{GracePeriod, Lifetime};
use crate::model::server::Capabilities;
use crate::model::state::{Attributes, Form, Open, Planned, Retired, Rotation, State, Written};

/// From when on a secret is due: `before_expiry` ahead of its end, moved earlier by up to `jitter`, by a stable hash of the `id`.
pub fn rotate_at(
    expires_at: Timestamp,
    before_expiry: Lifetime,
    jitter: Option<Lifetime>,
    id: &str,
) -> Timestamp {
    let ahead = seconds(before_expiry.seconds().saturating_add(earlier(jitter, id)));
    expires_at.checked_sub(ahead).unwrap_or(Timestamp::MIN)
}

/// Likewise by its age: `every` after it was issued, moved earlier by up to `jitter`.
pub fn rotate_at_age(
    issued_at: Timestamp,
    every: Lifetime,
    jitter: Option<Lifetime>,
    id: &str,
) -> Timestamp {
    let age = seconds(every.seconds().saturating_sub(earlier(jitter, id)));
    issued_at.checked_add(age).unwrap_or(Timestamp::MAX)
}

fn seconds(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// How much earlier than its point a rotation is, in seconds.
fn earlier(jitter: Option<Lifetime>, id: &str) -> u64 {
    jitter.map_or(0, |jitter| spread(id, jitter))
}

/// A stable share of `jitter` in seconds, from 0 to all of it.
fn spread(id: &str, jitter: Lifetime) -> u64 {
    let digest = Sha256::digest(id.as_bytes());
    let hash = digest
        .iter()
        .take(8)
        .fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
    hash % jitter.seconds().saturating_add(1)
}

/// True if the secret is to be replaced. A secret that was issued after that point (its end is fixed and did not move) is not due
/// again: rotating it once more would change nothing.
pub fn due(rotate_at: Option<Timestamp>, issued_at: Option<Timestamp>, now: Timestamp) -> bool {
    rotate_at.is_some_and(|at| now >= at && issued_at.is_none_or(|issued| issued < at))
}

/// The status of a secret, from what the server said of it, its end and the time. A server that says that it accepts a secret knows
/// better than any clock; otherwise what is over is over, disabled or not: so that enabling it again shows that it has to be replaced.
pub fn status(
    said: Option<Status>,
    expires_at: Option<Timestamp>,
    due: bool,
    now: Timestamp,
) -> Status {
    let over = expires_at.is_some_and(|end| end <= now);
    match said {
        Some(said @ (Status::Revoked | Status::Expired)) => said,
        None | Some(Status::Disabled) if over => Status::Expired,
        Some(Status::Disabled) => Status::Disabled,
        None | Some(Status::Active | Status::Expiring) if due => Status::Expiring,
        None | Some(Status::Active | Status::Expiring) => Status::Active,
    }
}

/// The `rotate_at` of a state, or of a planned state whose parts are known.
pub(crate) fn rotate_at_of<F: Form>(
    server: Option<&Capabilities>,
    state: &State<F>,
) -> Option<Timestamp> {
    let issued_at = F::known(&state.issued_at).and_then(Option::as_ref);
    let id = F::known(&state.id)?.as_deref();
    let end = state.stops_at(server);
    point_of(state, end, issued_at.map(Written::value), id)
}

/// Likewise, with another end, time of issue and id than those of the state.
pub(crate) fn point_of<F: Form>(
    state: &State<F>,
    end: Option<Timestamp>,
    issued_at: Option<Timestamp>,
    id: Option<&str>,
) -> Option<Timestamp> {
    let rotation = F::known(&state.rotation)?.as_ref()?;
    let jitter = F::known(&rotation.jitter).and_then(Option::as_ref);
    let jitter = jitter.map(Written::value);
    if let Some(every) = F::known(&rotation.every)? {
        return Some(rotate_at_age(issued_at?, every.value(), jitter, id?));
    }
    let before_expiry = F::known(&rotation.before_expiry)?.as_ref()?;
    Some(rotate_at(end?, before_expiry.value(), jitter, id?))
}

/// How far ahead of its end a planned secret is to be replaced, as it was written; empty if that is not known.
pub(crate) fn lead_of(rotation: &Open<Option<Rotation<Planned>>>) -> &str {
    let lead = rotation
        .value()
        .and_then(|rotation| rotation.before_expiry.value());
    lead.map_or("", |lead| lead.text())
}

/// Decides everything that depends on time, for a state that was just read and reconciled: `rotate_at`, `status`, `rotation_due`,
/// which retired tokens are due, and whether the previous secret is still of use.
#[must_use]
pub fn settle(server: Option<&Capabilities>, mut state: State, now: Timestamp) -> State {
    if state.kind() != Kind::AccessToken {
        return state;
    }
    let rotate_at = rotate_at_of(server, &state);
    let issued_at = state.issued_at.as_ref().map(|time| time.value());
    let is_due = due(rotate_at, issued_at, now);
    let status = status(state.status, state.stops_at(server), is_due, now);
    // A secret that is not ours to replace (imported, no rotation asked for) is never due.
    let ours = rotate_at.is_some() || state.holds_secret();
    let dead = status.is_dead() && ours;
    let retired: Vec<Retired> = state
        .retired()
        .iter()
        .filter_map(|entry| settle_retired(&state, entry, now))
        .collect();
    if retired.is_empty() {
        state.previous_token = None;
    }
    state.rotate_at = rotate_at.map(Into::into);
    state.status = Some(status);
    state.rotation_due = Some(is_due || dead);
    state.retired = Some(retired);
    state
}

impl<F: Form> State<F> {
    /// The retired secret that the server itself keeps alive: it stands under the object's own id.
    pub fn kept_by_server(&self) -> Option<&Retired> {
        let own = F::known(&self.id)?.as_ref()?;
        let mut retired = F::known(&self.retired)?.iter().flatten();
        retired.find(|entry| entry.id == *own)
    }
}

impl State {
    /// Secrets that a rotation retired and that may still be accepted.
    pub fn retired(&self) -> &[Retired] {
        self.retired.as_deref().unwrap_or_default()
    }

    /// True if what was last read has shown that somebody else's secret took the place of the one that it holds.
    pub fn secret_was_replaced(&self) -> bool {
        match self.kind() {
            Kind::AccessToken => self.status == Some(Status::Revoked),
            Kind::ServiceAccount => self.rotation_due == Some(true),
        }
    }

    /// Adds a secret in its grace period: a token of its own, or under the token's own id one that the server keeps and ends by
    /// itself.
    pub fn retire(&mut self, id: &str, revoke_at: Option<Timestamp>) {
        self.forget(id);
        let retired = self.retired.get_or_insert_default();
        retired.push(Retired::new(id, revoke_at));
    }

    /// Takes a retired token out, after its revocation or absence is confirmed.
    pub fn forget(&mut self, id: &str) {
        let retired = self.retired.get_or_insert_default();
        retired.retain(|entry| entry.id != id);
    }

    /// Says when retired tokens end that were found on the server (see [`undated`]): nobody knows since when they are retired, so their
    /// grace period begins now. Only an apply keeps that.
    pub(super) fn date_retired(&mut self, now: Timestamp) {
        if let Some(length) = length_of_grace(self) {
            self.date(|entry| end_of_former(length, now, entry.expires_at));
        }
    }

    /// Likewise, where nothing is kept: what came after each may tell when it was retired, as far as its end follows from `ttl`. The
    /// latest time is taken: servers round an end down to the day. A time before there was an account tells that `ttl` was shorter then,
    /// and nobody knows how long. What is past its own end needs none of this.
    pub(super) fn date_by_successors(&mut self, account_since: Option<Timestamp>, now: Timestamp) {
        self.date(|entry| entry.expires_at.filter(|end| *end <= now));
        let ttl = self.ttl.as_ref().map(|ttl| ttl.value().seconds());
        let before_end = |ttl| {
            let ttl = SignedDuration::from_secs(i64::try_from(ttl).ok()?);
            ttl.checked_sub(SignedDuration::from_hours(24))
        };
        if let Some((length, before_end)) = length_of_grace(self).zip(ttl.and_then(before_end)) {
            self.date(|entry| {
                let issued_at = entry.successor_expires_at?.checked_sub(before_end).ok()?;
                let may_be = account_since.is_none_or(|since| since <= issued_at);
                may_be.then(|| end_of_former(length, issued_at, entry.expires_at))?
            });
        }
    }

    /// Adds the secret before the current one where its server may keep it and does not say: for as long as the block gives it now.
    pub(super) fn suppose_kept(&mut self, created_at: Option<Timestamp>, now: Timestamp) {
        let issued_at = self.issued_at.as_ref().map(|time| time.value());
        let rotated_at = issued_at.filter(|issued| {
            created_at.is_some_and(|created| created.as_second() < issued.as_second())
        });
        let end = rotated_at.zip(length_of_grace(self));
        let end = end.and_then(|(rotated_at, length)| length.after(rotated_at));
        if let Some((id, end)) = self.id.clone().zip(end).filter(|(_, end)| *end > now) {
            self.retire(&id, Some(end));
        }
    }

    fn date(&mut self, end: impl Fn(&Retired) -> Option<Timestamp>) {
        let own = self.id.clone();
        for entry in self.retired.iter_mut().flatten() {
            if own.as_ref() != Some(&entry.id) && entry.revoke_at.is_none() {
                entry.revoke_at = end(entry).map(Into::into);
            }
        }
    }
}

/// The entries, each id once: the first one counts.
pub(crate) fn each_once(entries: impl Iterator<Item = Retired>) -> Vec<Retired> {
    let mut list: Vec<Retired> = Vec::new();
    for entry in entries {
        if !list.iter().any(|other| other.id == entry.id) {
            list.push(entry);
        }
    }
    list
}

/// When a secret ends that another one took the place of at this time: with its grace period, and never after its own end.
pub fn end_of_former(
    grace: Lifetime,
    replaced_at: Timestamp,
    own_end: Option<Timestamp>,
) -> Option<Timestamp> {
    [grace.after(replaced_at), own_end]
        .into_iter()
        .flatten()
        .min()
}

/// The grace period that a `rotation` block gives, if that is known and a length.
fn length_of_grace<F: Form>(state: &Attributes<F>) -> Option<Lifetime> {
    let rotation = F::known(&state.rotation)?.as_ref()?;
    match F::known(&rotation.grace_period)?.as_ref()?.value() {
        GracePeriod::Lasts(length) => Some(length).filter(|length| length.seconds() > 0),
        GracePeriod::UntilFirstUse => None,
    }
}

/// Retired tokens of their own of which nothing says when they end: they were found on the server, after an import or a rotation of
/// somebody else.
pub fn undated<F: Form>(state: &State<F>) -> impl Iterator<Item = &Retired> {
    let own = F::known(&state.id).and_then(Option::as_ref);
    let retired = F::known(&state.retired).and_then(Option::as_deref);
    let retired = retired.unwrap_or_default().iter();
    retired.filter(move |entry| Some(&entry.id) != own && entry.revoke_at.is_none())
}

/// What a rotation ends beside the secret that it replaces: a server that itself keeps an old one keeps only the last.
pub(crate) fn ends_before_last<F: Form>(state: &State<F>, retired: &Retired) -> bool {
    let own = F::known(&state.id).and_then(Option::as_ref);
    // Somebody else's stands between the two otherwise, and it is the state's own that is kept.
    let is_between = F::known(&state.status) == Some(&Some(Status::Revoked));
    Some(&retired.id) == own && !retired.due && !is_between
}

/// True if the plan gives a grace period to what was found retired.
pub(crate) fn begins_grace<P: Form, F: Form>(prior: &State<P>, planned: &Attributes<F>) -> bool {
    length_of_grace(planned).is_some() && undated(prior).any(|entry| !entry.due)
}

/// True if there was a grace period, and is none any more: then what lives by it ends.
pub fn loses_grace<P: Form, F: Form>(prior: &Attributes<P>, planned: &Attributes<F>) -> bool {
    let had = P::known(&prior.rotation).is_some_and(|rotation| !has_no_grace(rotation.as_ref()));
    let has_none = |rotation: &Option<Rotation<F>>| has_no_grace(rotation.as_ref());
    had && F::known(&planned.rotation).is_some_and(has_none)
}

/// Old secrets that end at once if the `rotation` block turns out to give no grace period, and none where that is known.
pub(crate) fn left_open<'a, P: Form, F: Form>(
    prior: &'a State<P>,
    planned: &Attributes<F>,
) -> impl Iterator<Item = &'a Retired> {
    let is_open = match F::known(&planned.rotation) {
        None => true,
        Some(rotation) => rotation
            .as_ref()
            .is_some_and(|rotation| F::known(&rotation.grace_period).is_none()),
    };
    // Without one, only what nothing dates would end.
    let had = P::known(&prior.rotation).is_none_or(|rotation| !has_no_grace(rotation.as_ref()));
    let retired = P::known(&prior.retired).and_then(Option::as_deref);
    let retired = retired.unwrap_or_default().iter();
    retired.filter(move |entry| {
        let is_found = || undated(prior).any(|found| found.id == entry.id);
        is_open && !entry.due && (had || is_found())
    })
}

/// True if the old secret ends with the rotation, as far as is known.
pub(crate) fn has_no_grace<F: Form>(rotation: Option<&Rotation<F>>) -> bool {
    rotation.is_none_or(|rotation| {
        let grace = F::known(&rotation.grace_period);
        grace.is_some_and(|grace| grace.as_ref().is_none_or(|grace| grace.value().is_none()))
    })
}

/// Likewise, by a `rotation` block that may not be known yet: then nothing is certain.
pub(crate) fn ends_at_once(rotation: &Open<Option<Rotation<Planned>>>) -> bool {
    match rotation {
        Open::Unknown => false,
        Open::Known(rotation) => has_no_grace(rotation.as_ref()),
    }
}

fn settle_retired(state: &State, entry: &Retired, now: Timestamp) -> Option<Retired> {
    let kept_by_server = state.id.as_ref() == Some(&entry.id);
    let is_found = entry.revoke_at.is_none() && !kept_by_server;
    // A block that gives no grace is more than no block: nothing would have let it live on.
    let ends_at_once = state.rotation.is_some() && has_no_grace(state.rotation.as_ref());
    let is_past = entry.revoke_at.as_ref().is_some_and(|at| at.value() <= now);
    let over = is_found && ends_at_once || is_past;
    if kept_by_server && over {
        return None;
    }
    Some(Retired {
        due: over && !kept_by_server,
        ..entry.clone()
    })
}
