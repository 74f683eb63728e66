//! What is fuzzed: for each door one target, with inputs that are right, the words of its language, and what must hold whatever
//! comes in.

mod answers;
mod calls;
mod language;
mod plans;
mod seeds;
mod texts;
mod wire;

pub(crate) use answers::server_answers;
pub(crate) use calls::provider_calls;
pub(crate) use language::{
    expressions, json_files, own_documents, templates, terraform_files, variable_files,
};
pub(crate) use plans::{saved_plans, terraform_plans};
pub(crate) use texts::{policies, times};
pub(crate) use wire::{stored_states, wire_values};

/// One door.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Inputs to begin with.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// What means something in this language.
    pub(crate) words: &'static [&'static str],
    /// Takes an input, and panics if it is not taken as promised.
    pub(crate) check: fn(&[u8]),
}

pub(crate) fn all() -> Vec<Target> {
    vec![
        terraform_files(),
        json_files(),
        own_documents(),
        variable_files(),
        expressions(),
        templates(),
        times(),
        policies(),
        saved_plans(),
        terraform_plans(),
        wire_values(),
        stored_states(),
        provider_calls(),
        server_answers(),
    ]
}
