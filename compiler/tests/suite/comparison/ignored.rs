//! `ignore_changes` where no state says what there was before: what the server says stays.

use super::asked::side_of_token;
use super::*;

#[test]
fn an_ignored_ttl_is_that_of_the_secret_that_is_there() {
    let on = |ignored: &str, rotate: &[String]| {
        let token = format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  ttl = \"10d\"\n  lifecycle {{\n    ignore_changes = [{ignored}]\n  }}\n}}\n"
        );
        let side = side_of_token(
            "2026-04-01T00:00:00Z",
            Some(Status::Active),
            "2026-01-12T00:00:00Z",
        );
        let asked = Asked {
            rotate,
            ..Asked::default()
        };
        let mut compared = compared_as_asked(&[], &token, vec![side], &asked);
        compared.plan.changes.remove(0)
    };
    // A shorter one ends the secret, which is older.
    assert!(on("", &[]).brings_secret());
    for ignored in ["ttl", "ttl, expires_at"] {
        assert_eq!(on(ignored, &[]).action, Action::NoOp, "{ignored}");
    }
    let rotated = on("ttl", &["lanyard_access_token.a".to_owned()]);
    assert!(rotated.brings_secret());
    assert_eq!(rotated.planned.get("ttl").as_str(), Some("90d"));
}
