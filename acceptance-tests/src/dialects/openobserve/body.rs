//! Reading JSON bodies the way the web framework does: what it refuses, it refuses as plain text. Unknown keys are
//! ignored; null is no string.

use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Context;
use super::fault::Refusal;

/// `texts` are the fields that must be strings where they stand.
pub(super) fn read<T: DeserializeOwned>(
    context: &Context<'_>,
    texts: &[&str],
) -> Result<T, Refusal> {
    let is_json = |media_type: String| {
        let subtype = media_type.strip_prefix("application/");
        subtype.is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
    };
    if !context.call.media_type().is_some_and(is_json) {
        return Err(Refusal::text(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Expected request with `Content-Type: application/json`",
        ));
    }
    let body = &context.call.body;
    let parsed: Result<T, _> = serde_json::from_slice(body);
    parsed.map_err(|error| {
        if !error.is_data() {
            let text = format!("Failed to parse the request body as JSON: {error}");
            return Refusal::text(StatusCode::BAD_REQUEST, text);
        }
        // A value of the wrong type is said with its place.
        let given: Value = serde_json::from_slice(body).unwrap_or_default();
        let misfit = texts
            .iter()
            .find(|name| given.get(**name).is_some_and(|value| !value.is_string()));
        let place = match misfit {
            Some(name) if error.to_string().starts_with("invalid type") => format!("{name}: "),
            _ => String::new(),
        };
        let text =
            format!("Failed to deserialize the JSON body into the target type: {place}{error}");
        Refusal::text(StatusCode::UNPROCESSABLE_ENTITY, text)
    })
}
