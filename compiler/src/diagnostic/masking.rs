//! Lines of a configuration, shown to people without the secrets that somebody wrote into them.

use super::quoting::{KEPT_BACK, PREFIXES, quoted};
use crate::suggest::closest;

/// Attributes whose text is, or may hold, a secret.
const SECRETS: [&str; 9] = [
    "actor_token",
    "client_key",
    "client_secret",
    "password",
    "previous_token",
    "routing_key",
    "secret",
    "subject_token",
    "token",
];

/// The same line, as long as before, with stars in place of each text in quotation marks that may be a secret.
pub(crate) fn without_secrets(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    // What is given a value, and the word that may turn out to be its name.
    let (mut name, mut word) = (String::new(), String::new());
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        if letter == '"' {
            let (text, after) = literal(&rest[1..]);
            shown.push('"');
            match may_be_secret(&name, text) {
                true => shown.extend(text.chars().map(|_| '*')),
                false => shown.push_str(text),
            }
            word = text.to_owned();
            rest = after;
            if let Some(after) = rest.strip_prefix('"') {
                shown.push('"');
                rest = after;
            }
            continue;
        }
        let length = rest
            .find(|letter: char| !(letter.is_alphanumeric() || "_-".contains(letter)))
            .unwrap_or(rest.len());
        let length = length.max(if length == 0 { letter.len_utf8() } else { 0 });
        let (part, after) = rest.split_at(length);
        match part {
            "=" | ":" => name = std::mem::take(&mut word),
            " " | "\t" => {}
            part => word = part.to_owned(),
        }
        shown.push_str(part);
        rest = after;
    }
    shown
}

/// What stands before the closing quotation mark, and what follows from it on.
fn literal(text: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = text.find(|letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    text.split_at(end.unwrap_or(text.len()))
}

fn may_be_secret(name: &str, text: &str) -> bool {
    if PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
        return true;
    }
    let is_reference = text.starts_with("${") && text.ends_with('}');
    let place = text.split_once("://").map(|(_, place)| place);
    let host = place.map(|place| place.split(['/', '?', '#']).next().unwrap_or_default());
    if host.is_some_and(|host| host.contains('@')) {
        return true;
    }
    if name == "url" {
        // The address of a webhook says more than the host.
        let place = place.unwrap_or(text).trim_end_matches('/');
        return !is_reference && place.contains(['/', '@', '?', '#']);
    }
    let is_one = SECRETS.contains(&name) || closest(name, SECRETS).is_some();
    is_one && !is_reference && quoted(text) == KEPT_BACK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_shown_and_the_line_stays_as_long() {
        for (line, shown) in [
            ("  token = \"lyd_ab12\"", "  token = \"********\""),
            (
                "  x = [\"a\", \"lyd_1\"] # b",
                "  x = [\"a\", \"*****\"] # b",
            ),
            ("passwort = \"hunter2\"", "passwort = \"*******\""),
            ("\"token\": \"hunter2\",", "\"token\": \"*******\","),
            (
                "routing_key = \"r4nd0m\" + 1",
                "routing_key = \"******\" + 1",
            ),
            ("url = \"https://a:b@c\"", "url = \"*************\""),
            ("url = [\"https://c/d\"]", "url = [\"***********\"]"),
            ("secret = \"a\\\"1", "secret = \"****"),
        ] {
            assert_eq!(without_secrets(line), shown);
        }
        for line in [
            "  url = \"https://tokens.example.com:8443/\"",
            "  lifetme = \"90 days and 1\"",
            "  token = \"${var.tokn}\"",
            "  name = lanyard_access_token.ci.token == \"\" ? 1 : upper(\"ä1\")",
            "",
        ] {
            assert_eq!(without_secrets(line), line);
        }
    }
}
