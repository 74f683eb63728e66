//! The one line on stdout that tells the parent where to connect. Nothing may stand before it, nothing after it.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Listener;

/// go-plugin's own protocol, not the application's.
const CORE_PROTOCOL: u32 = 1;

/// Writes the line.
pub(super) fn announce(
    listener: &Listener,
    protocol: u32,
    certificate: Option<&[u8]>,
    multiplex: bool,
) -> io::Result<()> {
    let line = line(
        listener.network(),
        &listener.address(),
        protocol,
        certificate,
        multiplex,
    );
    let mut stdout = io::stdout().lock();
    stdout.write_all(line.as_bytes())?;
    stdout.flush()
}

fn line(
    network: &str,
    address: &str,
    protocol: u32,
    certificate: Option<&[u8]>,
    multiplex: bool,
) -> String {
    // Padding would be an error to the reader, and a certificate it did not ask for a crash.
    let certificate = certificate
        .map(|der| STANDARD_NO_PAD.encode(der))
        .unwrap_or_default();
    let multiplex = if multiplex { "|false" } else { "" };
    format!("{CORE_PROTOCOL}|{protocol}|{network}|{address}|grpc|{certificate}{multiplex}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_six_fields_and_a_seventh_only_if_asked() {
        assert_eq!(
            line("unix", "/run/plugin1", 5, None, false),
            "1|5|unix|/run/plugin1|grpc|\n"
        );
        assert_eq!(
            line("tcp", "127.0.0.1:10000", 5, Some(b"certificate!!"), true),
            "1|5|tcp|127.0.0.1:10000|grpc|Y2VydGlmaWNhdGUhIQ|false\n"
        );
    }
}
