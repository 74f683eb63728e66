//! The provider block, put to use: the only place that reads `LANYARD_*`.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::value::Value;
use lanyard_servers::{Connection as Reached, Origin, connect_with};

use super::connection::Connection;
use super::state_place;

/// One variable of this process.
pub(super) fn from_process(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Takes the settings into use. No connection is made yet: a server that cannot be reached is the first call's to report.
pub(super) fn configure(
    connection: &Connection,
    block: &Value,
    environment: impl Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    match connect_with(block, environment) {
        Ok(Reached::Ready(server, settings)) => {
            if let Some(place) = state_place::find() {
                let place: Vec<&str> = place.iter().map(String::as_str).collect();
                server.session().come_from(Origin::of(&place, &settings));
            }
            connection.configure(server, *settings);
        }
        Ok(Reached::NotKnown { api, unknown }) => connection.configure_later(api, unknown),
        Err(problems) => return problems,
    }
    Vec::new()
}

/// The kind of server that a provider block will most likely be for, before it is configured: `terraform validate` goes no
/// further. `None` where it may still come from an environment that is not here now.
pub(super) fn expected_kind(
    block: &Value,
    environment: impl Fn(&str) -> Option<String>,
) -> Option<Api> {
    let named = |variable: &str| environment(variable).filter(|text| !text.is_empty());
    match block.get("api") {
        Value::Null => {}
        api => return api.as_str().and_then(Api::parse),
    }
    if let Some(name) = named("LANYARD_API") {
        return Api::parse(&name);
    }
    // Who says where the server is has said everything.
    let is_addressed = !block.get("url").is_null() || named("LANYARD_URL").is_some();
    is_addressed.then(Api::default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_expected_only_where_nothing_more_will_be_said() {
        for (block, environment, expected) in [
            (vec![], vec![], None),
            (vec![("api", "splunk".into())], vec![], Some(Api::Splunk)),
            (
                vec![("api", Value::Unknown)],
                vec![("LANYARD_URL", "u")],
                None,
            ),
            (vec![("api", "splnk".into())], vec![], None),
            (vec![("url", "u".into())], vec![], Some(Api::Native)),
            (
                vec![("url", "u".into())],
                vec![("LANYARD_API", "osmo")],
                Some(Api::Osmo),
            ),
            (vec![], vec![("LANYARD_URL", "u")], Some(Api::Native)),
            (vec![], vec![("LANYARD_URL", "")], None),
        ] {
            let found = expected_kind(&Value::map(block.clone()), |asked| {
                let variable = environment.iter().find(|(name, _)| *name == asked)?;
                Some(variable.1.to_owned())
            });
            assert_eq!(found, expected, "{block:?} {environment:?}");
        }
    }
}
