//! Mistakes, and the whole of what Terraform says about each. Every complaint names the place, what was expected, and what to do.

use std::fmt::Write as _;

use crate::support::console::note;
use crate::support::story::{Story, on_every_terraform};

/// A title and the configuration that is wrong.
type Mistake = (&'static str, &'static str);

/// One snapshot for all: each mistake's title, and what `terraform COMMAND` says.
fn check(snapshot: &str, command: &str, mistakes: &[Mistake]) {
    on_every_terraform(|story| story.snapshot(snapshot, &complaints(story, command, mistakes)));
}

fn complaints(story: &Story, command: &str, mistakes: &[Mistake]) -> String {
    let mut all = String::new();
    for (title, configuration) in mistakes {
        story.configure(&format!("{}\n", configuration.trim()));
        note(title);
        let complaint = story.fails(&[command]);
        writeln!(all, "======== {title}\n\n{}\n", complaint.trim())
            .expect("text can be written to");
    }
    all
}

#[test]
fn accounts_that_cannot_be() {
    check("invalid_accounts", "validate", ACCOUNTS);
}

#[test]
fn tokens_that_cannot_be() {
    check("invalid_tokens", "validate", TOKENS);
}

#[test]
fn settings_that_cannot_be() {
    check("invalid_settings", "validate", SETTINGS);
}

#[test]
fn settings_that_are_not_complete() {
    check("incomplete_settings", "plan", INCOMPLETE_SETTINGS);
}

#[test]
fn what_this_server_cannot_do() {
    check("beyond_the_server", "plan", BEYOND_THE_SERVER);
}

#[test]
fn data_that_cannot_be_read() {
    check("invalid_data_sources", "plan", DATA_SOURCES);
}

