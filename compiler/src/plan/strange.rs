//! Words of a plan that somebody wrote down, where the schema has a closed choice and this version does not know the word: what it means
//! for a credential nobody here can tell.

use crate::diagnostic::Diagnostic;
use crate::model::facts;
use crate::model::kind::Kind;
use crate::model::schema::Body;
use crate::model::state::unreadable;
use crate::value::{AttributePath, Value};

/// One error for each word; what is hidden, or not known, has none.
pub(super) fn strange_words(kind: Kind, state: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    look(
        &facts::schema(kind).body,
        state,
        &AttributePath::root(),
        &mut found,
    );
    let told = found.into_iter().map(|(path, word, choices)| {
        let choices = choices.join(", ");
        unreadable(format!(
            "`{path}` of the {}: {word:?} is none of {choices}.",
            kind.title()
        ))
        .at(path)
    });
    told.collect()
}

type Found<'a> = Vec<(AttributePath, String, &'a [String])>;

fn look<'a>(body: &'a Body, value: &Value, path: &AttributePath, found: &mut Found<'a>) {
    let choosing = body.attributes.iter();
    for attribute in choosing.filter(|attribute| !attribute.choices.is_empty()) {
        let said = value.get(&attribute.name);
        let words = said.as_str().into_iter();
        let words = words.chain(
            said.as_list()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        );
        for word in words.filter(|word| !attribute.choices.iter().any(|choice| choice == word)) {
            found.push((
                path.then(&attribute.name),
                word.to_owned(),
                &attribute.choices,
            ));
        }
    }
    for block in &body.blocks {
        let (path, said) = (path.then(&block.name), value.get(&block.name));
        match said.as_list() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    look(&block.body, item, &path.index(index), found);
                }
            }
            None => look(&block.body, said, &path, found),
        }
    }
}
