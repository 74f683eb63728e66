//! Keeps secrets out of what is shown where nobody marks them as sensitive, because `nonsensitive` took the mark away, or because
//! somebody wrote them there: the values that are known to be secrets, and whatever has the native form of one.

use std::collections::BTreeSet;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::secret::{Secret, native_form};
use crate::value::{AttributePath, Value};

/// What stands in place of a secret.
pub const HIDDEN: &str = "(a secret, hidden)";

/// Shorter ones are words, too: hiding them would riddle every sentence.
const SHORTEST: usize = 8;

/// Of each spelling the last bytes, which differ where the first ones are a prefix that all tokens of a server have.
type Tail = [u8; 6];

/// Secrets to look for in texts.
#[derive(Debug, Default)]
pub struct KnownSecrets {
    secrets: Vec<Secret>,
    /// Which secret is spelled how, by the tail of that, in order.
    tails: Vec<(Tail, u32, Form)>,
    /// The length of the shortest spelling.
    shortest: usize,
}

/// How a secret may be spelled.
#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Hexadecimal,
    Percent,
    /// With so many bytes before it.
    Base64(u8),
    Base64Url(u8),
}

const FORMS: [Form; 9] = [
    Form::Plain,
    Form::Hexadecimal,
    Form::Percent,
    Form::Base64(0),
    Form::Base64(1),
    Form::Base64(2),
    Form::Base64Url(0),
    Form::Base64Url(1),
    Form::Base64Url(2),
];

impl Form {
    fn of(self, secret: &str) -> String {
        // Six bits a character: those that are the secret's alone.
        let own = |before: u8, encode: &dyn Fn(&[u8]) -> String| {
            let before = usize::from(before);
            let mut padded = vec![0; before];
            padded.extend(secret.as_bytes());
            let own = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
            encode(&padded)[own].to_owned()
        };
        match self {
            Self::Plain => secret.to_owned(),
            Self::Hexadecimal => HEXLOWER.encode(secret.as_bytes()),
            Self::Percent => utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            Self::Base64(before) => own(before, &|bytes| STANDARD_NO_PAD.encode(bytes)),
            Self::Base64Url(before) => own(before, &|bytes| URL_SAFE_NO_PAD.encode(bytes)),
        }
    }
}

impl KnownSecrets {
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let long = |secret: &Secret| secret.expose().trim().len() >= SHORTEST;
        let secrets: BTreeSet<Secret> = secrets.into_iter().filter(long).collect();
        let mut known = Self {
            secrets: secrets.into_iter().collect(),
            tails: Vec::new(),
            shortest: usize::MAX,
        };
        for (index, secret) in (0..).zip(&known.secrets) {
            let mut spellings = BTreeSet::new();
            for form in FORMS {
                let spelling = form.of(secret.expose());
                let Some(tail) = spelling.as_bytes().last_chunk() else {
                    continue;
                };
                known.shortest = known.shortest.min(spelling.len());
                if spellings.insert(spelling.clone()) {
                    known.tails.push((*tail, index, form));
                }
            }
        }
        known.tails.sort_unstable_by_key(|(tail, ..)| *tail);
        known
    }

    /// What may end with this tail.
    fn ending(&self, tail: Tail) -> impl Iterator<Item = String> {
        let first = self.tails.partition_point(|(other, ..)| *other < tail);
        let named = self.tails[first..].iter();
        named
            .take_while(move |(other, ..)| *other == tail)
            .filter_map(|(_, index, form)| {
                Some(form.of(self.secrets.get(*index as usize)?.expose()))
            })
    }

    /// The text without the secrets in it; `None` if none is in it.
    pub fn hide(&self, text: &str) -> Option<String> {
        let mut found: Vec<Range<usize>> = native_form::find(text).collect();
        if text.len() >= self.shortest {
            self.find(text, &mut found);
        }
        without(text, found)
    }

    /// Where the known ones stand in a text.
    fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        for (at, window) in text.as_bytes().windows(size_of::<Tail>()).enumerate() {
            let Some(tail) = window.first_chunk() else {
                continue;
            };
            let end = at + window.len();
            for spelling in self.ending(*tail) {
                let start = end.checked_sub(spelling.len());
                let start = start.filter(|start| text.get(*start..end) == Some(&spelling));
                found.extend(start.map(|start| start..end));
            }
        }
    }

    /// True if a secret stands in one of the value's texts.
    pub fn stands_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.hide(text).is_some(),
            Value::List(items) => items.iter().any(|item| self.stands_in(item)),
            Value::Map(entries) => entries
                .iter()
                .any(|(name, item)| self.hide(name).is_some() || self.stands_in(item)),
            Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::Secret(_) => {
                false
            }
        }
    }

    pub fn hide_in_text(&self, text: &mut String) {
        if let Some(hidden) = self.hide(text) {
            *text = hidden;
        }
    }

    /// Takes the secrets out of a value; the paths below `path` where one stood.
    pub fn hide_in(&self, value: &mut Value, path: &AttributePath) -> Vec<AttributePath> {
        let mut found = Vec::new();
        if let Some(hidden) = self.hidden(value, path, &mut found) {
            *value = hidden;
        }
        found
    }

    /// `None` if nothing is to hide.
    fn hidden(
        &self,
        value: &Value,
        path: &AttributePath,
        found: &mut Vec<AttributePath>,
    ) -> Option<Value> {
        match value {
            Value::String(text) => {
                let hidden = self.hide(text)?;
                found.push(path.clone());
                Some(hidden.into())
            }
            Value::List(items) => {
                let count = found.len();
                let each = items.iter().enumerate();
                let items: Vec<Value> = each
                    .map(|(index, item)| {
                        let hidden = self.hidden(item, &path.index(index), found);
                        hidden.unwrap_or_else(|| item.clone())
                    })
                    .collect();
                (found.len() > count).then_some(Value::List(items))
            }
            Value::Map(entries) => {
                let count = found.len();
                let entries: Vec<(String, Value)> = entries
                    .iter()
                    .map(|(name, item)| {
                        let shown = self.hide(name);
                        if shown.is_some() {
                            found.push(path.clone());
                        }
                        let name = shown.unwrap_or_else(|| name.to_string());
                        let hidden = self.hidden(item, &path.then(&name), found);
                        (name, hidden.unwrap_or_else(|| item.clone()))
                    })
                    .collect();
                (found.len() > count).then(|| Value::map(entries))
            }
            Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::Secret(_) => {
                None
            }
        }
    }
}

