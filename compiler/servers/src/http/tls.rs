//! Whom we trust and who we are, on the level of connections.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::settings::Address;
use lanyard_compiler::value::AttributePath;
use reqwest::{Certificate, Identity};

use super::CONNECT_TIMEOUT;
use super::answer::causes;

/// The certificates that the settings name.
pub(super) struct Files {
    authorities: Vec<Certificate>,
    identity: Option<Identity>,
}

impl Files {
    /// Reads and checks the files; a mistake in one is found before the first request.
    pub(super) fn load(settings: &Settings, address: &Address) -> Result<Self, Diagnostic> {
        if !address.is_https() {
            return Ok(Self {
                authorities: Vec::new(),
                identity: None,
            });
        }
        let authorities = match &settings.ca_file {
            None => Vec::new(),
            Some(path) => {
                let pem =
                    std::fs::read(path).map_err(|error| unreadable("ca_file", path, &error))?;
                let authorities = Certificate::from_pem_bundle(&pem)
                    .map_err(|_| not_pem("ca_file", "certificates"))?;
                if authorities.is_empty() {
                    return Err(not_pem("ca_file", "certificates"));
                }
                authorities
            }
        };
        let identity = match (&settings.client_certificate, &settings.client_key) {
            (None, None) => None,
            (Some(_), None) => return Err(lonely("client_certificate", "client_key")),
            (None, Some(_)) => return Err(lonely("client_key", "client_certificate")),
            (Some(certificate), Some(key)) => {
                let mut pem = pem_or_file("client_certificate", certificate)?;
                pem.push(b'\n');
                pem.extend(pem_or_file("client_key", key.expose())?);
                Some(Identity::from_pem(&pem).map_err(|_| {
                    not_pem("client_certificate", "a certificate and its private key")
                })?)
            }
        };
        Ok(Self {
            authorities,
            identity,
        })
    }

    /// Builds the connection pool. The error is a sentence.
    pub(super) async fn client(&self, address: &Address) -> Result<reqwest::Client, String> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // A redirection could lead the credential to another host, or from https to http.
            .redirect(reqwest::redirect::Policy::none());
        if address.is_loopback() {
            builder = builder.no_proxy();
        }
        if !address.is_https() {
            // No certificate is ever looked at: loading the system's authorities would only cost time and memory.
            return build(builder.tls_certs_only([]));
        }
        if let Some(identity) = self.identity.clone() {
            builder = builder.identity(identity);
        }
        let authorities = self.authorities.clone();
        tokio::task::spawn_blocking(move || build(builder.tls_certs_merge(authorities)))
            .await
            .map_err(|_| "the connection could not be prepared".to_owned())?
    }
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, String> {
    builder.build().map_err(|error| {
        let cause = causes(&error)
            .last()
            .map_or_else(|| error.to_string(), ToString::to_string);
        format!("TLS could not be set up: {cause}")
    })
}

/// PEM text as it stands, or the content of the file that is named.
fn pem_or_file(setting: &'static str, text: &str) -> Result<Vec<u8>, Diagnostic> {
    if text.contains("-----BEGIN") {
        return Ok(text.as_bytes().to_vec());
    }
    // The text is not shown: it may be a mangled key rather than a path.
    std::fs::read(text.trim()).map_err(|error| {
        Diagnostic::error(Code::UnreadableFile, "A file cannot be read")
            .detail(format!(
                "`{setting}` is neither PEM text nor the path of a file that can be read: {error}."
            ))
            .at(AttributePath::attribute(setting))
    })
}

fn unreadable(setting: &'static str, path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(Code::UnreadableFile, "A file cannot be read")
        .detail(format!("`{setting}`: {path}: {error}."))
        .at(AttributePath::attribute(setting))
}

fn not_pem(setting: &'static str, content: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidPem, "A certificate or key cannot be read")
        .detail(format!("`{setting}` does not hold {content} in PEM form."))
        .at(AttributePath::attribute(setting))
        .hint("PEM text starts with a line such as \"-----BEGIN CERTIFICATE-----\".")
}

fn lonely(setting: &'static str, missing: &'static str) -> Diagnostic {
    Diagnostic::error(Code::IncompleteSettings, "Two settings belong together")
        .detail(format!("`{setting}` is set and `{missing}` is not."))
        .at(AttributePath::attribute(setting))
        .hint(format!("Set `{missing}` as well, or neither."))
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::secret::Secret;

    use super::super::address;
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), at: &str, code: &str) {
        let mut settings = Settings {
            url: Some("https://tokens.example.com".to_owned()),
            ..Settings::default()
        };
        change(&mut settings);
        let address = address::of(&settings).unwrap();
        let mistake = Files::load(&settings, &address).err().expect("a mistake");
        assert_eq!(
            (mistake.code.name(), mistake.path.to_string().as_str()),
            (code, at)
        );
        assert!(!mistake.to_string().contains("hunter2"), "{mistake}");
    }

    #[test]
    fn mistakes_in_certificates_are_found_before_the_first_request_and_keys_are_never_shown() {
        let key = || Some(Secret::new("-----BEGIN PRIVATE KEY-----\nhunter2\n"));
        let certificate = || Some("-----BEGIN CERTIFICATE-----\nhunter2\n".to_owned());
        check(
            |settings| settings.ca_file = Some("/nowhere.pem".to_owned()),
            "ca_file",
            "unreadable-file",
        );
        check(
            |settings| settings.ca_file = Some("/dev/null".to_owned()),
            "ca_file",
            "invalid-pem",
        );
        check(
            |settings| settings.client_key = key(),
            "client_key",
            "incomplete-settings",
        );
        check(
            |settings| settings.client_certificate = certificate(),
            "client_certificate",
            "incomplete-settings",
        );
        check(
            |settings| {
                settings.client_certificate = certificate();
                settings.client_key = key();
            },
            "client_certificate",
            "invalid-pem",
        );
        check(
            |settings| {
                settings.client_certificate = certificate();
                settings.client_key = Some(Secret::new("hunter2"));
            },
            "client_key",
            "unreadable-file",
        );
    }

    #[test]
    fn plain_http_reads_no_certificates() {
        let settings = Settings {
            url: Some("http://localhost:1".to_owned()),
            ca_file: Some("/nowhere.pem".to_owned()),
            ..Settings::default()
        };
        let address = address::of(&settings).unwrap();
        assert!(Files::load(&settings, &address).is_ok());
    }
}
