//! An apply is held to the plan that was reviewed.

use super::*;

#[test]
fn an_apply_is_held_to_what_was_reviewed() {
    const REVIEWED: &str =
        "resource \"lanyard_service_account\" \"new\" {\n  name  = \"new\"\n  roles = []\n}\n";
    let reviewed = compared(REVIEWED).save();
    let held = |configuration: &str, change: fn(&mut Side)| {
        let mut side = side();
        change(&mut side);
        let mut now = compared_on(&[], configuration, vec![side], (false, &[]));
        let problems = now.hold_to(&reviewed).err().unwrap_or_default();
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(held(REVIEWED, |_| ()), []);
    let more = format!("{REVIEWED}{}", REVIEWED.replace("new", "more"));
    assert_eq!(
        held(&more, |_| ()),
        [Code::PlanIsStale],
        "nobody reviewed it"
    );
    assert_eq!(
        held("", |_| ()),
        [Code::PlanIsStale],
        "it is not there any more"
    );
    let other = REVIEWED.replace("roles = []", "roles = [\"admin\"]");
    assert_eq!(
        held(&other, |_| ()),
        [Code::PlanIsStale],
        "it means something else"
    );
    let moved = |side: &mut Side| side.url = "http://elsewhere".to_owned();
    assert_eq!(held(REVIEWED, moved), [Code::AnotherServer]);
    let configured = |side: &mut Side| side.organization = Some("ops".to_owned());
    let told = |side: &mut Side| side.told_organization = Some("ops".to_owned());
    for lead in [configured, told] {
        let mut side = side();
        lead(&mut side);
        let mut now = compared_on(&[], REVIEWED, vec![side], (false, &[]));
        let told = now.hold_to(&reviewed).unwrap_err();
        assert!(told[0].detail.contains("organization \"ops\""), "{told:?}");
    }
    // Of a folder without resources, whose environment named the server that was looked through: there was nothing to prune.
    let empty = Side {
        inventory: Inventory::default(),
        ..self::side()
    };
    let nothing = compared_on(&[], "", vec![empty], (true, &[])).save();
    let mut now = compared_on(&[], "", vec![], (false, &[]));
    assert_eq!(now.hold_to(&nothing), Ok(()));
    assert!(now.hold_to(&reviewed).is_err());
}

#[test]
fn a_saved_plan_holds_no_secret_that_stands_in_a_description_and_is_held_to_it() {
    const SECRET: &str = "lyd_hunter2Xhunter2Xhunter2Xhunter2X3TAlfo";
    let on = |was: &str, becomes: &str, prune: bool| {
        let account = ServiceAccountRecord {
            id: "sa_ci".to_owned(),
            name: "ci".to_owned(),
            description: Some(was.to_owned()),
            ..ServiceAccountRecord::default()
        };
        let found = Found {
            kind: Kind::ServiceAccount,
            state: observe::service_account(&account),
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        };
        let mut side = side();
        let now = side.inventory.now();
        side.inventory = Inventory::new(vec![found], Some("lanyard"), now);
        let configured = format!(
            "resource \"lanyard_service_account\" \"ci\" {{\n  name = \"ci\"\n  description = \"{becomes}\"\n}}\n"
        );
        let configured = if prune { "" } else { configured.as_str() };
        compared_on(&[], configured, vec![side], (prune, &[]))
    };
    let uses = format!("uses {SECRET}");
    let used = format!("used {SECRET}");
    for (was, becomes, prune, action) in [
        (&*uses, "fine", false, Action::Update),
        (&uses, &used, false, Action::Update),
        (&uses, "", true, Action::Delete),
    ] {
        let reviewed = on(was, becomes, prune).save();
        assert_eq!(reviewed.plan.changes[0].action, action);
        let text = reviewed.to_text();
        assert!(text.contains("uses (a secret, hidden)"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        let reviewed = SavedPlan::parse(&text).unwrap();
        let mut now = on(was, becomes, prune);
        assert_eq!(now.hold_to(&reviewed), Ok(()));
        let held = &now.plan.changes[0];
        assert_eq!(held.prior.get("description").as_str(), Some(was));
        if !prune {
            let planned = held.planned.get("description");
            assert_eq!(planned.as_str(), Some(becomes), "what is applied is whole");
        }
        // What somebody wrote there since is another text.
        let told = on(&used, becomes, prune).hold_to(&reviewed).unwrap_err();
        assert_eq!(told[0].code, Code::PlanIsStale);
        let without = on("uses nothing", becomes, prune).hold_to(&reviewed);
        assert!(without.is_err());
    }
    let reviewed = on("fine", &uses, false).save();
    assert!(on("fine", &uses, false).hold_to(&reviewed).is_ok());
    assert!(on("fine", &used, false).hold_to(&reviewed).is_err());
}

#[test]
fn an_account_that_was_made_anew_since_the_review_is_not_the_one_reviewed() {
    const CONFIGURATION: &str = "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n\
        resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  service_account = lanyard_service_account.ci.id\n}\n";
    let on = |hour: u8, rotate: &[&str]| {
        let mut side = side();
        let created = format!("2026-01-01T{hour:02}:00:00Z");
        let found = [
            (
                Kind::ServiceAccount,
                observe::service_account(&ServiceAccountRecord {
                    id: "sa_ci".to_owned(),
                    name: "ci".to_owned(),
                    created_at: created.parse().ok(),
                    ..ServiceAccountRecord::default()
                }),
            ),
            (
                Kind::AccessToken,
                observe::access_token(&AccessTokenRecord {
                    id: "at_a".to_owned(),
                    name: "a".to_owned(),
                    service_account: Some("sa_ci".to_owned()),
                    roles: Some([].into()),
                    scopes: Some([].into()),
                    ..AccessTokenRecord::default()
                }),
            ),
        ];
        let found = found.map(|(kind, state)| Found {
            kind,
            state,
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        });
        side.inventory = Inventory::new(found.into(), Some("lanyard"), side.inventory.now());
        let rotate: Vec<String> = rotate.iter().map(ToString::to_string).collect();
        let asked = Asked {
            rotate: &rotate,
            ..Asked::default()
        };
        compared_as_asked(&[], CONFIGURATION, vec![side], &asked)
    };
    let rotate = &["lanyard_access_token.a"];
    let reviewed = on(0, rotate).save();
    assert!(on(0, rotate).hold_to(&reviewed).is_ok());
    let problems = on(1, rotate).hold_to(&reviewed).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(
        problems[0].detail,
        "lanyard_service_account.ci differs from what was reviewed in created_at."
    );
}

#[test]
fn what_was_to_be_pruned_and_is_not_says_why() {
    const CONFIGURED: &str =
        "resource \"lanyard_service_account\" \"again\" {\n  name = \"ci\"\n}\n";
    let on = |configuration: &str, is_there: bool, is_ours: bool| {
        let mut side = side();
        let account = ServiceAccountRecord {
            id: "sa_ci".to_owned(),
            name: "ci".to_owned(),
            ..ServiceAccountRecord::default()
        };
        let found = is_there.then(|| Found {
            kind: Kind::ServiceAccount,
            state: observe::service_account(&account),
            managed_by: Some("lanyard".to_owned()),
            created_at: None,
            last_used_at: None,
            trace: None,
            claimed_by: None,
        });
        let found = found.into_iter().collect();
        side.inventory = Inventory::new(found, Some("lanyard"), side.inventory.now());
        side.in_use = is_ours.then(|| InUse {
            account: Some("sa_ci".to_owned()),
            token: None,
            secrets: Vec::new(),
        });
        compared_on(&[], configuration, vec![side], (true, &[]))
    };
    let reviewed = on("", true, false).save();
    assert_eq!(reviewed.plan.changes[0].action, Action::Delete);
    for (configuration, is_there, is_ours, expected) in [
        ("", false, false, "sa_ci is not there any more."),
        (
            CONFIGURED,
            true,
            false,
            "It deletes the service account \"ci\" (sa_ci), which is configured again, as lanyard_service_account.again.",
        ),
        (
            "",
            true,
            true,
            "It deletes the service account \"ci\" (sa_ci), which is not to be pruned now.",
        ),
    ] {
        let told = on(configuration, is_there, is_ours).hold_to(&reviewed);
        let told = told.unwrap_err();
        assert_eq!(told[0].code, Code::PlanIsStale);
        assert_eq!(told[0].detail, expected);
    }
}
