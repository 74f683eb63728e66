//! Slugs: lower-case letters, digits and dashes, made from the name when none is given.

use super::fault::ApiError;

/// Takes the given slug, or makes one from the name.
pub(super) fn choose(given: Option<&str>, name: &str) -> Result<String, ApiError> {
    let slug = match given.filter(|slug| !slug.is_empty()) {
        Some(slug) => slug.to_owned(),
        None => from_name(name),
    };
    if slug.is_empty() || slug.chars().count() > 254 {
        return Err(ApiError::invalid(
            "slug must have between 1 and 254 characters",
        ));
    }
    Ok(slug)
}

fn from_name(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_from_the_name_unless_one_is_given() {
        assert_eq!(from_name("Metrics Reader"), "metrics-reader");
        assert_eq!(from_name("  CI / CD (prod) "), "ci-cd-prod");
        assert_eq!(
            choose(Some("team/a b"), "x").expect("a given slug is kept"),
            "team/a b"
        );
        assert_eq!(choose(Some(""), "CI").expect("empty means none"), "ci");
        assert!(choose(None, "☃").is_err());
    }
}
