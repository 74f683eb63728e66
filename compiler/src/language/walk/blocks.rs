//! The blocks inside one of our own blocks: written out, or made by `dynamic`.

use super::Walk;
use super::body::{Filled, Reading};
use super::names::IteratorNames;
use super::prepared::PreparedBlock;
use crate::diagnostic::{Code, Diagnostic};
use crate::language::evaluate::{Names, Scope};
use crate::language::graph::iterator_name;
use crate::language::module::check_unknown;
use crate::language::source::Spot;
use crate::language::syntax::{Block, Body};
use crate::language::term::{Content, Shape, Term};
use crate::model::schema::{Block as SchemaBlock, Nesting};
use crate::value::{AttributePath, Value};

/// One block, written out or made by a `dynamic` block.
struct Occurrence<'b> {
    body: &'b Body,
    head: Spot,
    /// The dynamic blocks around it and the element each is at, outermost first.
    elements: Vec<(crate::language::syntax::Name, Term)>,
}

impl Walk<'_> {
    pub(super) fn blocks(
        &self,
        body: &Body,
        head: Spot,
        (schema, prepared): (&SchemaBlock, &PreparedBlock),
        names: &dyn Names,
        path: &AttributePath,
        reading: &mut Reading,
    ) -> Filled {
        let shape = prepared.shape.clone();
        let Some(occurrences) = self.occurrences(body, schema, names) else {
            let shape = match schema.nesting {
                Nesting::Single => shape,
                Nesting::List => Shape::list(shape),
            };
            return Filled {
                term: Term::unknown(shape),
                value: Value::Unknown,
            };
        };
        if occurrences.is_empty() && schema.required {
            let error = Diagnostic::error(
                Code::MissingBlock,
                format!("Insufficient {} blocks", schema.name),
            )
            .detail(format!("At least 1 {:?} block is required.", schema.name))
            .at(path.clone());
            self.evaluator.complain(head, error);
        }
        let mut filled = Vec::with_capacity(occurrences.len());
        for (index, occurrence) in occurrences.iter().enumerate() {
            let at = match schema.nesting {
                Nesting::Single => path.clone(),
                Nesting::List => path.index(index),
            };
            if schema.nesting == Nesting::Single && index == 1 {
                let error = Diagnostic::error(
                    Code::TooManyBlocks,
                    format!("Too many {} blocks", schema.name),
                )
                .detail(format!(
                    "No more than 1 {:?} block is allowed.",
                    schema.name
                ))
                .at(path.clone());
                self.evaluator.complain(occurrence.head, error);
            }
            if !reading.skip_spans {
                let span = self.evaluator.sources.borrow().span(occurrence.head);
                reading.spans.entry(at.clone()).or_insert(span);
            }
            filled.push(
                self.with_elements(&occurrence.elements, names, &mut |names| {
                    self.body(
                        occurrence.body,
                        occurrence.head,
                        (&schema.body, &prepared.inner),
                        names,
                        &at,
                        reading,
                    )
                }),
            );
        }
        match schema.nesting {
            Nesting::Single => filled.into_iter().next().unwrap_or_else(|| Filled {
                term: Term::null(shape),
                value: Value::Null,
            }),
            Nesting::List => {
                let (terms, values): (Vec<Term>, Vec<Value>) = filled
                    .into_iter()
                    .map(|filled| (filled.term, filled.value))
                    .unzip();
                Filled {
                    term: Term::list(shape, terms),
                    value: Value::List(values),
                }
            }
        }
    }

    /// Calls `read` with the names that the dynamic blocks around a place add.
    fn with_elements<T>(
        &self,
        elements: &[(crate::language::syntax::Name, Term)],
        names: &dyn Names,
        read: &mut dyn FnMut(&dyn Names) -> T,
    ) -> T {
        match elements {
            [] => read(names),
            [(name, element), rest @ ..] => {
                let names = IteratorNames {
                    outer: names,
                    name: name.clone(),
                    element: element.clone(),
                };
                self.with_elements(rest, &names, read)
            }
        }
    }

    /// The blocks of one kind, dynamic ones written out; `None` when how many there are is not known.
    fn occurrences<'b>(
        &self,
        body: &'b Body,
        schema: &SchemaBlock,
        names: &dyn Names,
    ) -> Option<Vec<Occurrence<'b>>> {
        let mut found = Vec::new();
        let mut known = true;
        for block in &body.blocks {
            if *block.kind == *schema.name {
                found.push(Occurrence {
                    body: &block.body,
                    head: block.head,
                    elements: Vec::new(),
                });
            } else if block.kind.as_ref() == "dynamic"
                && block
                    .labels
                    .first()
                    .is_some_and(|label| *label.text == *schema.name)
            {
                known &= self.dynamic(block, names, &mut found).is_some();
            }
        }
        known.then_some(found)
    }

    fn dynamic<'b>(
        &self,
        block: &'b Block,
        names: &dyn Names,
        found: &mut Vec<Occurrence<'b>>,
    ) -> Option<()> {
        check_unknown(
            self.evaluator,
            &block.body,
            &["for_each", "iterator", "labels"],
            &["content"],
        );
        let missing = |what: &str| {
            let error = Diagnostic::error(Code::MissingBlock, "Incomplete dynamic block")
                .detail(format!("A dynamic block needs {what}."));
            self.evaluator.complain(block.head, error);
        };
        let content = block.body.blocks_of("content").next();
        if content.is_none() {
            missing("a content block");
        }
        let Some(for_each) = block.body.attribute("for_each") else {
            missing("the argument \"for_each\"");
            return None;
        };
        let (collection, marks) = self
            .evaluator
            .evaluate(&for_each.expression, Scope::new(names))
            .unmarked();
        let pairs = match (pairs(&collection), &collection.content) {
            (Some(pairs), _) => pairs,
            (None, Content::Unknown(unknown)) if !unknown.shape.is_primitive() => return None,
            _ => {
                let error = Diagnostic::error(
                    Code::InvalidForEach,
                    "Invalid dynamic for_each value",
                )
                .detail(if collection.is_null() {
                    "Cannot use a null value in for_each.".to_owned()
                } else {
                    format!(
                        "Cannot use a {} value in for_each. An iterable collection is required.",
                        collection.shape().friendly()
                    )
                });
                self.evaluator.complain(for_each.expression.spot, error);
                return None;
            }
        };
        let content = content?;
        let name = iterator_name(block)?;
        for (key, value) in pairs {
            if !self.evaluator.spend(4, block.head) {
                return None;
            }
            let element =
                Term::object([("key", key.marked(&marks)), ("value", value.marked(&marks))].into());
            found.push(Occurrence {
                body: &content.body,
                head: block.head,
                elements: vec![(name.clone(), element)],
            });
        }
        Some(())
    }
}

/// Each element of a collection with its key, as a `dynamic` block goes through them; `None` if this is no known collection.
pub(super) fn pairs(collection: &Term) -> Option<Vec<(Term, Term)>> {
    Some(match &collection.content {
        Content::List(items) | Content::Tuple(items) => items
            .items
            .iter()
            .enumerate()
            .map(|(index, item)| (Term::count(index), item.clone()))
            .collect(),
        Content::Set(items) => items
            .items
            .iter()
            .map(|item| (item.clone(), item.clone()))
            .collect(),
        Content::Map(entries) | Content::Object(entries) => entries
            .entries
            .iter()
            .map(|(name, item)| (Term::string(name.clone()), item.clone()))
            .collect(),
        _ => return None,
    })
}
