//! Terms in test failures and logs: as the language spells them, with sensitive ones hidden.

use std::fmt;

use super::{Content, Term};

impl fmt::Debug for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.marks.is_sensitive() || self.marks.origins().next().is_some() {
            return formatter.write_str("(sensitive)");
        }
        match &self.content {
            Content::Null(_) => formatter.write_str("null"),
            Content::Unknown(_) => formatter.write_str("(known after apply)"),
            Content::Bool(value) => write!(formatter, "{value}"),
            Content::Number(value) => write!(formatter, "{value}"),
            Content::String(value) => write!(formatter, "{value:?}"),
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                formatter.debug_list().entries(&items.items).finish()
            }
            Content::Map(entries) | Content::Object(entries) => {
                formatter.debug_map().entries(&entries.entries).finish()
            }
        }
    }
}
