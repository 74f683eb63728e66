//! `duration_seconds("1d12h")` and `duration_hours("90d")`: lifetimes as numbers, for arguments and functions that know no days.

use lanyard_compiler::model::Lifetime;
use lanyard_compiler::model::schema::Type;
use lanyard_compiler::value::{Number, Value};

use crate::resources::{Function, FunctionError, FunctionSignature, Parameter};

/// A duration in seconds.
pub(super) const DURATION_SECONDS: Duration = Duration {
    name: "duration_seconds",
    unit: "seconds",
    example: "`duration_seconds(\"1d12h\")` is 129600.",
    seconds: 1,
};

/// A duration in hours.
pub(super) const DURATION_HOURS: Duration = Duration {
    name: "duration_hours",
    unit: "hours",
    example: "`duration_hours(\"90d\")` is 2160, so `timeadd(x, \"${provider::lanyard::duration_hours(\"90d\")}h\")` is 90 days later.",
    seconds: 3_600,
};

#[derive(Debug)]
pub(super) struct Duration {
    name: &'static str,
    unit: &'static str,
    example: &'static str,
    /// How many seconds the unit has.
    seconds: u64,
}

impl Function for Duration {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signature(&self) -> FunctionSignature {
        FunctionSignature {
            summary: format!("A duration in {}", self.unit),
            doc: format!(
                "Returns the length of a duration as a number of {}: {}",
                self.unit, self.example
            ),
            parameters: vec![Parameter {
                name: "duration".to_owned(),
                kind: Type::String,
                doc: "A duration as `ttl` takes it: numbers with w, d, h, m or s.".to_owned(),
                allow_null: false,
                allow_unknown: false,
            }],
            variadic: None,
            returns: Type::Number,
        }
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let problem = |text: String| FunctionError {
            text,
            argument: Some(0),
        };
        let Some(Value::String(text)) = arguments.first() else {
            return Err(problem("The duration is not a string.".to_owned()));
        };
        let lifetime =
            Lifetime::parse(text).map_err(|reason| problem(format!("{text:?} {reason}")))?;
        let number = Number::from(lifetime.seconds()).as_decimal() / self.seconds;
        // A third of an hour has no end in decimals; a millionth of an hour is far below a second.
        Ok(Value::Number(number.round(6).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(function: &Duration, text: &str) -> Result<String, String> {
        match function.call(vec![text.into()]) {
            Ok(value) => Ok(format!("{value:?}")),
            Err(error) => Err(error.text),
        }
    }

    #[test]
    fn durations_become_numbers() {
        assert_eq!(call(&DURATION_SECONDS, "1d12h"), Ok("129600".to_owned()));
        assert_eq!(call(&DURATION_HOURS, "90d"), Ok("2160".to_owned()));
        assert_eq!(call(&DURATION_HOURS, "90m"), Ok("1.5".to_owned()));
        assert_eq!(call(&DURATION_HOURS, "1m"), Ok("0.016667".to_owned()));
    }

    #[test]
    fn what_is_no_duration_is_explained() {
        let problem = call(&DURATION_HOURS, "90x").unwrap_err();
        assert!(
            problem.starts_with("\"90x\" is not a duration; use"),
            "{problem}"
        );
    }
}
