//! What follows a value: `.name`, `[index]` and splats.

use super::super::{Parser, Read};
use crate::language::bounds::STEPS_OF_A_REFERENCE;
use crate::language::source::Spot;
use crate::language::syntax::{Expression, Node};
use crate::language::term::{Term, parse_number};

impl Parser<'_> {
    pub(super) fn steps(&mut self, value: Expression, with_splats: bool) -> Read<Expression> {
        let mut current = value;
        for _ in 0..STEPS_OF_A_REFERENCE {
            let before = self.at;
            self.skip_space();
            let step_start = self.at;
            let node = match self.peek() {
                Some(b'.') if !self.looking_at("..") => {
                    self.at += 1;
                    self.skip_space();
                    let start = self.at;
                    match self.peek() {
                        Some(b'*') if with_splats => {
                            self.at += 1;
                            let item =
                                Expression::new(Node::SplatItem, self.spot(step_start..self.at));
                            let each = self.attribute_steps(item)?;
                            let spot = current.spot.to(each.spot);
                            current = Expression::new(
                                Node::Splat(Box::new(current), Box::new(each)),
                                spot,
                            );
                            continue;
                        }
                        Some(b'0'..=b'9') => {
                            let key = self.legacy_index()?;
                            Node::Index(Box::new(current), Box::new(key))
                        }
                        _ => match self.name() {
                            Some(name) => {
                                Node::Attribute(Box::new(current), name, self.spot(start..self.at))
                            }
                            None => {
                                return Err(self.problem(
                                    "Invalid attribute name",
                                    "An attribute name is required after a dot",
                                ));
                            }
                        },
                    }
                }
                Some(b'[') => {
                    let bracket = self.at;
                    self.open();
                    let outcome = self.across_lines(|parser| {
                        parser.skip_space();
                        if with_splats && parser.peek() == Some(b'*') && parser.is_full_splat() {
                            return Ok(None);
                        }
                        let key = parser.expression()?;
                        parser.skip_space();
                        if parser.peek() != Some(b']') {
                            return Err(parser.problem(
                                "Missing close bracket on index",
                                "The index operator must end with a closing bracket (\"]\")",
                            ));
                        }
                        Ok(Some(key))
                    })?;
                    self.close();
                    match outcome {
                        Some(key) => Node::Index(Box::new(current), Box::new(key)),
                        None => {
                            let item =
                                Expression::new(Node::SplatItem, self.spot(bracket..self.at));
                            let each = self.nested(|parser| parser.steps(item, true))?;
                            let spot = current.spot.to(each.spot);
                            return Ok(Expression::new(
                                Node::Splat(Box::new(current), Box::new(each)),
                                spot,
                            ));
                        }
                    }
                }
                _ => {
                    self.at = before;
                    return Ok(current);
                }
            };
            let spot = Spot {
                end: self.spot(step_start..self.at).end,
                ..node_start(&node)
            };
            current = Expression::new(node, spot);
        }
        let mut problem = self.problem(
            "Nested too deeply",
            format!("A reference can have at most {STEPS_OF_A_REFERENCE} steps"),
        );
        problem.limit = true;
        Err(problem)
    }

    /// Reads `*` up to the bracket if nothing else stands between.
    fn is_full_splat(&mut self) -> bool {
        let before = self.at;
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            return true;
        }
        self.at = before;
        false
    }

    /// What follows `.*`: only names and legacy indices belong to each item.
    fn attribute_steps(&mut self, item: Expression) -> Read<Expression> {
        let mut current = item;
        for _ in 0..STEPS_OF_A_REFERENCE {
            if self.peek() != Some(b'.') || self.looking_at("..") {
                return Ok(current);
            }
            self.at += 1;
            let start = self.at;
            let node = match self.peek() {
                Some(b'*') => {
                    return Err(self.problem("Nested splat expression not allowed", "A splat expression (*) cannot be used inside another attribute-only splat expression"));
                }
                Some(b'0'..=b'9') => Node::Index(Box::new(current), Box::new(self.legacy_index()?)),
                _ => match self.name() {
                    Some(name) => {
                        Node::Attribute(Box::new(current), name, self.spot(start..self.at))
                    }
                    None => {
                        return Err(self.problem(
                            "Invalid attribute name",
                            "An attribute name is required after a dot",
                        ));
                    }
                },
            };
            let spot = node_start(&node).to(self.spot(start..self.at));
            current = Expression::new(node, spot);
        }
        Ok(current)
    }

    fn legacy_index(&mut self) -> Read<Expression> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        let spot = self.spot(start..self.at);
        let number = parse_number(&self.text[start..self.at]);
        number
            .map(|number| Expression::new(Node::Literal(Term::number(number)), spot))
            .ok_or_else(|| {
                self.problem(
                    "Invalid legacy index syntax",
                    "A whole number is required after a dot",
                )
            })
    }
}

/// Where the value that a step applies to starts.
fn node_start(node: &Node) -> Spot {
    match node {
        Node::Attribute(inner, _, spot) => Spot {
            start: inner.spot.start,
            ..*spot
        },
        Node::Index(inner, _) => inner.spot,
        _ => Spot {
            file: crate::language::source::FileId::NONE,
            start: 0,
            end: 0,
        },
    }
}
