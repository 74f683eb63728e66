//! The entries of a map or object, in the order of their names. A configuration of many resources holds the same object in several
//! places (configured, found, planned) and the same names in every object, so that both are shared: a clone costs nothing until it
//! is changed, objects made from one another keep one list of names, and one that differs from another in a few values holds only these:
//! in the instances of a block, most is absent.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Zip;
use std::ops::Index;
use std::sync::Arc;

use super::Value;

/// Up to this many entries, looking at the print of each is faster than searching.
const SMALL: usize = 48;
/// From this many entries on, what is changed only says how it differs from what it was.
const LARGE: usize = 8;

/// The name of an entry.
pub type Name = Arc<str>;

/// Named values, sorted by name, each name once.
///
/// Adding many new names one by one takes time with the square of their number: collect them, or make a [`BTreeMap`] first.
pub struct Entries<V = Value>(Arc<Inner<V>>);

/// Names, in order.
#[derive(Clone, Default, PartialEq, Eq)]
struct Names {
    all: Vec<Name>,
    /// A letter or two of each, so that most others are passed over without looking at them.
    prints: Vec<u8>,
}

impl Names {
    fn print(name: &str) -> u8 {
        // What names of attributes differ in mostly: the length, and where they begin and end.
        let bytes = name.as_bytes();
        let first = bytes.first().copied().unwrap_or_default();
        let last = bytes.last().copied().unwrap_or_default();
        let length = name.len().to_le_bytes()[0];
        length.wrapping_mul(83) ^ first.wrapping_mul(31) ^ last.rotate_left(3)
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.all.len() > SMALL {
            return self.place(name).ok();
        }
        let print = Self::print(name);
        let mut start = 0;
        while let Some(further) = self.prints[start..]
            .iter()
            .position(|known| *known == print)
        {
            let position = start + further;
            if *self.all[position] == *name {
                return Some(position);
            }
            start = position + 1;
        }
        None
    }

    /// Where a name is, or would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.all.binary_search_by(|known| (**known).cmp(name))
    }

    fn insert(&mut self, position: usize, name: Name) {
        self.prints.insert(position, Self::print(&name));
        self.all.insert(position, name);
    }

    fn remove(&mut self, position: usize) {
        self.prints.remove(position);
        self.all.remove(position);
    }
}

impl From<Vec<Name>> for Names {
    fn from(all: Vec<Name>) -> Self {
        let prints = all.iter().map(|name| Self::print(name)).collect();
        Self { all, prints }
    }
}

struct Inner<V> {
    names: Arc<Names>,
    /// One for each of the names; of a variant, one for each of its places.
    values: Vec<V>,
    variant: Option<Variant<V>>,
}

/// What differs from other entries, which are no variant themselves, in a few places.
struct Variant<V> {
    of: Arc<Inner<V>>,
    /// In order.
    places: Vec<u32>,
}

impl<V> Inner<V> {
    fn new(names: Arc<Names>, values: Vec<V>) -> Self {
        Self {
            names,
            values,
            variant: None,
        }
    }

    fn value(&self, position: usize) -> Option<&V> {
        let Some(Variant { of, places }) = &self.variant else {
            return self.values.get(position);
        };
        let place = u32::try_from(position).ok()?;
        match places.binary_search(&place) {
            Ok(found) => self.values.get(found),
            Err(_) => of.values.get(position),
        }
    }

    fn values(&self) -> Values<'_, V> {
        match &self.variant {
            None => Values {
                all: self.values.iter(),
                place: 0,
                places: &[],
                own: &[],
            },
            Some(Variant { of, places }) => Values {
                all: of.values.iter(),
                place: 0,
                places,
                own: &self.values,
            },
        }
    }
}

