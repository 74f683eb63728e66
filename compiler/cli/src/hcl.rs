//! Writes configurations the way `terraform fmt` would leave them.

use lanyard_compiler::value::Value;

/// What stands between the braces of a block.
#[derive(Debug, Default)]
pub(crate) struct Body {
    attributes: Vec<(String, String)>,
    parts: Vec<Part>,
}

/// What stands below the attributes.
#[derive(Debug)]
enum Part {
    /// For people alone.
    Comment(String),
    Block {
        comment: Option<String>,
        head: String,
        body: Body,
    },
}

impl Body {
    /// An attribute with a known value.
    pub(crate) fn attribute(&mut self, name: &str, value: &Value) {
        self.attributes.push((name.to_owned(), expression(value)));
    }

    /// An attribute with an expression of the language, such as a reference.
    pub(crate) fn expression(&mut self, name: &str, expression: String) {
        self.attributes.push((name.to_owned(), expression));
    }

    /// A block, by its head: `rotation`, or `resource "lanyard_access_token" "ci"`.
    pub(crate) fn block(&mut self, head: impl Into<String>, body: Self) {
        self.push(None, head.into(), body);
    }

    /// A block below a line for people.
    pub(crate) fn block_with_comment(
        &mut self,
        comment: &str,
        head: impl Into<String>,
        body: Self,
    ) {
        self.push(Some(one_line(comment)), head.into(), body);
    }

    /// A line for people.
    pub(crate) fn comment(&mut self, text: &str) {
        self.parts.push(Part::Comment(one_line(text)));
    }

    fn push(&mut self, comment: Option<String>, head: String, body: Self) {
        self.parts.push(Part::Block {
            comment,
            head,
            body,
        });
    }

    /// The text of a file with this body.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        let margin = "  ".repeat(depth);
        // Neighbours line up; a value of several lines stands for itself.
        for run in self
            .attributes
            .chunk_by(|left, right| is_short(left) && is_short(right))
        {
            let width = run
                .iter()
                .map(|(name, _)| name.len())
                .max()
                .unwrap_or_default();
            for (name, expression) in run {
                let expression = expression.replace('\n', &format!("\n{margin}"));
                text.push_str(&format!("{margin}{name:width$} = {expression}\n"));
            }
        }
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 || !self.attributes.is_empty() {
                text.push('\n');
            }
            match part {
                Part::Comment(comment) => text.push_str(&format!("{margin}# {comment}\n")),
                Part::Block {
                    comment,
                    head,
                    body,
                } => {
                    if let Some(comment) = comment {
                        text.push_str(&format!("{margin}# {comment}\n"));
                    }
                    text.push_str(&format!("{margin}{head} {{\n"));
                    body.write(text, depth + 1);
                    text.push_str(&format!("{margin}}}\n"));
                }
            }
        }
    }
}

/// A name may hold anything; a comment ends with its line.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

fn is_short((_, expression): &(String, String)) -> bool {
    !expression.contains('\n')
}

/// A known value as an expression. What is secret or unknown has no spelling: it is null.
fn expression(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown | Value::Secret(_) => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(expression).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => {
            let keys: Vec<String> = entries.keys().map(|key| self::key(key)).collect();
            let width = keys
                .iter()
                .map(|key| key.chars().count())
                .max()
                .unwrap_or_default();
            let lines = keys.iter().zip(entries.values()).map(|(key, value)| {
                let value = expression(value).replace('\n', "\n  ");
                format!("  {key:width$} = {value}\n")
            });
            format!("{{\n{}}}", lines.collect::<String>())
        }
    }
}

/// A text in quotes. Nothing in it is evaluated.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                quoted.push(letter);
                quoted.push(letter);
            }
            letter if letter.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// A key of a map: bare where the language allows it.
fn key(key: &str) -> String {
    if is_identifier(key) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
}

/// A name that a block can have, from any text: letters, digits, `_` and `-`; never empty.
pub(crate) fn identifier(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => name.push(letter.to_ascii_lowercase()),
            _ if !name.ends_with('_') && !name.is_empty() => name.push('_'),
            _ => {}
        }
    }
    let name = name.trim_end_matches('_');
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
        name.to_owned()
    } else {
        format!("_{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_looks_as_if_formatted() {
        let mut restriction = Body::default();
        restriction.attribute("permission", &"READ".into());
        restriction.attribute(
            "labels",
            &Value::map(
                [("team", "a"), ("cost center", "${x}")].map(|(key, value)| (key, value.into())),
            ),
        );
        let mut account = Body::default();
        account.attribute("name", &"say \"hi\"".into());
        account.attribute("description", &"line\nbreak".into());
        account.attribute("roles", &Value::set(["b".into(), "a".into()]));
        account.block("restriction", restriction);
        let mut file = Body::default();
        file.block("resource \"x\" \"y\"", account);
        assert_eq!(
            file.to_text(),
            r#"resource "x" "y" {
  name        = "say \"hi\""
  description = "line\nbreak"
  roles       = ["a", "b"]

  restriction {
    permission = "READ"
    labels = {
      "cost center" = "$${x}"
      team          = "a"
    }
  }
}
"#
        );
    }

    #[test]
    fn any_text_becomes_an_identifier() {
        for (text, expected) in [
            ("CI deploy (prod)", "ci_deploy_prod"),
            ("user@example.com", "user_example_com"),
            ("9to5", "_9to5"),
            ("änderung", "nderung"),
            ("", "_"),
        ] {
            assert_eq!(identifier(text), expected, "{text}");
        }
    }
}
