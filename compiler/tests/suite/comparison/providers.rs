//! Several providers of one server.

use super::pruning::{ACCOUNTS_ONLY, ALL};
use super::*;

/// A token through the provider `two`, beside the default one.
const TWO_PROVIDERS: &str = r#"
provider "lanyard" {}
provider "lanyard" {
  alias = "two"
}
resource "lanyard_access_token" "a" {
  provider = lanyard.two
  name     = "a"
}
"#;

#[test]
fn what_another_provider_of_the_same_server_declares_is_not_pruned() {
    let elsewhere = Side {
        url: "http://elsewhere".to_owned(),
        ..side()
    };
    for (second, expected) in [
        (
            side(),
            ["at_b", "sa_ci", "sa_still", "sa_x", "sa_y"].as_slice(),
        ),
        // On a server of its own each is a leftover, and the first server's own token as well.
        (
            elsewhere,
            &[
                "at_a", "at_b", "at_b", "sa_ci", "sa_ci", "sa_still", "sa_still", "sa_x", "sa_x",
                "sa_y", "sa_y",
            ],
        ),
    ] {
        let (deleted, note) = pruned(&[], TWO_PROVIDERS, vec![side(), second]);
        assert_eq!(
            (
                deleted.iter().map(String::as_str).collect::<Vec<_>>(),
                note.as_str()
            ),
            (expected.to_vec(), "")
        );
    }
}

/// The same server, at this address: where its objects have dates of their own, ids and dates tell that it is the same.
fn dated(url: &str, created_at: &str) -> Side {
    let side = side();
    let objects = side.inventory.found().iter().map(|object| Found {
        created_at: created_at.parse().ok(),
        ..object.clone()
    });
    let inventory = Inventory::new(objects.collect(), Some("lanyard"), side.inventory.now());
    Side {
        url: url.to_owned(),
        inventory,
        ..side
    }
}

const TWO_NAMES: [&str; 2] = ["http://localhost", "http://127.0.0.1"];

#[test]
fn one_server_by_two_host_names_is_known_by_what_it_lists() {
    const THEN: &str = "2026-01-01T00:00:00Z";
    let both = |date| vec![dated(TWO_NAMES[0], THEN), dated(TWO_NAMES[1], date)];
    let (deleted, _) = pruned(&[], TWO_PROVIDERS, both(THEN));
    assert_eq!(deleted, ["at_b", "sa_ci", "sa_still", "sa_x", "sa_y"]);
    let (deleted, _) = pruned(&[], TWO_PROVIDERS, both("2026-01-01T00:00:01Z"));
    assert_eq!(deleted.len(), 11, "{deleted:?}");
}

#[test]
fn what_any_provider_of_a_server_signs_in_with_is_left_alone_by_all() {
    let signed_in = |url: &str, token: &str| {
        let mut side = dated(url, "2026-01-01T00:00:00Z");
        side.in_use = Some(InUse {
            account: Some("sa_ci".to_owned()),
            token: Some(token.to_owned()),
            ..InUse::default()
        });
        side
    };
    const PROVIDERS: &str =
        "provider \"lanyard\" {}\nprovider \"lanyard\" {\n  alias = \"two\"\n}\n";
    let disabled = |name: &str| {
        format!(
            "{PROVIDERS}resource \"lanyard_access_token\" \"it\" {{\n  name = {name:?}\n  disabled = true\n}}\n"
        )
    };
    for second in TWO_NAMES {
        let sides = || vec![signed_in(TWO_NAMES[0], "at_a"), signed_in(second, "at_b")];
        let (deleted, _) = pruned(&[], PROVIDERS, sides());
        assert_eq!(deleted, ["sa_still", "sa_x", "sa_y"], "{second}");
        for name in ["a", "b"] {
            let comparison = compared_on(&[], &disabled(name), sides(), (false, &[]));
            let told = comparison.diagnostics();
            let told = told.iter().filter(|it| it.code == Code::CredentialInUse);
            assert_eq!(told.count(), 1, "{second}: {name}");
        }
    }
    // Two organizations may have one address there.
    let splunk = |token| {
        let side = signed_in(TWO_NAMES[0], token);
        let found = side.inventory.found().to_vec();
        Side {
            server: Server::Known(&splunk::CAPABILITIES),
            inventory: Inventory::new(found, None, side.inventory.now()),
            ..side
        }
    };
    for (name, expected) in [("a", 1), ("b", 0)] {
        let sides = vec![splunk("at_a"), splunk("at_b")];
        let comparison = compared_on(&[], &disabled(name), sides, (false, &[]));
        let told = comparison.diagnostics();
        let told = told.iter().filter(|it| it.code == Code::CredentialInUse);
        assert_eq!(told.count(), expected, "{name}");
    }
}

