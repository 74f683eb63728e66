//! A list of a document that is written entry by entry: each is made when its turn comes, and gone before the next one.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// To a reader of the document a list like any other.
pub(super) struct Each<'a, T>(Box<dyn Fn() -> Entries<'a, T> + 'a>);

type Entries<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

impl<'a, T> Each<'a, T> {
    pub(super) fn of<I: Iterator<Item = T> + 'a>(entries: impl Fn() -> I + 'a) -> Self {
        Self(Box::new(move || Box::new(entries())))
    }
}

impl<T: Serialize> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl<T: JsonSchema> JsonSchema for Each<'_, T> {
    fn inline_schema() -> bool {
        Vec::<T>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}
