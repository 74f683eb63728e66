//! Receivers of alerts: each has what its type needs, and stands once.

use super::{Subject, attribute};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::facts;
use crate::model::kind::Kind;
use crate::value::Step;

/// What each type of receiver needs, as the attributes' documentation says.
const NEEDS: &[(&str, &[&str])] = &[
    ("AmazonEventBridge", &["credential_id"]),
    ("BigPanda", &["credential_id"]),
    ("Email", &["email"]),
    ("Jira", &["credential_id"]),
    ("Office365", &["credential_id"]),
    ("Opsgenie", &["credential_id"]),
    ("PagerDuty", &["credential_id"]),
    ("ServiceNow", &["credential_id"]),
    ("Slack", &["credential_id", "channel"]),
    ("Team", &["team"]),
    ("TeamEmail", &["team"]),
    ("VictorOps", &["credential_id", "routing_key"]),
    ("XMatters", &["credential_id"]),
];

/// True for the lack of a secret, which the server may have: it stays, of a receiver that is there already.
pub(super) fn may_be_left_out(problem: &Diagnostic) -> bool {
    let block = facts::schema(Kind::AccessToken).body.block("alert");
    let attributes = block.into_iter().flat_map(|block| &block.body.attributes);
    let mut secrets = attributes.filter(|attribute| attribute.sensitive);
    problem.code == Code::AlertIncomplete
        && secrets.any(|secret| {
            problem.path.steps().last() == Some(&Step::Attribute(secret.name.clone()))
        })
}

pub(super) fn receivers_are_complete_and_distinct(
    subject: &Subject<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(alerts) = subject.get("alert").as_list() else {
        return;
    };
    for (index, alert) in alerts.iter().enumerate() {
        let path = attribute("alert").index(index);
        let before = found.len();
        let Some(kind) = alert.get("type").as_str() else {
            continue;
        };
        let needs = NEEDS
            .iter()
            .find(|(name, _)| *name == kind)
            .map_or(&[][..], |(_, needs)| needs);
        for need in needs.iter().filter(|need| alert.get(need).is_null()) {
            found.push(
                Diagnostic::error(Code::AlertIncomplete, "A receiver of alerts is incomplete")
                    .detail(format!("An alert of type \"{kind}\" needs `{need}`."))
                    .at(path.then(*need)),
            );
        }
        if kind == "Webhook" && alert.get("url").is_null() && alert.get("credential_id").is_null() {
            found.push(
                Diagnostic::error(Code::AlertIncomplete, "A receiver of alerts is incomplete")
                    .detail("An alert of type \"Webhook\" needs `url` and `secret`, or `credential_id`.")
                    .at(path.then("url")),
            );
        }
        let first = alerts.iter().position(|other| other == alert);
        let is_complete = found.len() == before;
        if is_complete && alert.is_wholly_known() && first.is_some_and(|first| first < index) {
            found.push(
                Diagnostic::error(Code::AlertDuplicate, "A receiver of alerts stands twice")
                    .detail(format!(
                        "This alert is the same as alert {}.",
                        first.map_or(1, |first| first + 1)
                    ))
                    .at(path)
                    .hint("Remove one of them."),
            );
        }
    }
}
