//! The evaluator's value: richer than [`crate::value::Value`], because the language tells lists from tuples and maps from objects,
//! knows the type of what it does not know, and marks what is sensitive and which tokens it derives from.

mod arithmetic;
mod convert;
mod debug;
mod marks;
mod order;
mod shape;
mod unify;

use std::sync::Arc;

pub(crate) use arithmetic::{
    add, as_usize, divide, multiply, of_double, remainder, rounded, subtract,
};
pub(crate) use convert::{apply_defaults, convert, parse_number};
pub(crate) use marks::{Marks, Origin};
pub(crate) use order::{compare, equal};
pub(crate) use shape::{Field, Shape};
pub(crate) use unify::unify;

use crate::value::Number;

/// The names of a map or object, in the order of the alphabet.
pub(crate) type Entries = crate::value::Entries<Term>;

/// A value with its marks.
#[derive(Clone)]
pub(crate) struct Term {
    pub(crate) content: Content,
    pub(crate) marks: Marks,
}

#[derive(Clone)]
pub(crate) enum Content {
    Null(Shape),
    Unknown(Arc<Unknown>),
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    List(Arc<Sequence>),
    /// Sorted and without duplicates; see [`compare`].
    Set(Arc<Sequence>),
    Tuple(Arc<Sequence>),
    Map(Arc<Mapping>),
    Object(Arc<Mapping>),
}

/// What is known about an unknown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unknown {
    pub(crate) shape: Shape,
    pub(crate) not_null: bool,
    /// What the text certainly starts with.
    pub(crate) prefix: Option<Arc<str>>,
    /// The attribute of one of our own resources that this will be, unchanged.
    pub(crate) link: Option<Arc<Origin>>,
}

impl Unknown {
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            shape,
            not_null: false,
            prefix: None,
            link: None,
        }
    }
}

/// The items of a list, set or tuple.
pub(crate) struct Sequence {
    pub(crate) items: Vec<Term>,
    /// The type of every item of a list or set; `Any` for a tuple, whose items have their own.
    pub(crate) element: Shape,
    pub(crate) weight: Weight,
}

/// The entries of a map or object.
pub(crate) struct Mapping {
    pub(crate) entries: Entries,
    /// The type of every entry of a map; `Any` for an object, whose attributes have their own.
    pub(crate) element: Shape,
    pub(crate) weight: Weight,
}

/// What can be said about everything inside a collection without looking at it again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    /// How many values it holds, itself included.
    pub(crate) size: u32,
    /// How deep it is; one for an empty collection.
    pub(crate) depth: u16,
    pub(crate) wholly_known: bool,
    pub(crate) marked: bool,
}

impl Weight {
    fn of<'a>(items: impl Iterator<Item = &'a Term>) -> Self {
        let mut weight = Self {
            size: 1,
            depth: 1,
            wholly_known: true,
            marked: false,
        };
        for item in items {
            let inner = item.weight();
            weight.size = weight.size.saturating_add(inner.size);
            weight.depth = weight.depth.max(inner.depth.saturating_add(1));
            weight.wholly_known &= inner.wholly_known;
            weight.marked |= inner.marked;
        }
        weight
    }
}

impl Term {
    pub(crate) fn new(content: Content) -> Self {
        Self {
            content,
            marks: Marks::default(),
        }
    }

    pub(crate) fn null(shape: Shape) -> Self {
        Self::new(Content::Null(shape))
    }

    pub(crate) fn unknown(shape: Shape) -> Self {
        Self::new(Content::Unknown(Arc::new(Unknown::new(shape))))
    }

    pub(crate) fn unknown_not_null(shape: Shape) -> Self {
        Self::new(Content::Unknown(Arc::new(Unknown {
            not_null: true,
            ..Unknown::new(shape)
        })))
    }

    /// Not even the type is known.
    pub(crate) fn dynamic() -> Self {
        Self::unknown(Shape::Any)
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self::new(Content::Bool(value))
    }

