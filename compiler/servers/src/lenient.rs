//! How answers are read that say a little less than their contract: `null` where there is nothing, a number in other clothes, and in lists
//! single objects that nobody understands. What is not said at all is not nothing: a list that is left out may be hidden.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::object::Unreadable;

/// The items of a list, each read by itself: one that a newer server describes in words that nobody knows here leaves the others be.
#[derive(Debug)]
pub(crate) struct Items<T> {
    pub(crate) read: Vec<T>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self {
            read: Vec::new(),
            unreadable: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Item<T> {
    Read(T),
    Named {
        id: Option<String>,
        slug: Option<String>,
        name: Option<String>,
    },
    Odd(IgnoredAny),
}

/// Servers written in Go say `null` of a list without anything in it. One that is left out is an error, unless the field has a default.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `Option` would take a missing field for `null`.
        deserializer.deserialize_any(ListOrNull(PhantomData))
    }
}

struct ListOrNull<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListOrNull<T> {
    type Value = Items<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Items<T>, E> {
        Ok(Items::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items<T>, A::Error> {
        let mut all = Items::default();
        while let Some(item) = list.next_element()? {
            match item {
                Item::Read(item) => all.read.push(item),
                Item::Named { id, slug, name } => all.unreadable.push(Unreadable {
                    id: slug.or(id),
                    name,
                }),
                Item::Odd(_) => all.unreadable.push(Unreadable::default()),
            }
        }
        Ok(all)
    }
}

/// The values of a map, each read by itself.
#[derive(Debug)]
pub(crate) struct Entries<T> {
    pub(crate) read: BTreeMap<String, T>,
    /// The keys of the others.
    pub(crate) unreadable: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry<T> {
    Read(T),
    Odd(IgnoredAny),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: BTreeMap<String, Entry<T>> = BTreeMap::deserialize(deserializer)?;
        let mut all = Self {
            read: BTreeMap::new(),
            unreadable: Vec::new(),
        };
        for (key, entry) in entries {
            match entry {
                Entry::Read(value) => {
                    all.read.insert(key, value);
                }
                Entry::Odd(_) => all.unreadable.push(key),
            }
        }
        Ok(all)
    }
}

/// What may be left out, where `null` says something: `None` is not said. The field has `default` beside it.
pub(crate) fn if_said<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// What may be `null` and has to be said: a field that is left out is an error.
pub(crate) fn said<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer)
}

/// A number of seconds, as an integer, as a decimal number or as text; `None` for `null` and for what is no number at all.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Whole(i64),
        Decimal(f64),
        Text(String),
        Other(IgnoredAny),
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what does not fit becomes the largest that does"
    )]
    let whole = |seconds: f64| seconds.floor() as i64;
    Ok(match Said::deserialize(deserializer)? {
        Said::Whole(seconds) => Some(seconds),
        Said::Decimal(seconds) => Some(whole(seconds)),
        Said::Text(text) => text.trim().parse().ok().map(whole),
        Said::Other(_) => None,
    })
}

/// `null` is what the default is; so is what is left out, where the field has `default` beside it.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_cannot_be_read_leaves_the_others() {
        #[derive(Debug, Deserialize)]
        struct Thing {
            size: u8,
        }
        let text = r#"[{"size": 1}, {"size": "large", "slug": "s", "name": "n"}, 7, {"size": 2}]"#;
        let Items { read, unreadable } = serde_json::from_str::<Items<Thing>>(text).unwrap();
        assert_eq!(
            read.iter().map(|thing| thing.size).collect::<Vec<_>>(),
            [1, 2]
        );
        let named = Unreadable {
            id: Some("s".to_owned()),
            name: Some("n".to_owned()),
        };
        assert_eq!(unreadable, [named, Unreadable::default()]);
    }

    #[test]
    fn an_entry_that_cannot_be_read_leaves_the_others() {
        let entries: Entries<u8> =
            serde_json::from_str(r#"{"a": 1, "b": "large", "c": 2}"#).unwrap();
        assert_eq!(entries.read.into_keys().collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(entries.unreadable, ["b"]);
        assert!(serde_json::from_str::<Entries<u8>>("[]").is_err());
    }

    #[test]
    fn what_is_left_out_is_not_null() {
        #[derive(Deserialize)]
        struct Thing {
            #[serde(default, deserialize_with = "if_said")]
            size: Option<Option<u8>>,
        }
        let size = |text| serde_json::from_str::<Thing>(text).unwrap().size;
        assert_eq!(size("{}"), None);
        assert_eq!(size(r#"{"size": null}"#), Some(None));
        assert_eq!(size(r#"{"size": 3}"#), Some(Some(3)));
    }

    #[test]
    fn a_list_that_is_left_out_is_not_empty() {
        #[derive(Debug, Deserialize)]
        struct Page {
            items: Items<u8>,
            #[serde(deserialize_with = "said")]
            next: Option<String>,
        }
        let page = |text| serde_json::from_str::<Page>(text);
        let empty = page(r#"{"items": null, "next": null}"#).unwrap();
        assert_eq!((empty.items.read.len(), empty.next), (0, None));
        for text in [
            "{}",
            r#"{"next": null}"#,
            r#"{"items": []}"#,
            r#"{"items": {}, "next": null}"#,
        ] {
            assert!(page(text).is_err(), "{text}");
        }
    }
}
