//! Line ends of Windows, and the mark that some editors put before a text: it is rewritten without either, and gets its own back.

use std::borrow::Cow;

const MARK: &str = "\u{feff}";

/// A text with line ends of Unix and without a mark.
pub(super) struct Lines<'a> {
    pub(super) text: Cow<'a, str>,
    has_returns: bool,
    has_mark: bool,
}

impl<'a> Lines<'a> {
    /// Fails where lines end in both ways: what is added could not follow either.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (text, has_mark) = match text.strip_prefix(MARK) {
            Some(text) => (text, true),
            None => (text, false),
        };
        if !text.contains('\r') {
            return Some(Self {
                text: Cow::Borrowed(text),
                has_returns: false,
                has_mark,
            });
        }
        let plain = text.replace("\r\n", "\n");
        let is_uniform = !plain.contains('\r') && plain.replace('\n', "\r\n") == text;
        is_uniform.then_some(Self {
            text: Cow::Owned(plain),
            has_returns: true,
            has_mark,
        })
    }

    pub(super) fn back(&self, text: String) -> String {
        let text = if self.has_returns {
            text.replace('\n', "\r\n")
        } else {
            text
        };
        if self.has_mark {
            format!("{MARK}{text}")
        } else {
            text
        }
    }

    /// Where a place of the plain text is in the file.
    pub(super) fn place(&self, place: usize) -> usize {
        let before = self.text.get(..place).unwrap_or_default();
        let returns = if self.has_returns {
            before.matches('\n').count()
        } else {
            0
        };
        let mark = if self.has_mark { MARK.len() } else { 0 };
        mark + place + returns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gets_its_own_line_ends_and_mark_back() {
        for mark in ["", MARK] {
            let text = format!("{mark}a\r\nb\r\n");
            let lines = Lines::of(&text).unwrap();
            assert_eq!(lines.text, "a\nb\n");
            let back = lines.back("a\nx\nb\n".to_owned());
            assert_eq!(back, format!("{mark}a\r\nx\r\nb\r\n"));
            assert_eq!(lines.place(2), mark.len() + 3);
        }
        let text = format!("{MARK}a\n");
        let lines = Lines::of(&text).unwrap();
        assert_eq!(
            (&*lines.text, lines.back("b\n".to_owned())),
            ("a\n", format!("{MARK}b\n"))
        );
        assert!(Lines::of("a\r\nb\n").is_none());
        assert!(Lines::of("a\rb\r\n").is_none());
    }
}
