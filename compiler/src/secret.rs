//! The only type that holds a secret. It never shows itself: `Debug`, `Display` and `Serialize` print `[secret]`, and every
//! call of [`Secret::expose`] is a line worth reviewing.

pub mod native_form;

use std::fmt;
use std::panic::PanicHookInfo;

use zeroize::Zeroize as _;

/// A credential in clear text: an access token's secret, a password, a private key.
///
/// Comparison is by content and not constant-time: secrets are compared with our own state, never with what an attacker sends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<str>);

impl Secret {
    /// What a format knows it by, that gives secrets to this type alone.
    pub(crate) const NAME: &str = "Secret";

    /// Takes ownership of a clear-text secret.
    pub fn new(clear: impl Into<Box<str>>) -> Self {
        Self(clear.into())
    }

    /// Opens the envelope. Only what sends the secret on (an HTTP header, Terraform's state, a sink) may call this.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True for a text of no characters, which is no secret at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The memory that held a secret is wiped before it is given back. What libraries copied (a request on its way, a value of Terraform)
/// is theirs; see `docs/security.md`.
impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("[secret]")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Clear;

        impl<'de> serde::de::Visitor<'de> for Clear {
            type Value = Secret;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, clear: &str) -> Result<Secret, E> {
                Ok(Secret::new(clear))
            }

            fn visit_newtype_struct<D: serde::Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Secret, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Secret::new)
            }
        }

        deserializer.deserialize_newtype_struct(Self::NAME, Clear)
    }
}

/// A secret is text to whoever writes it into a configuration.
impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string"})
    }

    fn inline_schema() -> bool {
        true
    }
}

/// What a panic says, if that is a fixed text: one with something in it may quote a secret.
pub fn fixed_message(panic: &PanicHookInfo<'_>) -> &'static str {
    panic
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("the message is withheld: it may quote a secret")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let secret = Secret::new("lyd_hunter2");
        let shown = format!(
            "{secret} {secret:?} {:#?} {}",
            Some(&secret),
            serde_json::to_string(&secret).unwrap()
        );
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
