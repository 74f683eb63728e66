//! "Did you mean": the closest of the names that would have been right.

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
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let mut before = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for row in 1..=left.len() {
        let mut current = vec![row];
        for column in 1..=right.len() {
            let same = left[row - 1] == right[column - 1];
            let mut best = (last[column - 1] + usize::from(!same))
                .min(last[column] + 1)
                .min(current[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1];
            if swapped {
                best = best.min(before[column - 2] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
    }
    last.last()
        .copied()
        .filter(|found| *found <= limit && *found < left.len().max(right.len()))
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