#[test]
fn where_ids_are_names_one_server_is_known_by_a_secret_that_is_listed() {
    let showing = |server, url: &str, secret: &str| {
        let mut found: Vec<Found> = dated(url, "2026-01-01T00:00:00Z")
            .inventory
            .found()
            .to_vec();
        for object in &mut found {
            if object.kind == Kind::AccessToken {
                object.state.token = Some(Secret::new(secret));
            }
        }
        Side {
            server: Server::Known(server),
            url: url.to_owned(),
            inventory: Inventory::new(found, None, side().inventory.now()),
            ..side()
        }
    };
    let openobserve = capabilities(Api::Openobserve);
    let splunk = &splunk::CAPABILITIES;
    for (server, second_url, second_secret, expected) in [
        (openobserve, TWO_NAMES[0], "other", true),
        (openobserve, TWO_NAMES[1], "other", false),
        (openobserve, TWO_NAMES[1], "secret", true),
        // Two organizations may have one address there.
        (splunk, TWO_NAMES[0], "other", false),
        (splunk, TWO_NAMES[0], "secret", true),
        (splunk, TWO_NAMES[1], "secret", true),
    ] {
        let sides = [
            showing(server, TWO_NAMES[0], "secret"),
            showing(server, second_url, second_secret),
        ];
        let twins = Twins::among(&sides);
        let case = format!("{} {second_url} {second_secret}", server.title);
        for object in sides[0].inventory.found() {
            let has_it = [0, 1].map(|index| twins.is_holder(&sides, index, object));
            assert_eq!(has_it, [true, !expected], "{case}");
        }
    }
}

#[test]
fn of_what_several_providers_of_a_server_sign_in_with_the_strongest_bond_counts() {
    let account = Some("sa_ci".to_owned());
    let signed_in = |token: Option<&str>| Side {
        in_use: Some(InUse {
            account: account.clone(),
            token: token.map(str::to_owned),
            ..InUse::default()
        }),
        ..side()
    };
    let silent = Side {
        in_use: None,
        ..side()
    };
    let sides = [signed_in(Some("at_a")), signed_in(None), silent];
    let ci = &sides[0].inventory.found()[0].state;
    let twins = Twins::among(&sides[..1]);
    assert_eq!(twins.bond(&sides[..1], 0, ci), Some(Bond::Account));
    assert!(twins.say_who(&sides[..1], 0));
    let twins = Twins::among(&sides);
    for index in 0..3 {
        assert_eq!(twins.bond(&sides, index, ci), Some(Bond::Itself));
        // Of one of them nobody knows.
        assert!(!twins.say_who(&sides, index));
    }
}

#[test]
fn what_is_declared_on_a_server_that_is_not_known_may_be_on_any() {
    let unknown = |api| Side {
        server: Server::NotKnown {
            api,
            unknown: vec!["url".to_owned()],
        },
        url: String::new(),
        inventory: Inventory::default(),
        ..side()
    };
    for (api, expected) in [
        (None, ACCOUNTS_ONLY.as_slice()),
        (Some(Api::Native), &ACCOUNTS_ONLY),
        (Some(Api::Splunk), &ALL),
    ] {
        let (deleted, note) = pruned(&[], TWO_PROVIDERS, vec![side(), unknown(api)]);
        assert_eq!(deleted, expected, "{api:?}: {note}");
        let said = note.contains("the server of lanyard_access_token.a is not known yet");
        assert_eq!(said, expected.len() < ALL.len(), "{note}");
    }
}
