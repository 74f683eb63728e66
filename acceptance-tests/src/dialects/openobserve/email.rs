//! E-mail addresses: the identity of an account.

/// Trimmed and in lower case, if it is one: dot-separated atoms of letters, digits and `_ + -`, an `@`, and a domain
/// that ends in a dot and 2 to 63 letters.
pub(super) fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.split_once('@')?;
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "_+-".contains(character))
    };
    if !local.split('.').all(atom) {
        return None;
    }
    let (_, last) = domain.rsplit_once('.')?;
    let top =
        (2..=63).contains(&last.len()) && last.chars().all(|letter| letter.is_ascii_alphabetic());
    let labels = domain.split(['.', '-']).all(|label| {
        !label.is_empty() && label.chars().all(|letter| letter.is_ascii_alphanumeric())
    });
    (top && labels).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_vendors_rule() {
        assert_eq!(
            parse(" CI.Meta@SA.internal "),
            Some("ci.meta@sa.internal".to_owned())
        );
        assert!(parse("ci._meta@sa.internal").is_some());
        for bad in [
            "ci@localhost",
            "a'b@x.co",
            "a@x_y.co",
            "a@x.c",
            "a@@x.co",
            "a..b@x.co",
            "@x.co",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
