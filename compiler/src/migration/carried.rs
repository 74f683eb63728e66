//! What comes along from a vendor's state, what stays behind and why, and what cannot be read at all.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{State, observe, record};
use crate::plan;
use crate::value::Value;

/// A state in our shape.
#[derive(Clone, Debug)]
pub(super) struct Carried {
    pub(super) state: Value,
    pub(super) left: Vec<Left>,
}

/// An attribute that does not come along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// As the vendor calls it.
    pub(super) attribute: String,
    pub(super) why: String,
}

impl Left {
    pub(super) fn new(attribute: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            why: why.into(),
        }
    }
}

/// Whatever holds something and is not in the schema that is known. What holds nothing is no loss.
pub(super) fn unknown(prefix: &str, attributes: Map<String, Json>) -> Vec<Left> {
    attributes
        .into_iter()
        .filter(|(_, value)| !holds_nothing(value))
        .map(|(name, _)| {
            Left::new(
                format!("{prefix}{name}"),
                "the schema that is known has no such attribute",
            )
        })
        .collect()
}

fn holds_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(_) | Json::Number(_) => false,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.values().all(holds_nothing),
    }
}

/// One warning for a resource.
pub(super) fn left_behind(type_name: &str, left: &[Left]) -> Diagnostic {
    let listed: Vec<_> = left
        .iter()
        .map(|Left { attribute, why }| format!("`{attribute}`: {why}."))
        .collect();
    Diagnostic::warning(
        Code::MovedInPart,
        "Not everything in the moved state comes along",
    )
    .detail(format!("{type_name} has {}", listed.join(" ")))
}

/// A service account as an import would find it; what the old state says stands for the server's answer.
pub(super) fn service_account(record: &record::ServiceAccountRecord) -> State {
    plan::reconcile(None, None, observe::service_account(record))
}

/// Likewise for an access token.
pub(super) fn access_token(record: &record::AccessTokenRecord) -> State {
    plan::reconcile(None, None, observe::access_token(record))
}

/// Texts are null or empty where nothing is meant.
pub(super) fn meant(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Why a state cannot be read. It never quotes the state: that is full of secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable(String);

impl Unreadable {
    pub(super) fn attribute(name: &str, problem: &str) -> Self {
        Self(format!("`{name}` {problem}"))
    }

    pub(super) fn diagnostic(self, type_name: &str) -> Diagnostic {
        Diagnostic::error(
            Code::MovedStateUnreadable,
            "The state to move has not the shape that is known",
        )
        .detail(format!("In the state of {type_name}, {}.", self.0))
        .hint(super::WRITE_AGAIN)
        .hint(super::IMPORT_INSTEAD)
    }
}

/// Reads a state. The parser's own words may quote a value, so that only the attribute is named.
pub(super) fn read<T: DeserializeOwned>(state: Json) -> Result<T, Unreadable> {
    let Json::Object(attributes) = state else {
        return Err(Unreadable("there is no object".to_owned()));
    };
    let parse = |attributes: &Map<String, Json>| {
        serde_json::from_value::<T>(Json::Object(attributes.clone())).ok()
    };
    if let Some(read) = parse(&attributes) {
        return Ok(read);
    }
    let culprit = attributes.keys().find(|name| {
        let mut without = attributes.clone();
        without.insert((*name).clone(), Json::Null);
        parse(&without).is_some()
    });
    Err(match culprit {
        Some(name) => Unreadable::attribute(name, "holds another kind of value"),
        None => Unreadable("several attributes hold another kind of value".to_owned()),
    })
}

/// What every object must have.
pub(super) fn required(name: &str, text: Option<String>) -> Result<String, Unreadable> {
    meant(text).ok_or_else(|| Unreadable::attribute(name, "is missing"))
}
