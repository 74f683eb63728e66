//! Clients of Dex: OpenObserve, one for whoever tries this server, with the operator's password as secret, and a
//! public one without a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

use super::errors::error;
use super::{Form, OPENOBSERVE, connectors, is_well_formed};
use crate::dialects::openobserve::Context;
use crate::dialects::openobserve::fault::Refusal;
use crate::secret;

const CONFIDENTIAL: [&str; 2] = ["lanyard", OPENOBSERVE];
const PUBLIC: &str = "lanyard-public";

pub(super) struct Client {
    pub(super) id: String,
}

impl Client {
    pub(super) fn may_use(&self, connector: &str) -> bool {
        connector != connectors::RESTRICTED || self.id == OPENOBSERVE
    }
}

/// Basic wins over the form; each of its parts is form-encoded.
pub(super) fn authenticate(context: &Context<'_>, form: &Form) -> Result<Client, Refusal> {
    let basic = context
        .call
        .header(AUTHORIZATION)
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .map(|(_, encoded)| encoded)
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, given) = match basic.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((id, given)) => (
            decoded(id, "client_id improperly encoded")?,
            decoded(given, "client_secret improperly encoded")?,
        ),
        None => (form.get("client_id"), form.get("client_secret")),
    };
    let known = if id == PUBLIC {
        given.is_empty()
    } else {
        let secret_fits = context.store.operator(&secret::hash(&given))?.is_some();
        CONFIDENTIAL.contains(&id.as_str()) && secret_fits
    };
    if known {
        return Ok(Client { id });
    }
    let text = "Invalid client credentials.";
    Err(error(401, "invalid_client", Some(text)))
}

fn decoded(part: &str, complaint: &str) -> Result<String, Refusal> {
    let spaced = part.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8();
    match text {
        Ok(text) if is_well_formed(part.as_bytes()) => Ok(text.into_owned()),
        _ => Err(error(400, "invalid_request", Some(complaint))),
    }
}
