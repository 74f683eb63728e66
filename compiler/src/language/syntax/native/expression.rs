//! Expressions, by recursive descent; operators of one strength stand side by side in one node, however many there are.

mod collections;
mod steps;

use super::{Parser, Read};
use crate::language::syntax::{Binary, Call, Expression, Name, Node, Unary};
use crate::language::term::{Shape, Term, parse_number};

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
}
