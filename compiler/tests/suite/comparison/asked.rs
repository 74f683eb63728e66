//! Secrets that are issued because somebody asked, or because of their age.

use super::*;

use lanyard_compiler::diagnostic::Diagnostic;

/// What comes of `--rotate` with these addresses: each change that issues a secret, and each complaint.
fn rotated(configuration: &str, addresses: &[&str]) -> Vec<String> {
    let rotate: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let asked = Asked {
        rotate: &rotate,
        ..Asked::default()
    };
    let sides = vec![side_of(&["a", "b", "dead"])];
    let comparison = compared_as_asked(&[], configuration, sides, &asked);
    let changes = comparison.plan.changes.iter();
    let issued = changes.filter_map(|change| {
        let how = Issuing::of(change)?;
        Some(format!("{how:?} {}", change.address))
    });
    let complaints = comparison.diagnostics().into_iter();
    let complaints = complaints.filter(|problem| problem.code != Code::NotInConfiguration);
    let complaints = complaints.map(|problem| format!("{}: {}", problem.code, problem.detail));
    issued.chain(complaints).collect()
}

#[test]
fn an_address_as_documents_refer_to_it_is_told_in_full() {
    let rotate = ["access_token.a".to_owned()];
    let asked = Asked {
        rotate: &rotate,
        ..Asked::default()
    };
    let configuration = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let comparison = compared_as_asked(&[], configuration, vec![side()], &asked);
    let mut told = comparison.diagnostics().into_iter();
    let told = told.find(|problem| problem.code == Code::NothingToRotate);
    assert_eq!(
        told.expect("nothing has this address").hints,
        ["Its address is `lanyard_access_token.a`, in a document as well."]
    );
}

#[test]
fn a_new_secret_is_issued_for_whatever_it_is_asked_for() {
    let configuration = r#"
resource "lanyard_service_account" "ci" {
  name = "ci"
}

resource "lanyard_access_token" "all" {
  for_each = toset(["a", "b"])
  name     = each.key
}

resource "lanyard_access_token" "dead" {
  name = "dead"
}
"#;
    let check = |addresses: &[&str], expected: &[&str]| {
        assert_eq!(rotated(configuration, addresses), expected, "{addresses:?}");
    };
    let dead = "Rotate lanyard_access_token.dead";
    check(&[], &[dead]);
    check(&["lanyard_access_token.dead"], &[dead]);
    check(
        &["lanyard_access_token.all[\"b\"]"],
        &["Rotate lanyard_access_token.all[\"b\"]", dead],
    );
    check(
        &["lanyard_access_token.all"],
        &[
            "Rotate lanyard_access_token.all[\"a\"]",
            "Rotate lanyard_access_token.all[\"b\"]",
            dead,
        ],
    );
    check(
        &["lanyard_access_token.al"],
        &[
            dead,
            "nothing-to-rotate: `--rotate lanyard_access_token.al`: the configuration has no such resource.",
        ],
    );
    check(
        &["lanyard_service_account.ci"],
        &[
            dead,
            "rotation-impossible: `--rotate lanyard_service_account.ci`: the native token server cannot replace the secret of this service account.",
        ],
    );
}

/// The state that a provider would have stored is made of what the server says: where that is when a secret was issued, both doors
/// rotate by its age alike; where it is not, that is said.
#[test]
fn a_secret_rotates_by_its_age_where_the_server_tells_it() {
    let configuration = |every: &str| {
        format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  rotation {{\n    every = \"{every}\"\n  }}\n}}"
        )
    };
    let told = |every: &str, side: Side| {
        let comparison = compared_on(&[], &configuration(every), vec![side], (false, &[]));
        let change = &comparison.plan.changes[0];
        let unknown = comparison.diagnostics().into_iter();
        let unknown = unknown.filter(|problem| problem.code == Code::SecretAgeUnknown);
        (Issuing::of(change), unknown.count())
    };
    // It was issued a day ago.
    assert_eq!(told("24h", side()), (Some(Issuing::Rotate), 0));
    assert_eq!(told("25h", side()), (None, 0));
    let mut found: Vec<Found> = side().inventory.found().to_vec();
    for object in &mut found {
        object.state.issued_at = None;
    }
    let silent = Side {
        inventory: Inventory::new(found, Some("lanyard"), side().inventory.now()),
        ..side()
    };
    assert_eq!(told("24h", silent), (None, 1));
}

/// What all of them share is told once; what is another one's own stays.
#[test]
fn a_warning_of_many_resources_comes_once_with_a_count() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let mut found: Vec<Found> = side_of(&names).inventory.found().to_vec();
    for object in &mut found {
        object.state.issued_at = None;
    }
    let now = side().inventory.now();
    let silent = Side {
        inventory: Inventory::new(found, Some("lanyard"), now),
        ..side()
    };
    let tokens = names.map(|name| {
        let every = if name == "f" { "48h" } else { "24h" };
        format!("resource \"lanyard_access_token\" \"{name}\" {{\n  name = \"{name}\"\n  rotation {{\n    every = \"{every}\"\n  }}\n}}\n")
    });
    let comparison = compared_on(&[], &tokens.concat(), vec![silent], (false, &[]));
    let told = comparison.diagnostics().into_iter();
    let told: Vec<String> = told
        .filter(|told| told.code == Code::SecretAgeUnknown)
        .map(|told| told.detail)
        .collect();
    let [together, alone] = told.as_slice() else {
        panic!("one of five and one alone: {told:#?}");
    };
    assert!(
        together.ends_with(
            "The same is true of 4 more resources: lanyard_access_token.b, lanyard_access_token.c, lanyard_access_token.d, lanyard_access_token.e."
        ),
        "{together}"
    );
    assert!(alone.contains("48h") && !alone.contains("more"), "{alone}");
}

