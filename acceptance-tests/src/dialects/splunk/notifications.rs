//! Who is told when a limit is near: objects with a `type`, kept as they came.

use serde_json::Value;

use super::fault::Refusal;

const KINDS: [&str; 16] = [
    "AmazonEventBridge",
    "BigPanda",
    "Email",
    "EmailTemplate",
    "Jira",
    "Office365",
    "Opsgenie",
    "PagerDuty",
    "ServiceNow",
    "Slack",
    "SplunkPlatform",
    "Team",
    "TeamEmail",
    "VictorOps",
    "Webhook",
    "XMatters",
];

/// An answer with a type that the official client does not know breaks each of its plans, so none gets in.
pub(super) fn check(notifications: &[Value]) -> Result<(), Refusal> {
    for (index, notification) in notifications.iter().enumerate() {
        let kind = notification.get("type").and_then(Value::as_str);
        if !kind.is_some_and(|kind| KINDS.contains(&kind)) {
            return Err(Refusal::undecodable(format!("notifications[{index}].type")));
        }
    }
    Ok(())
}
