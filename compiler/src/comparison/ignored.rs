//! `lifecycle { ignore_changes = […] }` where no state says what there was before.

use jiff::Timestamp;

use crate::language::IgnoreChanges;
use crate::model::Lifetime;
use crate::value::{AttributePath, Value};

/// `lifecycle { ignore_changes = […] }`: what it names stays as it is.
pub(crate) fn ignore_changes(ignored: &IgnoreChanges, prior: &Value, config: &mut Value) {
    if prior.is_null() {
        return;
    }
    let paths: Vec<AttributePath> = match ignored {
        IgnoreChanges::Nothing => return,
        IgnoreChanges::All => config
            .as_map()
            .into_iter()
            .flat_map(|entries| entries.keys().map(|name| AttributePath::attribute(&**name)))
            .collect(),
        IgnoreChanges::Some(paths) => paths.clone(),
    };
    for path in paths {
        if let (Some(before), Some(place)) = (prior.at(&path), config.at_mut(&path)) {
            *place = before.clone();
        }
    }
}

/// Two lengths this close are the same: servers count from a little later.
const TOLERANCE_SECONDS: u64 = 60;

/// Gives a prior state the lifetime that its secret has by the server's own dates, where there is a `ttl`: the configured one says nothing of
/// what it was before.
pub(super) fn keep_length(prior: &mut Value) {
    let time = |name: &str| prior.get(name).as_str()?.parse::<Timestamp>().ok();
    let seconds = time("issued_at")
        .zip(time("expires_at"))
        .and_then(|(issued, end)| u64::try_from(end.duration_since(issued).as_secs()).ok());
    let path = AttributePath::attribute("ttl");
    let (Some(seconds), Some(ttl)) = (seconds, prior.at_mut(&path)) else {
        return;
    };
    let Some(Ok(configured)) = ttl.as_str().map(Lifetime::parse) else {
        return;
    };
    if seconds > 0 && configured.seconds().abs_diff(seconds) > TOLERANCE_SECONDS {
        *ttl = Lifetime::from_seconds(seconds).to_string().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_of_a_map_is_ignored() {
        let account = |team: &str, tier: &str| {
            let labels = Value::map([("team", team.into()), ("tier", tier.into())]);
            Value::map([("restriction", Value::map([("labels", labels)]))])
        };
        let path = AttributePath::attribute("restriction")
            .then("labels")
            .key("team");
        let mut config = account("new", "new");
        let ignored = IgnoreChanges::Some(vec![path]);
        ignore_changes(&ignored, &account("old", "old"), &mut config);
        assert_eq!(config, account("old", "new"));
    }
}
