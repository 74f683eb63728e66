//! Expressions, by recursive descent; operators of one strength stand side by side in one node, however many there are.

use super::{Parser, Read};
use crate::language::source::Spot;
use crate::language::syntax::{Binary, Call, Expression, For, Name, Node, Unary};
use crate::language::term::{Shape, Term, parse_number};

/// The longest chain of `.name` and `[index]`.
const MAX_STEPS: usize = 256;

/// The operators, the weakest first.
const LEVELS: [&[(&str, Binary)]; 6] = [
    &[("||", Binary::Or)],
    &[("&&", Binary::And)],
    &[("==", Binary::Equal), ("!=", Binary::NotEqual)],
    &[
        (">=", Binary::GreaterOrEqual),
        ("<=", Binary::LessOrEqual),
        (">", Binary::Greater),
        ("<", Binary::Less),
    ],
    &[("+", Binary::Add), ("-", Binary::Subtract)],
    &[
        ("*", Binary::Multiply),
        ("/", Binary::Divide),
        ("%", Binary::Remainder),
    ],
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Read<Expression> {
        self.nested(|parser| {
            let condition = parser.operators(0)?;
            parser.skip_space();
            if parser.peek() != Some(b'?') {
                return Ok(condition);
            }
            parser.at += 1;
            let yes = parser.expression()?;
            parser.skip_space();
            if parser.peek() != Some(b':') {
                return Err(parser.problem(
                    "Missing false expression in conditional",
                    "The conditional operator (...?...:...) requires a false expression, delimited by a colon",
                ));
            }
            parser.at += 1;
            let no = parser.expression()?;
            let spot = condition.spot.to(no.spot);
            Ok(Expression::new(Node::Conditional(Box::new([condition, yes, no])), spot))
        })
    }

    fn operators(&mut self, level: usize) -> Read<Expression> {
        let Some(operators) = LEVELS.get(level) else {
            self.skip_space();
            return self.term();
        };
        let first = self.operators(level + 1)?;
        let mut rest = Vec::new();
        let mut end = first.spot;
        while let Some(operator) = self.operator(operators) {
            let operand = self.operators(level + 1)?;
            end = operand.spot;
            rest.push((operator, operand));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let spot = first.spot.to(end);
        Ok(Expression::new(Node::Binary(Box::new(first), rest), spot))
    }

    fn operator(&mut self, operators: &[(&str, Binary)]) -> Option<Binary> {
        self.skip_space();
        let byte = self.peek()?;
        // The likeliest answer, found without comparing texts.
        if !matches!(
            byte,
            b'|' | b'&' | b'=' | b'!' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%'
        ) {
            return None;
        }
        // A heredoc is no comparison, and `%{` or `/*` no arithmetic; both cannot follow an operand, so only what can is named.
        let (token, operator) = operators.iter().find(|(token, _)| self.looking_at(token))?;
        self.at += token.len();
        Some(*operator)
    }

    /// A value with everything that follows it: `.name`, `[index]`, splats.
    fn term(&mut self) -> Read<Expression> {
        let start = self.at;
        let unary = match self.peek() {
            Some(b'-') => Some(Unary::Negate),
            Some(b'!') if !self.looking_at("!=") => Some(Unary::Not),
            _ => None,
        };
        if let Some(unary) = unary {
            self.at += 1;
            self.skip_space();
            let operand = self.nested(Self::term)?;
            let spot = self.spot(start..start + 1).to(operand.spot);
            return Ok(Expression::new(Node::Unary(unary, Box::new(operand)), spot));
        }
        let value = self.primary()?;
        self.steps(value, true)
    }

    fn steps(&mut self, value: Expression, with_splats: bool) -> Read<Expression> {
        let mut current = value;
        for _ in 0..MAX_STEPS {
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
            format!("A reference can have at most {MAX_STEPS} steps"),
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
        for _ in 0..MAX_STEPS {
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

    fn primary(&mut self) -> Read<Expression> {
        let start = self.at;
        let node = match self.peek() {
            Some(b'(') => self.parentheses()?,
            Some(b'[') => self.nested(Self::tuple)?,
            Some(b'{') => self.nested(Self::object)?,
            Some(b'"') => return self.nested(Self::quoted),
            Some(b'0'..=b'9') => self.number()?,
            Some(b'<') if self.looking_at("<<") => return self.nested(Self::heredoc),
            None => {
                return Err(self.problem(
                    "Missing expression",
                    "Expected the start of an expression, but found the end of the file",
                ));
            }
            _ if self.at_name() => return self.named(),
            Some(b'\'') => {
                return Err(self.problem(
                    "Invalid character",
                    "Single quotes are not valid. Use double quotes (\") to enclose strings",
                ));
            }
            _ if self.at_line_end() => {
                return Err(self.problem(
                    "Invalid expression",
                    "Expected the start of an expression, but found the end of the line",
                ));
            }
            _ => {
                return Err(self.problem(
                    "Invalid expression",
                    "Expected the start of an expression, but found an invalid expression token",
                ));
            }
        };
        Ok(Expression::new(node, self.spot(start..self.at)))
    }

    fn number(&mut self) -> Read<Node> {
        let start = self.at;
        let digits = |parser: &mut Self| {
            let before = parser.at;
            while matches!(parser.peek(), Some(b'0'..=b'9')) {
                parser.at += 1;
            }
            parser.at > before
        };
        digits(self);
        if self.peek() == Some(b'.')
            && self
                .text
                .as_bytes()
                .get(self.at + 1)
                .is_some_and(u8::is_ascii_digit)
        {
            self.at += 1;
            digits(self);
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            let before = self.at;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !digits(self) {
                self.at = before;
            }
        }
        match parse_number(&self.text[start..self.at]) {
            Some(number) => Ok(Node::Literal(Term::number(number))),
            None => {
                let mut problem = self.problem_at(
                    start..self.at,
                    "Invalid number literal",
                    "This number has too many digits or too large an exponent",
                );
                problem.limit = true;
                Err(problem)
            }
        }
    }

    fn parentheses(&mut self) -> Read<Node> {
        self.open();
        let inner = self.across_lines(|parser| {
            let inner = parser.expression()?;
            parser.skip_space();
            if parser.peek() != Some(b')') {
                return Err(parser.problem(
                    "Unbalanced parentheses",
                    "Expected a closing parenthesis to terminate the expression",
                ));
            }
            Ok(inner)
        })?;
        self.close();
        Ok(Node::Parentheses(Box::new(inner)))
    }

    /// A keyword, a function call or a reference.
    fn named(&mut self) -> Read<Expression> {
        let start = self.at;
        let mut name: Name = self.name().unwrap_or_default();
        let mut name_spot = self.spot(start..self.at);
        let after = self.at;
        self.skip_space();
        if self.looking_at("::") {
            let mut full = name.to_string();
            while self.eat("::") {
                self.skip_space();
                let Some(part) = self.name() else {
                    return Err(self.problem("Missing function name", "Function scope resolution symbol :: must be followed by a function name in this scope"));
                };
                full.push_str("::");
                full.push_str(&part);
                name_spot = self.spot(start..self.at);
                self.skip_space();
            }
            name = full.into();
            if self.peek() != Some(b'(') {
                return Err(self.problem("Missing open parenthesis", "Function selector must be followed by an open parenthesis to begin the function call"));
            }
        }
        if self.peek() == Some(b'(') {
            let (arguments, expand) = self.nested(Self::arguments)?;
            let call = Call {
                name,
                name_spot,
                arguments,
                expand,
            };
            return Ok(Expression::new(
                Node::Call(Box::new(call)),
                self.spot(start..self.at),
            ));
        }
        self.at = after;
        let node = match name.as_ref() {
            "true" => Node::Literal(Term::bool(true)),
            "false" => Node::Literal(Term::bool(false)),
            "null" => Node::Literal(Term::null(Shape::Any)),
            _ => Node::Variable(name),
        };
        Ok(Expression::new(node, name_spot))
    }

    fn arguments(&mut self) -> Read<(Vec<Expression>, bool)> {
        let start = self.at;
        self.open();
        let arguments = self.across_lines(|parser| {
            let mut arguments = Vec::new();
            let mut expand = false;
            loop {
                parser.skip_space();
                if parser.peek() == Some(b')') {
                    return Ok((arguments, expand));
                }
                arguments.push(parser.expression()?);
                parser.skip_space();
                if parser.eat("...") {
                    expand = true;
                    parser.skip_space();
                    if parser.peek() != Some(b')') {
                        return Err(parser.problem("Missing closing parenthesis", "An expanded function argument (with ...) must be immediately followed by closing parentheses"));
                    }
                    continue;
                }
                match parser.peek() {
                    Some(b',') => parser.at += 1,
                    Some(b')') => {}
                    None => {
                        return Err(parser.problem_at(start..start + 1, "Unterminated function call", "There is no closing parenthesis for this function call before the end of the file"));
                    }
                    _ => return Err(parser.problem("Missing argument separator", "A comma is required to separate each function argument from the next")),
                }
            }
        })?;
        self.close();
        Ok(arguments)
    }

    fn tuple(&mut self) -> Read<Node> {
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

    fn object(&mut self) -> Read<Node> {
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

    /// A bare name is text, even where a variable of that name exists; anything else is an expression.
    fn object_key(&mut self) -> Read<Expression> {
        let start = self.at;
        let key = self.expression()?;
        let text = match &key.node {
            Node::Variable(name) => name.clone(),
            Node::Attribute(..) | Node::Index(..) if is_reference(&key) => {
                return Err(self.problem_at(
                    start..self.at,
                    "Ambiguous attribute key",
                    "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal",
                ));
            }
            _ => return Ok(key),
        };
        Ok(Expression::new(Node::Literal(Term::string(text)), key.spot))
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
    pub(super) fn for_names(&mut self, summary: &'static str) -> Read<(Option<Name>, Name)> {
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

fn is_reference(expression: &Expression) -> bool {
    match &expression.node {
        Node::Variable(_) => true,
        Node::Attribute(inner, _, _) => is_reference(inner),
        Node::Index(inner, key) => matches!(key.node, Node::Literal(_)) && is_reference(inner),
        _ => false,
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
