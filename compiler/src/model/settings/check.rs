//! What can be said of a server's settings before anybody talks to it. Parts that are not known yet are skipped.

use super::address::Address;
use super::given::Given;
use crate::diagnostic::{Code, Diagnostic, figures};
use crate::model::lifetime::Lifetime;
use crate::model::server::{Api, capabilities};
use crate::model::state::Loose;
use crate::secret::Secret;
use crate::suggest::closest;
use crate::value::{AttributePath, Number, Value};

/// Complaints about values that are wrong whatever stands beside them, and about settings that exclude each other. What is
/// missing is no complaint here: it may still come from the environment.
pub fn check(settings: &Value) -> Vec<Diagnostic> {
    let given = Given::of(settings);
    let mut found = Vec::new();
    found.extend(api(&given));
    found.extend(url(&given));
    found.extend(two_credentials(&given));
    for (name, text) in [
        ("request_timeout", &given.request_timeout),
        ("clock_tolerance", &given.clock_tolerance),
    ] {
        found.extend(duration(name, text));
    }
    for (name, number, least) in [
        ("max_retries", &given.max_retries, 0),
        ("max_requests_per_second", &given.max_requests_per_second, 1),
    ] {
        found.extend(count(name, number, least));
    }
    for (name, text) in [
        ("username", &given.username),
        ("organization", &given.organization),
        ("ca_file", &given.ca_file),
        ("client_certificate", &given.client_certificate),
        ("token", &given.token),
        ("password", &given.password),
        ("client_key", &given.client_key),
    ] {
        found.extend(blank(name, text));
    }
    found
}

/// Complaints about settings that need another one beside them. For settings that are complete: nothing more will come from the
/// environment. Parts that are not known yet count as present.
pub fn check_complete(settings: &Value) -> Vec<Diagnostic> {
    let given = Given::of(settings);
    let username = ("username", &given.username);
    let password = ("password", &given.password);
    let certificate = ("client_certificate", &given.client_certificate);
    let key = ("client_key", &given.client_key);
    [
        (username, password),
        (password, username),
        (certificate, key),
        (key, certificate),
    ]
    .into_iter()
    .filter(|((_, one), (_, other))| !one.is_null() && other.is_null())
    .map(|((given, _), (missing, _))| (given, missing))
    .filter(|(name, _)| *name != "username" || !name_suffices(&given))
    .map(|(given, missing)| {
        Diagnostic::error(Code::IncompleteCredential, "A credential is incomplete")
            .at(AttributePath::attribute(given))
            .detail(format!("`{given}` is given without `{missing}`."))
            .hint(format!("Add `{missing}`, or remove `{given}`."))
    })
    .collect()
}

/// True if the kind of server takes a user name alone, or may turn out to be one that does.
fn name_suffices(given: &Given) -> bool {
    given
        .kind()
        .is_none_or(|api| capabilities(api).believes_user_names)
}

/// The kind of server that complete settings name, or that silence means. `None` while it is not known, or where there is no such kind.
pub fn kind(settings: &Value) -> Option<Api> {
    Given::of(settings).kind()
}

fn api(given: &Given) -> Option<Diagnostic> {
    let name = given.api.value()?;
    if Api::parse(name).is_some() {
        return None;
    }
    let names = Api::ALL.map(Api::name);
    let complaint = Diagnostic::error(Code::UnknownApi, "Unknown kind of token server")
        .at(AttributePath::attribute("api"))
        .detail_among(&names, |quote| {
            format!(
                "`api` is {}, which is no kind of token server.",
                quote(name)
            )
        });
    Some(match closest(name, names) {
        Some(meant) => complaint.hint(format!("Did you mean {meant:?}?")),
        None => complaint.hint(format!("Use one of {}.", names.join(", "))),
    })
}

fn url(given: &Given) -> Option<Diagnostic> {
    let text = given.url.value()?;
    let allowed = &given.allow_insecure_http;
    // What is not known is settled when it is; what is no bool allows nothing.
    let may_be = allowed.is_unknown() && !allowed.is_written();
    let allowed = may_be || allowed.value() == Some(&true);
    address(text, allowed).err()
}

/// The address that the setting `url` says. Plain http is refused but for this machine, unless it is allowed in so many words.
pub fn address(text: &str, allow_insecure_http: bool) -> Result<Address, Diagnostic> {
    let complaint =
        |code, summary: &str| Diagnostic::error(code, summary).at(AttributePath::attribute("url"));
    let address = Address::parse(text).map_err(|problem| {
        complaint(Code::InvalidUrl, "The server's address is not usable")
            .detail(format!("{problem}."))
            .hint("Write scheme and host, for example \"https://tokens.example.com\".")
    })?;
    if !address.is_https() && !address.is_loopback() && !allow_insecure_http {
        return Err(complaint(Code::InsecureHttp, "Plain http is refused")
            .detail("`url` begins with http://, so that the credential and every issued secret would cross the network in clear text.")
            .hint("Use https, or set `allow_insecure_http = true` if that network is trusted."));
    }
    Ok(address)
}

