//! The commands, one per file.

pub(crate) mod adopt;
pub(crate) mod apply;
pub(crate) mod comment;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod export;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod plan;
pub(crate) mod review;
pub(crate) mod schema;
pub(crate) mod sweep;
pub(crate) mod tokens;
pub(crate) mod validate;
pub(crate) mod whoami;
