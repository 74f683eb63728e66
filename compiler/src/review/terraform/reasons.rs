//! Why Terraform plans what it plans, in our words.

use serde_json::Value as Json;

use crate::model::kind::Kind;
use crate::plan::{Action, Reason};
use crate::value::{AttributePath, Value};

pub(super) fn reasons(
    kind: Kind,
    action: Action,
    json: &Json,
    prior: &Value,
    planned: &Value,
    forcing: &[AttributePath],
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let why = planned.get("rotation_reason").as_str();
    match action {
        Action::Update if prior.get("generation") != planned.get("generation") => {
            let why = why
                .unwrap_or("values that are not known yet decide")
                .to_owned();
            reasons.push(if planned.get("generation").is_unknown() {
                Reason::PossibleRotation { why }
            } else {
                Reason::Rotation { why }
            });
        }
        Action::Replace => {
            reasons.extend(forcing.iter().map(|path| Reason::Replacement {
                path: path.clone(),
                why: why_replaced(path, prior),
            }));
            if forcing.is_empty() {
                reasons.push(Reason::Replacement {
                    path: AttributePath::root(),
                    why: action_reason(json)
                        .unwrap_or("Terraform says so")
                        .to_owned(),
                });
            }
        }
        Action::Delete => {
            let why = action_reason(json).map(|why| Reason::Cascade {
                what: why.to_owned(),
            });
            reasons.extend(why);
        }
        Action::NoOp | Action::Create | Action::Update => {}
    }
    if kind == Kind::ServiceAccount && matches!(action, Action::Delete | Action::Replace) {
        reasons.push(Reason::Cascade {
            what: "its access tokens end with it".to_owned(),
        });
    }
    reasons
}

/// A secret is never changed: one that forces a replacement has expired where the server cannot rotate what has.
fn why_replaced(path: &AttributePath, prior: &Value) -> String {
    let is_secret = matches!(path.to_string().as_str(), "token" | "encrypted_token");
    match prior.get("expires_at").as_str() {
        Some(end) if is_secret && prior.get("status").as_str() == Some("expired") => {
            format!("expired {end}")
        }
        _ => "cannot be changed in place".to_owned(),
    }
}

/// Terraform's reasons, in words.
fn action_reason(json: &Json) -> Option<&'static str> {
    Some(match json["action_reason"].as_str()? {
        "replace_because_tainted" => "an earlier apply could not finish it",
        "replace_by_request" => "`-replace` asks for it",
        "replace_by_triggers" => "`replace_triggered_by` asks for it",
        "delete_because_no_resource_config" => "it is not in the configuration any more",
        "delete_because_wrong_repetition" => "`count` or `for_each` was added or removed",
        "delete_because_count_index" => "`count` became smaller",
        "delete_because_each_key" => "`for_each` has no such key any more",
        "delete_because_no_module" => "its module is not in the configuration any more",
        "delete_because_no_move_target" => "`moved` leads nowhere",
        _ => return None,
    })
}