impl<V: Clone> Inner<V> {
    /// Holds each value itself.
    fn whole(&mut self) {
        if self.variant.is_some() {
            self.values = self.values().cloned().collect();
            self.variant = None;
        }
    }
}

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Arc::new(Inner::new(Arc::default(), Vec::new())))
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
        self.0.names.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.names.all.is_empty()
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    pub fn get(&self, name: &str) -> Option<&V> {
        let position = self.position(name)?;
        self.0.value(position)
    }

    pub fn keys(&self) -> std::slice::Iter<'_, Name> {
        self.0.names.all.iter()
    }

    pub fn values(&self) -> Values<'_, V> {
        self.0.values()
    }

    pub fn iter(&self) -> Iter<'_, V> {
        self.0.names.all.iter().zip(self.0.values())
    }

    /// The same names with other values.
    #[must_use]
    pub fn map<W>(&self, mut change: impl FnMut(&str, &V) -> W) -> Entries<W> {
        let values = self.iter().map(|(name, value)| change(name, value));
        let values = values.collect();
        Entries(Arc::new(Inner::new(Arc::clone(&self.0.names), values)))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.names.find(name)
    }
}

impl<V: Clone> Entries<V> {
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let position = self.position(name)?;
        self.value_mut(position)
    }

    /// Sets an entry; gives what was there.
    pub fn insert(&mut self, name: impl AsRef<str> + Into<Name>, value: V) -> Option<V> {
        if let Some(position) = self.position(name.as_ref()) {
            let before = self.value_mut(position)?;
            return Some(std::mem::replace(before, value));
        }
        let (Ok(position) | Err(position)) = self.0.names.place(name.as_ref());
        let inner = self.whole_mut();
        Arc::make_mut(&mut inner.names).insert(position, name.into());
        inner.values.insert(position, value);
        None
    }

    pub fn remove(&mut self, name: &str) -> Option<V> {
        let position = self.position(name)?;
        let inner = self.whole_mut();
        Arc::make_mut(&mut inner.names).remove(position);
        Some(inner.values.remove(position))
    }

    /// As something that others can differ from.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.whole_mut();
        self
    }

    /// The same, as what differs from the other where that is little.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Self
    where
        V: PartialEq,
    {
        let (own, of) = (&self.0, &other.0);
        let are_whole = own.variant.is_none() && of.variant.is_none();
        if self.len() < LARGE || !are_whole || own.names != of.names {
            return self.clone();
        }
        let all = (0..).zip(own.values.iter().zip(&of.values));
        let differing = all.filter(|(_, (value, other))| value != other);
        let (places, values): (Vec<u32>, Vec<&V>) =
            differing.map(|(place, (value, _))| (place, value)).unzip();
        if values.len() * 2 >= self.len() {
            return self.clone();
        }
        Self(Arc::new(Inner {
            names: Arc::clone(&of.names),
            values: values.into_iter().cloned().collect(),
            variant: Some(Variant {
                of: Arc::clone(of),
                places: places.into_iter().collect(),
            }),
        }))
    }

    /// Shared with nobody, and no variant.
    fn whole_mut(&mut self) -> &mut Inner<V> {
        let inner = Arc::make_mut(&mut self.0);
        inner.whole();
        inner
    }

    fn value_mut(&mut self, position: usize) -> Option<&mut V> {
        let place = u32::try_from(position).ok()?;
        let is_shared = Arc::get_mut(&mut self.0).is_none();
        if is_shared && self.0.variant.is_none() && self.len() >= LARGE {
            let of = Arc::clone(&self.0);
            let places = Vec::new();
            self.0 = Arc::new(Inner {
                names: Arc::clone(&of.names),
                values: Vec::new(),
                variant: Some(Variant { of, places }),
            });
        }
        let inner = Arc::make_mut(&mut self.0);
        // Nothing is saved where every second value differs.
        if inner.values.len() * 2 >= inner.names.all.len() {
            inner.whole();
        }
        let Some(Variant { of, places }) = &mut inner.variant else {
            return inner.values.get_mut(position);
        };
        let found = places.binary_search(&place).unwrap_or_else(|index| {
            // There is a value for each of the names.
            inner.values.insert(index, of.values[position].clone());
            places.insert(index, place);
            index
        });
        inner.values.get_mut(found)
    }
}

