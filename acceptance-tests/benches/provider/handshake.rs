//! From the start of the process to its handshake line, as Terraform would wait for it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// Milliseconds of each start.
pub(crate) fn starts(provider: &Path, certificate: bool, count: usize) -> Result<Vec<f64>, String> {
    let certificate = certificate.then(client_certificate).transpose()?;
    (0..count)
        .map(|_| start(provider, certificate.as_deref()))
        .collect()
}

fn start(provider: &Path, certificate: Option<&str>) -> Result<f64, String> {
    let mut command = Command::new(provider);
    command
        .env(COOKIE.0, COOKIE.1)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(certificate) = certificate {
        command.env("PLUGIN_CLIENT_CERT", certificate);
    }
    let began = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| format!("the provider does not start: {error}"))?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        BufReader::new(output)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
    }
    let took = began.elapsed().as_secs_f64() * 1e3;
    // Its work is done; it may already be ending.
    let _ = child.kill();
    let _ = child.wait();
    if line.starts_with("1|5|") {
        return Ok(took);
    }
    Err(format!(
        "instead of the handshake line the provider said {line:?}"
    ))
}

/// Like Terraform's: self-signed, ECDSA P-521, its own authority.
fn client_certificate() -> Result<String, String> {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512)
        .map_err(|error| error.to_string())?;
    let mut wanted = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .map_err(|error| error.to_string())?;
    wanted.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = wanted
        .self_signed(&key)
        .map_err(|error| error.to_string())?;
    Ok(certificate.pem())
}
