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

/// OSMO's days end before a fixed end that lies within one.
#[test]
fn a_secret_of_osmo_is_expired_when_its_day_begins() {
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(3 * 24);
    let day = end.strftime("%Y-%m-%d");
    let story = Story::on(
        "osmo",
        &format!(
            "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  service_account = lanyard_service_account.ci.id\n  expires_at = \"{day}T23:59:00Z\"\n}}\n\
         resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  roles = [\"osmo-user\"]\n}}\n"
        ),
    );
    story.apply();
    story.native().advance_clock(3 * DAY);
    let planned = story.succeeds("plan");
    assert!(
        planned.stdout.contains("1 in need of a new secret"),
        "{planned}"
    );
    let told = words(&planned.stderr);
    assert!(
        told.contains(&format!("\"ci\" expired {day}T00:00:00Z")),
        "{planned}"
    );
    let listed = story.succeeds("tokens --status expired --format json");
    assert!(listed.stdout.contains("\"name\": \"ci\""), "{listed}");
}

/// Two applies on a schedule would end the secret in use each time.
#[test]
fn a_rotation_that_is_due_as_soon_as_a_secret_is_issued_rotates_nothing_and_is_told() {
    let of_splunk = CONFIGURATION
        .replace("ttl  = \"30d\"", "")
        .replace("7d", "40d");
    let story = Story::on("splunk", &of_splunk);
    for _ in 0..2 {
        let applied = story.apply();
        let told = "warning[rotation-before-issue]";
        assert!(applied.stderr.contains(told), "{applied}");
        story.native().advance_clock(DAY);
    }
    let of_osmo = of_splunk.replace("  name", "  service_account = \"ci\"\n  name");
    let refused = [
        "error[rotation-before-issue]",
        "lasts only 31d on NVIDIA OSMO",
    ];
    Story::on("osmo", &of_osmo).fails("plan", &refused);
}
