//! Text that somebody else chose, as Markdown that shows it and does nothing else.

use crate::language::is_invisible;
use crate::review::forge::Forge;

/// Nothing in a comment is longer than this, in characters: one hostile name must not take the room of a whole plan.
const LONGEST: usize = 300;
/// It is seen by nobody and keeps what is around it from being one word.
const NO_SPACE: char = '\u{200b}';

/// Writes for one forge.
pub(super) struct Pen {
    html: bool,
}

impl Pen {
    pub(super) fn of(forge: Forge) -> Self {
        Self {
            html: forge.renders_html(),
        }
    }

    /// What separates lines inside the cell of a table.
    pub(super) fn line_break(&self) -> &'static str {
        if self.html { "<br>" } else { "; " }
    }

    /// A part that is read only by who opens it.
    pub(super) fn folded(&self, title: &str, text: &str) -> String {
        if self.html {
            let title = html(&shortened(title));
            format!("\n<details><summary><code>{title}</code></summary>\n\n{text}\n</details>\n")
        } else {
            format!("\n#### {}\n\n{text}\n", self.code(title))
        }
    }

    /// Text as code. Forges make no links of what stands in a code span.
    pub(super) fn code(&self, text: &str) -> String {
        let text = shortened(text);
        let mut longest = 0;
        let mut run = 0;
        for character in text.chars() {
            run = if character == '`' { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let fence = "`".repeat(longest + 1);
        let pad = match text.trim().is_empty()
            || text.starts_with([' ', '`'])
            || text.ends_with([' ', '`'])
        {
            true => " ",
            false => "",
        };
        format!("{fence}{pad}{text}{pad}{fence}")
    }

    /// Likewise, inside a table, where a bar ends the cell even in code.
    pub(super) fn cell(&self, text: &str) -> String {
        self.code(text)
            .replace("\\|", "\\\u{200b}|")
            .replace('|', "\\|")
    }

    /// Our words, with what stands between a pair of backticks as code; good inside a table, too.
    pub(super) fn prose(&self, text: &str) -> String {
        let text = shortened(text);
        let parts: Vec<&str> = text.split('`').collect();
        // Backticks without a partner are somebody else's.
        if parts.len().is_multiple_of(2) {
            return self.escape(&text);
        }
        let part = |(index, part): (usize, &&str)| match (index % 2, part.is_empty()) {
            (_, true) => String::new(),
            (0, false) => self.escape(part),
            (_, false) => self.cell(part),
        };
        parts.iter().enumerate().map(part).collect()
    }

    /// Text that must not become markup, a link, or a word to anybody.
    pub(super) fn escape(&self, text: &str) -> String {
        let text = shortened(text);
        let mut out = String::with_capacity(text.len());
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let next = rest.peek().copied().unwrap_or(' ');
            match character {
                '`' | '*' | '[' | ']' | '\\' | '|' => out.push('\\'),
                // Inside a word it is no markup.
                '_' if !(before.is_alphanumeric() && next.is_alphanumeric()) => out.push('\\'),
                // What shows HTML as it stands takes no backslash before it either.
                '<' | '>' | '&' | '~' if self.html => out.push('\\'),
                '.' if ends_with_www(&out) => out.push(NO_SPACE),
                _ => {}
            }
            out.push(character);
            let refers = matches!(character, '@' | '#' | '!' | '~' | '%' | '$' | '&' | '^');
            let leads = character == ':' && next == '/';
            if leads || (refers && next.is_alphanumeric()) {
                out.push(NO_SPACE);
            }
            before = character;
        }
        out
    }
}

/// True where a dot would begin the name of a host, for forges that make a link of it.
fn ends_with_www(text: &str) -> bool {
    let end = text.len().checked_sub("www".len());
    end.and_then(|end| text.get(end..))
        .is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Without what a reader cannot see, and not too long.
fn shortened(text: &str) -> String {
    let visible = |character| match is_invisible(character) {
        true => ' ',
        false => character,
    };
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Text between tags.
fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_shown_and_does_nothing() {
        let pen = Pen::of(Forge::Github);
        for (text, expected) in [
            ("@all", "@\u{200b}all"),
            ("#12 and !7", "#\u{200b}12 and !\u{200b}7"),
            ("https://evil.example", "https:\u{200b}//evil.example"),
            ("WWW.evil.example", "WWW\u{200b}.evil.example"),
            ("before_expiry _x_", "before_expiry \\_x\\_"),
            ("<img> &lt;", "\\<img\\> \\&\u{200b}lt;"),
            ("![a](b)|", "!\\[a\\](b)\\|"),
        ] {
            assert_eq!(pen.escape(text), expected);
        }
    }

    #[test]
    fn code_is_one_span_whatever_is_in_it() {
        let pen = Pen::of(Forge::Github);
        for (text, expected) in [
            ("a_b", "`a_b`"),
            ("a`b", "``a`b``"),
            ("`a``", "``` `a`` ```"),
            ("", "`  `"),
            ("a\u{202e}b", "`a b`"),
        ] {
            assert_eq!(pen.code(text), expected);
        }
        assert_eq!(pen.cell("a|b\\|c"), "`a\\|b\\\u{200b}\\|c`");
        assert_eq!(pen.prose("`name` of a_b"), "`name` of a_b");
    }
}
