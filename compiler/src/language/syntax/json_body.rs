//! The JSON spelling: objects become blocks and attributes, as the place they stand in asks for; strings become templates.

use std::sync::Arc;

use super::json::{Json, Member, Value, parse};
use super::native::{Parsed, SyntaxError, parse_json_template};
use super::{Attribute, Block, Body, Expression, Label, Name, Node};
use crate::language::source::{FileId, Spot};
use crate::language::term::{Shape, Term};

/// What may stand inside a body: the blocks; everything else is an attribute.
pub(crate) trait BlockKind {
    /// The number of labels of the block `name` in this body, and what may stand inside it; `None` if it is not a block here.
    fn block(&self, name: &str) -> Option<(usize, BlockFactory<'_>)>;

    /// Whether a list of objects may stand for one.
    fn takes_list(&self) -> bool {
        true
    }

    /// Whether the texts of an attribute are just texts here, not templates.
    fn reads_literally(&self, attribute: &str) -> bool {
        let _ = attribute;
        false
    }
}

/// Gives the inner grammar of a block once its labels are known.
pub(crate) type BlockFactory<'a> = Box<dyn Fn(&[Label]) -> Box<dyn BlockKind + 'a> + 'a>;

/// Reads a JSON file as a body.
pub(crate) fn parse_json(file: FileId, text: &str, grammar: &dyn BlockKind) -> Parsed {
    let whole = Spot {
        file,
        start: 0,
        end: u32::try_from(text.len()).unwrap_or(u32::MAX),
    };
    let mut reader = Reader {
        file,
        literally: false,
        errors: Vec::new(),
    };
    let mut body = Body::empty(whole);
    let mut broken = Vec::new();
    match parse(file, text) {
        Ok(json) => match &json.value {
            Value::Object(members) => reader.members(members, grammar, &mut body),
            Value::Array(items) if grammar.takes_list() => {
                for item in items {
                    reader.object(item, grammar, &mut body);
                }
            }
            _ => reader.complain(json.spot, "a configuration file must hold a JSON object"),
        },
        Err(error) => {
            reader.errors.push(error);
            broken.push(Name::from(""));
        }
    }
    Parsed {
        body,
        errors: reader.errors,
        comments: Vec::new(),
        broken,
    }
}

struct Reader {
    file: FileId,
    literally: bool,
    errors: Vec<SyntaxError>,
}

impl Reader {
    fn complain(&mut self, spot: Spot, message: impl Into<String>) {
        self.errors.push(SyntaxError {
            spot,
            summary: "Invalid JSON configuration",
            message: message.into(),
            limit: false,
        });
    }

    fn object(&mut self, json: &Json, grammar: &dyn BlockKind, body: &mut Body) {
        match &json.value {
            Value::Object(members) => self.members(members, grammar, body),
            _ => self.complain(
                json.spot,
                format!("expected an object here, not {}", json.kind()),
            ),
        }
    }

    fn members(&mut self, members: &[Member], grammar: &dyn BlockKind, body: &mut Body) {
        for member in members {
            let name = &member.name.text;
            // A comment, by convention.
            if name.as_ref() == "//" {
                continue;
            }
            if let Some((labels, inner)) = grammar.block(name) {
                let block = Pending {
                    kind: name.clone(),
                    kind_spot: member.name_spot,
                    labels,
                };
                self.blocks(&block, &mut Vec::new(), &member.value, &inner, body);
                continue;
            }
            if body.has(name) {
                self.complain(
                    member.name_spot,
                    format!("the property {name:?} stands here twice"),
                );
                continue;
            }
            self.literally = grammar.reads_literally(name);
            let expression = self.expression(&member.value);
            body.attributes.push(Attribute {
                name: name.clone(),
                name_spot: member.name_spot,
                expression: Arc::new(expression),
            });
        }
    }

