//! JSON Schemas of what the `lanyard` command prints and saves, so that programs can rely on it.

use serde_json::{Value as Json, json};

/// A published format: its name on the command line, and its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own documents, `*.lanyard.json`.
    Document,
    /// `lanyard compile`.
    DesiredState,
    /// `lanyard plan --format json` and `lanyard review --format json`.
    Plan,
    /// `lanyard plan -o FILE`.
    SavedPlan,
}

impl Format {
    pub const ALL: [Self; 4] = [
        Self::Document,
        Self::DesiredState,
        Self::Plan,
        Self::SavedPlan,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::DesiredState => "desired-state",
            Self::Plan => "plan",
            Self::SavedPlan => "saved-plan",
        }
    }

    /// The JSON Schema, ending with a newline.
    pub fn schema(self) -> String {
        let schema = match self {
            Self::Document => return super::json_schema(),
            Self::DesiredState => desired_state(),
            Self::Plan => plan(),
            Self::SavedPlan => saved_plan(),
        };
        format!("{schema:#}\n")
    }
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Anything, with marks where the value is not known yet (`{"$unknown": true}`) or not shown (`{"$sensitive": true}`).
const MARKED: &str = "A value; {\"$unknown\": true} stands for one that is known only after apply, {\"$sensitive\": true} for one that is not shown.";

fn object(properties: Json) -> Json {
    let required: Vec<String> = properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn list(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

fn text() -> Json {
    json!({"type": "string"})
}

fn optional_text() -> Json {
    json!({"type": ["string", "null"]})
}

fn count() -> Json {
    json!({"type": "integer", "minimum": 0})
}

fn version() -> Json {
    json!({"type": "string", "pattern": "^1\\.", "description": "Within version 1, fields are added and never changed."})
}

fn titled(title: &str, mut schema: Json) -> Json {
    schema["$schema"] = DIALECT.into();
    schema["title"] = title.into();
    schema
}

fn desired_state() -> Json {
    let config = json!({"type": "object", "description": MARKED});
    let reference = object(json!({"path": text(), "address": text(), "attribute": text()}));
    let consumer = object(json!({
        "kind": {"enum": ["argument", "provider", "output", "provisioner"]},
        "attribute": text(),
        "address": text(),
        "path": text(),
        "sensitive": {"type": ["boolean", "null"]},
    }));
    titled(
        "Desired state",
        object(json!({
            "format_version": version(),
            "kind": {"const": "lanyard-desired-state"},
            "providers": list(object(json!({"provider": text(), "settings": config}))),
            "resources": list(object(json!({
                "address": text(),
                "type": {"enum": ["service_account", "access_token"]},
                "provider": text(),
                "import": optional_text(),
                "config": config,
                "references": list(reference),
                "depends_on": list(text()),
                "consumers": list(consumer),
            }))),
            "outputs": list(object(json!({
                "name": text(),
                "type": text(),
                "value": {"description": MARKED},
                "sensitive": {"type": "boolean"},
                "tokens": list(text()),
            }))),
        })),
    )
}

fn plan() -> Json {
    let field = object(json!({
        "path": text(),
        "before": {"description": "Null where it must not be shown."},
        "after": {"description": "Null where it is not known yet or must not be shown."},
        "after_unknown": {"type": "boolean"},
        "sensitive": {"type": "boolean"},
        "forces_replacement": {"type": "boolean"},
    }));
    let reason = object(json!({
        "kind": {"enum": ["rotation", "possible_rotation", "replacement", "cascade", "revocation"]},
        "text": text(),
    }));
    let counts = [
        "create",
        "update",
        "rotate",
        "replace",
        "delete",
        "forget",
        "invoke",
        "state",
        "unchanged",
    ]
    .map(|name| (name, count()));
    let summary = object(
        counts
            .into_iter()
            .map(|(name, schema)| (name.to_owned(), schema))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    );
    let aside = || {
        list(object(json!({
            "address": text(),
            "text": text(),
            "changes": {"type": "boolean", "description": "False if an apply leaves the state as it was."},
        })))
    };
    let dangers = [
        "ends",
        "is-replaced",
        "is-forgotten",
        "rotates-at-once",
        "gains-power",
        "loses-power",
        "rotates",
        "appears",
        "changes",
    ];
    titled(
        "Plan",
        object(json!({
            "format_version": version(),
            "summary": summary,
            "banners": list(json!({"type": "object", "description": "With an error among them the plan must not be relied on."})),
            "invocations": aside(),
            "drift": aside(),
            "changes": list(object(json!({
                "address": text(),
                "kind": {"enum": ["service_account", "access_token"]},
                "name": optional_text(),
                "action": {"enum": ["no-op", "forget", "create", "update", "replace", "delete"]},
                "manner": {"enum": ["plain", "forgets", "replaces-and-forgets", "creates-first"]},
                "notes": list(text()),
                "rotates": {"type": "boolean"},
                "danger": {"enum": dangers},
                "reasons": list(reason),
                "gained": list(text()),
                "lost": list(text()),
                "lifetime": {
                    "type": ["object", "null"],
                    "properties": {"before": text(), "after": text()},
                    "required": ["before", "after"],
                },
                "consumers": list(text()),
                "depends_on": list(text()),
                "fields": list(field),
                "diagnostics": list(json!({"type": "object"})),
            }))),
        })),
    )
}

fn saved_plan() -> Json {
    let mut schema = saved_plan_with_all();
    // Only where something is hidden.
    if let Some(required) = schema["properties"]["changes"]["items"]["required"].as_array_mut() {
        required.retain(|name| name != "hidden");
    }
    schema
}

fn saved_plan_with_all() -> Json {
    titled(
        "Saved plan",
        object(json!({
            "format_version": version(),
            "kind": {"const": "lanyard-plan"},
            "checksum": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
            "servers": list(object(json!({
                "provider": text(),
                "api": text(),
                "url": text(),
                "organization": optional_text(),
            }))),
            "changes": list(object(json!({
                "address": text(),
                "kind": {"enum": ["service_account", "access_token"]},
                "server": count(),
                "action": {"enum": ["no-op", "create", "update", "replace", "delete"]},
                "depends_on": list(text()),
                "consumers": list(text()),
                "hidden": list(list(json!({"type": "object"}))),
                "requires_replace": list(list(json!({"type": "object"}))),
                "reasons": list(json!({"type": "object", "properties": {"kind": text()}, "required": ["kind"]})),
                "prior": {"description": MARKED},
                "planned": {"description": MARKED},
            }))),
        })),
    )
}
