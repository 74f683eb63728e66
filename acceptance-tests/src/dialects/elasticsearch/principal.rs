//! Rules of names: namespaces, services, tokens and roles.

/// The namespace of the vendor's own accounts, in whatever letter case.
pub(super) fn is_reserved(namespace: &str) -> bool {
    namespace.eq_ignore_ascii_case("elastic")
}

/// What is wrong with a user-managed account's name; empty when nothing is.
pub(super) fn faults(namespace: &str, service: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if is_reserved(namespace) {
        faults.push(format!(
            "namespace [{namespace}] is reserved for built-in service accounts"
        ));
    }
    for (kind, name) in [("namespace", namespace), ("service", service)] {
        if !is_name(name) {
            faults.push(format!(
                "invalid {kind} [{name}]: it must have at least 1 character and at most 128 characters that are \
                 alphanumeric (A-Z, a-z, 0-9) or hyphen (-) or underscore (_), and must begin with a letter or digit"
            ));
        }
    }
    faults
}

fn is_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(is_word)
}

/// Token names may start with a dash, but not with an underscore.
pub(super) fn is_token_name(name: &str) -> bool {
    (1..=256).contains(&name.len()) && !name.starts_with('_') && name.chars().all(is_word)
}

pub(super) fn token_name_fault(name: &str) -> String {
    format!(
        "invalid service token name [{name}]. service account token name must have at least 1 character and at most 256 \
         characters that are alphanumeric (A-Z, a-z, 0-9) or hyphen (-) or underscore (_). It must not begin with an \
         underscore (_)."
    )
}

pub(super) const ROLE_NAME_FAULT: &str = "Role names must be at least 1 and no more than 507 characters. They can contain \
     alphanumeric characters (a-z, A-Z, 0-9), spaces, punctuation, and printable symbols in the Basic Latin (ASCII) block. \
     Leading or trailing whitespace is not allowed.";

/// What is stored under a role's name begins with a prefix, which leaves 507 printable ASCII characters, without white space at
/// either end.
pub(super) fn is_role_name(name: &str) -> bool {
    (1..=507).contains(&name.len())
        && name.trim() == name
        && name
            .chars()
            .all(|character| (' '..='~').contains(&character))
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_vendors_rules() {
        assert!(faults("apps", "worker_1").is_empty());
        assert_eq!(faults("ELASTIC", "x").len(), 1);
        assert_eq!(faults("-apps", "").len(), 2);
        assert!(is_token_name("-ci_1") && !is_token_name("_ci") && !is_token_name("a.b"));
        assert!(is_role_name("a role") && !is_role_name(" role") && !is_role_name(""));
        assert!(is_role_name(&"r".repeat(507)) && !is_role_name(&"r".repeat(508)));
    }
}
