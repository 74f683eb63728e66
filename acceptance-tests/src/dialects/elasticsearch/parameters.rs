//! The query of a request: the common parameters and those of its endpoint; any other is refused.

use super::fault::Refusal;
use crate::serving::call::Call;

const COMMON: [&str; 4] = ["pretty", "human", "error_trace", "filter_path"];

pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(call: &Call, known: &[&str]) -> Result<Self, Refusal> {
        let mut kept = Vec::new();
        for (name, value) in call.parameters() {
            if !COMMON.contains(&name.as_ref()) && !known.contains(&name.as_ref()) {
                return Err(Refusal::unrecognized_parameter(call, &name));
            }
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