/// True if a secret was taken out of the value.
pub fn is_hidden_in(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(HIDDEN),
        Value::List(items) => items.iter().any(is_hidden_in),
        Value::Map(entries) => entries
            .iter()
            .any(|(name, item)| name.contains(HIDDEN) || is_hidden_in(item)),
        Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) | Value::Secret(_) => {
            false
        }
    }
}

/// The text without these parts; `None` if there are none.
fn without(text: &str, mut parts: Vec<Range<usize>>) -> Option<String> {
    parts.sort_by_key(|range| (range.start, range.end));
    let mut shown = String::new();
    let mut from = 0;
    let mut ranges = parts.into_iter().peekable();
    while let Some(Range { start, mut end }) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start < end) {
            end = end.max(next.end);
        }
        shown.push_str(&text[from..start]);
        shown.push_str(HIDDEN);
        from = end;
    }
    (from > 0).then(|| shown + &text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_alone_in_a_sentence_and_encoded() {
        let known = KnownSecrets::new(["lyd_hunter/2+", "lyd_hunter/2+more"].map(Secret::new));
        let hidden = |text: &str| known.hide(text);
        assert_eq!(hidden("lyd_hunter/2+").as_deref(), Some(HIDDEN));
        assert_eq!(
            hidden("ü lyd_hunter/2+, lyd_hunter/2+ ü").as_deref(),
            Some("ü (a secret, hidden), (a secret, hidden) ü")
        );
        for text in [
            "user:lyd_hunter/2+".to_owned(),
            STANDARD_NO_PAD.encode("user:lyd_hunter/2+"),
            STANDARD_NO_PAD.encode("ab:lyd_hunter/2+!"),
            URL_SAFE_NO_PAD.encode("a:lyd_hunter/2+"),
            "https://lyd%5Fhunter%2F2%2B@x".to_owned(),
            HEXLOWER.encode(b"lyd_hunter/2+"),
        ] {
            let shown = hidden(&text).unwrap_or_else(|| panic!("{text}"));
            assert!(
                shown.contains(HIDDEN) && !shown.contains("unter"),
                "{shown}"
            );
        }
        for text in ["", "lyd_", "hunter/2+", "lyd_hunter/3+ is another one"] {
            assert_eq!(hidden(text), None, "{text}");
        }
        let short = KnownSecrets::new([Secret::new("ci")]);
        assert_eq!(short.hide("the ci of ci"), None);
    }

    #[test]
    fn a_longer_secret_leaves_no_rest() {
        let known = KnownSecrets::new(["operator", "operator-pass"].map(Secret::new));
        assert_eq!(
            known.hide("no operator-pass, no operator").as_deref(),
            Some("no (a secret, hidden), no (a secret, hidden)")
        );
    }
}