/// At this time, a server that has one token `a` of ours, which ends then.
pub(super) fn side_of_token(end: &str, status: Option<Status>, now: &str) -> Side {
    let mut state = observe::access_token(&AccessTokenRecord {
        id: "at_a".to_owned(),
        name: "a".to_owned(),
        roles: Some([].into()),
        scopes: Some([].into()),
        issued_at: "2026-01-01T00:00:00Z".parse().ok(),
        expires_at: end.parse().ok(),
        ..AccessTokenRecord::default()
    });
    state.status = status;
    let found = Found {
        kind: Kind::AccessToken,
        state,
        managed_by: Some("lanyard".to_owned()),
        created_at: None,
        last_used_at: None,
        trace: None,
        claimed_by: None,
    };
    let now = now.parse().expect("the test world is well formed");
    Side {
        inventory: Inventory::new(vec![found], Some("lanyard"), now),
        ..side()
    }
}

/// It has died of old age since: another waits for the next plan, and the apply says so; anything else that asks for a new secret is told as
/// what it is.
#[test]
fn what_merely_expired_since_the_review_is_told_and_waits_for_the_next_plan() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  ttl = \"10d\"\n  description = \"new\"\n}\n";
    let compare = |token: &str, now: &str, status: Option<Status>| {
        let side = side_of_token("2026-01-11T00:00:00Z", status, now);
        compared_on(&[], token, vec![side], (false, &[]))
    };
    let on = |now: &str, status: Option<Status>| compare(TOKEN, now, status);
    let codes = |told: &[Diagnostic]| told.iter().map(|told| told.code).collect::<Vec<_>>();
    let reviewed = on("2026-01-02T00:00:00Z", Some(Status::Active)).save();

    let mut later = on("2026-01-20T00:00:00Z", Some(Status::Expired));
    assert!(later.plan.changes[0].brings_secret(), "it would be renewed");
    assert_eq!(later.hold_to(&reviewed), Ok(()));
    assert!(!later.plan.changes[0].brings_secret());
    assert_eq!(codes(&later.plan.changes[0].diagnostics), []);
    assert_eq!(codes(&later.not_all_is_applied()), [Code::ExpiredSincePlan]);
    // Likewise where its own rotation block asks for another.
    let rotation = "rotation {\n    before_expiry = \"1d\"\n  }\n}\n";
    for (was, rotates) in [
        ("2026-01-02T00:00:00Z", false),
        ("2026-01-10T12:00:00Z", true),
    ] {
        for description in ["", "  description = \"new\"\n"] {
            let token = TOKEN.replace("  description = \"new\"\n}\n", "");
            let token = format!("{token}{description}  {rotation}");
            let reviewed = compare(&token, was, Some(Status::Active)).save();
            assert_eq!(reviewed.plan.changes[0].brings_secret(), rotates);
            let mut later = compare(&token, "2026-01-20T00:00:00Z", Some(Status::Expired));
            assert_eq!(later.hold_to(&reviewed), Ok(()));
            let expected: &[Code] = if rotates {
                &[]
            } else {
                &[Code::ExpiredSincePlan]
            };
            assert_eq!(codes(&later.not_all_is_applied()), expected);
        }
    }
    let mut in_time = on("2026-01-02T00:00:00Z", Some(Status::Active));
    assert_eq!(in_time.hold_to(&reviewed), Ok(()));
    assert_eq!(in_time.not_all_is_applied(), []);

    let mut revoked = on("2026-01-03T00:00:00Z", Some(Status::Revoked));
    let problems = revoked.hold_to(&reviewed).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let said = &problems[0].detail;
    assert!(said.contains("no longer accepted"), "{said}");
}

