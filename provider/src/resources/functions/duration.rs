//! `duration_seconds("1d12h")` and `duration_hours("90d")`: lifetimes as numbers, for arguments and functions that know no days.

use lanyard_compiler::model::functions::{self, Unit};
use lanyard_compiler::model::schema::Type;
use lanyard_compiler::value::Value;

use crate::resources::{Function, FunctionError, FunctionSignature, Parameter};

/// A duration in seconds.
pub(super) const DURATION_SECONDS: Duration = Duration {
    name: "duration_seconds",
    unit: Unit::Seconds,
    example: "`duration_seconds(\"1d12h\")` is 129600.",
};

/// A duration in hours.
pub(super) const DURATION_HOURS: Duration = Duration {
    name: "duration_hours",
    unit: Unit::Hours,
    example: "`duration_hours(\"90d\")` is 2160, so `timeadd(x, \"${provider::lanyard::duration_hours(\"90d\")}h\")` is 90 days later.",
};

#[derive(Debug)]
pub(super) struct Duration {
    name: &'static str,
    unit: Unit,
    example: &'static str,
}

impl Function for Duration {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> FunctionSignature {
        FunctionSignature {
            summary: format!("A duration in {}", self.unit.name()),
            doc: format!(
                "Returns the length of a duration as a number of {}: {}",
                self.unit.name(),
                self.example
            ),
            parameters: vec![Parameter {
                name: "duration".to_owned(),
                kind: Type::String,
                doc: "A duration as `ttl` takes it: numbers with w, d, h, m or s.".to_owned(),
            }],
            variadic: None,
            returns: Type::Number,
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let text = arguments.first().and_then(Value::as_str);
        functions::duration_in(self.unit, text.unwrap_or_default())
            .map(Value::Number)
            .map_err(FunctionError::from)
    }
}
