//! The vendor's own account in each organization: listed where it exists, never changed, rotated or deleted.

use serde_json::{Value, json};

use super::fault::Refusal;
use super::{Context, profile};

fn address(organization: &str) -> String {
    format!("o2-sre-agent.org-{organization}@openobserve.internal").to_ascii_lowercase()
}

fn is(context: &Context<'_>, email: &str) -> bool {
    profile::has_system_account(context.server) && email == address(context.organization())
}

/// Refuses to do to it what this word says.
pub(super) fn refuse(context: &Context<'_>, email: &str, done: &str) -> Result<(), Refusal> {
    if is(context, &email.trim().to_ascii_lowercase()) {
        let message = format!("System service accounts cannot be {done}");
        return Err(Refusal::forbidden(message));
    }
    Ok(())
}

/// How the list shows it; it is older than everything else.
pub(super) fn show(context: &Context<'_>) -> Option<Value> {
    profile::has_system_account(context.server).then(|| {
        json!({
            "email": address(context.organization()),
            "first_name": "SRE",
            "last_name": "Agent",
            "role": "sre_agent",
            "is_external": false,
            "created_at": 1_767_225_600_000_000_i64,
            "token": "",
            "is_system": true,
            "description": "Used by the AI SRE Agent.",
        })
    })
}
