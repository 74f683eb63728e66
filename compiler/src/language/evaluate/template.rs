//! Text with holes.

use std::sync::Arc;

use super::{Evaluator, Frame, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::bounds;
use crate::language::source::Spot;
use crate::language::syntax::{Expression, Part, PartIf};
use crate::language::term::{Content, Marks, Shape, Term, Unknown, convert};

/// More of a known beginning than this is not worth remembering, in bytes.
const LONGEST_PREFIX: usize = 128;

/// A text while it is put together.
#[derive(Default)]
struct Text {
    text: String,
    /// Something unknown came; what follows is only looked at for mistakes.
    unknown: bool,
    failed: bool,
    marks: Marks,
}

impl Evaluator<'_> {
    pub(super) fn template(&self, parts: &[Part], spot: Spot, scope: Scope<'_>) -> Term {
        let mut text = Text::default();
        self.parts(parts, spot, scope, &mut text);
        let term = if text.unknown || text.failed {
            let prefix = clip(&text.text);
            let prefix = (!text.failed && !prefix.is_empty()).then(|| prefix.into());
            Term::new(Content::Unknown(Arc::new(Unknown {
                not_null: true,
                prefix,
                ..Unknown::new(Shape::String)
            })))
        } else {
            self.bounded(Term::string(text.text), spot)
        };
        term.marked(&text.marks)
    }

    fn parts(&self, parts: &[Part], spot: Spot, scope: Scope<'_>, text: &mut Text) {
        for part in parts {
            if text.text.len() > bounds::TEXT {
                text.failed = true;
                // Complains, because it is too long.
                self.bounded(Term::string(std::mem::take(&mut text.text)), spot);
                return;
            }
            match part {
                Part::Text(more) => {
                    if !text.unknown {
                        text.text.push_str(more);
                    }
                }
                Part::Value(expression) => {
                    let term = self.evaluate(expression, scope);
                    self.value(term, expression, text);
                }
                Part::If(choice) => self.directive_if(choice, spot, scope, text),
                Part::For(repeat) => {
                    let (term, marks) = self.evaluate(&repeat.collection, scope).unmarked();
                    text.marks = text.marks.union(&marks);
                    let Some(items) = self.iteration(&term, &repeat.collection) else {
                        text.unknown = true;
                        continue;
                    };
                    for (item_key, item) in items {
                        let frame = Frame {
                            key: repeat.key.as_ref().map(|name| (name, item_key)),
                            value: (&repeat.value, item),
                            outer: scope.frame,
                        };
                        let inner = Scope {
                            frame: Some(&frame),
                            ..scope
                        };
                        if !self.spend(1, spot) {
                            text.failed = true;
                            return;
                        }
                        self.parts(&repeat.body, spot, inner, text);
                        if text.failed && text.text.is_empty() {
                            return;
                        }
                    }
                }
            }
        }
    }

    fn value(&self, term: Term, expression: &Expression, text: &mut Text) {
        let (term, marks) = term.unmarked();
        text.marks = text.marks.union(&marks);
        if term.is_null() {
            let error =
                Diagnostic::error(Code::NullInTemplate, "Invalid template interpolation value")
                    .detail("The expression result is null. A null value cannot be part of a text.")
                    .hint("use coalesce(…, \"\") or a conditional if it may be null");
            self.complain(expression.spot, error);
            text.failed = true;
            return;
        }
        match convert(&term, &Shape::String) {
            Ok(term) => match term.content {
                Content::String(more) => {
                    if !text.unknown {
                        text.text.push_str(&more);
                    }
                }
                Content::Unknown(unknown) => {
                    if let (false, Some(prefix)) = (text.unknown, &unknown.prefix) {
                        text.text.push_str(prefix);
                    }
                    text.unknown = true;
                }
                _ => text.unknown = true,
            },
            Err(mismatch) => {
                let error =
                    Diagnostic::error(Code::WrongType, "Invalid template interpolation value")
                        .detail(format!("This value cannot be part of a text: {mismatch}."))
                        .hint("jsonencode() writes any value as text; join() writes a list");
                self.complain(expression.spot, error);
                text.failed = true;
            }
        }
    }

    fn directive_if(&self, choice: &PartIf, spot: Spot, scope: Scope<'_>, text: &mut Text) {
        let condition = &choice.condition;
        let (value, marks) = self.evaluate(condition, scope).unmarked();
        text.marks = text.marks.union(&marks);
        let problem = match convert(&value, &Shape::Bool) {
            Ok(value) if value.is_null() => {
                "The condition is null. It must be either true or false."
            }
            Ok(value) => {
                let Some(value) = value.as_bool() else {
                    text.unknown = true;
                    self.parts(&choice.yes, spot, scope, text);
                    self.parts(&choice.no, spot, scope, text);
                    return;
                };
                // The branch not taken still lends its marks, as in a conditional.
                let (taken, other) = if value {
                    (&choice.yes, &choice.no)
                } else {
                    (&choice.no, &choice.yes)
                };
                self.parts(taken, spot, scope, text);
                let mark = self.mark();
                let mut aside = Text {
                    unknown: true,
                    ..Text::default()
                };
                self.parts(other, spot, scope, &mut aside);
                self.complaints_since(mark);
                text.marks = text.marks.union(&aside.marks.without_written_null());
                return;
            }
            Err(_) => "The condition must be a bool.",
        };
        let error = Diagnostic::error(Code::WrongType, "Incorrect condition type").detail(problem);
        self.complain(condition.spot, error);
        text.failed = true;
    }
}

/// The beginning of a text, cut between characters. The last one is left off: it could still combine with what follows.
fn clip(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_PREFIX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let clipped = &text[..end];
    match clipped.char_indices().next_back() {
        Some((last, letter)) if !letter.is_ascii() => &clipped[..last],
        _ => clipped,
    }
}
