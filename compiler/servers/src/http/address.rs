//! Where the server is, by the `url` setting, and one segment of a path below it.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::Settings;
use lanyard_compiler::model::settings::{Address, address};
use lanyard_compiler::value::AttributePath;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Reads the `url` setting.
pub(crate) fn of(settings: &Settings) -> Result<Address, Diagnostic> {
    let text = settings.url.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Diagnostic::error(
            Code::MissingUrl,
            "The address of the token server is missing",
        )
        .detail("Neither the setting `url` nor the environment variable LANYARD_URL is set.")
        .at(AttributePath::attribute("url"))
        .hint("Set `url`, for example \"https://tokens.example.com\"."));
    }
    address(text, settings.allow_insecure_http == Some(true))
}

/// What stands for itself in a path is left out.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What RFC 3986 lets stand for itself in a segment as well, and an e-mail address is full of.
const RESERVED_IN_ADDRESSES: &AsciiSet = &RESERVED.remove(b'@').remove(b'+');

/// One segment of a path, encoded. `None` for what no path can carry as one segment: nothing, `.` and `..`.
pub(crate) fn segment(text: &str) -> Option<String> {
    if matches!(text, "" | "." | "..") {
        return None;
    }
    Some(utf8_percent_encode(text, RESERVED).to_string())
}

/// Likewise for a server that looks at paths before it decodes them: an e-mail address stays as people write it.
pub(crate) fn address_segment(text: &str) -> Option<String> {
    segment(text).map(|_| utf8_percent_encode(text, RESERVED_IN_ADDRESSES).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_ids_are_one_segment() {
        assert_eq!(segment("a/b ü%").as_deref(), Some("a%2Fb%20%C3%BC%25"));
        assert_eq!(segment(".."), None);
        assert_eq!(segment(""), None);
        let address = address_segment("ci+x%@x.co/a");
        assert_eq!(address.as_deref(), Some("ci+x%25@x.co%2Fa"));
    }
}
