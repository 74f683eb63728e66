//! A function of the configuration language: pure, usable without any settings.

use lanyard_compiler::model::functions::Refusal;
use lanyard_compiler::model::schema::Type;
use lanyard_compiler::value::Value;

/// One function, called as `provider::lanyard::name(…)`.
pub trait Function: Send + Sync + 'static {
    /// The name without any prefix, for example `authorization_header`.
    fn name(&self) -> &'static str;

    fn signature(&self) -> FunctionSignature;

    /// Calls it; the same arguments always give the same result. There is one argument per parameter, then the variadic ones, none
    /// of them null or unknown.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// What a function takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionSignature {
    /// One line.
    pub summary: String,
    /// Markdown.
    pub doc: String,
    pub parameters: Vec<Parameter>,
    /// Takes all further arguments, one value each.
    pub variadic: Option<Parameter>,
    pub returns: Type,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// An identifier, different from the other parameters'.
    pub name: String,
    pub kind: Type,
    pub doc: String,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// Whole sentences; no secret.
    pub text: String,
    /// The position of the argument to blame, counted from 0 over all arguments.
    pub argument: Option<usize>,
}

impl From<Refusal> for FunctionError {
    fn from(Refusal { argument, text }: Refusal) -> Self {
        Self {
            text,
            argument: Some(argument),
        }
    }
}
