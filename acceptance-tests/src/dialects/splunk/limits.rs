//! What a token may send: category quotas, or data points per minute, with alert thresholds.

use serde_json::{Map, Value, json};

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

/// Null when there are none. The official client sends a literal -1 for "no threshold" and wants it back; what is no limit at all is
/// passed over.
pub(super) fn read(given: Option<Value>) -> Result<Value, Refusal> {
    let given = match given {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Refusal::undecodable("limits")),
    };
    let mut kept = Map::new();
    for (name, value) in given {
        let is_quota = QUOTAS.contains(&name.as_str());
        if value.is_null() || !(is_quota || NUMBERS.contains(&name.as_str())) {
            continue;
        }
        let value = if is_quota {
            value.as_object().and_then(quota)
        } else {
            number(&name, &value)
        };
        let value = value.ok_or_else(|| Refusal::undecodable(format!("limits.{name}")))?;
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
fn number(name: &str, value: &Value) -> Option<Value> {
    let number = whole(value)?;
    (name == "mtsmLimit" || i32::try_from(number).is_ok()).then(|| json!(number))
}

/// Categories without a number are left out.
fn quota(quota: &Map<String, Value>) -> Option<Value> {
    let mut kept = Map::new();
    for (category, value) in quota.iter().filter(|(_, value)| !value.is_null()) {
        let is_known = ["1", "2", "3", "4"].contains(&category.as_str());
        let number = whole(value).filter(|_| is_known)?;
        kept.insert(category.clone(), json!(number));
    }
    Some(Value::Object(kept))
}

/// Also when it is written with a fraction of nothing.
fn whole(value: &Value) -> Option<i64> {
    let fraction = || {
        format!("{:.0}", value.as_f64().filter(|it| it.fract() == 0.0)?)
            .parse()
            .ok()
    };
    value.as_i64().or_else(fraction)
}