/// What is switched off works for nobody, expired or not, and nothing of it is replaced.
#[test]
fn what_is_switched_off_as_reviewed_may_have_expired_since() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  scopes = []\n  ttl = \"10d\"\n  disabled = true\n  rotation {\n    before_expiry = \"1d\"\n  }\n}\n";
    let on = |now: &str, status: Status| {
        let side = Side {
            server: Server::Known(&splunk::CAPABILITIES),
            ..side_of_token("2026-01-11T00:00:00Z", Some(status), now)
        };
        compared_on(&[], TOKEN, vec![side], (false, &[]))
    };
    let reviewed = on("2026-01-02T00:00:00Z", Status::Active).save();
    let mut later = on("2026-01-20T00:00:00Z", Status::Expired);
    let told = |comparison: &Comparison| {
        let told = comparison.plan.changes[0].diagnostics.iter();
        told.map(|told| told.code).collect::<Vec<_>>()
    };
    assert_eq!(later.plan.changes[0].action, Action::Replace);
    assert!(told(&later).contains(&Code::ExpiredIsReplaced));
    assert_eq!(later.hold_to(&reviewed), Ok(()));
    assert_eq!(later.plan.changes[0].action, Action::Update);
    assert!(!told(&later).contains(&Code::ExpiredIsReplaced));
    assert_eq!(later.not_all_is_applied(), []);
}

/// Who enables a token gets one that does not work; what stays disabled is not missed.
#[test]
fn what_expired_while_it_was_disabled_is_told_where_the_plan_enables_it() {
    for (disabled, expected) in [(false, &[Code::ExpiredSincePlan][..]), (true, &[])] {
        let token = format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  ttl = \"10d\"\n  description = \"new\"\n  disabled = {disabled}\n}}\n"
        );
        let on = |now: &str, status: Status| {
            let mut side = side_of_token("2026-01-11T00:00:00Z", Some(status), now);
            let mut found = side.inventory.found().to_vec();
            found[0].state.disabled = Some(true);
            side.inventory = Inventory::new(found, Some("lanyard"), side.inventory.now());
            compared_on(&[], &token, vec![side], (false, &[]))
        };
        let reviewed = on("2026-01-02T00:00:00Z", Status::Disabled).save();
        let mut later = on("2026-01-20T00:00:00Z", Status::Expired);
        assert_eq!(later.hold_to(&reviewed), Ok(()), "{disabled}");
        let told = later.not_all_is_applied();
        let codes: Vec<Code> = told.iter().map(|told| told.code).collect();
        assert_eq!(codes, expected, "{disabled}");
    }
}

/// What was asked for at the review is done, although by now time asks for the same.
#[test]
fn a_reviewed_rotation_that_was_asked_for_is_done_when_it_is_due_or_expired_by_then() {
    const TOKEN: &str = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n  ttl = \"10d\"\n  rotation {\n    before_expiry = \"2d\"\n  }\n}\n";
    let rotate = &["lanyard_access_token.a".to_owned()];
    let on = |now: &str, status: Status, rotate: &[String]| {
        let side = side_of_token("2026-01-11T00:00:00Z", Some(status), now);
        let asked = Asked {
            rotate,
            ..Asked::default()
        };
        compared_as_asked(&[], TOKEN, vec![side], &asked)
    };
    let reviewed = on("2026-01-02T00:00:00Z", Status::Active, rotate).save();
    assert!(reviewed.plan.changes[0].brings_secret());
    for (now, status) in [
        ("2026-01-02T00:00:00Z", Status::Active),
        ("2026-01-10T00:00:00Z", Status::Active),
        ("2026-01-20T00:00:00Z", Status::Expired),
    ] {
        let mut later = on(now, status, rotate);
        assert_eq!(later.hold_to(&reviewed), Ok(()), "{now}");
        assert!(later.plan.changes[0].brings_secret(), "{now}");
        assert_eq!(later.not_all_is_applied(), [], "{now}");
    }
}

#[test]
fn a_token_that_ends_soon_is_told_until_something_rotates_it() {
    let told = |now: &str, rotation: &str, rotate: &[String]| {
        let side = side_of_token("2026-01-21T00:00:00Z", Some(Status::Active), now);
        let configuration = format!(
            "resource \"lanyard_access_token\" \"a\" {{\n  name = \"a\"\n  ttl = \"20d\"\n  {rotation}\n}}\n"
        );
        let asked = Asked {
            rotate,
            ..Asked::default()
        };
        let comparison = compared_as_asked(&[], &configuration, vec![side], &asked);
        let told = &comparison.plan.changes[0].diagnostics;
        let told = told
            .iter()
            .map(|told| format!("{}: {}", told.code, told.detail));
        told.collect::<Vec<_>>()
    };
    let soon = "token-ends-soon: The access token \"a\" ends in a day, at 2026-01-21T00:00:00Z.";
    let none: Vec<String> = Vec::new();
    assert_eq!(told("2026-01-02T00:00:00Z", "", &[]), none);
    assert_eq!(told("2026-01-19T12:00:00Z", "", &[]), [soon]);
    let rotation = "rotation {\n before_expiry = \"1d\"\n }";
    assert_eq!(told("2026-01-19T12:00:00Z", rotation, &[]), none);
    let asked = &["lanyard_access_token.a".to_owned()];
    assert_eq!(told("2026-01-19T12:00:00Z", "", asked), none);
}
