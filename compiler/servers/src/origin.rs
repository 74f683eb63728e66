//! Where our records of an object are kept: a Terraform state, or a folder of the command. An object is made with the mark of the
//! place as unclaimed, and claimed once its creator has the answer, before anything is stored. So what is unclaimed stands in nobody's
//! records: a run from here was interrupted. What is claimed, or was made from elsewhere, stands in somebody's, however much it
//! looks like a leftover.

use std::path::Path;

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use lanyard_compiler::model::Settings;

/// A mark of the place, the same for every run there and for none elsewhere. It tells nothing about the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    claimed: String,
    unclaimed: String,
}

/// Hexadecimal digits of a mark: enough that no two places of an organization share one.
const DIGITS: usize = 32;
/// Before the mark of a place, on what nobody has claimed.
const UNCLAIMED: &str = "unclaimed-";

impl Origin {
    /// The mark of a place that these parts describe completely. What describes a state's place may hold passwords, so the hash
    /// is keyed with the credential: nobody who reads the mark on the server can try out guesses. Another credential makes other
    /// marks, which costs no more than a question instead of a recovery.
    pub fn of(place: &[&str], settings: &Settings) -> Self {
        let credential = settings.token.as_ref().or(settings.password.as_ref());
        let key = credential.map_or("", |secret| secret.expose());
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        for part in place {
            // With its length, so that no two lists of parts read the same.
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut text = HEXLOWER.encode(context.sign().as_ref());
        text.truncate(DIGITS);
        Self {
            unclaimed: format!("{UNCLAIMED}{text}"),
            claimed: text,
        }
    }

    /// A description of a folder of this machine that fits no other one, and not the one that takes its place after it is deleted.
    /// `None` if this machine tells too little to be sure.
    pub fn folder(path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        let made = std::fs::metadata(&path).ok()?.created().ok()?;
        // Containers of one image find the same folder, made at the same time, each with a copy of its own.
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Some(format!("{}\n{made:?}\n{}", host.trim(), path.display()))
    }

    pub(crate) fn is_of_claimed(mark: &str) -> bool {
        !mark.starts_with(UNCLAIMED)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.claimed
    }

    pub(crate) fn unclaimed(&self) -> &str {
        &self.unclaimed
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::secret::Secret;

    use super::*;

    fn of(place: &[&str], token: &str) -> Origin {
        let settings = Settings {
            token: Some(Secret::new(token.to_owned())),
            ..Settings::default()
        };
        Origin::of(place, &settings)
    }

    #[test]
    fn a_place_has_one_mark_and_shares_it_with_no_other() {
        let here = of(&["s3", "bucket"], "t");
        assert_eq!(here, of(&["s3", "bucket"], "t"));
        for other in [
            of(&["s3", "bucket2"], "t"),
            of(&["s3b", "ucket"], "t"),
            of(&["s3", "bucket"], "u"),
        ] {
            assert_ne!(here, other);
        }
        assert!(!here.as_str().contains("bucket"));
        assert_eq!(here.as_str().len(), DIGITS);
    }

    #[test]
    fn a_folder_is_told_from_another_one() {
        let here = Origin::folder(Path::new("."));
        assert_eq!(here, Origin::folder(Path::new(env!("CARGO_MANIFEST_DIR"))));
        assert_ne!(here, Origin::folder(Path::new("src")));
        assert_eq!(Origin::folder(Path::new("no such folder")), None);
    }
}
