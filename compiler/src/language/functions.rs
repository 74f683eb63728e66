//! Terraform's built-in functions. The table is the truth: evaluation, "did you mean" and the reference page all read it.

mod collections;
mod conversions;
mod dates;
mod encoding;
mod files;
mod floats;
mod formatting;
mod hashes;
mod json;
mod lists;
mod networks;
mod numbers;
mod ours;
mod sets;
mod strings;
mod table;
mod yaml;
mod yaml_writer;

pub(crate) use files::look_at_files;
pub(crate) use json::is_identifier;

use super::evaluate::{Evaluator, Names};
use super::term::{Shape, Term};
use super::which::Language;

/// One built-in function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) group: &'static str,
    pub(crate) parameters: &'static [Parameter],
    /// What any further arguments are.
    pub(crate) rest: Option<Parameter>,
    /// The type of the result when it is not known.
    pub(crate) returns: Kind,
    /// The function places the marks of its arguments itself; otherwise the result carries all of them.
    pub(crate) keeps_marks: bool,
    /// Whose function it is, if only one of the languages has it.
    pub(crate) only: Option<Language>,
    pub(crate) run: Run,
}

#[derive(Clone, Copy)]
pub(crate) enum Run {
    Pure(fn(&[Term]) -> Outcome),
    /// Reads files through the loader.
    WithFiles(fn(&Evaluator<'_>, &dyn Names, &[Term]) -> Outcome),
    Try,
    Can,
    /// The second argument is a type.
    Convert,
    /// The result is never known before apply, for this reason.
    Unknown(&'static str),
}

pub(crate) type Outcome = Result<Term, Failure>;

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The argument at fault, from zero; `None` when it is the call as a whole.
    pub(crate) argument: Option<usize>,
    pub(crate) message: String,
}

/// What a function takes in one place.
#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// May be null.
    pub(crate) null: bool,
    /// May be, or contain, something unknown; otherwise the result is unknown too.
    pub(crate) unknown: bool,
}

/// Types that can stand in a constant.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Any,
    Bool,
    Number,
    String,
    ListOfAny,
    ListOfBool,
    ListOfNumber,
    ListOfString,
    ListOfList,
    SetOfAny,
    SetOfString,
    MapOfAny,
    MapOfLists,
}

impl Kind {
    pub(crate) fn shape(self) -> Shape {
        match self {
            Self::Any => Shape::Any,
            Self::Bool => Shape::Bool,
            Self::Number => Shape::Number,
            Self::String => Shape::String,
            Self::ListOfAny => Shape::list(Shape::Any),
            Self::ListOfBool => Shape::list(Shape::Bool),
            Self::ListOfNumber => Shape::list(Shape::Number),
            Self::ListOfString => Shape::list(Shape::String),
            Self::ListOfList => Shape::list(Shape::list(Shape::Any)),
            Self::SetOfAny => Shape::set(Shape::Any),
            Self::SetOfString => Shape::set(Shape::String),
            Self::MapOfAny => Shape::map(Shape::Any),
            Self::MapOfLists => Shape::map(Shape::list(Shape::String)),
        }
    }
}

impl Parameter {
    pub(crate) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            null: false,
            unknown: false,
        }
    }

    pub(crate) const fn nullable(self) -> Self {
        Self { null: true, ..self }
    }

    pub(crate) const fn partly_known(self) -> Self {
        Self {
            unknown: true,
            ..self
        }
    }
}

impl Function {
    pub(crate) fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.rest.as_ref())
    }
}

impl Failure {
    fn call(message: impl Into<String>) -> Self {
        Self {
            argument: None,
            message: message.into(),
        }
    }

    fn argument(index: usize, message: impl Into<String>) -> Self {
        Self {
            argument: Some(index),
            message: message.into(),
        }
    }
}

/// The function of a name, namespaces spelled out as in `provider::terraform::encode_tfvars`.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    table::FUNCTIONS
        .iter()
        .find(|function| function.name == name)
}

impl Function {
    /// True if it looks at what the path in its first argument leads to.
    pub(crate) fn reads_path(&self) -> bool {
        let reads = matches!(self.run, Run::WithFiles(_)) && self.name != "abspath";
        reads && self.parameter(0).is_some_and(|first| first.name == "path")
    }

