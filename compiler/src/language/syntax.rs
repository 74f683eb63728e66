//! The syntax tree that both spellings of the language, native and JSON, are read into. Every node knows its place.

mod flat;
pub(crate) mod json;
mod json_body;
mod native;
mod outline;
mod references;
mod static_expression;

use std::collections::HashSet;
use std::sync::Arc;

pub(crate) use json_body::{BlockFactory, BlockKind, json_value, parse_json};
pub(crate) use native::{Parsed, SyntaxError, parse_body, parse_expression, parse_template_text};
pub(crate) use outline::outline;
pub(crate) use references::{Reference, calls_function, references};
pub(crate) use static_expression::{
    Path, PathStep, as_keyword, as_path, as_quoted_path, as_text, key_step, steps,
};

use super::source::Spot;
use super::term::Term;

pub(crate) type Name = Arc<str>;

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) node: Node,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Literal(Term),
    /// Text with holes.
    Template(Vec<Part>),
    /// `"${x}"`: the value of `x`, not its text.
    Unwrapped(Box<Expression>),
    /// A string of the JSON spelling: a template when evaluated, plain text or a reference where one is wanted.
    JsonText {
        raw: Name,
        template: Box<Expression>,
    },
    /// A name that stands first: `local` in `local.x`, or the variable of a `for`.
    Variable(Name),
    Attribute(Box<Expression>, Name, Spot),
    Index(Box<Expression>, Box<Expression>),
    /// `source[*].each` or `source.*.each`; `each` has [`Node::SplatItem`] at its root.
    Splat(Box<Expression>, Box<Expression>),
    SplatItem,
    Call(Box<Call>),
    Conditional(Box<[Expression; 3]>),
    Unary(Unary, Box<Expression>),
    /// Operators of one strength, from left to right.
    Binary(Box<Expression>, Vec<(Binary, Expression)>),
    Tuple(Vec<Expression>),
    Object(Vec<(Expression, Expression)>),
    For(Box<For>),
    Parentheses(Box<Expression>),
    /// Something that was already complained about.
    Broken,
}

/// Small, because a template can have very many.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Name),
    Value(Box<Expression>),
    If(Box<PartIf>),
    For(Box<PartFor>),
}

/// `%{ if condition }yes%{ else }no%{ endif }`.
#[derive(Clone, Debug)]
pub(crate) struct PartIf {
    pub(crate) condition: Expression,
    pub(crate) yes: Vec<Part>,
    pub(crate) no: Vec<Part>,
}

/// `%{ for key, value in collection }body%{ endfor }`.
#[derive(Clone, Debug)]
pub(crate) struct PartFor {
    pub(crate) key: Option<Name>,
    pub(crate) value: Name,
    pub(crate) collection: Expression,
    pub(crate) body: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) name: Name,
    pub(crate) name_spot: Spot,
    pub(crate) arguments: Vec<Expression>,
    /// The last argument was followed by `...`.
    pub(crate) expand: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) key: Option<Name>,
    pub(crate) value: Name,
    pub(crate) collection: Expression,
    /// Present when the result is an object.
    pub(crate) key_result: Option<Expression>,
    pub(crate) result: Expression,
    pub(crate) condition: Option<Expression>,
    pub(crate) grouped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Negate,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

/// What stands between braces, or in a file.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
    /// The body with its braces, or the file.
    pub(crate) spot: Spot,
    /// What override files did to it, if they did anything.
    pub(crate) overridden: Option<Box<Overridden>>,
    /// The names of the attributes, where there are more than are quickly looked through.
    names: Option<HashSet<Name>>,
}

/// What override files did to a body.
#[derive(Clone, Debug)]
pub(crate) struct Overridden {
    /// The head of the last block that changed it.
    pub(crate) head: Spot,
    /// The attributes that no other file sets.
    pub(crate) added: Vec<Name>,
    /// What is left of the body belongs to its type: Terraform ignores there what the type does not have.
    pub(crate) is_types_own: bool,
}

/// Up to this many attributes are looked through one by one.
const FEW: usize = 64;

#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Name,
    pub(crate) name_spot: Spot,
    pub(crate) expression: Arc<Expression>,
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Name,
    pub(crate) kind_spot: Spot,
    pub(crate) labels: Vec<Label>,
    pub(crate) body: Body,
    /// From the kind to the last label: what a message about the block as a whole points at.
    pub(crate) head: Spot,
}

#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) text: Name,
    pub(crate) spot: Spot,
}

impl Body {
    pub(crate) fn empty(spot: Spot) -> Self {
        Self {
            attributes: Vec::new(),
            blocks: Vec::new(),
            spot,
            overridden: None,
            names: None,
        }
    }

    /// The body with only what belongs to its type.
    pub(crate) fn types_own(mut self) -> Self {
        if let Some(overridden) = &mut self.overridden {
            overridden.is_types_own = true;
        }
        self
    }

    /// True if Terraform ignores what the type of the body does not have.
    pub(crate) fn is_ignoring(&self) -> bool {
        self.overridden
            .as_ref()
            .is_some_and(|overridden| overridden.is_types_own)
    }

    /// True for an attribute that only override files set.
    pub(crate) fn is_added(&self, name: &str) -> bool {
        self.overridden
            .as_ref()
            .is_some_and(|overridden| overridden.added.iter().any(|added| **added == *name))
    }

    /// True if there is an attribute of this name, asked before each is added.
    fn has(&mut self, name: &str) -> bool {
        if self.attributes.len() < FEW {
            return self.attribute(name).is_some();
        }
        let names = self.names.get_or_insert_default();
        // Those that came since.
        let known = names.len();
        names.extend(
            self.attributes[known..]
                .iter()
                .map(|attribute| attribute.name.clone()),
        );
        names.contains(name)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.as_ref() == name)
    }

    pub(crate) fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks
            .iter()
            .filter(move |block| block.kind.as_ref() == kind)
    }
}

impl Attribute {
    pub(crate) fn spot(&self) -> Spot {
        self.name_spot.to(self.expression.spot)
    }
}

impl Expression {
    pub(crate) fn new(node: Node, spot: Spot) -> Self {
        Self { node, spot }
    }

    /// True for a name with steps after it, such as `local.a` or `lanyard.eu`.
    pub(crate) fn is_reference(&self) -> bool {
        let (Node::Attribute(inner, _, _) | Node::Index(inner, _)) = &self.node else {
            return false;
        };
        let fixed = match &self.node {
            Node::Index(_, key) => matches!(key.node, Node::Literal(_)),
            _ => true,
        };
        fixed && (matches!(inner.node, Node::Variable(_)) || inner.is_reference())
    }

    pub(crate) fn broken(spot: Spot) -> Self {
        Self::new(Node::Broken, spot)
    }
}
