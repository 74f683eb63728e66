//! `lanyard schema`: what is published is what is printed.

use serde_json::Value;

use crate::support::Folder;

const CONFIGURATION: &str = r#"
provider "lanyard" {
  url   = terraform_data.server.output
  token = "lyd_x"
}

resource "terraform_data" "server" {
  input = "https://tokens.example.com"
}

resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.ci.id
}

output "token" {
  value     = lanyard_access_token.ci.token
  sensitive = true
}
"#;

/// The complaints of the part of JSON Schema that our schemas use.
fn complaints(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.is_empty() && !kinds.contains(&kind) {
        found.push(format!("{place} is {kind}, not one of {kinds:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        found.push(format!("{place} is {value}, not {}", schema["const"]));
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        found.push(format!("{place} is {value}, not one of {choices:?}"));
    }
    let fits = |choice: &Value| {
        let mut found = Vec::new();
        complaints(choice, value, place, &mut found);
        found.is_empty()
    };
    if let Some(choices) = schema["oneOf"].as_array()
        && !choices.iter().any(fits)
    {
        found.push(format!("{place} is {value}, none of {choices:?}"));
    }
    if let (Some(members), Some(properties)) = (value.as_object(), schema["properties"].as_object())
    {
        for required in schema["required"].as_array().into_iter().flatten() {
            if !members.contains_key(required.as_str().unwrap_or_default()) {
                found.push(format!("{place} has no {required}"));
            }
        }
        for (name, member) in members {
            match properties.get(name) {
                Some(schema) => complaints(schema, member, &format!("{place}.{name}"), found),
                None => found.push(format!("{place}.{name} is not in the schema")),
            }
        }
    }
    for item in value.as_array().into_iter().flatten() {
        complaints(&schema["items"], item, &format!("{place}[]"), found);
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn what_is_printed_and_saved_fits_its_schema() {
    let folder = Folder::new(&[("main.tf", CONFIGURATION)]);
    let saved = folder.stdout("plan --quiet -o plan.json --format json");
    let file =
        std::fs::read_to_string(folder.path().join("plan.json")).expect("the plan should be saved");
    for (format, printed) in [
        ("desired-state", folder.stdout("compile")),
        ("plan", saved),
        ("saved-plan", file),
    ] {
        let schema = json(&folder.stdout(&format!("schema {format}")));
        let printed = json(&printed);
        let mut found = Vec::new();
        complaints(&schema, &printed, "", &mut found);
        assert!(found.is_empty(), "{format}: {found:#?}");
        // The check can fail: a schema with another member complains.
        complaints(&schema, &json("{\"other\": 1}"), "", &mut found);
        assert!(!found.is_empty(), "{format}");
    }
}
