//! What a token may send: category quotas, or data points per minute, with alert thresholds.

use serde_json::{Map, Value};

use super::fault::Refusal;

const QUOTAS: [&str; 2] = ["categoryQuota", "categoryNotificationThreshold"];
const NUMBERS: [&str; 5] = [
    "dpmQuota",
    "dpmNotificationThreshold",
    "jobsPerMinuteLimit",
    "eventSearchesPerMinute",
    "mtsmLimit",
];

/// Rates with the most they may be; 0 removes them.
const RATES: [(&str, i64); 2] = [("jobsPerMinuteLimit", 60), ("eventSearchesPerMinute", 30)];

/// Null when there are none. Numbers are kept as they came: the official client sends a literal -1 for "no threshold"
/// and wants it back.
pub(super) fn read(given: Option<Value>) -> Result<Value, Refusal> {
    let given = match given {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Refusal::undecodable("limits")),
    };
    let mut kept = Map::new();
    for (name, value) in given {
        if value.is_null() {
            continue;
        }
        let fits = if QUOTAS.contains(&name.as_str()) {
            value.as_object().is_some_and(is_quota)
        } else {
            NUMBERS.contains(&name.as_str()) && is_number(&name, &value)
        };
        if !fits {
            return Err(Refusal::undecodable(format!("limits.{name}")));
        }
        if let Some((_, most)) = RATES.iter().find(|(rate, _)| *rate == name) {
            match value.as_i64() {
                Some(0) => continue,
                Some(rate) if (1..=*most).contains(&rate) => {}
                _ => {
                    let message = format!("{name} must be between 1 and {most}, or 0 for no limit");
                    return Err(Refusal::bad_request(message));
                }
            }
        }
        kept.insert(name, value);
    }
    // One organization has one plan; this server has none, so the two families only exclude each other.
    if kept.contains_key("dpmQuota") && kept.contains_key("categoryQuota") {
        return Err(Refusal::bad_request(
            "Category quota cannot be set on a DPM subscription plan",
        ));
    }
    if kept.is_empty() {
        return Ok(Value::Null);
    }
    Ok(Value::Object(kept))
}

/// All but `mtsmLimit` are of 32 bits: official clients cannot read more.
fn is_number(name: &str, value: &Value) -> bool {
    value
        .as_i64()
        .is_some_and(|number| name == "mtsmLimit" || i32::try_from(number).is_ok())
}

fn is_quota(quota: &Map<String, Value>) -> bool {
    quota.iter().all(|(category, value)| {
        ["1", "2", "3", "4"].contains(&category.as_str()) && value.is_i64()
    })
}
