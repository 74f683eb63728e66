//! How much a configuration may ask for. Whatever stands in its files, compiling ends soon and in moderate memory: beyond a bound there
//! is an error that names it, at the place that goes beyond. The reference page of the language has them as a table.

use std::fmt::Write as _;

use crate::diagnostic::Code;

/// Steps of evaluation in one compilation.
pub(crate) const STEPS: u64 = 30_000_000;
/// Further steps for each instance of a module or resource, so that a large estate may take more than a small one.
pub(crate) const STEPS_OF_AN_INSTANCE: u64 = 100;
/// The longest text that an expression may produce, in bytes.
pub(crate) const TEXT: usize = 16 * MEBIBYTE;
/// The most values that one collection may hold, nested ones included.
pub(crate) const VALUES: u32 = 4_000_000;
/// The deepest nesting of collections.
pub(crate) const DEPTH: u16 = 128;
/// The most instances of one block, by `count` or `for_each`.
pub(crate) const INSTANCES: usize = 250_000;
/// The most instances of all modules together.
pub(crate) const MODULES: usize = 600_000;
/// The most instances of all resources, data sources and ephemeral resources together.
pub(crate) const RESOURCES: usize = 1_200_000;
/// The most module blocks, each counted as often as the modules around it are called.
pub(crate) const CALLS: usize = 20_000;
/// The deepest nesting of modules.
pub(crate) const CALL_DEPTH: usize = 32;
/// The largest file, in bytes.
pub const FILE: usize = 64 * MEBIBYTE;
/// The deepest nesting of blocks, brackets, quotes and expressions, each counted.
pub(crate) const NESTING: usize = 100;
/// The deepest nesting of arrays and objects in the JSON spelling.
pub(crate) const JSON_NESTING: usize = 64;
/// The deepest nesting of `%{ if }` and `%{ for }`.
pub(crate) const DIRECTIVES: usize = 100;
/// The most levels of templates that call each other.
pub(crate) const TEMPLATES: usize = 8;
/// The longest row of attributes and indices.
pub(crate) const STEPS_OF_A_REFERENCE: usize = 256;
/// The most alternatives that the braces of a file pattern may make.
pub(crate) const ALTERNATIVES: usize = 256;
/// More complaints than this help nobody.
pub(crate) const COMPLAINTS: usize = 1000;

const MEBIBYTE: usize = 1024 * 1024;

/// The table of all bounds, as Markdown.
pub(super) fn table() -> String {
    let rows: [(&str, String, Option<Code>); 18] = [
        (
            "steps of evaluation, in all",
            format!(
                "{}, and {STEPS_OF_AN_INSTANCE} for each instance",
                grouped(STEPS)
            ),
            Some(Code::TooMuchWork),
        ),
        (
            "values in one collection, nested ones included",
            grouped(u64::from(VALUES)),
            Some(Code::ValueTooLarge),
        ),
        (
            "levels of collections in one value",
            DEPTH.to_string(),
            Some(Code::ValueTooLarge),
        ),
        (
            "length of a text",
            mebibytes(TEXT),
            Some(Code::ValueTooLarge),
        ),
        (
            "instances of one `module` block",
            grouped_size(MODULES),
            Some(Code::InvalidCount),
        ),
        (
            "instances of one other block",
            grouped_size(INSTANCES),
            Some(Code::InvalidCount),
        ),
        (
            "instances of all modules",
            grouped_size(MODULES),
            Some(Code::TooManyInstances),
        ),
        (
            "instances of all resources, data sources and ephemeral resources",
            grouped_size(RESOURCES),
            Some(Code::TooManyInstances),
        ),
        (
            "calls of modules, those inside modules included",
            grouped_size(CALLS),
            Some(Code::TooManyModules),
        ),
        (
            "levels of modules",
            CALL_DEPTH.to_string(),
            Some(Code::TooManyModules),
        ),
        (
            "size of a file",
            mebibytes(FILE),
            Some(Code::UnreadableFile),
        ),
        (
            "levels of blocks, brackets, quotes and the expressions in them",
            NESTING.to_string(),
            Some(Code::NestedTooDeeply),
        ),
        (
            "levels of arrays and objects in a `.tf.json` file",
            JSON_NESTING.to_string(),
            Some(Code::NestedTooDeeply),
        ),
        (
            "levels of `%{ if }` and `%{ for }` in a template",
            DIRECTIVES.to_string(),
            Some(Code::Syntax),
        ),
        (
            "levels of templates that call each other, in OpenTofu",
            TEMPLATES.to_string(),
            Some(Code::FunctionFailed),
        ),
        (
            "attributes and indices in one reference",
            STEPS_OF_A_REFERENCE.to_string(),
            Some(Code::NestedTooDeeply),
        ),
        (
            "alternatives by braces in a pattern of `fileset`",
            ALTERNATIVES.to_string(),
            Some(Code::FunctionFailed),
        ),
        ("complaints that are shown", grouped_size(COMPLAINTS), None),
    ];
    let mut table = "| what | at most | beyond it |\n|---|---|---|\n".to_owned();
    for (what, most, code) in rows {
        let beyond = code.map_or_else(
            || "a warning says how many more there are".to_owned(),
            |code| format!("`{}`", code.name()),
        );
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {what} | {most} | {beyond} |");
    }
    table
}

fn mebibytes(bytes: usize) -> String {
    format!("{} MiB", bytes / MEBIBYTE)
}

pub(crate) fn grouped_size(number: usize) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