    fn blocks(
        &mut self,
        block: &Pending,
        labels: &mut Vec<Label>,
        json: &Json,
        inner: &BlockFactory<'_>,
        body: &mut Body,
    ) {
        match &json.value {
            Value::Array(items) => {
                if items.is_empty() && labels.len() < block.labels {
                    self.complain(
                        json.spot,
                        format!(
                            "at least one object is required here, with the labels of {:?}",
                            block.kind
                        ),
                    );
                }
                for item in items {
                    self.blocks(block, labels, item, inner, body);
                }
            }
            Value::Object(members) if labels.len() < block.labels => {
                if members
                    .iter()
                    .all(|member| member.name.text.as_ref() == "//")
                {
                    self.complain(
                        json.spot,
                        format!(
                            "at least one property is required here: its name is a label of {:?}",
                            block.kind
                        ),
                    );
                }
                for member in members
                    .iter()
                    .filter(|member| member.name.text.as_ref() != "//")
                {
                    labels.push(Label {
                        text: member.name.text.clone(),
                        spot: member.name_spot,
                    });
                    self.blocks(block, labels, &member.value, inner, body);
                    labels.pop();
                }
            }
            Value::Object(members) => {
                let mut content = Body::empty(json.spot);
                self.members(members, inner(labels).as_ref(), &mut content);
                let head = labels.last().map_or(block.kind_spot, |label| label.spot);
                body.blocks.push(Block {
                    kind: block.kind.clone(),
                    kind_spot: block.kind_spot,
                    labels: labels.clone(),
                    body: content,
                    head,
                });
            }
            Value::Null if labels.len() == block.labels => {}
            _ => self.complain(
                json.spot,
                format!(
                    "expected an object or an array of objects for {:?}, not {}",
                    block.kind,
                    json.kind()
                ),
            ),
        }
    }

    fn expression(&mut self, json: &Json) -> Expression {
        let node = match &json.value {
            Value::Null => Node::Literal(Term::null(Shape::Any)),
            Value::Bool(value) => Node::Literal(Term::bool(*value)),
            Value::Number(value) => Node::Literal(Term::number(value.clone())),
            Value::String(text) => Node::JsonText {
                raw: text.text.clone(),
                template: Box::new(self.template(text, json.spot)),
            },
            Value::Array(items) => {
                Node::Tuple(items.iter().map(|item| self.expression(item)).collect())
            }
            Value::Object(members) => {
                let mut items = Vec::with_capacity(members.len());
                for member in members {
                    let key = Expression::new(
                        Node::JsonText {
                            raw: member.name.text.clone(),
                            template: Box::new(self.template(&member.name, member.name_spot)),
                        },
                        member.name_spot,
                    );
                    items.push((key, self.expression(&member.value)));
                }
                Node::Object(items)
            }
        };
        Expression::new(node, json.spot)
    }

    fn template(&mut self, text: &super::json::Text, spot: Spot) -> Expression {
        if self.literally || !text.text.contains("${") && !text.text.contains("%{") {
            return Expression::new(Node::Literal(Term::string(text.text.clone())), spot);
        }
        parse_json_template(self.file, &text.text, &text.table).unwrap_or_else(|error| {
            self.errors.push(error);
            Expression::broken(spot)
        })
    }
}

/// A block whose labels are still being read.
struct Pending {
    kind: Name,
    kind_spot: Spot,
    labels: usize,
}

/// The value of a JSON text, read by the rules of `jsondecode`: nothing in it is a template.
pub(crate) fn json_value(text: &str) -> Result<Term, String> {
    let json = parse(FileId::NONE, text).map_err(|error| {
        let before = text.get(..error.spot.start as usize).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        format!("line {line}: {}", error.message)
    })?;
    Ok(value_of(&json))
}

fn value_of(json: &Json) -> Term {
    match &json.value {
        Value::Null => Term::null(Shape::Any),
        Value::Bool(value) => Term::bool(*value),
        Value::Number(value) => Term::number(value.clone()),
        Value::String(text) => Term::string(text.text.clone()),
        Value::Array(items) => Term::tuple(items.iter().map(value_of).collect()),
        Value::Object(members) => Term::object(
            members
                .iter()
                .map(|member| (member.name.text.clone(), value_of(&member.value)))
                .collect(),
        ),
    }
}