impl<V: Clone> Clone for Inner<V> {
    fn clone(&self) -> Self {
        Self {
            names: Arc::clone(&self.names),
            values: self.values.clone(),
            variant: self.variant.clone(),
        }
    }
}

impl<V> Clone for Variant<V> {
    fn clone(&self) -> Self {
        Self {
            of: Arc::clone(&self.of),
            places: self.places.clone(),
        }
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
        let same_names =
            Arc::ptr_eq(&self.0.names, &other.0.names) || self.0.names == other.0.names;
        Arc::ptr_eq(&self.0, &other.0) || (same_names && self.values().eq(other.values()))
    }
}

impl<V: Eq> Eq for Entries<V> {}

/// Iterates by reference.
pub type Iter<'a, V = Value> = Zip<std::slice::Iter<'a, Name>, Values<'a, V>>;

/// The values, in the order of their names.
pub struct Values<'a, V = Value> {
    /// Those of what this is a variant of, if it is one.
    all: std::slice::Iter<'a, V>,
    /// Where the next of them stands.
    place: u32,
    /// Which of them are others.
    places: &'a [u32],
    own: &'a [V],
}

impl<V> Clone for Values<'_, V> {
    fn clone(&self) -> Self {
        Self {
            all: self.all.clone(),
            ..*self
        }
    }
}

impl<'a, V> Iterator for Values<'a, V> {
    type Item = &'a V;

    fn next(&mut self) -> Option<&'a V> {
        let value = self.all.next()?;
        let place = self.place;
        self.place = place.wrapping_add(1);
        match (self.places, self.own) {
            ([next, places @ ..], [value, own @ ..]) if *next == place => {
                (self.places, self.own) = (places, own);
                Some(value)
            }
            _ => Some(value),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.all.size_hint()
    }
}

impl<V> ExactSizeIterator for Values<'_, V> {}

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
        let mut inner = Arc::unwrap_or_clone(self.0);
        inner.whole();
        let Inner { names, values, .. } = inner;
        Arc::unwrap_or_clone(names).all.into_iter().zip(values)
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
        Self(Arc::new(Inner::new(Arc::new(names.into()), values)))
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
        match self.get(name) {
            Some(value) => value,
            None => panic!("there is no entry {name:?}"),
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
    fn a_variant_is_like_any_other() {
        let names: Vec<String> = (0..20).map(|number| format!("{number:02}")).collect();
        let numbers = |change: &dyn Fn(i64) -> i64| -> Entries {
            let entries = names.iter().zip(0..).map(|(name, number)| {
                let value = Value::from(change(number));
                (name.as_str(), value)
            });
            entries.collect()
        };
        let first = numbers(&|number| number);
        let mut variant = first.clone();
        for changed in 0..20_usize {
            let name = names[(changed * 7) % 20].as_str();
            assert_eq!(variant.insert(name, 99.into()), first.get(name).cloned());
            let is_changed =
                |number: i64| (0..=changed).any(|step| (step as i64 * 7) % 20 == number);
            let expected = numbers(&|number| if is_changed(number) { 99 } else { number });
            assert_eq!(variant, expected);
            assert_eq!(variant.cmp(&expected), Ordering::Equal);
            assert_eq!(format!("{variant:?}"), format!("{expected:?}"));
            assert_eq!(variant.get(name), Some(&99.into()));
            // What differs is all that it holds, as long as that is less.
            assert_eq!(variant.0.variant.is_some(), changed < 10, "{changed}");
            let beside = expected.beside(&first);
            assert_eq!(beside, expected);
            assert_eq!(beside.0.variant.is_some(), changed < 9, "{changed}");
            let mut other = variant.clone();
            *other.get_mut("03").unwrap() = 5.into();
            assert_eq!(other["03"], 5.into());
            assert_eq!(variant, expected);
            assert!(other.remove("00").is_some());
            assert_eq!(other.insert("000", 1.into()), None);
            assert_eq!(other.into_iter().count(), 20);
        }
        assert_eq!(first, numbers(&|number| number));
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
