//! JSON Web Tokens of servers that sign: RS256 over a key of the server's own, which the store keeps, so that tokens
//! live on after a restart. The key set shows its public half.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::store::{Store, StoreError};

const SETTING: &str = "signing_key";

/// A key that signs, and its public half.
pub(crate) struct SigningKey {
    pair: Arc<KeyPair>,
}

/// The key of every server that this process starts with an empty store, and how it is stored: making one takes longer than most tests.
static NEW: OnceLock<Option<(Arc<KeyPair>, String)>> = OnceLock::new();

impl SigningKey {
    /// The server's key; made at the first use. `None` when the system gives no randomness or the stored key is damaged.
    pub(crate) fn of(store: &Store) -> Result<Option<Self>, StoreError> {
        if let Some(kept) = store.setting(SETTING)? {
            let known = NEW.get().and_then(Option::as_ref);
            if let Some((pair, _)) = known.filter(|(_, stored)| *stored == kept) {
                return Ok(Some(Self {
                    pair: Arc::clone(pair),
                }));
            }
            let der = URL_SAFE_NO_PAD.decode(kept).unwrap_or_default();
            let pair = KeyPair::from_pkcs8(&der).ok();
            return Ok(pair.map(|pair| Self {
                pair: Arc::new(pair),
            }));
        }
        let Some((pair, stored)) = NEW.get_or_init(generate) else {
            return Ok(None);
        };
        store.keep_setting(SETTING, stored)?;
        Ok(Some(Self {
            pair: Arc::clone(pair),
        }))
    }

    /// Signs the claims. `extra` holds what stands beside `alg` in the header: a `typ`, a `kid`.
    pub(crate) fn sign(&self, extra: &Value, claims: &Value) -> Option<String> {
        let mut header = json!({ "alg": "RS256" });
        for (name, value) in extra.as_object().into_iter().flatten() {
            header[name] = value.clone();
        }
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        let body = URL_SAFE_NO_PAD.encode(claims.to_string());
        let message = format!("{head}.{body}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &random,
                message.as_bytes(),
                &mut signature,
            )
            .ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that this key signed; its times are for the caller to judge.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (message, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let public =
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        public.verify(message.as_bytes(), &signature).ok()?;
        let (_, body) = message.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
    }

    /// The public half as a JSON Web Key, with what stands beside it, for example a `kid`.
    pub(crate) fn public_key(&self, mut extra: Value) -> Value {
        let public = self.pair.public_key();
        extra["kty"] = json!("RSA");
        extra["alg"] = json!("RS256");
        extra["use"] = json!("sig");
        let encode = |bytes: &[u8]| json!(URL_SAFE_NO_PAD.encode(bytes));
        extra["n"] = encode(public.modulus().big_endian_without_leading_zero());
        extra["e"] = encode(public.exponent().big_endian_without_leading_zero());
        extra
    }
}

fn generate() -> Option<(Arc<KeyPair>, String)> {
    let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
    let der = pair.as_der().ok()?;
    let stored = URL_SAFE_NO_PAD.encode(der.as_ref());
    Some((Arc::new(pair), stored))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Database;

    #[test]
    fn only_what_the_key_signed_is_believed_and_the_key_survives() {
        let store = Store::open(&Database::Memory).unwrap();
        let key = SigningKey::of(&store).unwrap().unwrap();
        let token = key.sign(&json!({}), &json!({ "sub": "ci" })).unwrap();
        let again = SigningKey::of(&store).unwrap().unwrap();
        assert_eq!(again.verify(&token), Some(json!({ "sub": "ci" })));
        assert_eq!(again.verify(&token.replace('.', "x.")), None);
        assert_eq!(again.verify("a.b.c"), None);
    }
}
