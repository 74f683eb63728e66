//! The query of a request: the common parameters and those of its endpoint; any other is refused.

use std::collections::BTreeSet;

use super::fault::Refusal;
use crate::serving::call::Call;

const COMMON: [&str; 5] = ["pretty", "human", "error_trace", "filter_path", "format"];

pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(call: &Call, known: &[&str]) -> Result<Self, Refusal> {
        let given: BTreeSet<_> = call.parameters().map(|(name, _)| name).collect();
        let is_unknown = |name: &&str| !COMMON.contains(name) && !known.contains(name);
        let unknown: Vec<&str> = given.iter().map(AsRef::as_ref).filter(is_unknown).collect();
        if !unknown.is_empty() {
            return Err(Refusal::unrecognized_parameters(call, &unknown));
        }
        let mut kept = Vec::new();
        for (name, value) in call.parameters() {
            if name == "refresh" && !["", "true", "false", "wait_for"].contains(&value.as_ref()) {
                let reason = format!("Unknown value for refresh: [{value}].");
                return Err(Refusal::illegal_argument(reason));
            }
            kept.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(kept))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A switch: present without a value means true.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("" | "true") => Ok(true),
            Some(other) => Err(Refusal::illegal_argument(format!(
                "Failed to parse value [{other}] as only [true] or [false] are allowed."
            ))),
        }
    }
}
