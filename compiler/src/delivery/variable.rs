//! Secrets as environment variables: what each is called, that no two are called the same, and how a value is written.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};

/// `lanyard_access_token.ci["eu-1"]` becomes `CI_EU_1`: what follows the resource type, in capitals.
pub fn variable(address: &str) -> String {
    let name = address
        .replace("lanyard_access_token.", "")
        .replace("lanyard_service_account.", "")
        .replace("module.", "");
    let mut variable = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            variable.push(letter.to_ascii_uppercase());
        } else if !variable.ends_with('_') && !variable.is_empty() {
            variable.push('_');
        }
    }
    let variable = variable.trim_end_matches('_');
    if variable.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("_{variable}")
    } else {
        variable.to_owned()
    }
}

/// Refuses to hand over secrets under names that more than one resource has, or that have no letter left: one secret would take
/// the other's place. `all` may have a variable, `issued` gets one now.
pub fn collisions<'a>(
    all: impl IntoIterator<Item = &'a str>,
    issued: impl IntoIterator<Item = &'a str>,
) -> Vec<Diagnostic> {
    let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for address in all {
        by_name.entry(variable(address)).or_default().push(address);
    }
    let mut now: Vec<String> = issued.into_iter().map(variable).collect();
    now.sort_unstable();
    now.dedup();
    now.iter()
        .filter_map(|name| {
            let addresses = by_name.get(name)?;
            let what = match addresses.as_slice() {
                [only] if name.is_empty() => format!("{only} leaves no letter for a name."),
                [_] | [] => return None,
                several => format!("{} would all be {name:?}.", several.join(", ")),
            };
            Some(
                Diagnostic::error(Code::VariableTaken, "Two secrets would have one name")
                    .detail(what)
                    .hint("Rename one of the resources (a `moved` block keeps Terraform's state).")
                    .hint(
                        "Or use `--out-file FILE`, which tells secrets apart by their addresses.",
                    ),
            )
        })
        .collect()
}

/// The line `NAME=VALUE`, quoted where a shell would read the value otherwise. `None` for a control character, which no secret has
/// and which could add a line of its own; the line breaks of an armored file are inside the quotes.
pub fn assignment(name: &str, value: &str, armored: bool) -> Option<String> {
    let odd = |letter: char| letter.is_control() && !(armored && letter == '\n');
    if value.contains(odd) {
        return None;
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.,:/+=@%".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        return Some(format!("{name}={value}\n"));
    }
    Some(format!(
        "{name}='{}'\n",
        value.trim_end().replace('\'', "'\\''")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_after_addresses() {
        for (address, expected) in [
            ("lanyard_access_token.ci", "CI"),
            ("lanyard_access_token.ci[\"eu-1\"]", "CI_EU_1"),
            ("lanyard_access_token.ci[0]", "CI_0"),
            ("module.team.lanyard_access_token.a-b", "TEAM_A_B"),
            ("lanyard_access_token.1st", "_1ST"),
        ] {
            assert_eq!(variable(address), expected, "{address}");
        }
    }

    #[test]
    fn names_that_collide_are_refused_with_both_addresses() {
        for (left, right) in [
            ("lanyard_access_token.a-b", "lanyard_access_token.a_b"),
            (
                "lanyard_access_token.ci[\"eu.1\"]",
                "lanyard_access_token.ci[\"eu-1\"]",
            ),
            (
                "module.m.lanyard_access_token.ci_x",
                "module.m_ci.lanyard_access_token.x",
            ),
            (
                "lanyard_access_token.ci[\"ä\"]",
                "lanyard_access_token.ci[\"ö\"]",
            ),
            ("lanyard_access_token.ci", "lanyard_access_token.CI"),
        ] {
            let told = collisions([left, right, "lanyard_access_token.z"], [right]);
            assert_eq!(told.len(), 1, "{left} {right}");
            assert!(told[0].detail.contains(left) && told[0].detail.contains(right));
        }
        let apart = ["lanyard_access_token.a", "lanyard_access_token.b"];
        assert_eq!(collisions(apart, apart), []);
        // What is there already and not issued now harms nobody.
        let there = ["lanyard_access_token.a-b", "lanyard_access_token.a_b"];
        assert_eq!(collisions(there, ["lanyard_access_token.z"]), []);
        let nameless = ["lanyard_access_token.ж"];
        assert!(
            collisions(nameless, nameless)[0]
                .detail
                .contains("no letter")
        );
    }

    #[test]
    fn values_are_quoted_and_control_characters_refused() {
        for (value, expected) in [
            ("lyd_a.b-c=", Some("T=lyd_a.b-c=\n")),
            ("a b$(c)'d", Some("T='a b$(c)'\\''d'\n")),
            ("a\nPATH=/evil", None),
            ("a\u{1b}[2J", None),
            ("a\rb", None),
        ] {
            assert_eq!(
                assignment("T", value, false).as_deref(),
                expected,
                "{value:?}"
            );
        }
        let armor = assignment("T", "-----BEGIN\nxyz\n-----END\n", true);
        assert_eq!(armor.as_deref(), Some("T='-----BEGIN\nxyz\n-----END'\n"));
    }
}
