//! Secrets that died, retired or lost their power, without a state that remembers them.

use super::*;

#[test]
fn a_secret_that_died_is_renewed_although_no_state_holds_it() {
    for (settings, expected) in [
        ("ttl = \"12h\"", true),
        ("ttl = \"12h\"\n  disabled = true", false),
        ("expires_at = \"2026-01-01T12:00:00Z\"", false),
    ] {
        let configuration = format!(
            "resource \"lanyard_access_token\" \"dead\" {{\n  name = \"dead\"\n  {settings}\n}}\n"
        );
        let sides = vec![side_of(&["dead"])];
        let comparison = compared_on(&[], &configuration, sides, (false, &[]));
        let change = &comparison.plan.changes[0];
        assert_eq!(change.rotates(), expected, "{settings}");
        if expected {
            let why = change.reasons[0].to_string();
            assert_eq!(why, "rotates: expired 2026-01-01T12:00:00Z");
        }
        assert_eq!(dead_in(&comparison), [""; 0], "{settings}");
    }
}

/// The tokens of which the plan says that their secrets do not work.
fn dead_in(comparison: &Comparison) -> Vec<String> {
    let told = comparison.diagnostics().into_iter();
    told.filter(|problem| problem.code == Code::SecretDoesNotWork)
        .map(|problem| problem.detail)
        .collect()
}

#[test]
fn a_token_of_a_disabled_account_does_not_work_until_the_plan_enables_it() {
    let on = |disabled: bool| {
        let mut found: Vec<Found> = side_of(&["a"]).inventory.found().to_vec();
        for object in &mut found {
            match object.kind {
                Kind::ServiceAccount => object.state.disabled = Some(disabled),
                Kind::AccessToken => {
                    object.state.service_account = Some("sa_ci".to_owned());
                    object.state.status = disabled.then_some(Status::Disabled);
                }
            }
        }
        Side {
            inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
            ..side()
        }
    };
    let token = |account: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  service_account = {account}\n}}\n"
        )
    };
    let account = |settings: &str| {
        let token = token("lanyard_service_account.ci.id");
        format!(
            "{token}resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n{settings}\n}}\n"
        )
    };
    let dead = "\"a\": its service account \"sa_ci\" is disabled, and with it every access token of it. The token itself is not.";
    for (configuration, disabled, expected) in [
        (token("\"sa_ci\""), false, &[][..]),
        (token("\"sa_ci\""), true, &[dead]),
        (account("disabled = true"), true, &[dead]),
        (account("disabled = false"), true, &[]),
        (account(""), true, &[]),
    ] {
        let sides = vec![on(disabled)];
        let comparison = compared_on(&[], &configuration, sides, (false, &[]));
        assert_eq!(dead_in(&comparison), expected, "{configuration}");
    }
}