fn two_credentials(given: &Given) -> Option<Diagnostic> {
    let user = [("username", &given.username), ("password", &given.password)];
    let (user, _) = user.into_iter().find(|(_, text)| !text.is_null())?;
    (!given.token.is_null()).then(|| {
        Diagnostic::error(Code::ConflictingCredentials, "Two credentials are given")
            .at(AttributePath::attribute("token"))
            .detail(format!(
                "`token` and `{user}` are both given, and only one can be used to sign in."
            ))
            .hint("Keep `token`, or `username` and `password`.")
    })
}

fn duration(name: &str, text: &Loose<Option<String>>) -> Option<Diagnostic> {
    let text = text.value()?;
    let problem = Lifetime::parse(text).err()?;
    Some(
        Diagnostic::error(Code::InvalidDuration, "Not a duration")
            .at(AttributePath::attribute(name))
            .detail_of(|quote| format!("`{name}` is {}, which {problem}.", quote(text))),
    )
}

fn count(name: &str, number: &Loose<Option<Number>>, least: u64) -> Option<Diagnostic> {
    let number = number.value()?;
    let fits = number
        .as_u64()
        .is_some_and(|number| (least..=u64::from(u32::MAX)).contains(&number));
    (!fits).then(|| {
        Diagnostic::error(Code::InvalidNumber, "Not a usable number")
            .at(AttributePath::attribute(name))
            .detail_of(|quote| format!("`{name}` is {}.", figures(number, quote)))
            .hint(format!("Use a whole number, at least {least}."))
    })
}

fn blank(name: &str, text: &Loose<Option<Secret>>) -> Option<Diagnostic> {
    text.value()?.expose().trim().is_empty().then(|| {
        Diagnostic::error(Code::EmptySetting, "A setting is empty")
            .at(AttributePath::attribute(name))
            .detail(format!("`{name}` is given but empty."))
            .hint(format!(
                "Give it a value, or leave it out (null) to take it from LANYARD_{}.",
                name.to_uppercase()
            ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    /// The codes of all complaints, each with its place.
    fn complaints(settings: &[(&str, Value)]) -> Vec<String> {
        let settings = Value::map(settings.iter().map(|(name, value)| (*name, value.clone())));
        let mut found = check(&settings);
        found.extend(check_complete(&settings));
        found
            .iter()
            .map(|complaint| format!("{} at {}", complaint.code, complaint.path))
            .collect()
    }

    #[test]
    fn each_wrong_setting_is_named() {
        let secret = || Value::Secret(Secret::new("s"));
        for (settings, expected) in [
            (vec![], vec![]),
            (vec![("api", "splnk".into())], vec!["unknown-api at api"]),
            (
                vec![("url", "tokens.example.com".into())],
                vec!["invalid-url at url"],
            ),
            (
                vec![("url", "http://tokens.example.com".into())],
                vec!["insecure-http at url"],
            ),
            (
                vec![
                    ("url", "http://tokens.example.com".into()),
                    ("allow_insecure_http", true.into()),
                ],
                vec![],
            ),
            (
                vec![
                    ("url", "http://tokens.example.com".into()),
                    ("allow_insecure_http", Value::Unknown),
                ],
                vec![],
            ),
            (
                vec![
                    ("url", "http://tokens.example.com".into()),
                    ("allow_insecure_http", "perhaps".into()),
                ],
                vec!["insecure-http at url"],
            ),
            (vec![("url", "http://127.0.0.1:8080".into())], vec![]),
            (
                vec![("request_timeout", "30x".into())],
                vec!["invalid-duration at request_timeout"],
            ),
            (
                vec![("clock_tolerance", "soon".into())],
                vec!["invalid-duration at clock_tolerance"],
            ),
            (
                vec![("max_retries", (-1).into())],
                vec!["invalid-number at max_retries"],
            ),
            (vec![("max_retries", 0.into())], vec![]),
            (
                vec![("max_requests_per_second", 0.into())],
                vec!["invalid-number at max_requests_per_second"],
            ),
            (
                vec![("url", Value::Unknown), ("token", Value::Unknown)],
                vec![],
            ),
            (
                vec![
                    ("token", secret()),
                    ("username", "u".into()),
                    ("password", secret()),
                ],
                vec!["conflicting-credentials at token"],
            ),
            (
                vec![("username", "u".into())],
                vec!["incomplete-credential at username"],
            ),
            (
                vec![("username", "u".into()), ("password", Value::Unknown)],
                vec![],
            ),
            (
                vec![("api", "osmo".into()), ("username", "u".into())],
                vec![],
            ),
            (
                vec![("api", "osmo".into()), ("password", secret())],
                vec!["incomplete-credential at password"],
            ),
            (
                vec![("client_key", secret())],
                vec!["incomplete-credential at client_key"],
            ),
            (
                vec![("token", Value::Secret(Secret::new(" ")))],
                vec!["empty-setting at token"],
            ),
        ] {
            assert_eq!(complaints(&settings), expected, "{settings:?}");
        }
    }

    #[test]
    fn a_misspelt_kind_of_server_is_recognized() {
        let found = check(&Value::map([("api", Value::from("elasticserch"))]));
        assert_eq!(found[0].hints, ["Did you mean \"elasticsearch\"?"]);
    }
}
