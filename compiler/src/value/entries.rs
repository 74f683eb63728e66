//! The entries of a map or object, in the order of their names. A configuration of many resources holds the same object in several
//! places (configured, found, planned) and the same names in every object, so that both are shared: a clone costs nothing until it
//! is changed, and objects made from one another keep one list of names.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Index;
use std::sync::Arc;

use super::Value;

/// The name of an entry.
pub type Name = Arc<str>;

/// Named values, sorted by name, each name once.
///
/// Adding many new names one by one takes time with the square of their number: collect them, or make a [`BTreeMap`] first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entries(Arc<Inner>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Inner {
    names: Arc<Vec<Name>>,
    /// One for each of the names.
    values: Vec<Value>,
}

impl Entries {
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

    pub fn get(&self, name: &str) -> Option<&Value> {
        let position = self.position(name).ok()?;
        self.0.values.get(position)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let position = self.position(name).ok()?;
        Arc::make_mut(&mut self.0).values.get_mut(position)
    }

    /// Sets an entry; gives what was there.
    pub fn insert(&mut self, name: impl AsRef<str> + Into<Name>, value: Value) -> Option<Value> {
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

    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let position = self.position(name).ok()?;
        let inner = Arc::make_mut(&mut self.0);
        Arc::make_mut(&mut inner.names).remove(position);
        Some(inner.values.remove(position))
    }

    /// Takes a value out and leaves null in its place.
    pub fn take(&mut self, name: &str) -> Value {
        self.get_mut(name).map(std::mem::take).unwrap_or_default()
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Name> + ExactSizeIterator {
        self.0.names.iter()
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.0.values.iter()
    }

    pub fn iter(&self) -> Iter<'_> {
        self.0.names.iter().zip(&self.0.values)
    }

    /// The same names with other values.
    #[must_use]
    pub fn map(&self, mut change: impl FnMut(&str, &Value) -> Value) -> Self {
        Self(Arc::new(Inner {
            names: Arc::clone(&self.0.names),
            values: self
                .iter()
                .map(|(name, value)| change(name, value))
                .collect(),
        }))
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.names.binary_search_by(|known| (**known).cmp(name))
    }
}

/// Iterates by reference.
pub type Iter<'a> = std::iter::Zip<std::slice::Iter<'a, Name>, std::slice::Iter<'a, Value>>;

impl<'a> IntoIterator for &'a Entries {
    type Item = (&'a Name, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Entries {
    type Item = (Name, Value);
    type IntoIter = std::iter::Zip<std::vec::IntoIter<Name>, std::vec::IntoIter<Value>>;

    fn into_iter(self) -> Self::IntoIter {
        let Inner { names, values } = Arc::unwrap_or_clone(self.0);
        Arc::unwrap_or_clone(names).into_iter().zip(values)
    }
}

impl<K: Into<Name>> FromIterator<(K, Value)> for Entries {
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(entries: T) -> Self {
        let mut entries: Vec<(Name, Value)> = entries
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
        let (names, values): (Vec<Name>, Vec<Value>) = entries.into_iter().unzip();
        Self(Arc::new(Inner {
            names: Arc::new(names),
            values,
        }))
    }
}

impl<K: Into<Name>> From<BTreeMap<K, Value>> for Entries {
    fn from(entries: BTreeMap<K, Value>) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<Name>, const N: usize> From<[(K, Value); N]> for Entries {
    fn from(entries: [(K, Value); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<Name>> Extend<(K, Value)> for Entries {
    fn extend<T: IntoIterator<Item = (K, Value)>>(&mut self, entries: T) {
        for (name, value) in entries {
            self.insert(name.into(), value);
        }
    }
}

/// # Panics
///
/// If there is no entry of that name.
impl Index<&str> for Entries {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        match self.position(name) {
            Ok(position) => &self.0.values[position],
            Err(_) => panic!("there is no entry {name:?}"),
        }
    }
}

impl PartialOrd for Entries {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Entry by entry, name before value.
impl Ord for Entries {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other)
    }
}

impl Hash for Entries {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        for entry in self {
            entry.hash(state);
        }
    }
}

impl fmt::Debug for Entries {
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