#[test]
fn a_role_that_an_account_loses_is_said_of_its_tokens_where_it_has_any() {
    for (owner, is_told) in [("sa_ci", true), ("sa_x", false)] {
        let mut found: Vec<Found> = side_of(&["a"]).inventory.found().to_vec();
        for object in &mut found {
            match object.kind {
                Kind::ServiceAccount => object.state.roles = Some(["viewer".to_owned()].into()),
                Kind::AccessToken => object.state.service_account = Some(owner.to_owned()),
            }
        }
        let side = Side {
            inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
            ..side()
        };
        let configuration =
            "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n  roles = []\n}\n";
        let comparison = compared_on(&[], configuration, vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        assert_eq!(change.action, Action::Update);
        let told = change.diagnostics.iter();
        let told = told.filter(|told| told.code == Code::RolesRemoved).count();
        assert_eq!(
            (told, change.reasons.len()),
            (usize::from(is_told), usize::from(is_told))
        );
    }
}

#[test]
fn a_retired_secret_ends_with_its_grace_period_although_no_state_remembers_it() {
    let former = |id: &str, own_end: &str, end: &str| Former {
        id: id.to_owned(),
        expires_at: own_end.parse().ok(),
        successor_expires_at: end.parse().ok(),
    };
    let compared_with = |own_end: &str, since: &str, ttl: &str, rotation: &str, now: &str| {
        let retired = [
            former("svc/ci@2", own_end, "2026-04-01T00:00:00Z"),
            former("svc/ci@1", own_end, "2026-03-31T00:00:00Z"),
        ];
        let token = observe::access_token(&AccessTokenRecord {
            id: "svc/ci".to_owned(),
            name: "ci".to_owned(),
            service_account: Some("svc".to_owned()),
            roles: Some([].into()),
            // It was issued on the second of March, and ends are whole days there.
            expires_at: "2026-04-01T00:00:00Z".parse().ok(),
            generation: Some(3),
            retired: Some(retired.into()),
            ..AccessTokenRecord::default()
        });
        let found = |kind, state, created_at| Found {
            kind,
            state,
            managed_by: None,
            created_at,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        };
        let account = observe::service_account(&ServiceAccountRecord {
            id: "svc".to_owned(),
            name: "svc".to_owned(),
            ..ServiceAccountRecord::default()
        });
        let account = found(Kind::ServiceAccount, account, since.parse().ok());
        let found = found(Kind::AccessToken, token, None);
        let now = now.parse().expect("the test world is well formed");
        let side = Side {
            server: Server::Known(&osmo::CAPABILITIES),
            inventory: Inventory::new(vec![account, found], None, now),
            ..side()
        };
        let configuration = format!(
            "resource \"lanyard_access_token\" \"ci\" {{\n  name = \"ci\"\n  service_account = \"svc\"\n  {ttl}\n  {rotation}\n}}\n"
        );
        let comparison = compared_on(&[], &configuration, vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        let reasons: Vec<String> = change.reasons.iter().map(ToString::to_string).collect();
        let codes: Vec<_> = change
            .diagnostics
            .iter()
            .map(|told| told.code.name())
            .collect();
        let masked = comparison.plan.masked();
        let circumstances = Circumstances::default();
        let review = Review::of(&masked, &circumstances, Context::default());
        let text = review.render(Format::Text, review::Options::default());
        (reasons, codes, text)
    };
    let compared_since = |since: &str, ttl: &str, rotation: &str, now: &str| {
        compared_with("", since, ttl, rotation, now)
    };
    // No grace period keeps one beyond its own end, and what is past that is over whatever else is known.
    let two_days = "rotation {\n grace_period = \"2d\"\n }";
    let own_end = "2026-03-03T12:00:00Z";
    for (end, now, expected) in [
        ("ttl = \"30d\"", "2026-03-03T00:00:00Z", true),
        ("ttl = \"30d\"", "2026-03-03T12:00:00Z", false),
        (
            "expires_at = \"2026-04-01T00:00:00Z\"",
            "2026-03-03T12:00:00Z",
            false,
        ),
    ] {
        let (reasons, codes, text) = compared_with(own_end, "", end, two_days, now);
        let kept = text
            .matches(&format!("an old secret works until {own_end}, "))
            .count();
        assert_eq!(
            (kept, reasons.is_empty()),
            (if expected { 2 } else { 0 }, expected),
            "{text}"
        );
        assert_eq!(codes, [""; 0]);
    }
    let compared = |ttl: &str, rotation: &str, now: &str| {
        let (reasons, codes, text) = compared_since("", ttl, rotation, now);
        let kept = text.lines().filter(|line| line.contains(" works until "));
        let kept: Vec<String> = kept.map(|line| line.trim().to_owned()).collect();
        (reasons, codes, kept)
    };
    let none: Vec<String> = Vec::new();
    let (_, _, shortened) = compared_since(
        "",
        "ttl = \"30d\"",
        "rotation {\n grace_period = \"0s\"\n }",
        "2026-03-02T12:00:00Z",
    );
    let at_once = "ends the old secret svc/ci@1 of an earlier rotation at once: `rotation` gives it no grace period";
    assert!(shortened.contains(at_once), "{shortened}");
    // With a `ttl` that was longer all the time, its successors would be older than the account.
    let longer = |since: &str| {
        let rotation = "rotation {\n grace_period = \"2d\"\n }";
        compared_since(since, "ttl = \"90d\"", rotation, "2026-03-03T23:00:00Z").1
    };
    assert_eq!(longer("2026-02-28T00:00:00Z"), ["retired-without-date"]);
    let no_word: [&str; 0] = [];
    assert_eq!(longer("2025-02-28T00:00:00Z"), no_word);
    let end = |id: &str| format!("ends the old secret {id} of an earlier rotation");
    let first = vec![end("svc/ci@1")];
    let ends = vec![format!("{}; {}", end("svc/ci@2"), first[0])];
    // Another `grace_period` moves them, and nothing else would say so.
    let kept = [
        "an old secret works until 2026-03-05T00:00:00Z, as `ttl` and `grace_period` are configured now: svc/ci@2",
        "an old secret works until 2026-03-04T00:00:00Z, as `ttl` and `grace_period` are configured now: svc/ci@1",
    ];
    for (ttl, rotation, now, expected) in [
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-03T23:00:00Z",
            (&none, vec![], kept.as_slice()),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-04T23:00:00Z",
            (&first, vec![], &kept[..1]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-05T00:00:00Z",
            (&ends, vec![], &[]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {\n triggers = {}\n }",
            "2026-03-02T12:00:00Z",
            (&ends, vec![], &[]),
        ),
        // Nothing says when it was issued.
        (
            "expires_at = \"2026-04-01T00:00:00Z\"",
            "rotation {\n grace_period = \"2d\"\n }",
            "2026-03-31T00:00:00Z",
            (&none, vec!["retired-without-date", "token-ends-soon"], &[]),
        ),
        // What the hint says where there is no block to take anything out of.
        (
            "ttl = \"30d\"",
            "",
            "2026-03-05T00:00:00Z",
            (&none, vec!["retired-without-date"], &[]),
        ),
        (
            "ttl = \"30d\"",
            "rotation {}",
            "2026-03-05T00:00:00Z",
            (&ends, vec![], &[]),
        ),
    ] {
        let (reasons, codes, kept) = compared(ttl, rotation, now);
        let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
        let found = (&reasons, codes, kept.as_slice());
        assert_eq!(found, expected, "{ttl} {rotation} {now}");
    }
}

#[test]
fn a_retired_secret_of_a_disabled_account_is_not_called_accepted() {
    let told = |standing: Standing| {
        let retired = Former {
            id: "ci@1".to_owned(),
            expires_at: None,
            successor_expires_at: None,
        };
        let state = observe::access_token(&AccessTokenRecord {
            id: "elastic/ci".to_owned(),
            name: "ci".to_owned(),
            service_account: Some("sa".to_owned()),
            standing,
            generation: Some(2),
            retired: Some([retired].into()),
            ..AccessTokenRecord::default()
        });
        let token = Found {
            kind: Kind::AccessToken,
            state,
            managed_by: None,
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        };
        let now = side().inventory.now();
        let side = Side {
            server: Server::Known(capabilities(Api::Elasticsearch)),
            inventory: Inventory::new(vec![token], None, now),
            ..side()
        };
        let configuration = "resource \"lanyard_access_token\" \"ci\" {\n  name = \"ci\"\n  service_account = \"sa\"\n}\n";
        let comparison = compared_on(&[], configuration, vec![side], (false, &[]));
        let told = comparison.diagnostics().into_iter();
        let mut told = told.filter(|problem| problem.code == Code::RetiredWithoutDate);
        told.next().map(|problem| problem.detail)
    };
    let has = "lanyard_access_token.ci has a newer secret, and";
    let since = "The server does not say since when, so it cannot be told whether its grace period is over.";
    for (standing, words) in [
        (Standing::Active, "still accepted: ci@1."),
        (
            Standing::Disabled,
            "not revoked: ci@1. None of its secrets works while its service account is disabled, and each does after that.",
        ),
    ] {
        let told = told(standing);
        let expected = format!("{has} {words} {since}");
        assert_eq!(told.as_deref(), Some(expected.as_str()));
    }
}
