//! A token's secrets where none can be replaced: each is a token of its own on the server. The first has the token's name, later
//! ones `NAME--2`, `NAME--3`; the one with the highest number is current. To everybody else they are one token, `ACCOUNT/NAME`.
//!
//! Retired secrets have ids as well: `ACCOUNT/NAME@2` is the second one and no other.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lanyard_compiler::model::server::split_generation;

/// What an id speaks of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Slots<'a> {
    pub(crate) account: &'a str,
    pub(crate) name: &'a str,
    /// Only this secret.
    pub(crate) only: Option<i64>,
}

/// Reads an id; `None` for one that no token can have.
pub(crate) fn parse(id: &str) -> Option<Slots<'_>> {
    // An account's id may hold a slash, a token's name does not.
    let (account, token) = id.rsplit_once('/')?;
    let (name, only) = match token.split_once('@') {
        Some((name, number)) => (name, Some(number.parse().ok()?)),
        None => (token, None),
    };
    (!account.is_empty() && !name.is_empty()).then_some(Slots {
        account,
        name,
        only,
    })
}

/// The id of a token, for as long as any secret of it exists.
pub(crate) fn id(account: &str, name: &str) -> String {
    format!("{account}/{name}")
}

/// The id of one secret.
pub(crate) fn retired_id(account: &str, name: &str, generation: i64) -> String {
    format!("{account}/{name}@{generation}")
}

/// The name on the server of a secret.
pub(crate) fn slot(name: &str, generation: i64) -> String {
    if generation <= 1 {
        name.to_owned()
    } else {
        format!("{name}--{generation}")
    }
}

/// The token's name and the secret's number, of a name on the server.
pub(crate) fn unslot(name: &str) -> (&str, i64) {
    split_generation(name).unwrap_or((name, 1))
}

/// One secret, as its server keeps it.
pub(crate) trait Slot {
    /// Its name on the server.
    fn name(&self) -> &str;

    /// `None` where none ends, or the server does not say.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

#[cfg(test)]
impl Slot for String {
    fn name(&self) -> &str {
        self
    }
}

/// The secrets of an account that an id speaks of, by number, the newest first.
pub(crate) fn of<'a, S: Slot>(secrets: &'a [S], id: &str) -> Vec<(i64, &'a S)> {
    let Some(Slots { name, only, .. }) = parse(id) else {
        return Vec::new();
    };
    let mut found: Vec<_> = secrets
        .iter()
        .filter_map(|secret| {
            let (base, generation) = unslot(secret.name());
            (base == name && only.is_none_or(|only| generation == only))
                .then_some((generation, secret))
        })
        .collect();
    found.sort_by_key(|(generation, _)| std::cmp::Reverse(*generation));
    found
}

/// Of each token of an account its current secret, by name.
pub(crate) fn current<S: Slot>(secrets: &[S]) -> impl Iterator<Item = &S> {
    let mut current: BTreeMap<&str, (i64, &S)> = BTreeMap::new();
    for secret in secrets {
        let (name, generation) = unslot(secret.name());
        let newest = current.entry(name).or_insert((generation, secret));
        if generation > newest.0 {
            *newest = (generation, secret);
        }
    }
    current.into_values().map(|(_, secret)| secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_a_token_has_one_name_on_the_server() {
        for (name, base, generation) in [
            ("ci", "ci", 1),
            ("ci--2", "ci", 2),
            ("ci--31", "ci", 31),
            ("ci--1", "ci--1", 1),
            ("ci--02", "ci--02", 1),
            ("ci-2", "ci-2", 1),
            ("a--b", "a--b", 1),
            ("--2", "--2", 1),
        ] {
            assert_eq!(unslot(name), (base, generation), "{name}");
            assert_eq!(slot(base, generation), name);
        }
    }

    #[test]
    fn ids_name_a_token_or_some_of_its_secrets() {
        let whole = parse("svc@x.co/ci").unwrap();
        assert_eq!(
            (whole.account, whole.name, whole.only),
            ("svc@x.co", "ci", None)
        );
        let id = retired_id("svc", "ci", 2);
        let some = parse(&id).unwrap();
        assert_eq!((some.account, some.name, some.only), ("svc", "ci", Some(2)));
        assert_eq!(
            parse("elastic/fleet-server/ci").unwrap().account,
            "elastic/fleet-server"
        );
        for wrong in ["ci", "/ci", "svc/", "svc/ci@x", ""] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_is_its_newest_secret() {
        let secrets = ["ci", "ci--10", "ci--9", "ops", "ops--x"].map(str::to_owned);
        let current: Vec<_> = current(&secrets).collect();
        assert_eq!(current, ["ci--10", "ops", "ops--x"]);
        for (id, expected) in [
            ("svc/ci", vec![10, 9, 1]),
            ("svc/ci@9", vec![9]),
            ("svc/ci@8", vec![]),
            ("svc/nobody", vec![]),
            ("svc", vec![]),
        ] {
            let found: Vec<_> = of(&secrets, id).into_iter().map(|found| found.0).collect();
            assert_eq!(found, expected, "{id}");
        }
    }
}
