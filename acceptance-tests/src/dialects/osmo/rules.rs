//! Which names are allowed.

use super::fault::Refusal;

/// Letters and digits, with `_ . @ -` between them.
pub(super) fn check_user_id(id: &str) -> Result<(), Refusal> {
    let edge = |character: char| character.is_ascii_alphanumeric();
    let fits = id.starts_with(edge)
        && id.ends_with(edge)
        && id
            .chars()
            .all(|character| edge(character) || "_.@-".contains(character));
    if fits {
        return Ok(());
    }
    Err(Refusal::user(format!(
        "Username {id} must match regex ^[a-zA-Z0-9]([a-zA-Z0-9_.@-]*[a-zA-Z0-9])?$"
    )))
}

/// A letter first, a letter or digit last, with `_` and `-` between them.
pub(super) fn check_token_name(name: &str) -> Result<(), Refusal> {
    let fits = name.starts_with(|character: char| character.is_ascii_alphabetic())
        && name.ends_with(|character: char| character.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if fits {
        return Ok(());
    }
    Err(Refusal::user(format!(
        "Token name {name} must match regex ^[a-zA-Z]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$"
    )))
}

/// SQL's LIKE with a `%` put behind the pattern: `_` stands for any character, `%` for any number of them.
pub(super) fn has_prefix_like(text: &str, pattern: &str) -> bool {
    let Some(wanted) = pattern.chars().next() else {
        return true;
    };
    let rest = &pattern[wanted.len_utf8()..];
    if wanted == '%' {
        let ends = text
            .char_indices()
            .map(|(index, _)| index)
            .chain([text.len()]);
        return ends
            .into_iter()
            .any(|index| has_prefix_like(&text[index..], rest));
    }
    match text.chars().next() {
        Some(first) if wanted == '_' || first == wanted => {
            has_prefix_like(&text[first.len_utf8()..], rest)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_vendors_patterns() {
        assert!(check_user_id("svc-a@example.com").is_ok());
        for bad in ["-x", "a+b", "a b", "", "a-", "é"] {
            assert!(check_user_id(bad).is_err(), "{bad}");
        }
        assert!(check_token_name("ci_1").is_ok());
        for bad in ["1abc", "a-", "a.b", ""] {
            assert!(check_token_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_has_wildcards() {
        assert!(has_prefix_like("svc-a", "svc_"));
        assert!(has_prefix_like("svc.a", "svc_"));
        assert!(has_prefix_like("svc-a", "%a"));
        assert!(!has_prefix_like("svc", "svc_"));
    }
}
