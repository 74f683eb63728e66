//! The entries of a map or object, in the order of their names. A configuration of many resources holds the same object in several
//! places (configured, found, planned) and the same names in every object, so that both are shared: a clone costs nothing until it
//! is changed, and objects made from one another keep one list of names.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Zip;
use std::ops::Index;
use std::sync::Arc;

use super::Value;

/// Up to this many entries, looking at each is faster than searching.
const SMALL: usize = 48;

/// The name of an entry.
pub type Name = Arc<str>;

/// Named values, sorted by name, each name once.
///
/// Adding many new names one by one takes time with the square of their number: collect them, or make a [`BTreeMap`] first.
pub struct Entries<V = Value>(Arc<Inner<V>>);

#[derive(Clone, PartialEq, Eq)]
struct Inner<V> {
    names: Arc<Vec<Name>>,
    /// One for each of the names.
    values: Vec<V>,
}

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Arc::new(Inner {
            names: Arc::default(),
            values: Vec::new(),
        }))
    }
}

impl<V> Clone for Entries<V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<V> Entries<V> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.0.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.values.is_empty()
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    pub fn get(&self, name: &str) -> Option<&V> {
        let position = self.position(name).ok()?;
        self.0.values.get(position)
    }

    pub fn keys(&self) -> std::slice::Iter<'_, Name> {
        self.0.names.iter()
    }

    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.0.values.iter()
    }

    pub fn iter(&self) -> Iter<'_, V> {
        self.0.names.iter().zip(&self.0.values)
    }

    /// The same names with other values.
    #[must_use]
    pub fn map<W>(&self, mut change: impl FnMut(&str, &V) -> W) -> Entries<W> {
        let values = self.iter().map(|(name, value)| change(name, value));
        Entries(Arc::new(Inner {
            names: Arc::clone(&self.0.names),
            values: values.collect(),
        }))
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        let names = &self.0.names;
        // Most objects are small, and most of their names differ in length: that is seen without looking at the letters.
        if names.len() <= SMALL
            && let Some(position) = names.iter().position(|known| **known == *name)
        {
            return Ok(position);
        }
        names.binary_search_by(|known| (**known).cmp(name))
    }
}

impl<V: Clone> Entries<V> {
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let position = self.position(name).ok()?;
        Arc::make_mut(&mut self.0).values.get_mut(position)
    }

    /// Sets an entry; gives what was there.
    pub fn insert(&mut self, name: impl AsRef<str> + Into<Name>, value: V) -> Option<V> {
        let found = self.position(name.as_ref());
        let inner = Arc::make_mut(&mut self.0);
        match found {
            Ok(position) => Some(std::mem::replace(&mut inner.values[position], value)),
            Err(position) => {
                Arc::make_mut(&mut inner.names).insert(position, name.into());
                inner.values.insert(position, value);
                None
            }
        }
    }

    pub fn remove(&mut self, name: &str) -> Option<V> {
        let position = self.position(name).ok()?;
        let inner = Arc::make_mut(&mut self.0);
        Arc::make_mut(&mut inner.names).remove(position);
        Some(inner.values.remove(position))
    }
}

impl Entries {
    /// Takes a value out and leaves null in its place.
    pub fn take(&mut self, name: &str) -> Value {
        self.get_mut(name).map(std::mem::take).unwrap_or_default()
    }
}

impl<V: PartialEq> PartialEq for Entries<V> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<V: Eq> Eq for Entries<V> {}

/// Iterates by reference.
pub type Iter<'a, V = Value> = Zip<std::slice::Iter<'a, Name>, std::slice::Iter<'a, V>>;

impl<'a, V> IntoIterator for &'a Entries<V> {
    type Item = (&'a Name, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<V: Clone> IntoIterator for Entries<V> {
    type Item = (Name, V);
    type IntoIter = Zip<std::vec::IntoIter<Name>, std::vec::IntoIter<V>>;

    fn into_iter(self) -> Self::IntoIter {
        let Inner { names, values } = Arc::unwrap_or_clone(self.0);
        Arc::unwrap_or_clone(names).into_iter().zip(values)
    }
}

impl<K: Into<Name>, V> FromIterator<(K, V)> for Entries<V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut entries: Vec<(Name, V)> = entries
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect();
        // Of two with one name, the later one counts.
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        entries.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        let (names, values): (Vec<Name>, Vec<V>) = entries.into_iter().unzip();
        Self(Arc::new(Inner {
            names: Arc::new(names),
            values,
        }))
    }
}

impl<K: Into<Name>, V> From<BTreeMap<K, V>> for Entries<V> {
    fn from(entries: BTreeMap<K, V>) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<Name>, V, const N: usize> From<[(K, V); N]> for Entries<V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<Name>, V: Clone> Extend<(K, V)> for Entries<V> {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, entries: T) {
        for (name, value) in entries {
            self.insert(name.into(), value);
        }
    }
}

/// # Panics
///
/// If there is no entry of that name.
impl<V> Index<&str> for Entries<V> {
    type Output = V;

    fn index(&self, name: &str) -> &V {
        match self.position(name) {
            Ok(position) => &self.0.values[position],
            Err(_) => panic!("there is no entry {name:?}"),
        }
    }
}

impl<V: Ord> PartialOrd for Entries<V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Entry by entry, name before value.
impl<V: Ord> Ord for Entries<V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other)
    }
}

impl<V: Hash> Hash for Entries<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        for entry in self {
            entry.hash(state);
        }
    }
}

impl<V: fmt::Debug> fmt::Debug for Entries<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(given: &[(&str, i64)]) -> Entries {
        given
            .iter()
            .map(|(name, value)| (*name, Value::from(*value)))
            .collect()
    }

    #[test]
    fn entries_are_sorted_and_the_later_of_two_counts() {
        let made = entries(&[("b", 1), ("a", 2), ("b", 3)]);
        assert_eq!(format!("{made:?}"), r#"{"a": 2, "b": 3}"#);
        assert_eq!(made, entries(&[("a", 2), ("b", 3)]));
    }

    #[test]
    fn a_change_stays_where_it_was_made() {
        let first = entries(&[("a", 1), ("b", 2)]);
        let mut second = first.clone();
        assert_eq!(second.insert("b", 3.into()), Some(2.into()));
        assert_eq!(second.insert("aa", 4.into()), None);
        assert_eq!(second.remove("a"), Some(1.into()));
        assert_eq!(second.take("b"), 3.into());
        assert_eq!(format!("{second:?}"), r#"{"aa": 4, "b": null}"#);
        assert_eq!(first, entries(&[("a", 1), ("b", 2)]));
    }

    #[test]
    fn order_is_that_of_the_entries_one_by_one() {
        let sorted = [
            entries(&[]),
            entries(&[("a", 1)]),
            entries(&[("a", 1), ("b", 0)]),
            entries(&[("a", 2)]),
            entries(&[("b", 0)]),
        ];
        assert!(sorted.is_sorted());
    }
}
