//! Building the description of one operation.

use serde_json::{Map, Value, json};

pub(super) struct Operation {
    fields: Map<String, Value>,
    pub(super) parameters: Vec<Value>,
    responses: Map<String, Value>,
    links: Map<String, Value>,
    /// Needs no credential.
    pub(super) open: bool,
}

impl Operation {
    pub(super) fn new(id: &str, tag: &str, summary: &str) -> Self {
        let mut fields = Map::new();
        fields.insert("operationId".to_owned(), json!(id));
        fields.insert("tags".to_owned(), json!([tag]));
        fields.insert("summary".to_owned(), json!(summary));
        Self {
            fields,
            parameters: Vec::new(),
            responses: Map::new(),
            links: Map::new(),
            open: false,
        }
    }

    pub(super) fn says(mut self, description: &str) -> Self {
        self.fields
            .insert("description".to_owned(), json!(description));
        self
    }

    /// One of the components' parameters.
    pub(super) fn parameter(mut self, name: &str) -> Self {
        self.parameters.push(parameter(name));
        self
    }

    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.contains(&parameter(name))
    }

    /// A body of these media types, with named examples.
    pub(super) fn body(
        mut self,
        media_types: &[&str],
        schema: &str,
        required: bool,
        examples: &[(&str, Value)],
    ) -> Self {
        let examples: Map<String, Value> = examples
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!({ "value": value })))
            .collect();
        let content: Map<String, Value> = media_types
            .iter()
            .map(|media_type| {
                let content = json!({ "schema": reference(schema), "examples": examples });
                ((*media_type).to_owned(), content)
            })
            .collect();
        let body = json!({ "required": required, "content": content });
        self.fields.insert("requestBody".to_owned(), body);
        self
    }

    /// An answer in JSON, with the named headers of the components.
    pub(super) fn answers(
        mut self,
        status: &str,
        description: &str,
        headers: &[&str],
        schema: &str,
        example: &Value,
    ) -> Self {
        let mut response = described(description, headers);
        response["content"] = json!({
            "application/json": { "schema": reference(schema), "example": example },
        });
        self.responses.insert(status.to_owned(), response);
        self
    }

    /// An answer without a body.
    pub(super) fn answers_empty(
        mut self,
        status: &str,
        description: &str,
        headers: &[&str],
    ) -> Self {
        self.responses
            .insert(status.to_owned(), described(description, headers));
        self
    }

    /// One of the components' responses, unless this status is described already.
    pub(super) fn fails(mut self, status: &str, name: &str) -> Self {
        self.responses
            .entry(status)
            .or_insert_with(|| json!({ "$ref": format!("#/components/responses/{name}") }));
        self
    }

    /// The `id` in the answer can be used in this operation.
    pub(super) fn leads_to(mut self, operation_id: &str) -> Self {
        self.links.insert(
            operation_id.to_owned(),
            json!({ "operationId": operation_id, "parameters": { "id": "$response.body#/id" } }),
        );
        self
    }

    pub(super) fn into_json(mut self) -> Value {
        if !self.links.is_empty()
            && let Some(response) = self.responses.values_mut().next()
        {
            response["links"] = Value::Object(self.links);
        }
        if self.open {
            self.fields.insert("security".to_owned(), json!([]));
        }
        if !self.parameters.is_empty() {
            self.fields
                .insert("parameters".to_owned(), json!(self.parameters));
        }
        let mut responses: Vec<(String, Value)> = self.responses.into_iter().collect();
        responses.sort_by(|(first, _), (second, _)| first.cmp(second));
        let responses: Map<String, Value> = responses.into_iter().collect();
        self.fields
            .insert("responses".to_owned(), Value::Object(responses));
        Value::Object(self.fields)
    }
}

pub(super) fn parameter(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

pub(super) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn described(description: &str, headers: &[&str]) -> Value {
    let mut response = json!({ "description": description });
    let headers: Map<String, Value> = headers
        .iter()
        .map(|name| {
            let reference = format!("#/components/headers/{}", name.replace('-', ""));
            ((*name).to_owned(), json!({ "$ref": reference }))
        })
        .collect();
    if !headers.is_empty() {
        response["headers"] = Value::Object(headers);
    }
    response
}