const ACCOUNTS: &[Mistake] = &[
    ("no name", "resource \"lanyard_service_account\" \"a\" {\n}"),
    (
        "an empty name",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"\"\n}",
    ),
    (
        "an unknown attribute",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n  role = [\"viewer\"]\n}",
    ),
    (
        "an unknown block",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n  restrictions {\n  }\n}",
    ),
    (
        "a wrong type",
        "resource \"lanyard_service_account\" \"a\" {\n  name     = \"a\"\n  disabled = \"perhaps\"\n}",
    ),
    (
        "an attribute that only the server sets",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n  id   = \"sa_1\"\n}",
    ),
    (
        "an unknown on_conflict",
        "resource \"lanyard_service_account\" \"a\" {\n  name        = \"a\"\n  on_conflict = \"adapt\"\n}",
    ),
    (
        "restricted and unrestricted",
        "resource \"lanyard_service_account\" \"a\" {\n  name         = \"a\"\n  unrestricted = true\n\n  restriction {\n    permission = \"READ\"\n  }\n}",
    ),
    (
        "an unknown permission",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n\n  restriction {\n    permission = \"read\"\n  }\n}",
    ),
    (
        "no permission",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n\n  restriction {\n  }\n}",
    ),
    (
        "two restrictions",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n\n  restriction {\n    permission = \"READ\"\n  }\n\n  restriction {\n    permission = \"WRITE\"\n  }\n}",
    ),
    (
        "three labels",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n\n  restriction {\n    permission = \"READ\"\n    labels     = { a = \"1\", b = \"2\", c = \"3\" }\n  }\n}",
    ),
];

const TOKENS: &[Mistake] = &[
    ("no name", "resource \"lanyard_access_token\" \"ci\" {\n}"),
    (
        "two ends",
        "resource \"lanyard_access_token\" \"ci\" {\n  name       = \"ci\"\n  ttl        = \"90d\"\n  expires_at = \"2099-01-01T00:00:00Z\"\n}",
    ),
    (
        "a ttl that is no duration",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"90x\"\n}",
    ),
    (
        "a ttl of nothing",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"0s\"\n}",
    ),
    (
        "a negative ttl",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"-1d\"\n}",
    ),
    (
        "a date without a time",
        "resource \"lanyard_access_token\" \"ci\" {\n  name       = \"ci\"\n  expires_at = \"2099-01-01\"\n}",
    ),
    (
        "a date in words",
        "resource \"lanyard_access_token\" \"ci\" {\n  name       = \"ci\"\n  expires_at = \"tomorrow\"\n}",
    ),
    (
        "a rotation longer than the life",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"7d\"\n\n  rotation {\n    before_expiry = \"14d\"\n  }\n}",
    ),
    (
        "a grace period that is no duration",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  rotation {\n    grace_period = \"forever\"\n  }\n}",
    ),
    (
        "an unknown level",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  visibility {\n    level = \"admin\"\n  }\n}",
    ),
    (
        "users whom the level does not look at",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  visibility {\n    level = \"everyone\"\n    users = [\"u1\"]\n  }\n}",
    ),
    (
        "a recipient that is no key",
        "resource \"lanyard_access_token\" \"ci\" {\n  name      = \"ci\"\n  recipient = \"alice@example.com\"\n}",
    ),
    (
        "several mistakes at once",
        "resource \"lanyard_access_token\" \"ci\" {\n  name        = \"\"\n  ttl         = \"soon\"\n  expires_at  = \"later\"\n  on_conflict = \"ignore\"\n\n  rotation {\n    before_expiry = \"early\"\n    jitter        = \"-\"\n  }\n}\n\nresource \"lanyard_service_account\" \"a\" {\n  name = \"\"\n}",
    ),
];

const SETTINGS: &[Mistake] = &[
    (
        "an unknown api",
        "provider \"lanyard\" {\n  api = \"splunks\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "an address without a scheme",
        "provider \"lanyard\" {\n  url = \"tokens.example.com\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "an address with a password",
        "provider \"lanyard\" {\n  url = \"https://me:secret@tokens.example.com\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "plain http",
        "provider \"lanyard\" {\n  url = \"http://tokens.example.com\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "a timeout that is no duration",
        "provider \"lanyard\" {\n  request_timeout = \"soon\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "fewer retries than none",
        "provider \"lanyard\" {\n  max_retries = -1\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "an unknown setting",
        "provider \"lanyard\" {\n  host = \"tokens.example.com\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
];

/// Known only when the environment has had its say.
const INCOMPLETE_SETTINGS: &[Mistake] = &[
    (
        "half a client certificate",
        "provider \"lanyard\" {\n  client_certificate = \"client.pem\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
    (
        "a certificate authority that is not there",
        "provider \"lanyard\" {\n  url     = \"https://tokens.example.com\"\n  ca_file = \"none.pem\"\n}\n\ndata \"lanyard_identity\" \"me\" {}",
    ),
];

const BEYOND_THE_SERVER: &[Mistake] = &[
    (
        "a rotation before an end that never comes",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  rotation {\n    before_expiry = \"14d\"\n  }\n}",
    ),
    (
        "a slug",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n  slug = \"a\"\n}",
    ),
    (
        "an e-mail address",
        "resource \"lanyard_service_account\" \"a\" {\n  name  = \"a\"\n  email = \"a@example.com\"\n}",
    ),
    (
        "the rotation of an account",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \"a\"\n\n  rotation {\n    before_expiry = \"14d\"\n  }\n}",
    ),
    (
        "limits",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  limits {\n    hosts = 10\n  }\n}",
    ),
    (
        "an alert",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  alert {\n    type  = \"Email\"\n    email = \"a@example.com\"\n  }\n}",
    ),
    (
        "too long a grace period",
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n\n  rotation {\n    grace_period = \"61d\"\n  }\n}",
    ),
    (
        "a role in capitals",
        "resource \"lanyard_service_account\" \"a\" {\n  name  = \"a\"\n  roles = [\"viewer\", \"Editor\"]\n}",
    ),
    (
        "a scope with a space",
        "resource \"lanyard_access_token\" \"ci\" {\n  name   = \"ci\"\n  scopes = [\"samples read\"]\n}",
    ),
    (
        "a name with spaces around it",
        "resource \"lanyard_service_account\" \"a\" {\n  name = \" a \"\n}",
    ),
];

const DATA_SOURCES: &[Mistake] = &[
    (
        "neither id nor name",
        "data \"lanyard_service_account\" \"a\" {\n}",
    ),
    (
        "an id that does not exist",
        "data \"lanyard_service_account\" \"a\" {\n  id = \"sa_00000000000000000000\"\n}",
    ),
    (
        "a name that does not exist",
        "data \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n}",
    ),
];
