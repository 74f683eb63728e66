//! The secret of a service token: four version bytes, then `<namespace>/<service>/<name>:<random>`, in base64
//! without padding. Clients take it apart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::principal;
use crate::secret;

const PREFIX: [u8; 4] = [0, 1, 0, 1];
/// Shorter random parts fail before any store is asked.
const SHORTEST: usize = 10;

pub(super) struct TokenValue {
    pub(super) principal: String,
    pub(super) name: String,
    pub(super) long_enough: bool,
}

pub(super) fn mint(principal: &str, name: &str) -> String {
    let mut bytes = PREFIX.to_vec();
    bytes.extend(format!("{principal}/{name}:{}", secret::random_base62(22)).bytes());
    STANDARD_NO_PAD.encode(bytes)
}

/// What a bearer secret says of itself; `None` when it is no service token, and other kinds of bearer are tried.
pub(super) fn parse(value: &str) -> Option<TokenValue> {
    let bytes = STANDARD_NO_PAD.decode(value.trim_end_matches('=')).ok()?;
    let text = std::str::from_utf8(bytes.strip_prefix(&PREFIX)?).ok()?;
    let (path, random) = text.split_once(':')?;
    let mut pieces = path.split('/');
    let (namespace, service, name) = (pieces.next()?, pieces.next()?, pieces.next()?);
    if pieces.next().is_some() || !principal::is_token_name(name) {
        return None;
    }
    Some(TokenValue {
        principal: format!("{namespace}/{service}"),
        name: name.to_owned(),
        long_enough: random.len() >= SHORTEST,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_documented_value_is_taken_apart() {
        let documented = "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL2NpLTE6QWJDZEVmR2hJaktsTW5PcFFyU3RVdg";
        let value = parse(documented).expect("a service token");
        assert_eq!(value.principal, "elastic/fleet-server");
        assert_eq!(value.name, "ci-1");
        assert!(value.long_enough);
        assert!(mint("apps/worker", "ci").starts_with("AAEAA"));
        assert!(parse("lyd_something").is_none());
    }
}
