//! "Did you mean": the closest of the names that would have been right.

use strsim::osa_distance;

/// The candidate closest to `given`, if one is close enough to have been meant.
///
/// ```
/// use lanyard_compiler::suggest::closest;
/// assert_eq!(closest("lifetme", ["lifetime", "name"]), Some("lifetime"));
/// assert_eq!(closest("zebra", ["lifetime", "name"]), None);
/// ```
pub fn closest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match given.chars().count() {
        0 => return None,
        1..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != given)
        .filter_map(|candidate| {
            let distance = distance(given, candidate, limit)?;
            Some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of edits (insert, delete, replace, swap neighbours) between two names; `None` beyond `limit`.
fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let (left, right) = (left.to_lowercase(), right.to_lowercase());
    let longest = left.chars().count().max(right.chars().count());
    Some(osa_distance(&left, &right)).filter(|found| *found <= limit && *found < longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let names = ["name", "service_account", "expires_at", "ttl", "roles"];
        for (given, meant) in [
            ("nmae", Some("name")),
            ("servce_acount", Some("service_account")),
            ("expire_at", Some("expires_at")),
            ("tll", Some("ttl")),
            ("Roles", Some("roles")),
            ("x", None),
            ("completely_different", None),
            ("", None),
        ] {
            assert_eq!(closest(given, names), meant, "{given}");
        }
    }
}
