//! Line ends of Windows: a text is rewritten with those of Unix, and gets its own back.

use std::borrow::Cow;

/// A text with line ends of Unix.
pub(super) struct Lines<'a> {
    pub(super) text: Cow<'a, str>,
    has_returns: bool,
}

impl<'a> Lines<'a> {
    /// Fails where lines end in both ways: what is added could not follow either.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        if !text.contains('\r') {
            return Some(Self {
                text: Cow::Borrowed(text),
                has_returns: false,
            });
        }
        let plain = text.replace("\r\n", "\n");
        let is_uniform = !plain.contains('\r') && plain.replace('\n', "\r\n") == text;
        is_uniform.then_some(Self {
            text: Cow::Owned(plain),
            has_returns: true,
        })
    }

    pub(super) fn back(&self, text: String) -> String {
        if self.has_returns {
            text.replace('\n', "\r\n")
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
        place + returns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gets_its_own_line_ends_back() {
        let lines = Lines::of("a\r\nb\r\n").unwrap();
        assert_eq!(lines.text, "a\nb\n");
        assert_eq!(lines.back("a\nx\nb\n".to_owned()), "a\r\nx\r\nb\r\n");
        assert_eq!(lines.place(2), 3);
        assert!(Lines::of("a\r\nb\n").is_none());
        assert!(Lines::of("a\rb\r\n").is_none());
    }
}