    pub(crate) fn number(value: impl Into<Number>) -> Self {
        Self::new(Content::Number(value.into()))
    }

    pub(crate) fn count(value: usize) -> Self {
        Self::number(u64::try_from(value).unwrap_or(u64::MAX))
    }

    /// Text, in Unicode's composed form as the language wants it.
    pub(crate) fn string(value: impl AsRef<str> + Into<Arc<str>>) -> Self {
        use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
        let text = value.as_ref();
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return Self::new(Content::String(value.into()));
        }
        let composed: String = text.nfc().collect();
        Self::new(Content::String(composed.into()))
    }

    pub(crate) fn list(element: Shape, items: Vec<Self>) -> Self {
        Self::new(Content::List(sequence(element, items)))
    }

    /// A set of these items; their marks move to the set.
    pub(crate) fn set(element: Shape, items: Vec<Self>) -> Self {
        let mut marks = Marks::default();
        let mut items: Vec<Self> = items
            .into_iter()
            .map(|item| {
                marks = marks.union(&item.deep_marks());
                item.without_marks()
            })
            .collect();
        items.sort_by(compare);
        // Two unknowns may turn out to differ.
        items.dedup_by(|right, left| left.is_wholly_known() && equal(left, right));
        Self::new(Content::Set(sequence(element, items))).marked(&marks)
    }

    pub(crate) fn tuple(items: Vec<Self>) -> Self {
        Self::new(Content::Tuple(sequence(Shape::Any, items)))
    }

    pub(crate) fn map(element: Shape, entries: Entries) -> Self {
        Self::new(Content::Map(mapping(element, entries)))
    }

    pub(crate) fn object(entries: Entries) -> Self {
        Self::new(Content::Object(mapping(Shape::Any, entries)))
    }

    /// The same value with more marks.
    #[must_use]
    pub(crate) fn marked(mut self, marks: &Marks) -> Self {
        self.marks = self.marks.union(marks);
        self
    }

    /// The value itself, and the marks it carried. What is inside keeps its own.
    pub(crate) fn unmarked(mut self) -> (Self, Marks) {
        let marks = std::mem::take(&mut self.marks);
        (self, marks)
    }

    /// The marks of the value and of everything inside.
    pub(crate) fn deep_marks(&self) -> Marks {
        let mut marks = self.marks.clone();
        if self.weight_of_content().marked {
            self.visit(&mut |inner| marks = marks.union(&inner.marks));
        }
        marks
    }

    /// The same value without a mark anywhere.
    pub(crate) fn without_marks(self) -> Self {
        self.map_marks(&|_| Marks::default())
    }

    /// The same value, each mark replaced.
    pub(crate) fn map_marks(self, change: &impl Fn(&Marks) -> Marks) -> Self {
        if !self.weight().marked {
            return self;
        }
        let marks = change(&self.marks);
        let content = if self.weight_of_content().marked {
            match self.content {
                Content::List(list) => Content::List(list.map_marks(change)),
                Content::Set(set) => Content::Set(set.map_marks(change)),
                Content::Tuple(tuple) => Content::Tuple(tuple.map_marks(change)),
                Content::Map(map) => Content::Map(map.map_marks(change)),
                Content::Object(object) => Content::Object(object.map_marks(change)),
                content => content,
            }
        } else {
            self.content
        };
        Self { content, marks }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.content, Content::Null(_))
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown(_))
    }

    /// True if not even the type is known.
    pub(crate) fn is_dynamic(&self) -> bool {
        matches!(&self.content, Content::Unknown(unknown) if unknown.shape == Shape::Any)
    }

    pub(crate) fn is_wholly_known(&self) -> bool {
        self.weight().wholly_known
    }

    /// True if it is certain that the value is not null.
    pub(crate) fn is_certainly_not_null(&self) -> bool {
        match &self.content {
            Content::Null(_) => false,
            Content::Unknown(unknown) => unknown.not_null,
            _ => true,
        }
    }

    /// The same, known not to be null.
    #[must_use]
    pub(crate) fn refined_not_null(self) -> Self {
        match self.content {
            Content::Unknown(unknown) if !unknown.not_null && unknown.shape != Shape::Any => Self {
                content: Content::Unknown(Arc::new(Unknown {
                    not_null: true,
                    ..Unknown::clone(&unknown)
                })),
                marks: self.marks,
            },
            _ => self,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        match &self.content {
            Content::Number(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::String(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a list, set or tuple.
    pub(crate) fn as_items(&self) -> Option<&[Self]> {
        match &self.content {
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                Some(&items.items)
            }
            _ => None,
        }
    }

    /// The entries of a map or object.
    pub(crate) fn as_entries(&self) -> Option<&Entries> {
        match &self.content {
            Content::Map(entries) | Content::Object(entries) => Some(&entries.entries),
            _ => None,
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        match &self.content {
            Content::Null(shape) => shape.clone(),
            Content::Unknown(unknown) => unknown.shape.clone(),
            Content::Bool(_) => Shape::Bool,
            Content::Number(_) => Shape::Number,
            Content::String(_) => Shape::String,
            Content::List(list) => Shape::List(Arc::new(list.element.clone())),
            Content::Set(set) => Shape::Set(Arc::new(set.element.clone())),
            Content::Map(map) => Shape::Map(Arc::new(map.element.clone())),
            Content::Tuple(tuple) => Shape::Tuple(tuple.items.iter().map(Self::shape).collect()),
            Content::Object(object) => Shape::Object(Arc::new(
                object
                    .entries
                    .iter()
                    .map(|(name, term)| (name.clone(), Field::required(term.shape())))
                    .collect(),
            )),
        }
    }

    pub(crate) fn weight(&self) -> Weight {
        let mut weight = self.weight_of_content();
        weight.marked |= !self.marks.is_empty();
        weight
    }

    fn weight_of_content(&self) -> Weight {
        match &self.content {
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => items.weight,
            Content::Map(entries) | Content::Object(entries) => entries.weight,
            content => Weight {
                size: 1,
                depth: 0,
                wholly_known: !matches!(content, Content::Unknown(_)),
                marked: false,
            },
        }
    }

    /// Calls `visit` with every value inside this one.
    pub(crate) fn visit(&self, visit: &mut impl FnMut(&Self)) {
        let mut waiting: Vec<&Self> = vec![self];
        while let Some(term) = waiting.pop() {
            let before = waiting.len();
            match &term.content {
                Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                    waiting.extend(&items.items);
                }
                Content::Map(entries) | Content::Object(entries) => {
                    waiting.extend(entries.entries.values());
                }
                _ => {}
            }
            for inner in &waiting[before..] {
                visit(inner);
            }
        }
    }
}

impl Sequence {
    fn map_marks(&self, change: &impl Fn(&Marks) -> Marks) -> Arc<Self> {
        let items = self.items.iter().cloned();
        sequence(
            self.element.clone(),
            items.map(|item| item.map_marks(change)).collect(),
        )
    }
}

impl Mapping {
    fn map_marks(&self, change: &impl Fn(&Marks) -> Marks) -> Arc<Self> {
        let entries = self.entries.iter();
        mapping(
            self.element.clone(),
            entries
                .map(|(name, term)| (name.clone(), term.clone().map_marks(change)))
                .collect(),
        )
    }
}

fn sequence(element: Shape, items: Vec<Term>) -> Arc<Sequence> {
    let weight = Weight::of(items.iter());
    Arc::new(Sequence {
        items,
        element,
        weight,
    })
}

fn mapping(element: Shape, entries: Entries) -> Arc<Mapping> {
    let weight = Weight::of(entries.values());
    Arc::new(Mapping {
        entries,
        element,
        weight,
    })
}
