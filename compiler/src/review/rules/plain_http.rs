//! Secrets on the wire, in clear.

use crate::review::findings::{Fixture, Hit, Level, Rule};
use crate::value::AttributePath;

pub(super) const RULE: Rule = Rule {
    name: "plain-http",
    level: Level::Error,
    summary: "A provider talks to its token server over plain http.",
    why: "Everybody on the way reads the credential that signs in, and every secret that is issued.",
    remedy: "Use https, and `ca_certificate` where the server's authority is a private one.",
    silent: "The machine itself (`localhost`) is allowed. An address from a variable or from the environment is not known.",
    is_told: false,
    check: |subject| {
        let servers = subject.circumstances.servers.iter();
        servers
            .filter(|server| {
                let url = server
                    .url
                    .as_deref()
                    .and_then(|url| url::Url::parse(url).ok());
                url.is_some_and(|url| {
                    let is_here = match url.host() {
                        Some(url::Host::Domain(name)) => {
                            name == "localhost" || name.ends_with(".localhost")
                        }
                        Some(url::Host::Ipv4(address)) => address.is_loopback(),
                        Some(url::Host::Ipv6(address)) => address.is_loopback(),
                        None => false,
                    };
                    url.scheme() == "http" && !is_here
                })
            })
            .map(|server| Hit {
                address: server.provider.clone(),
                path: AttributePath::attribute("url"),
                message: "talks to its server over plain http".to_owned(),
                hint: None,
                place: server.place.clone(),
                left_over: None,
            })
            .collect()
    },
    fires: Fixture::New(
        r#"provider "lanyard" {
  url                 = "http://tokens.example.com"
  allow_insecure_http = true
}

resource "lanyard_service_account" "ci" {
  name = "ci"
}
"#,
    ),
    passes: Fixture::New(
        r#"provider "lanyard" {
  url = "https://tokens.example.com"
}

resource "lanyard_service_account" "ci" {
  name = "ci"
}
"#,
    ),
};
