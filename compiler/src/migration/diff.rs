//! What changes in a file, line by line, as `diff -u` shows it.

use similar::TextDiff;

/// A unified diff; empty if nothing differs.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_shown_with_three_lines_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10";
        let expected = "--- a/main.tf\n+++ b/main.tf\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n\\ No newline at end of file\n";
        assert_eq!(unified("main.tf", before, after), expected);
        assert_eq!(unified("main.tf", before, before), "");
    }

    #[test]
    fn what_is_far_apart_is_shown_apart() {
        let before: String = (1..30).map(|number| format!("{number}\n")).collect();
        let after = before.replacen("1\n", "one\n", 1).replace("29\n", "");
        let shown = unified("a.tf", &before, &after);
        assert_eq!(shown.matches("@@ -").count(), 2, "{shown}");
        assert!(shown.contains("@@ -26,4 +26,3 @@"), "{shown}");
    }
}
