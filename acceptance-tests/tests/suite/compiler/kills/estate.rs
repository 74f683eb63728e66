//! What is configured on each server: so many secrets of the kinds that it has.

use std::fmt::Write as _;

use super::Sink;

/// A kind of configuration.
pub(super) struct Estate {
    pub(super) api: &'static str,
    /// What is there once.
    frame: &'static str,
    /// The resource of a number, without the end of its block.
    resource: fn(usize) -> String,
    /// Whether its secrets have a `rotation` block, and come due.
    pub(super) comes_due: bool,
}

/// Every server, with secrets that come due where there are any, and without.
pub(super) fn estates() -> Vec<Estate> {
    let estate = |api, frame, resource, comes_due| Estate {
        api,
        frame,
        resource,
        comes_due,
    };
    vec![
        estate("native", "", native, true),
        estate("splunk", "", splunk, true),
        estate("osmo", OSMO, osmo, true),
        estate("elasticsearch", ELASTICSEARCH, elasticsearch, false),
        estate("openobserve", "", openobserve, false),
        estate("chronosphere", "", chronosphere, false),
        estate("native", "", native, false),
        estate("splunk", "", splunk, false),
        estate("osmo", OSMO, osmo, false),
    ]
}

impl Estate {
    /// The configuration with so many secrets.
    pub(super) fn configuration(&self, count: usize, sink: Sink) -> String {
        let mut text = format!(
            "provider \"lanyard\" {{\n  api = \"{}\"\n}}\n{}",
            self.api, self.frame
        );
        for number in 0..count {
            let resource = (self.resource)(number);
            text += &resource;
            if let Some(recipient) = sink.recipient()
                && resource.contains("lanyard_access_token")
            {
                let _ = writeln!(text, "  recipient = \"{recipient}\"");
            }
            if self.comes_due {
                text += "  rotation {\n    before_expiry = \"14d\"\n  }\n";
            }
            text += "}\n";
        }
        text
    }

    /// The address of a secret, and an id that tells its server how to sign in with it.
    pub(super) fn named(&self, number: usize) -> (String, String) {
        let block = (self.resource)(number);
        let kind = block.split('"').nth(1).unwrap_or_default();
        let id = match kind {
            "lanyard_service_account" => format!("default/t{number}.default@sa.internal"),
            _ => format!("t{number}"),
        };
        (format!("{kind}.t{number}"), id)
    }
}

fn native(number: usize) -> String {
    format!(
        "resource \"lanyard_access_token\" \"t{number}\" {{\n  name = \"t{number}\"\n  ttl  = \"30d\"\n"
    )
}

fn splunk(number: usize) -> String {
    format!(
        "{}  scopes = [\"api\"]\n  roles  = [\"read_only\"]\n",
        native(number)
    )
}

const OSMO: &str = "resource \"lanyard_service_account\" \"ci\" {\n  name  = \"svc-ci\"\n  roles = [\"osmo-user\"]\n}\n";

fn osmo(number: usize) -> String {
    format!(
        "{}  service_account = lanyard_service_account.ci.id\n  roles = [\"osmo-user\"]\n",
        native(number)
    )
}

const ELASTICSEARCH: &str = "resource \"lanyard_service_account\" \"ci\" {\n  name  = \"shop/worker\"\n  roles = [\"viewer\"]\n}\n";

fn elasticsearch(number: usize) -> String {
    format!(
        "resource \"lanyard_access_token\" \"t{number}\" {{\n  name = \"t{number}\"\n  service_account = lanyard_service_account.ci.id\n"
    )
}

/// In turn the secret of an account, and a token for sending data.
fn openobserve(number: usize) -> String {
    let kind = if number.is_multiple_of(2) {
        "lanyard_service_account"
    } else {
        "lanyard_access_token"
    };
    format!("resource \"{kind}\" \"t{number}\" {{\n  name = \"t{number}\"\n")
}

fn chronosphere(number: usize) -> String {
    format!(
        "resource \"lanyard_service_account\" \"t{number}\" {{\n  name = \"t{number}\"\n  unrestricted = true\n"
    )
}
