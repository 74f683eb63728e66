//! What tells a secret that is not at hand, sealed for its recipient or somebody else's, from one that took its place: as much of it as the
//! server shows to everybody who may list it, and no more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use lanyard_compiler::model::server::Recovery;
use lanyard_compiler::secret::Secret;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::record::Record;

/// Of what a server shows, so many characters are kept at most: none that is known shows more without showing all.
const MOST: usize = 4;
/// Enough to tell two secrets apart, and too little to be of use for anything else.
const HASH_BYTES: usize = 8;

/// Too little to find a secret by: plans are read by anybody.
const TRACE_BYTES: usize = 2;

/// What is kept of a secret whose clear text no state holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Shown {
    /// How it begins, where the server shows that much.
    Beginning(String),
    /// The beginning of its hash, where the server shows all of it.
    Hash { hash: String },
}

impl Shown {
    /// Of a secret that has just been issued, with what the server then said of its object; `None` if that shows nothing, yet or ever.
    pub(crate) fn of<R: Record>(secret: &Secret, record: &R, recovery: Recovery) -> Option<Self> {
        match record.secret_prefix() {
            Some(shown) => Some(Self::beginning(secret.expose(), shown.chars().count())),
            None => (recovery == Recovery::ReadSecret).then(|| Self::Hash { hash: hash(secret) }),
        }
    }

    /// Of a secret that an object has no more, where the server shows the one that it has instead.
    pub(crate) fn of_replaced<R: Record>(secret: &Secret, record: &R) -> Option<Self> {
        let now = record.secret()?;
        (now != secret).then(|| Self::Hash { hash: hash(secret) })
    }

    /// Of the secret that an object has now.
    pub(crate) fn now<R: Record>(record: &R) -> Option<Self> {
        match record.secret() {
            Some(secret) => Some(Self::Hash { hash: hash(secret) }),
            None => record
                .secret_prefix()
                .map(|shown| Self::beginning(shown, MOST)),
        }
    }

    /// What tells it from another one of the same object, and nothing of it.
    pub(crate) fn trace(&self, id: &str) -> String {
        let text = match self {
            Self::Beginning(text) => text,
            Self::Hash { hash } => hash,
        };
        let hash = Sha256::digest(format!("{id} {text}").as_bytes());
        HEXLOWER.encode(&hash[..TRACE_BYTES])
    }

    fn beginning(text: &str, characters: usize) -> Self {
        Self::Beginning(text.chars().take(characters.min(MOST)).collect())
    }

    /// True if the object has another secret by now. A server that shows nothing tells nothing.
    pub(crate) fn is_gone_from<R: Record>(&self, record: &R) -> bool {
        match (self, record.secret(), record.secret_prefix()) {
            (Self::Hash { hash: own }, Some(secret), _) => *own != hash(secret),
            (Self::Beginning(own), Some(secret), _) => !secret.expose().starts_with(own),
            (Self::Beginning(own), None, Some(shown)) => {
                !shown.starts_with(own.as_str()) && !own.starts_with(shown)
            }
            (Self::Hash { .. }, None, Some(_)) | (_, None, None) => false,
        }
    }
}

fn hash(secret: &Secret) -> String {
    let hash = Sha256::digest(secret.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash[..HASH_BYTES])
}
