//! Where secrets are handed over, and what was received there last.

use std::sync::OnceLock;

use serde_json::Value;

use super::Story;

/// A way to receive secrets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sink {
    /// Lines of JSON.
    Lines,
    /// A file of variables.
    Variables,
    /// Lines of JSON, encrypted for a key.
    Sealed,
    /// A file of variables, each encrypted by the token's own `recipient` where it can have one.
    OwnRecipient,
}

fn key() -> &'static age::x25519::Identity {
    static KEY: OnceLock<age::x25519::Identity> = OnceLock::new();
    KEY.get_or_init(age::x25519::Identity::generate)
}

impl Sink {
    pub(super) const ALL: [Self; 4] = [
        Self::Lines,
        Self::Variables,
        Self::Sealed,
        Self::OwnRecipient,
    ];

    /// The command that hands secrets over here.
    pub(super) fn apply(self) -> String {
        match self {
            Self::Lines => "apply --yes --out-file secrets.jsonl".to_owned(),
            Self::Variables | Self::OwnRecipient => "apply --yes --env-file secrets.env".to_owned(),
            Self::Sealed => format!(
                "apply --yes --out-file secrets.jsonl --recipient {}",
                key().to_public()
            ),
        }
    }

    /// The `recipient` of each resource.
    pub(super) fn recipient(self) -> Option<String> {
        matches!(self, Self::OwnRecipient).then(|| key().to_public().to_string())
    }

    /// The secret that was received last under this address, in the clear.
    pub(super) fn last(self, story: &Story, address: &str) -> Option<String> {
        match self {
            Self::Lines => line(story, address)?["token"].as_str().map(str::to_owned),
            Self::Sealed => open(line(story, address)?["encrypted_token"].as_str()?),
            Self::Variables => variable(story, address),
            // Accounts have no `recipient`.
            Self::OwnRecipient => variable(story, address).and_then(|value| {
                if value.starts_with("-----") {
                    open(&value)
                } else {
                    Some(value)
                }
            }),
        }
    }
}

/// A line that a kill tore was never handed over.
fn line(story: &Story, address: &str) -> Option<Value> {
    let text = story.read("secrets.jsonl");
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .rfind(|line: &Value| line["address"] == address)
}

fn variable(story: &Story, address: &str) -> Option<String> {
    let (_, name) = address.rsplit_once('.')?;
    let text = story.read("secrets.env");
    let before = format!("\n{}=", name.to_uppercase());
    let text = format!("\n{text}");
    let (_, value) = text.rsplit_once(&before)?;
    match value.strip_prefix('\'') {
        Some(quoted) => quoted.split('\'').next().map(str::to_owned),
        None => value.lines().next().map(str::to_owned),
    }
}

fn open(armored: &str) -> Option<String> {
    let clear = age::decrypt(key(), armored.as_bytes()).ok()?;
    String::from_utf8(clear).ok()
}
