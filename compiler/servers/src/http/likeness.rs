//! What looks like a secret that nobody told us: a server, or a gateway on the way to it, may refuse in words that hold the answer, and
//! with that what was just issued. It shows by the name of its member, by its form, or by being random and not what we asked with.

use super::request::Request;

const HIDDEN: &str = "[redacted]";

/// How the names of members with a secret end, in small letters and without what joins words.
const NAMES: [&str; 11] = [
    "token",
    "secret",
    "password",
    "passwd",
    "passcode",
    "passphrase",
    "key",
    "jwt",
    "credential",
    "credentials",
    "authorization",
];

/// The shortest secret that a server issues, in characters (OpenObserve).
const SHORTEST: usize = 16;

/// The text of an answer to this request without what looks like a secret.
pub(super) fn hide(text: &str, request: &Request) -> String {
    let text = without_members(text, request);
    let text = without_sessions(&text);
    let asked = request.may_tell_a_secret().then(|| request.said());
    let mut shown = String::with_capacity(text.len());
    for run in text.split_inclusive(|character: char| !is_in_run(character)) {
        let bare = run.trim_end_matches(|character: char| !is_in_run(character));
        if looks_secret(bare) || asked.as_ref().is_some_and(|asked| is_new(bare, asked)) {
            shown.push_str(HIDDEN);
            shown.push_str(&run[bare.len()..]);
        } else {
            shown.push_str(run);
        }
    }
    shown
}

/// Without the values of members that are called secret: of JSON, in however many texts it stands, and of what is written like it.
fn without_members(text: &str, request: &Request) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([':', '=']) {
        let (before, after) = rest.split_at(at + 1);
        shown.push_str(before);
        rest = after;
        let Some((lead, value)) = quoted(rest) else {
            continue;
        };
        let hides = match named(&before[..at]) {
            Name::Quoted => true,
            Name::Plain => !request.said().contains(value),
            Name::Other => false,
        };
        // What is complained of the member is a sentence.
        if hides && !value.is_empty() && !value.contains(char::is_whitespace) {
            let is_hidden = value.starts_with('[') && value.ends_with(']');
            shown.push_str(&rest[..lead]);
            shown.push_str(if is_hidden { value } else { HIDDEN });
            rest = &rest[lead + value.len()..];
        }
    }
    shown.push_str(rest);
    shown
}

/// What ends a text that a value follows.
enum Name {
    /// The name of a secret, in quotation marks.
    Quoted,
    /// Such a name as it is: these may be words of a sentence.
    Plain,
    Other,
}

fn named(text: &str) -> Name {
    let text = text.trim_end();
    let name = text.trim_end_matches(['"', '\'', '\\']);
    let is_in_name =
        |character: &char| character.is_ascii_alphanumeric() || "_-".contains(*character);
    let letters = name.chars().rev().take_while(is_in_name);
    let backwards: String = letters
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let is_secret = NAMES
        .iter()
        .any(|name| backwards.starts_with(&name.chars().rev().collect::<String>()));
    match (is_secret, name.len() < text.len()) {
        (true, true) => Name::Quoted,
        (true, false) => Name::Plain,
        (false, _) => Name::Other,
    }
}

/// Where the value in quotation marks begins that a text starts with, and the value. The marks may be escaped, all alike, and that of the
/// end may be missing.
fn quoted(text: &str) -> Option<(usize, &str)> {
    let marks = text.trim_start_matches([' ', '>']);
    let escapes = marks.len() - marks.trim_start_matches('\\').len();
    let mark = marks[escapes..].chars().next()?;
    if !matches!(mark, '"' | '\'') {
        return None;
    }
    let (mark, inside) = marks.split_at(escapes + 1);
    let ends = |(at, _): &(usize, &str)| !inside[..*at].ends_with('\\');
    let end = inside.match_indices(mark).find(ends);
    let value = &inside[..end.map_or(inside.len(), |(at, _)| at)];
    Some((text.len() - inside.len(), value))
}