    /// True for a text that has all in it that it was given, also what is null.
    pub(crate) fn result_holds_all(&self) -> bool {
        matches!(
            self.name,
            "base64encode"
                | "base64gzip"
                | "chomp"
                | "format"
                | "formatlist"
                | "indent"
                | "join"
                | "jsonencode"
                | "provider::terraform::encode_expr"
                | "provider::terraform::encode_tfvars"
                | "textencodebase64"
                | "trimspace"
                | "urlencode"
                | "yamlencode"
        )
    }

    /// True if nobody gets back from its result to what it was given.
    pub(crate) fn is_one_way(&self) -> bool {
        matches!(
            self.name,
            "base64sha256"
                | "base64sha512"
                | "bcrypt"
                | "endswith"
                | "length"
                | "md5"
                | "sha1"
                | "sha256"
                | "sha512"
                | "startswith"
                | "strcontains"
                | "uuidv5"
        )
    }

    pub(crate) fn is_of(&self, language: Language) -> bool {
        self.only.is_none_or(|only| only == language)
    }
}

/// All names in a language.
pub(crate) fn names(language: Language) -> impl Iterator<Item = &'static str> {
    let of_language = table::FUNCTIONS
        .iter()
        .filter(move |function| function.is_of(language));
    of_language.map(|function| function.name)
}

/// What is known about one built-in function: a row of the reference page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFacts {
    pub name: &'static str,
    /// The kind of function it is, for example `Strings`.
    pub group: &'static str,
    /// How it is called: `join(separator, lists...)`.
    pub signature: String,
    /// Whose function it is, if only one of the languages has it.
    pub only: Option<Language>,
    /// Why Lanyard does not evaluate it; its result is unknown until apply. `None` if it is evaluated.
    pub unknown_because: Option<&'static str>,
}

/// Every built-in function, in the table's order: by group, then by name.
pub fn function_facts() -> Vec<FunctionFacts> {
    table::FUNCTIONS
        .iter()
        .map(|function| {
            let mut parameters: Vec<String> = function
                .parameters
                .iter()
                .map(|parameter| parameter.name.to_owned())
                .collect();
            parameters.extend(function.rest.iter().map(|rest| format!("{}...", rest.name)));
            FunctionFacts {
                name: function.name,
                group: function.group,
                only: function.only,
                signature: format!("{}({})", function.name, parameters.join(", ")),
                unknown_because: match function.run {
                    Run::Unknown(reason) => Some(reason),
                    Run::Pure(_) | Run::WithFiles(_) | Run::Try | Run::Can | Run::Convert => None,
                },
            }
        })
        .collect()
}

/// The text of an argument that was declared a string.
fn text(arguments: &[Term], index: usize) -> &str {
    arguments
        .get(index)
        .and_then(Term::as_str)
        .unwrap_or_default()
}

/// The items of an argument that was declared a list, set or tuple.
fn items(arguments: &[Term], index: usize) -> &[Term] {
    arguments
        .get(index)
        .and_then(Term::as_items)
        .unwrap_or_default()
}

/// A number that must be whole and fit.
fn whole(arguments: &[Term], index: usize) -> Result<i64, Failure> {
    arguments
        .get(index)
        .and_then(Term::as_number)
        .and_then(crate::value::Number::as_i64)
        .ok_or_else(|| Failure::argument(index, "must be a whole number of moderate size"))
}

/// The texts in a list of strings; a null is a failure.
fn texts(arguments: &[Term], index: usize) -> Result<Vec<&str>, Failure> {
    items(arguments, index)
        .iter()
        .enumerate()
        .map(|(position, item)| {
            item.as_str().ok_or_else(|| {
                Failure::argument(
                    index,
                    format!("element {position} is null; a string is required"),
                )
            })
        })
        .collect()
}

/// Fails before a text is built that would be refused afterwards.
fn check_length(length: usize) -> Result<(), Failure> {
    if length > super::bounds::TEXT {
        return Err(Failure::call("the result would be longer than 16 MiB"));
    }
    Ok(())
}

/// Fails before a collection is built that would be refused afterwards.
fn check_size(size: usize) -> Result<(), Failure> {
    if size > super::bounds::VALUES as usize {
        return Err(Failure::call(
            "the result would hold more than four million values",
        ));
    }
    Ok(())
}
