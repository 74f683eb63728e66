//! What somebody gets in place of a secret that may be null.

use super::configuration::Receives;
use super::term::{Content, Origin, Term};

/// What stands where a secret would, in the value itself or in something inside. A whole resource has the encrypted one beside it.
pub(crate) fn received(term: &Term, origin: &Origin) -> Receives {
    if origin.written_null {
        return Receives::Null;
    }
    let wanted = (&origin.address, &origin.attribute);
    let is_of_it = |term: &Term| {
        let mut origins = term.marks.origins();
        origins.any(|other| (&other.address, &other.attribute) == wanted)
    };
    let [mut null, mut other_null, mut unknown] = [false; 3];
    // What a collection is marked with, some of what is inside may be of.
    let mut all_may_be = false;
    let mut look_at = |term: &Term, all_may_be: bool| {
        let is_of_it = is_of_it(term);
        let may_be = is_of_it || all_may_be;
        match &term.content {
            Content::Null(_) if is_of_it => null = true,
            Content::Null(_) => other_null |= may_be,
            Content::Unknown(what) => {
                // What will be another attribute is not this one.
                let link = what.link.as_deref();
                let is_other = link.is_some_and(|link| (&link.address, &link.attribute) != wanted);
                unknown |= may_be && !is_other;
            }
            Content::String(text) => {
                other_null |= may_be && Receives::of_text(text) == Receives::PerhapsNull;
            }
            _ => {}
        }
    };
    let mut look_into = |term: &Term| {
        let inside: Vec<&Term> = match &term.content {
            Content::List(items) | Content::Set(items) | Content::Tuple(items) => {
                items.items.iter().collect()
            }
            Content::Map(entries) | Content::Object(entries)
                if !entries.entries.contains_key("encrypted_token") =>
            {
                entries.entries.values().collect()
            }
            _ => return,
        };
        all_may_be |= is_of_it(term);
        inside
            .into_iter()
            .for_each(|term| look_at(term, all_may_be));
    };
    look_into(term);
    term.visit(&mut look_into);
    look_at(term, false);
    match (null, unknown, other_null) {
        (true, ..) => Receives::Null,
        (_, true, _) => Receives::NotKnown,
        (.., true) => Receives::PerhapsNull,
        _ => Receives::NoNull,
    }
}
