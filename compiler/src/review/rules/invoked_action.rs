//! An action that rotates or revokes.

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "invoked-action",
    level: Level::Warning,
    summary: "The plan calls an action that rotates or revokes a token, by `-invoke` or by a trigger.",
    why: "An action is not part of the configuration's state: no later plan shows what it did, and nothing undoes it.",
    remedy: "Call it by hand when something leaked. For what happens regularly, let `rotation` do it.",
    silent: "Actions of other providers, whatever they call.",
    is_told: true,
    check: |subject| {
        let later = &subject.circumstances.put_off.calls;
        let calls = subject.circumstances.invocations().chain(later);
        calls
            .map(|aside| Hit {
                address: aside.address.clone(),
                path: AttributePath::root(),
                message: aside.text.clone(),
                hint: None,
                place: None,
                left_over: None,
            })
            .collect()
    },
    fires: Fixture::Plan(
        r#"{"format_version": "1.2", "action_invocations": [
  {"address": "action.lanyard_revoke_access_token.leaked", "type": "lanyard_revoke_access_token",
   "config_values": {"access_token": "tok_1"}, "invoke_action_trigger": {}}]}"#,
    ),
    passes: Fixture::Plan(
        r#"{"format_version": "1.2", "action_invocations": [
  {"address": "action.aws_lambda_invoke.x", "type": "aws_lambda_invoke", "config_values": {}, "invoke_action_trigger": {}}]}"#,
    ),
};
