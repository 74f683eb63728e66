//! A token that expired where what has expired cannot be rotated: its replacement says so, whoever plans it.

use super::story::Story;

pub(super) const CONFIGURATION: &str = r#"
resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "30d"

  rotation {
    before_expiry = "7d"
  }
}
"#;

pub(super) const WHY: &str = "Splunk Observability cannot rotate what has expired.";
pub(super) const DAY: u64 = 24 * 60 * 60;

/// Everything that was said, with one space between words.
fn words(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(super) fn says_so(said: &str, sentence: &str) {
    let said = words(said);
    assert!(said.contains("expired 20"), "it should say when: {said}");
    assert!(said.contains(sentence), "{said}");
}

#[test]
fn the_inventory_has_the_status_that_the_plan_goes_by() {
    let of_osmo = CONFIGURATION.replace(
        "  ttl ",
        "  service_account = lanyard_service_account.ci.id\n  ttl ",
    ) + "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n  roles = [\"osmo-user\"]\n}\n";
    for (api, configuration) in [
        ("native", CONFIGURATION),
        ("osmo", &of_osmo),
        ("splunk", CONFIGURATION),
    ] {
        let story = Story::on(api, configuration);
        story.apply();
        let listed = |status: &str| {
            let json = story.succeeds(&format!("tokens --status {status} --format json"));
            json.stdout.contains("\"name\": \"ci\"")
        };
        assert!(listed("active") && !listed("expiring"), "{api}");
        story.native().advance_clock(25 * DAY);
        let planned = story.succeeds("plan");
        assert!(planned.stdout.contains("inside before_expiry"), "{planned}");
        assert!(!listed("active") && listed("expiring"), "{api}");
    }
}

#[test]
fn an_expired_token_that_is_replaced_says_so_everywhere() {
    let story = Story::on("splunk", CONFIGURATION);
    story.apply();
    let operator = story.native();
    operator.advance_clock(40 * DAY);

    let planned = story.succeeds("plan -o saved.plan");
    says_so(&planned.stderr, WHY);
    says_so(&planned.stdout, "is replaced");
    for format in ["markdown", "json"] {
        says_so(
            &story.succeeds(&format!("plan --format {format}")).stdout,
            "expired 20",
        );
    }
    let applied = story.succeeds("apply --yes --out-file secrets.jsonl saved.plan");
    says_so(
        &format!("{}{}", applied.stdout, applied.stderr),
        "expired 20",
    );
    story.expect_nothing_to_do();
}

#[test]
fn the_review_of_a_plan_says_that_a_token_which_stays_ends_soon() {
    let story = Story::new(
        "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  ttl  = \"30d\"\n}\n",
    );
    story.apply();
    let finds = |gate: &str| {
        let planned = story.run(&format!("plan {gate}"));
        let found = "warning[token-ends-soon] lanyard_access_token.ci.expires_at: ends in 4 days, ";
        (planned.stdout.contains(found), planned.code)
    };
    assert_eq!(finds("--fail-on warning"), (false, Some(0)));
    story.native().advance_clock(25 * DAY);
    assert_eq!(finds(""), (true, Some(0)));
    assert_eq!(finds("--fail-on warning"), (true, Some(3)));
}
