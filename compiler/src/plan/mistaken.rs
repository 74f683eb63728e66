//! A file that is given in place of a plan, and is something else that people have at hand.

use serde::Deserialize;
use serde_json::Value as Json;

/// What a text is that is no plan, in a sentence without its point, and what to do about it.
pub(crate) struct Mistaken {
    pub(crate) what: &'static str,
    pub(crate) hint: Option<&'static str>,
}

/// What the text is, if it is nothing at all, or a state.
pub(crate) fn mistaken(text: &str) -> Option<Mistaken> {
    if text.trim().is_empty() {
        return Some(Mistaken {
            what: "It is empty: what was to write it has failed",
            hint: Some(PUT_BACK),
        });
    }
    #[derive(Deserialize)]
    struct State {
        #[serde(rename = "lineage")]
        _lineage: String,
        #[serde(rename = "serial")]
        _serial: u64,
        #[serde(default)]
        resources: Vec<Json>,
    }
    let state: State = serde_json::from_str(text).ok()?;
    Some(Mistaken {
        what: "It is a state of Terraform, and not a plan",
        hint: state.resources.is_empty().then_some(PUT_BACK),
    })
}

const PUT_BACK: &str = "If it is a state that should not be empty: Terraform leaves such a `terraform.tfstate` where the machine or the disk \
                        fails meanwhile. Put `terraform.tfstate.backup`, which is beside it, in its place, and then plan.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_and_a_state_are_told_by_what_they_are() {
        let told = |text: &str| {
            let told = mistaken(text)?;
            let hint = told.hint.unwrap_or_default();
            Some((
                told.what.contains("state"),
                hint.contains("terraform.tfstate.backup"),
            ))
        };
        let state = |resources: &str| {
            format!(r#"{{"version": 4, "serial": 3, "lineage": "a", "resources": [{resources}]}}"#)
        };
        for (text, expected) in [
            (String::new(), Some((false, true))),
            ("\n".to_owned(), Some((false, true))),
            (state(""), Some((true, true))),
            (state("{}"), Some((true, false))),
            ("{}".to_owned(), None),
            (r#"{"format_version": "1.2"}"#.to_owned(), None),
            ("resource".to_owned(), None),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }
}
