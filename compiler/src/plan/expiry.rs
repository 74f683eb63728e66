//! When a token ends: what the configuration says of it, over what is stored.

use jiff::{SignedDuration, Timestamp};

use crate::model::lifetime::Lifetime;
use crate::model::server::{
    Capabilities, DefaultEnd, ExpiryCapability, ResourceCapabilities, UpdateCapability,
};
use crate::model::state::{Form, Open, Planned, State, Written};

/// Two ends this close are the same: servers that are told a length instead of a time start counting a little later.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl<F: Form> State<F> {
    /// When the secret stops working, if that is known: a server that keeps days ends it when that day begins, whatever time of the day
    /// `expires_at` says.
    pub fn stops_at(&self, server: Option<&Capabilities>) -> Option<Timestamp> {
        let end = F::known(&self.expires_at)?.as_ref()?.value();
        let capabilities = server.map(|server| self.capabilities(server));
        let begins = || Timestamp::from_second(day(end) * DAY.as_secs()).ok();
        let begins = whole_days(capabilities).then(begins).flatten();
        Some(begins.unwrap_or(end))
    }

    /// Likewise, as it was written where that is the same.
    pub(crate) fn stops_at_in_words(&self, server: Option<&Capabilities>) -> Option<String> {
        let written = F::known(&self.expires_at)?.as_ref()?;
        let end = self.stops_at(server)?;
        let is_same = end == written.value();
        Some(if is_same {
            written.text().to_owned()
        } else {
            end.to_string()
        })
    }
}

/// What moving the end costs on this server.
pub(crate) fn change(capabilities: Option<&ResourceCapabilities>) -> UpdateCapability {
    match capabilities.map(|capabilities| capabilities.expiry) {
        Some(ExpiryCapability::Supported { change, .. }) => change,
        Some(ExpiryCapability::Never { .. }) | None => UpdateCapability::InPlace,
    }
}

/// An end, null for none, or unknown.
pub(crate) type End = Open<Option<Written<Timestamp>>>;

/// The end of a new token.
pub(crate) fn of_new(capabilities: Option<&ResourceCapabilities>, config: &State<Planned>) -> End {
    match (&config.expires_at, &config.ttl) {
        (Open::Known(None), Open::Known(None)) if has_no_default(capabilities) => Open::NULL,
        (Open::Known(None), _) => Open::Unknown,
        (configured, _) => configured.clone(),
    }
}

/// The end of a secret that the next rotation issues.
pub(crate) fn of_rotated(
    capabilities: Option<&ResourceCapabilities>,
    config: &State<Planned>,
    prior: &State,
) -> End {
    if means(capabilities, &config.expires_at, prior) {
        return Open::Known(prior.expires_at.clone());
    }
    of_new(capabilities, config)
}

/// True if the end is known and the one that there is; to a server that keeps days, two times of one day are one end.
fn means(capabilities: Option<&ResourceCapabilities>, configured: &End, prior: &State) -> bool {
    let ends = configured.value().zip(prior.expires_at.as_ref());
    ends.is_some_and(|(configured, before)| {
        let is_one_day = || day(configured.value()) == day(before.value());
        configured.means(before) || whole_days(capabilities) && is_one_day()
    })
}

/// The end of the secret that exists, after an update that does not rotate.
pub(crate) fn of_existing(
    capabilities: Option<&ResourceCapabilities>,
    config: &State<Planned>,
    prior: &State,
) -> End {
    let before = || Open::Known(prior.expires_at.clone());
    match (&config.expires_at, &config.ttl) {
        (Open::Known(None), Open::Known(None)) if has_no_default(capabilities) => Open::NULL,
        (Open::Known(None), Open::Known(None)) => before(),
        (Open::Known(None), Open::Unknown) => Open::Unknown,
        // It works for nobody. When it is enabled, its end is decided.
        (Open::Known(None), _) if config.disabled == Open::some(true) => before(),
        (Open::Known(None), Open::Known(Some(ttl))) => {
            let end = of_existing_ttl(capabilities, ttl, prior);
            // Whether it works is known only then.
            if config.disabled.is_unknown() && end != before() {
                return Open::Unknown;
            }
            end
        }
        (configured, _) if means(capabilities, configured, prior) => before(),
        (configured, _) => configured.clone(),
    }
}

pub(crate) fn whole_days(capabilities: Option<&ResourceCapabilities>) -> bool {
    matches!(
        capabilities.map(|capabilities| capabilities.expiry),
        Some(ExpiryCapability::Supported {
            whole_days: true,
            ..
        })
    )
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(DAY.as_secs())
}

fn of_existing_ttl(
    capabilities: Option<&ResourceCapabilities>,
    ttl: &Written<Lifetime>,
    prior: &State,
) -> End {
    let before = || Open::Known(prior.expires_at.clone());
    let unchanged = prior.ttl.as_ref().is_some_and(|before| before.means(ttl));
    let whole_days = whole_days(capabilities);
    // Where the end cannot move in place, the secret that exists keeps the end that it has.
    if unchanged && (whole_days || change(capabilities) != UpdateCapability::InPlace) {
        return before();
    }
    let issued = prior.issued_at.as_ref();
    let wanted = issued.and_then(|issued| ttl.value().after(issued.value()));
    let end = prior.expires_at.as_ref().map(|end| end.value());
    // Of an imported one nobody knows which end that is.
    let is_imported = prior.ttl.is_none() && issued.is_none() && end.is_some();
    match (wanted, end) {
        (Some(wanted), Some(end)) if end.duration_since(wanted).abs() <= TOLERANCE => before(),
        (Some(wanted), Some(end)) if whole_days && day(wanted) == day(end) => before(),
        (Some(wanted), _) if !whole_days => Open::some(wanted.into()),
        _ if unchanged || is_imported => before(),
        _ => Open::Unknown,
    }
}

/// True if a rotation now would give the secret another end than it has; if not, rotating because of the end is pointless.
pub(crate) fn rotation_moves_the_end(
    capabilities: Option<&ResourceCapabilities>,
    config: &State<Planned>,
    prior: &State,
) -> bool {
    match of_rotated(capabilities, config, prior) {
        Open::Unknown => true,
        Open::Known(None) => prior.expires_at.is_some(),
        after @ Open::Known(Some(_)) => !means(capabilities, &after, prior),
    }
}

/// True if both are the same end as far as servers keep it: within a minute, or on one `by_day` the day that it rounded down to.
pub(crate) fn same_end(wanted: Timestamp, observed: Timestamp, by_day: bool) -> bool {
    let is_rounded = by_day && observed.as_second().rem_euclid(DAY.as_secs()) == 0;
    is_rounded && day(wanted) == day(observed) || wanted.duration_since(observed).abs() <= TOLERANCE
}

fn has_no_default(capabilities: Option<&ResourceCapabilities>) -> bool {
    match capabilities.map(|capabilities| capabilities.expiry) {
        Some(ExpiryCapability::Supported { default, .. }) => default == DefaultEnd::Never,
        Some(ExpiryCapability::Never { .. }) => true,
        None => false,
    }
}
