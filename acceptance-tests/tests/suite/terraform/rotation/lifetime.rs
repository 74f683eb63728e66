//! The end of a secret: moved in place, reached, switched off and on again.

use jiff::{SignedDuration, Timestamp};

use super::{DAY, TOKEN, generation, planned, secret};
use crate::support::story::{Story, on_every_terraform};

fn configure(story: &Story, settings: &str) {
    story.configure(&format!(
        "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  {settings}\n}}"
    ));
}

#[test]
fn the_end_moves_in_place_and_the_secret_stays() {
    on_every_terraform(|story| {
        configure(story, r#"ttl = "90d""#);
        story.settle();
        let first = secret(story);
        // An earlier end may be past when it is applied: only then the secret is replaced.
        const OPEN: &str = "expires_at?, generation?, issued_at?, previous_token?, retired?, rotate_at?, rotation_due?, rotation_reason?, status?, token?, ttl";
        for (settings, changes) in [
            (r#"ttl = "60d""#, OPEN),
            (r#"expires_at = "2099-01-01T00:00:00Z""#, "expires_at, ttl"),
            (r#"expires_at = "2098-01-01T00:00:00Z""#, "expires_at"),
            (r#"ttl = "30d""#, OPEN),
        ] {
            configure(story, settings);
            story.apply(&format!("update {TOKEN}: {changes}"));
            assert!(secret(story) == first, "{settings} should not rotate");
            assert!(story.accepts(&first));
        }
        story.destroy();
    });
}

#[test]
fn an_expired_secret_is_replaced_in_place() {
    on_every_terraform(|story| {
        configure(story, r#"ttl = "30d""#);
        story.settle();
        let (id, first) = (story.text(TOKEN, "id"), secret(story));
        story.native().advance_clock(31 * DAY);
        assert!(!story.accepts(&first));
        story.snapshot("rotation_expired", &planned(story));
        story.apply_saved_plan();
        assert_eq!(story.text(TOKEN, "id"), id);
        assert_eq!(generation(story), 2);
        assert!(story.accepts(&secret(story)));
        story.destroy();
    });
}

#[test]
fn a_fixed_end_that_is_past_warns_and_changes_nothing() {
    on_every_terraform(|story| {
        let end = Timestamp::now() + SignedDuration::from_hours(48);
        let end = end.strftime("%Y-%m-%dT%H:%M:%SZ");
        configure(story, &format!("expires_at = \"{end}\""));
        story.settle();
        story.native().advance_clock(3 * DAY);
        let ended = story.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(
            ended
                .stdout
                .contains("The configured end of an access token is past"),
            "{ended}"
        );
        story.destroy();
    });
}

#[test]
fn a_disabled_secret_sleeps_until_it_is_enabled() {
    on_every_terraform(|story| {
        configure(story, "");
        story.settle();
        let first = secret(story);
        configure(story, "disabled = true");
        story.apply(&format!("update {TOKEN}: disabled, status?"));
        assert!(!story.accepts(&first));
        assert_eq!(story.attribute(TOKEN, "status"), "disabled");
        configure(story, "");
        story.apply(&format!("update {TOKEN}: disabled, status?"));
        assert!(secret(story) == first);
        assert!(story.accepts(&first));
        story.destroy();
    });
}
