//! Tuples and objects, and the `for` expressions that make them.

use super::super::{Parser, Read};
use crate::language::syntax::{Expression, For, Name, Node};
use crate::language::term::Term;

impl Parser<'_> {
    pub(super) fn tuple(&mut self) -> Read<Node> {
        let start = self.at;
        self.open();
        let node = self.across_lines(|parser| {
            parser.skip_space();
            if parser.peek_name() == "for" {
                return parser.for_expression(b']');
            }
            let mut items = Vec::new();
            loop {
                parser.skip_space();
                if parser.peek() == Some(b']') {
                    return Ok(Node::Tuple(items));
                }
                items.push(parser.expression()?);
                parser.skip_space();
                match parser.peek() {
                    Some(b',') => parser.at += 1,
                    Some(b']') => {}
                    None => {
                        return Err(parser.problem_at(
                            start..start + 1,
                            "Unterminated tuple constructor expression",
                            "There is no corresponding closing bracket before the end of the file",
                        ));
                    }
                    _ => {
                        return Err(parser.problem(
                            "Missing item separator",
                            "Expected a comma to mark the beginning of the next item",
                        ));
                    }
                }
            }
        })?;
        self.close();
        Ok(node)
    }

    pub(super) fn object(&mut self) -> Read<Node> {
        let start = self.at;
        self.open();
        let before = self.at;
        self.skip_lines();
        if self.peek_name() == "for" {
            let node = self.across_lines(|parser| parser.for_expression(b'}'))?;
            self.close();
            return Ok(node);
        }
        self.at = before;
        let outer = std::mem::replace(&mut self.line_breaks_matter, true);
        let items = self.object_items(start);
        self.line_breaks_matter = outer;
        let items = items?;
        self.close();
        Ok(Node::Object(items))
    }

    fn object_items(&mut self, start: usize) -> Read<Vec<(Expression, Expression)>> {
        let mut items = Vec::new();
        let unterminated = |parser: &Self| {
            parser.problem_at(
                start..start + 1,
                "Unterminated object constructor expression",
                "There is no corresponding closing brace before the end of the file",
            )
        };
        loop {
            self.skip_lines();
            match self.peek() {
                Some(b'}') => return Ok(items),
                None => return Err(unterminated(self)),
                _ => {}
            }
            let key = self.object_key()?;
            self.skip_space();
            match self.peek() {
                Some(b'=') if !self.looking_at("==") => self.at += 1,
                Some(b':') => self.at += 1,
                None => return Err(unterminated(self)),
                Some(b',' | b'}') => {
                    return Err(self.problem(
                        "Missing attribute value",
                        "Expected an attribute value, introduced by an equals sign (\"=\")",
                    ));
                }
                _ if self.at_line_end() => {
                    return Err(self.problem(
                        "Missing attribute value",
                        "Expected an attribute value, introduced by an equals sign (\"=\")",
                    ));
                }
                _ => {
                    return Err(self.problem("Missing key/value separator", "Expected an equals sign (\"=\") to mark the beginning of the attribute value"));
                }
            }
            let value = self.expression()?;
            items.push((key, value));
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {}
                None => return Err(unterminated(self)),
                _ if self.at_line_end() => {}
                _ => {
                    return Err(self.problem(
                        "Missing attribute separator",
                        "Expected a newline or comma to mark the beginning of the next attribute",
                    ));
                }
            }
        }
    }

    /// A bare name is text, even where a variable of that name exists; anything else is an expression. Whether a reference may
    /// stand here is for whoever reads the object to say: it names providers, and is ambiguous everywhere else.
    fn object_key(&mut self) -> Read<Expression> {
        let key = self.expression()?;
        let Node::Variable(name) = key.node else {
            return Ok(key);
        };
        Ok(Expression::new(Node::Literal(Term::string(name)), key.spot))
    }

    fn for_expression(&mut self, end: u8) -> Read<Node> {
        let summary = "Invalid 'for' expression";
        self.eat_word("for");
        let (key, value) = self.for_names(summary)?;
        let collection = self.expression()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.problem(
                summary,
                "For expression requires a colon after the collection expression",
            ));
        }
        self.at += 1;
        let mut key_result = None;
        let mut result = self.expression()?;
        self.skip_space();
        if self.eat("=>") {
            if end == b']' {
                return Err(
                    self.problem(summary, "Key expression is not valid when building a tuple")
                );
            }
            key_result = Some(std::mem::replace(&mut result, self.expression()?));
            self.skip_space();
        } else if end == b'}' {
            return Err(self.problem(
                summary,
                "Key expression is required when building an object",
            ));
        }
        let grouped = self.eat("...");
        if grouped && end == b']' {
            return Err(self.problem(
                summary,
                "Grouping ellipsis (...) cannot be used when building a tuple",
            ));
        }
        self.skip_space();
        let condition = if self.eat_word("if") {
            Some(self.expression()?)
        } else {
            None
        };
        self.skip_space();
        if self.peek() != Some(end) {
            return Err(self.problem(
                summary,
                "Extra characters after the end of the 'for' expression",
            ));
        }
        Ok(Node::For(Box::new(For {
            key,
            value,
            collection,
            key_result,
            result,
            condition,
            grouped,
        })))
    }

    /// The one or two names after `for`, up to and including `in`.
    pub(in crate::language::syntax::native) fn for_names(
        &mut self,
        summary: &'static str,
    ) -> Read<(Option<Name>, Name)> {
        self.skip_space();
        let Some(first) = self.name() else {
            return Err(self.problem(summary, "A variable name is required after 'for'"));
        };
        self.skip_space();
        let names = if self.eat(",") {
            self.skip_space();
            let Some(second) = self.name() else {
                return Err(
                    self.problem(summary, "A value variable name is required after the comma")
                );
            };
            self.skip_space();
            (Some(first), second)
        } else {
            (None, first)
        };
        if !self.eat_word("in") {
            return Err(self.problem(summary, "The 'in' keyword is required after the names"));
        }
        Ok(names)
    }
}