/// Without JSON Web Tokens, whose parts are short now and then.
fn without_sessions(text: &str) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("eyJ") {
        let (before, token) = rest.split_at(at);
        let end = token.find(|character| !is_part(character));
        let (token, after) = token.split_at(end.unwrap_or(token.len()));
        shown.push_str(before);
        shown.push_str(if token.contains('.') { HIDDEN } else { token });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn is_in_run(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=_-".contains(character)
}

/// Our own tokens by their prefix; anything long that mixes digits with capital and small letters, as random text does and words
/// and ids in sentences do not.
fn looks_secret(run: &str) -> bool {
    run.split('-').any(|word| {
        (word.starts_with("lyd_") && word.len() > 12)
            || (word.len() >= 20 && kinds(word) == 3 && !word.starts_with('/'))
    })
}

/// True of what is random, or may be, unless it is made of what was asked with.
fn is_new(run: &str, asked: &str) -> bool {
    if run.len() < SHORTEST {
        return false;
    }
    let words = || run.split(|character: char| !character.is_ascii_alphanumeric());
    if words().all(|word| asked.contains(word)) {
        return false;
    }
    let is_word = |word: &str| {
        !word
            .bytes()
            .skip(1)
            .any(|letter| letter.is_ascii_uppercase())
    };
    let has_digits = run.bytes().any(|byte| byte.is_ascii_digit());
    kinds(run) == 3
        || (kinds(run) == 2 && !has_digits && !words().all(is_word))
        || words().any(|word| word.len() >= SHORTEST && kinds(word) == 2 && has_digits)
}

/// How many of digits, small and capital letters are in it.
fn kinds(text: &str) -> usize {
    let tests: [fn(&u8) -> bool; 3] = [
        u8::is_ascii_digit,
        u8::is_ascii_lowercase,
        u8::is_ascii_uppercase,
    ];
    let has = |test: &&fn(&u8) -> bool| text.as_bytes().iter().any(test);
    tests.iter().filter(has).count()
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::json;

    use super::super::request::Repeat;
    use super::*;

    /// A secret of each server.
    const SECRETS: [&str; 8] = [
        "lyd_0123456789abcdefghijABCDEFGHIJ01kq3Xyz",
        // Chronosphere, Elasticsearch, OpenObserve's two, OSMO (twice), Splunk.
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuMTo3TFdaSDZ",
        "Qm8xkTz0PbLw3RnY",
        "o2oi_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345",
        "x7_Zq-Lk2WvB-n4TgYh_pRsD8fJm-AaQ3eUcK9oXiE1",
        "aBcdefgh-iJklmnopq-Rstuvwxyz-ABcdefghijk-lm",
        "AbCdEfGhIjKlMnOpQrStUv",
    ];

    fn creation() -> Request {
        let asked = json!({"name": "MyServiceAccountInProduction", "roles": ["viewer"]});
        Request::new(Method::POST, "/v1/things", Repeat::Never).body("application/json", &asked)
    }

    #[test]
    fn what_a_creation_may_have_issued_is_hidden_wherever_it_is_quoted() {
        for secret in SECRETS {
            let answer = json!({"id": "1", "token": secret}).to_string();
            for quoted in [
                answer.clone(),
                json!({ "upstream": answer }).to_string(),
                json!({ "log": json!({ "upstream": answer }).to_string() }).to_string(),
                format!("token='{secret}'"),
                format!("issued {secret}."),
                format!("%22token%22%3A%22{secret}%22"),
                format!("<token>{secret}</token>"),
                // It was cut off.
                answer[..answer.len() - 4].to_owned(),
            ] {
                let shown = hide(&quoted, &creation());
                assert!(!shown.contains(&secret[..8]), "{shown}");
                assert!(shown.contains(HIDDEN), "{shown}");
            }
        }
    }

    #[test]
    fn members_are_known_by_their_names_in_every_answer() {
        for (text, expected) in [
            (r#"{"token":"abc"}"#, r#"{"token":"[redacted]"}"#),
            (
                r#"{"accessToken": "a/b"} no"#,
                r#"{"accessToken": "[redacted]"} no"#,
            ),
            (
                r#"{\"api_key\":\"a\/b\"}"#,
                r#"{\"api_key\":\"[redacted]\"}"#,
            ),
            (r#"{"passcode":"abc"#, r#"{"passcode":"[redacted]"#),
            (r#"{"token":"[secret]"}"#, r#"{"token":"[secret]"}"#),
            // Neither is a secret, nor is what somebody complains of one.
            (
                r#"{"token_name":"abc","id":"7"}"#,
                r#"{"token_name":"abc","id":"7"}"#,
            ),
            (
                r#"{"token":"must not be empty"}"#,
                r#"{"token":"must not be empty"}"#,
            ),
            (r#"{"token":""}"#, r#"{"token":""}"#),
            ("no such token: 'things'", "no such token: 'things'"),
        ] {
            assert_eq!(hide(text, &Request::get("/things")), expected);
        }
    }

    #[test]
    fn words_stay() {
        for text in [
            "MyServiceAccountInProduction exists",
            "role \"viewer\" of at_0123456789ab is unknown: api_not_available_exception",
            "upstream es-0.elasticsearch.svc.cluster.local:9200 took 12.5s",
            "request 6f1c2a9e-3b7d-4c1a-9d2f-0a1b2c3d4e5f failed",
            "eyJ, a beginning",
        ] {
            assert_eq!(hide(text, &creation()), text);
        }
        // A question tells no secret: what looks like one may be a name.
        let name = "service2026production";
        assert_eq!(hide(name, &Request::get("/things")), name);
        assert_eq!(hide(name, &Request::get_secret("/things")), HIDDEN);
    }

    #[test]
    fn a_session_is_hidden_whole() {
        let session = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJh-bCdEfGhIj.abc-defghijk_lmn";
        let shown = hide(&format!("sent {session}, got nothing"), &Request::get("/"));
        assert_eq!(shown, "sent [redacted], got nothing");
    }
}
