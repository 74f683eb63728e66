//! JSON in which everything is said once. Of two values under one key every reader takes another one, so nobody knows what such a text
//! means.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::map::Entry;
use serde_json::{Map, Value as Json};

/// Such JSON.
pub(super) struct Said(pub(super) Json);

/// Likewise, as what it says.
pub(super) fn said<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let Said(json) = Said::deserialize(deserializer)?;
    serde_json::from_value(json).map_err(D::Error::custom)
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything).map(Self)
    }
}

/// Reads an object of which each key is said once: `take` reads the value of a key that it knows, and says so; the rest is passed over,
/// and said once, too.
pub(super) fn once<'de, M: MapAccess<'de>>(
    entries: &mut M,
    mut take: impl FnMut(&str, &mut M) -> Result<bool, M::Error>,
) -> Result<(), M::Error> {
    let mut seen = Seen::default();
    while let Some(Key(key)) = entries.next_key()? {
        if seen.contains(&key) {
            return Err(twice(&key));
        }
        if !take(&key, entries)? {
            entries.next_value::<Passed>()?;
        }
        seen.insert(key);
    }
    Ok(())
}

/// The keys of an object so far.
#[derive(Default)]
struct Seen<'de> {
    /// The first of them: most objects have few, and looking at each is faster than a hash of it.
    few: Vec<Cow<'de, str>>,
    more: HashSet<Cow<'de, str>>,
}

impl<'de> Seen<'de> {
    const FEW: usize = 32;

    fn contains(&self, key: &str) -> bool {
        self.few.iter().any(|seen| *seen == key) || self.more.contains(key)
    }

    fn insert(&mut self, key: Cow<'de, str>) {
        if self.few.len() < Self::FEW {
            self.few.push(key);
        } else {
            self.more.insert(key);
        }
    }
}

/// A key, as it stands in the text where nothing in it is escaped.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }

            fn visit_string<E>(self, key: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key)))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("{key:?} is said twice"))
}

/// Such JSON that nobody keeps.
struct Passed;

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Passer)
    }
}

struct Passer;

impl<'de> Visitor<'de> for Passer {
    type Value = Passed;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_str<E>(self, _: &str) -> Result<Passed, E> {
        Ok(Passed)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Passed, S::Error> {
        while items.next_element::<Passed>()?.is_some() {}
        Ok(Passed)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Passed, M::Error> {
        once(&mut entries, |_, _| Ok(false))?;
        Ok(Passed)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Json, S::Error> {
        let mut all = Vec::new();
        while let Some(Said(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(all.into())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Json, M::Error> {
        let mut all = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            match all.entry(key) {
                Entry::Occupied(said) => return Err(twice(said.key())),
                Entry::Vacant(place) => {
                    let Said(value) = entries.next_value()?;
                    place.insert(value);
                }
            }
        }
        Ok(all.into())
    }
}
