//! The API's description as OpenAPI 3.1: the contract in `docs/`, which any token server can implement, and which this one hands out as it
//! is written there. What the document says twice, with the table of routes and with the rules, the tests hold against each other; the
//! shapes of all answers are checked by `acceptance-tests/schemathesis/run`.

use http::StatusCode;
use serde_json::Value;

use super::Context;
use super::problem::Problem;
use crate::serving::call::Answer;

const CONTRACT: &str = include_str!("../../../../docs/native-api.openapi.json");

pub(super) fn serve(_: &Context<'_>) -> Result<Answer, Problem> {
    let contract = CONTRACT.to_owned();
    Ok(Answer::text(StatusCode::OK, "application/json", contract))
}

/// `None` if it is no JSON, which a test rules out.
pub(super) fn document() -> Option<Value> {
    serde_json::from_str(CONTRACT).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::super::capabilities::{capabilities_body, health_body};
    use super::super::{Access, BodyKind, Effect, Endpoint, ROUTES, page, rules};
    use super::*;
    use crate::serving::route::Route;

    fn operation<'a>(document: &'a Value, route: &Route<Endpoint>) -> &'a Value {
        let method = route.method.as_str().to_ascii_lowercase();
        &document["paths"][route.pattern][method]
    }

    /// The names of the components that this list refers to.
    fn names(parameters: &Value) -> Vec<&str> {
        let references = parameters.as_array().into_iter().flatten();
        references
            .filter_map(|parameter| parameter["$ref"].as_str()?.rsplit('/').next())
            .collect()
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let document = document().unwrap();
        let described: BTreeSet<String> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(move |method| format!("{} {path}", method.to_ascii_uppercase()))
            })
            .collect();
        let routes: BTreeSet<String> = ROUTES
            .iter()
            .map(|route| format!("{} {}", route.method, route.pattern))
            .collect();
        assert_eq!(described, routes);
    }

    #[test]
    fn every_operation_says_what_follows_from_its_route() {
        let document = document().unwrap();
        for route in ROUTES {
            let place = format!("{} {}", route.method, route.pattern);
            let operation = operation(&document, route);
            let endpoint = &route.handler;
            let parameters = names(&operation["parameters"]);
            let mut failures = vec!["429", "503"];
            if route.pattern.contains("{id}") {
                let id = match route.pattern.split('/').nth(2) {
                    Some("service-accounts") => "ServiceAccountId",
                    Some("access-tokens") => "AccessTokenId",
                    _ => "SampleId",
                };
                assert_eq!(parameters.first(), Some(&id), "{place}");
                failures.push("404");
            }
            if parameters.contains(&"ManagedBy") {
                failures.push("400");
            }
            if endpoint.effect == Effect::Creates {
                assert!(parameters.contains(&"IdempotencyKey"), "{place}");
                failures.push("400");
            }
            let media_types: Vec<&String> = operation["requestBody"]["content"]
                .as_object()
                .map(|content| content.keys().collect())
                .unwrap_or_default();
            assert_eq!(media_types, endpoint.body.media_types(), "{place}");
            if endpoint.body != BodyKind::Ignored {
                let required = endpoint.body != BodyKind::OptionalJson;
                assert_eq!(operation["requestBody"]["required"], required, "{place}");
                failures.extend(["413", "415"]);
            }
            if !matches!(endpoint.body, BodyKind::Ignored | BodyKind::Form) {
                failures.extend(["400", "422"]);
            }
            let open = endpoint.access == Access::Open;
            let security = open.then(|| json!([]));
            assert_eq!(operation.get("security"), security.as_ref(), "{place}");
            if !open {
                failures.push("401");
            }
            if !matches!(endpoint.access, Access::Open | Access::Anyone) {
                failures.push("403");
            }
            for status in failures {
                let described = operation["responses"].get(status);
                assert!(described.is_some(), "{place} does not describe {status}");
            }
        }
    }

    /// The document cannot promise other limits than the server keeps.
    #[test]
    fn limits_are_those_of_the_rules() {
        let document = document().unwrap();
        let labels = "Restriction/properties/labels/anyOf/0";
        let people = "Visibility/properties/users";
        for (place, rule) in [
            (
                "schemas/Name/maxLength".to_owned(),
                json!(rules::NAME_LENGTH),
            ),
            (
                "schemas/Description/maxLength".to_owned(),
                json!(rules::DESCRIPTION_LENGTH),
            ),
            (
                "schemas/NewSample/properties/value/maxLength".to_owned(),
                json!(rules::DESCRIPTION_LENGTH),
            ),
            (
                "schemas/Roles/maxItems".to_owned(),
                json!(rules::LIST_LENGTH),
            ),
            (
                "schemas/Scopes/maxItems".to_owned(),
                json!(rules::LIST_LENGTH),
            ),
            (
                format!("schemas/{labels}/maxProperties"),
                json!(rules::RESTRICTION_LABELS),
            ),
            (
                format!("schemas/{labels}/propertyNames/maxLength"),
                json!(rules::LABEL_LENGTH),
            ),
            (
                format!("schemas/{labels}/additionalProperties/maxLength"),
                json!(rules::LABEL_LENGTH),
            ),
            (
                "schemas/Restriction/properties/permission/enum".to_owned(),
                json!(rules::PERMISSIONS),
            ),
            (
                "schemas/RestrictionPatch/properties/permission/enum".to_owned(),
                json!(rules::PERMISSIONS),
            ),
            (
                format!("schemas/{people}/maxItems"),
                json!(rules::LIST_LENGTH),
            ),
            (
                format!("schemas/{people}/items/maxLength"),
                json!(rules::NAME_LENGTH),
            ),
            (
                "schemas/Visibility/properties/level/enum".to_owned(),
                json!(rules::VISIBILITY_LEVELS),
            ),
            (
                "schemas/VisibilityPatch/properties/level/enum".to_owned(),
                json!(rules::VISIBILITY_LEVELS),
            ),
            (
                "schemas/Rotation/properties/grace_period_seconds/maximum".to_owned(),
                json!(rules::GRACE_PERIOD_SECONDS),
            ),
            (
                "parameters/Limit/schema/maximum".to_owned(),
                json!(page::MAXIMUM_LIMIT),
            ),
            (
                "parameters/Limit/schema/default".to_owned(),
                json!(page::DEFAULT_LIMIT),
            ),
        ] {
            assert_eq!(
                document.pointer(&format!("/components/{place}")),
                Some(&rule),
                "{place}"
            );
        }
    }

    #[test]
    fn the_examples_of_what_never_changes_are_the_answers() {
        let document = document().unwrap();
        for (path, answer) in [
            ("/v1/capabilities", capabilities_body()),
            ("/healthz", health_body()),
        ] {
            let described = &document["paths"][path]["get"]["responses"]["200"]["content"];
            assert_eq!(described["application/json"]["example"], answer, "{path}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn visit(value: &Value, document: &Value) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(reference)) = fields.get("$ref") {
                        let target = document.pointer(reference.trim_start_matches('#'));
                        assert!(target.is_some(), "{reference} leads nowhere");
                    }
                    fields.values().for_each(|value| visit(value, document));
                }
                Value::Array(items) => items.iter().for_each(|value| visit(value, document)),
                _ => {}
            }
        }
        let document = document().unwrap();
        visit(&document, &document);
    }
}
