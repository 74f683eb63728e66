//! A file that is given in place of a plan, and is something else that people have at hand.

use std::collections::BTreeMap;

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
    if shows_a_state(text) {
        return Some(Mistaken {
            what: "It is what `terraform show -json` shows of a state, and not of a plan",
            hint: Some(
                "Plan into a file, and show that: `terraform plan -out=plan.tfplan`, then `terraform show -json plan.tfplan`.",
            ),
        });
    }
    let state: State = serde_json::from_str(text).ok()?;
    Some(Mistaken {
        what: "It is a state of Terraform, and not a plan",
        hint: state.resources.is_empty().then_some(PUT_BACK),
    })
}

/// What has values and nothing that changes, or, of an empty state, nothing but the versions.
fn shows_a_state(text: &str) -> bool {
    const VERSIONS: [&str; 2] = ["format_version", "terraform_version"];
    let Ok(shown) = serde_json::from_str::<BTreeMap<String, Json>>(text) else {
        return false;
    };
    let version = shown.get("format_version").and_then(Json::as_str);
    let is_empty = || {
        // Of a plan since 1.1: Terraform counts the two formats apart.
        version == Some("1.0") && shown.keys().all(|name| VERSIONS.contains(&&**name))
    };
    version.is_some() && (shown.contains_key("values") || is_empty())
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
            (
                r#"{"format_version": "1.0", "values": {"root_module": {}}}"#.to_owned(),
                Some((true, false)),
            ),
            (
                r#"{"format_version": "1.0", "terraform_version": "1.11.4"}"#.to_owned(),
                Some((true, false)),
            ),
            ("{}".to_owned(), None),
            (r#"{"format_version": "1.2"}"#.to_owned(), None),
            ("resource".to_owned(), None),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }
}
