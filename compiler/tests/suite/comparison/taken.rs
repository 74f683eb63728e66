//! What has the name, and is taken or ended by `on_conflict`.

use super::*;

/// A side whose objects nobody manages; its tokens are of the account `ci`.
fn side_of_others(tokens: &[&str]) -> Side {
    let mut side = side_of(tokens);
    let mut found = side.inventory.found().to_vec();
    for object in &mut found {
        object.managed_by = None;
        object.created_at = "2026-01-01T00:00:00Z".parse().ok();
        if object.kind == Kind::AccessToken {
            object.state.service_account = Some("sa_ci".to_owned());
        }
    }
    side.inventory = Inventory::new(found, Some("lanyard"), side.inventory.now());
    side
}

#[test]
fn what_is_taken_from_somebody_else_is_told_and_counted() {
    let planned = |tokens: &[&str], configuration: &str| {
        let side = side_of_others(tokens);
        let comparison = compared_on(&[], configuration, vec![side], (false, &[]));
        let masked = comparison.plan.masked();
        let circumstances = Circumstances::default();
        let review = Review::of(&masked, &circumstances, Context::default());
        let text = review.render(Format::Text, review::Options::default());
        let limits = guard::Limits::default();
        let refusal =
            guard::mass_deletion(&comparison.plan, guard::Beside::default(), limits, None);
        (text, refusal.map(|refusal| refusal.detail), comparison)
    };
    let tokens = |way: &str, count: usize, more: &str| {
        format!(
            "resource \"lanyard_access_token\" \"t\" {{\n  count = {count}\n  name = \"t${{count.index}}\"\n  service_account = \"sa_ci\"\n  on_conflict = \"{way}\"\n{more}}}\n"
        )
    };
    let four = ["t0", "t1", "t2", "t3"];
    let all = Some("4 of 4 would be deleted or replaced.".to_owned());
    let made = "(made 2026-01-01T00:00:00Z, nobody manages it)";
    for (way, told) in [
        (
            "replace",
            format!(
                "-/+ lanyard_access_token.t[0] is created in place of at_t0 {made}, which is deleted first: its secret ends at once"
            ),
        ),
        (
            "adopt",
            format!("+ lanyard_access_token.t[0] takes over at_t0 {made}: its secret ends at once"),
        ),
    ] {
        let (text, refusal, comparison) = planned(&four, &tokens(way, 5, ""));
        assert!(text.starts_with(&told), "{text}");
        let fifth = text.find("t[4] is created\n").expect("it is new");
        assert!(text.find("t[3]").is_some_and(|at| at < fifth), "{text}");
        assert!(
            text.contains("Plan: 5 to create (4 by taking what is there)."),
            "{text}"
        );
        assert!(text.contains("error[mass-deletion]"), "{text}");
        assert_eq!(refusal, all);
        // What was reviewed is done, or nothing is.
        let reviewed = comparison.save();
        for (there, problems) in [(&four[..], 0), (&four[1..], 1)] {
            let (_, _, mut later) = planned(there, &tokens(way, 5, ""));
            let told = later.hold_to(&reviewed).err().unwrap_or_default();
            assert_eq!(told.len(), problems, "{told:?}");
            assert!(
                problems == 0 || told[0].detail.ends_with("is free now."),
                "{told:?}"
            );
            assert_eq!(
                later.plan.changes[3].takes,
                comparison.plan.changes[3].takes
            );
        }
    }
    let grace = tokens("adopt", 4, "  rotation {\n    grace_period = \"1d\"\n  }\n");
    let (text, refusal, _) = planned(&four, &grace);
    assert!(
        text.contains(&format!("takes over at_t0 {made}\n")),
        "{text}"
    );
    assert_eq!(refusal, None);
    let (text, refusal, _) = planned(&four, &grace.replace("1d", "0s"));
    assert!(text.contains(": its secret ends at once\n"), "{text}");
    assert_eq!(refusal, all);
    assert_eq!(
        planned(
            &["dead"],
            &tokens("replace", 1, "").replace("t${count.index}", "dead")
        )
        .2
        .plan
        .changes[0]
            .takes
            .as_ref()
            .map(|takes| takes.ending()),
        Some(0)
    );

    let account = |way: &str| {
        format!(
            "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  on_conflict = \"{way}\"\n}}\n"
        )
    };
    let (text, refusal, _) = planned(&["t0", "t1", "t2", "dead"], &account("replace"));
    let told = format!(
        "-/+ lanyard_service_account.ci is created in place of sa_ci {made}, which is deleted first: 3 access tokens end with it, and whatever signs in as it is locked out at once\n"
    );
    assert!(text.contains(&told), "{text}");
    assert_eq!(refusal, all);
    let (text, refusal, _) = planned(&four, &account("adopt"));
    let told = format!("+ lanyard_service_account.ci takes over sa_ci {made}\n");
    assert!(text.contains(&told), "{text}");
    assert_eq!(refusal, None);
}

/// Splunk shows the secret again: adopting keeps it, and its age counts.
#[test]
fn what_is_taken_over_and_would_have_ended_is_an_error_of_the_plan() {
    let told = |server: &'static Capabilities, way: &str, ttl: &str| {
        let mut side = side_of_others(&["old"]);
        let mut found = side.inventory.found().to_vec();
        found.retain(|object| object.kind == Kind::AccessToken);
        for object in &mut found {
            object.state.service_account = None;
            let end: jiff::Timestamp = "2026-02-01T00:00:00Z".parse().expect("a time");
            object.state.expires_at = Some(end.into());
        }
        let now = "2026-01-21T00:00:00Z".parse().expect("a time");
        side.inventory = Inventory::new(found, Some("lanyard"), now);
        side.server = Server::Known(server);
        let configuration = format!(
            "resource \"lanyard_access_token\" \"old\" {{\n  name = \"old\"\n  on_conflict = \"{way}\"\n  ttl = \"{ttl}\"\n}}\n"
        );
        let comparison = compared_on(&[], &configuration, vec![side], (false, &[]));
        let told = comparison.diagnostics();
        let errors = told.iter().filter(|told| told.is_error());
        errors.map(|told| told.code.name()).collect::<Vec<_>>()
    };
    assert_eq!(told(&splunk::CAPABILITIES, "adopt", "10d"), ["end-is-past"]);
    for (server, way, ttl) in [
        (&splunk::CAPABILITIES, "adopt", "25d"),
        (&splunk::CAPABILITIES, "replace", "10d"),
        // A new secret counts from its own issue.
        (&native::CAPABILITIES, "adopt", "10d"),
    ] {
        assert_eq!(told(server, way, ttl), Vec::<&str>::new(), "{way} {ttl}");
    }
}
