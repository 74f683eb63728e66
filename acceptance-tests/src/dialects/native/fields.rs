//! Reading a JSON body field by field. Every mistake is collected, so that the caller hears of all of them at
//! once: what cannot be read (unknown, missing, of the wrong type) is a 400, what cannot be wanted is a 422.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::problem::{FieldError, Problem};
use super::{rules, times};

pub(super) struct Fields {
    /// The JSON pointer to this object; empty for the whole body.
    prefix: String,
    rest: Map<String, Value>,
    known: Vec<&'static str>,
    malformed: Vec<FieldError>,
    invalid: Vec<FieldError>,
}

impl Fields {
    /// The fields of a body, which must be an object; no bytes at all are an empty one.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Problem> {
        if body.is_empty() {
            return Ok(Self::of(Map::new()));
        }
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| Problem::invalid_request(format!("the body is no JSON: {error}")))?;
        match value {
            Value::Object(fields) => Ok(Self::of(fields)),
            other => Err(Problem::invalid_request(format!(
                "the body must be a JSON object, not {}",
                kind(&other)
            ))),
        }
    }

    pub(super) fn of(fields: Map<String, Value>) -> Self {
        Self {
            prefix: String::new(),
            rest: fields,
            known: Vec::new(),
            malformed: Vec::new(),
            invalid: Vec::new(),
        }
    }

    /// The object that a merge patch (RFC 7396) in this body makes of `current`. Fields that `current` does not
    /// have are complained about when the outcome is read.
    pub(super) fn merged_into(self, current: Map<String, Value>) -> Self {
        let mut target = Value::Object(current);
        // A null for an unknown field would vanish in the merge and its mistake with it.
        let unknown: Vec<(String, Value)> = self
            .rest
            .iter()
            .filter(|(name, value)| value.is_null() && target.get(name.as_str()).is_none())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        merge(&mut target, Value::Object(self.rest));
        let mut merged = match target {
            Value::Object(merged) => merged,
            _ => Map::new(),
        };
        merged.extend(unknown);
        Self::of(merged)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.rest.contains_key(name)
    }

    pub(super) fn required_text(
        &mut self,
        name: &'static str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> String {
        if !self.has(name) {
            self.known.push(name);
            self.malformed(name, "is required");
            return String::new();
        }
        if self.rest.get(name) == Some(&Value::Null) {
            self.take(name);
            self.malformed(name, "is required and cannot be null");
            return String::new();
        }
        self.text(name, check).unwrap_or_default()
    }

    pub(super) fn text(
        &mut self,
        name: &'static str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => {
                if let Err(detail) = check(&text) {
                    self.invalid(name, detail);
                }
                Some(text)
            }
            other => self.wrong_type(name, "a string", &other),
        }
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(flag) => Some(flag),
            other => self.wrong_type(name, "true or false", &other),
        }
    }

    /// A whole number of at least `minimum`; `None` also when it is none.
    pub(super) fn whole_number(&mut self, name: &'static str, minimum: i64) -> Option<i64> {
        let value = self.take(name)?;
        let Value::Number(number) = &value else {
            return self.wrong_type(name, "a whole number", &value);
        };
        // To JSON Schema 3.0 is whole, too; beyond 2^63 nothing is accepted anyway.
        let whole = number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0).then_some(float.clamp(-9.2e18, 9.2e18) as i64)
        });
        let Some(whole) = whole else {
            return self.wrong_type(name, "a whole number", &value);
        };
        if whole < minimum {
            self.invalid(name, format!("{whole} is too small; use {minimum} or more"));
            return None;
        }
        Some(whole)
    }

    pub(super) fn time(&mut self, name: &'static str) -> Option<Timestamp> {
        let text = self.text(name, rules::anything)?;
        match times::read(&text) {
            Ok(time) => Some(time),
            Err(detail) => {
                self.invalid(name, detail);
                None
            }
        }
    }

    /// A list of texts, in the order given.
    pub(super) fn list(
        &mut self,
        name: &'static str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Option<Vec<String>> {
        let items = match self.take(name)? {
            Value::Array(items) => items,
            other => return self.wrong_type(name, "a list of strings", &other),
        };
        if items.len() > rules::LIST_LENGTH {
            let detail = format!(
                "has {} entries; use at most {}",
                items.len(),
                rules::LIST_LENGTH
            );
            self.invalid(name, detail);
            return None;
        }
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let place = format!("{name}/{index}");
            match item {
                Value::String(text) => {
                    if let Err(detail) = check(&text) {
                        self.invalid(&place, detail);
                    }
                    texts.push(text);
                }
                other => self.malformed(&place, format!("must be a string, not {}", kind(&other))),
            }
        }
        Some(texts)
    }

    /// Labels: a map from text to text.
    pub(super) fn labels(&mut self, name: &'static str) -> Option<BTreeMap<String, String>> {
        let given = match self.take(name)? {
            Value::Object(given) => given,
            other => return self.wrong_type(name, "an object", &other),
        };
        let mut labels = BTreeMap::new();
        for (key, value) in given {
            let place = format!("{name}/{}", escaped(&key));
            if let Err(detail) = rules::label_key(&key) {
                self.invalid(&place, format!("the key {detail}"));
            }
            match value {
                Value::String(value) => {
                    if let Err(detail) = rules::label_value(&value) {
                        self.invalid(&place, detail);
                    }
                    labels.insert(key, value);
                }
                other => self.malformed(&place, format!("must be a string, not {}", kind(&other))),
            }
        }
        Some(labels)
    }

    /// A group of fields, read by `read`.
    pub(super) fn group<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let fields = match self.take(name)? {
            Value::Object(fields) => fields,
            other => return self.wrong_type(name, "an object or null", &other),
        };
        let mut group = Self::of(fields);
        group.prefix = format!("{}/{name}", self.prefix);
        let outcome = read(&mut group);
        group.complain_of_unknown();
        self.malformed.append(&mut group.malformed);
        self.invalid.append(&mut group.invalid);
        Some(outcome)
    }

    /// Notes that a field's value, though readable, cannot be.
    pub(super) fn invalid(&mut self, name: &str, detail: impl Into<String>) {
        self.invalid.push(FieldError {
            pointer: format!("{}/{name}", self.prefix),
            detail: detail.into(),
        });
    }

    /// Ends the reading: `Err` with every mistake there is.
    pub(super) fn finish(mut self) -> Result<(), Problem> {
        self.complain_of_unknown();
        if !self.malformed.is_empty() {
            self.malformed.append(&mut self.invalid);
            return Err(Problem::malformed_fields(self.malformed));
        }
        if !self.invalid.is_empty() {
            return Err(Problem::validation_failed(self.invalid));
        }
        Ok(())
    }

    /// The field's value; `None` when it is absent or null.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        // The order of the others is the order they are complained about.
        self.rest
            .shift_remove(name)
            .filter(|value| !value.is_null())
    }

    fn complain_of_unknown(&mut self) {
        let known = self.known.join(", ");
        let unknown: Vec<String> = self.rest.keys().map(|name| escaped(name)).collect();
        for name in unknown {
            self.malformed(&name, format!("is not known here; known are {known}"));
        }
    }

    fn wrong_type<T>(&mut self, name: &str, expected: &str, given: &Value) -> Option<T> {
        self.malformed(name, format!("must be {expected}, not {}", kind(given)));
        None
    }

    fn malformed(&mut self, name: &str, detail: impl Into<String>) {
        self.malformed.push(FieldError {
            pointer: format!("{}/{name}", self.prefix),
            detail: detail.into(),
        });
    }
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.shift_remove(&name);
            } else {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// One piece of a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The example of RFC 7396, section 3.
    #[test]
    fn a_merge_patch_replaces_adds_and_removes() {
        let mut target = json!({
            "title": "Goodbye!",
            "author": { "givenName": "John", "familyName": "Doe" },
            "tags": ["example", "sample"],
            "content": "This will be unchanged",
        });
        merge(
            &mut target,
            json!({
                "title": "Hello!",
                "phoneNumber": "+01-123-456-7890",
                "author": { "familyName": null },
                "tags": ["example"],
            }),
        );
        assert_eq!(
            target,
            json!({
                "title": "Hello!",
                "author": { "givenName": "John" },
                "tags": ["example"],
                "content": "This will be unchanged",
                "phoneNumber": "+01-123-456-7890",
            })
        );
    }
}
