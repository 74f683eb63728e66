//! Which of a vendor's editions, versions and defects the server plays: switches that a dialect asks for by name. What is
//! not set is as the dialect says.

use parking_lot::Mutex;
use serde_json::{Map, Value};

#[derive(Default)]
pub(crate) struct Profile(Mutex<Map<String, Value>>);

impl Profile {
    /// Puts these switches in the place of all that were set.
    pub(crate) fn replace(&self, switches: Map<String, Value>) {
        *self.0.lock() = switches;
    }

    pub(crate) fn as_json(&self) -> Value {
        Value::Object(self.0.lock().clone())
    }

    /// Whether this switch is set to true.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.0.lock().get(name) == Some(&Value::Bool(true))
    }

    /// Whether this switch is set to false.
    pub(crate) fn is_off(&self, name: &str) -> bool {
        self.0.lock().get(name) == Some(&Value::Bool(false))
    }

    /// The number that this switch is set to; 0 when it is not.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.0.lock().get(name).and_then(Value::as_i64).unwrap_or(0)
    }

    /// The text that this switch is set to.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let switches = self.0.lock();
        switches
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }
}
