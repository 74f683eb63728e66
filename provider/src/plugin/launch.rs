//! What the environment says about how to start.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// What a parent sets to show that it knows how to talk to a plugin. Not a secret.
#[derive(Clone, Copy, Debug)]
pub struct Cookie {
    pub name: &'static str,
    pub value: &'static str,
}

/// How the parent wants the plugin to start.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// The only certificate a client may show, as PEM; without one there is no encryption.
    pub client_certificate: Option<String>,
    /// Where to listen if not on a socket file; any port if empty.
    pub ports: Option<RangeInclusive<u16>>,
    /// Where the socket file belongs, instead of the directory for temporary files.
    pub socket_directory: Option<PathBuf>,
    /// The group that may connect, by name or number.
    pub socket_group: Option<String>,
    /// The parent asks whether connections can be multiplexed; they cannot.
    pub multiplex: bool,
}

impl Launch {
    /// Reads the environment. `None` if the cookie is missing or wrong: then a person started this program.
    pub fn read(variable: impl Fn(&str) -> Option<OsString>, cookie: Cookie) -> Option<Self> {
        if variable(cookie.name)? != cookie.value {
            return None;
        }
        let text = |name| variable(name).and_then(|value| value.into_string().ok());
        let given = |name| text(name).filter(|value| !value.is_empty());
        let port = |name| text(name)?.parse::<u16>().ok();
        Some(Self {
            client_certificate: given("PLUGIN_CLIENT_CERT"),
            ports: port("PLUGIN_MIN_PORT")
                .zip(port("PLUGIN_MAX_PORT"))
                .map(|(least, most)| least..=most),
            socket_directory: variable("PLUGIN_UNIX_SOCKET_DIR")
                .filter(|value| !value.is_empty())
                .map(PathBuf::from),
            socket_group: given("PLUGIN_UNIX_SOCKET_GROUP"),
            multiplex: given("PLUGIN_MULTIPLEX_GRPC").is_some(),
        })
    }
}
