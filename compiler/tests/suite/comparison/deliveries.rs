//! Secrets that an earlier apply left undelivered.

use super::*;

/// A creation that nobody knows the outcome of.
fn undelivered(address: &str, name: &str) -> Open {
    Open {
        address: address.to_owned(),
        action: Issuing::Create,
        place: Place::new("http://localhost", None),
        kind: Kind::AccessToken,
        name: Some(name.to_owned()),
        email: None,
        service_account: None,
        before: None,
        issued: None,
        begun: "2026-01-01T00:00:00Z"
            .parse()
            .expect("the test world is well formed"),
        displaced: false,
        is_identified: true,
        is_promised: false,
        mark: None,
    }
}

#[test]
fn what_is_made_at_the_address_of_an_open_delivery_does_not_end_it() {
    let address = "lanyard_access_token.a";
    let open = [undelivered(address, "a")];
    // A new name, and one that another object has.
    for name in ["new", "b"] {
        let token =
            format!("resource \"lanyard_access_token\" \"a\" {{\n  name = \"{name}\"\n}}\n");
        let comparison = compared_with(&token, &open);
        assert!(
            comparison
                .plan
                .changes
                .iter()
                .all(|change| !change.rotates()),
            "{name}"
        );
        let [delivery] = comparison.deliveries.as_slice() else {
            panic!("{name}: {:#?}", comparison.deliveries);
        };
        assert_eq!(delivery.state, State::Unconfigured, "{name}");
        assert!(delivery.open.displaced, "{name}");
        let told = delivery.complaint().expect("it is stuck");
        assert!(told.detail.contains("another object now"), "{told:?}");
    }
    // And back again, also where something else is open at the address since.
    let token = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let displaced = Open {
        displaced: true,
        ..undelivered(address, "a")
    };
    let open = [undelivered(address, "b"), displaced];
    let comparison = compared_with(token, &open);
    let states: Vec<&State> = comparison
        .deliveries
        .iter()
        .map(|each| &each.state)
        .collect();
    let address = address.to_owned();
    assert_eq!(states, [&State::Reissued { address }, &State::Unconfigured]);
}

#[test]
fn one_server_in_two_spellings_is_one_place() {
    let open = [Open {
        place: Place::new("HTTP://LOCALHOST:80/", None),
        ..undelivered("lanyard_access_token.a", "a")
    }];
    let token = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n";
    let comparison = compared_with(token, &open);
    assert!(comparison.plan.changes[0].rotates());
}

#[test]
fn an_open_delivery_is_issued_again_whatever_the_rotation_block_says() {
    let tokens = "resource \"lanyard_access_token\" \"a\" {\n  name = \"a\"\n}\n\
                  resource \"lanyard_access_token\" \"renamed\" {\n  name = \"b\"\n}\n";
    assert!(compared(tokens).plan.is_empty());
    let a = "lanyard_access_token.a";
    let open = [
        undelivered(a, "a"),
        undelivered("lanyard_access_token.b", "b"),
    ];
    let comparison = compared_with(tokens, &open);
    for (change, delivery) in comparison.plan.changes.iter().zip(&comparison.deliveries) {
        assert!(change.rotates(), "{}", change.address);
        let address = change.address.clone();
        assert_eq!(delivery.state, State::Reissued { address });
        let again = change.plan_again(Some(&native::CAPABILITIES), &change.prior, &change.config);
        assert_eq!(again.planned, change.planned, "the apply means the same");
    }
}

#[test]
fn an_open_delivery_is_forgotten_only_with_its_object() {
    let elsewhere = Place::new("http://elsewhere", None);
    let open = [
        undelivered("lanyard_access_token.a", "a"),
        Open {
            place: elsewhere,
            ..undelivered("lanyard_access_token.b", "b")
        },
        undelivered("lanyard_access_token.gone", "gone"),
    ];
    let account = "resource \"lanyard_service_account\" \"ci\" {\n  name = \"ci\"\n}\n";
    let comparison = compared_with(account, &open);
    let states: Vec<&State> = comparison
        .deliveries
        .iter()
        .map(|delivery| &delivery.state)
        .collect();
    let expected = [
        &State::Unconfigured,
        &State::Elsewhere(Apart::Address),
        &State::Gone,
    ];
    assert_eq!(states, expected);
    let told = comparison.diagnostics();
    assert_eq!(
        told.iter()
            .filter(|each| each.code == Code::UndeliveredSecret)
            .count(),
        2
    );
}

/// What cannot be read is not known to be gone, whether it is configured or not.
#[test]
fn an_open_delivery_is_kept_while_not_everything_can_be_read() {
    let address = "lanyard_access_token.hidden";
    let open = [undelivered(address, "hidden")];
    let hidden = "resource \"lanyard_access_token\" \"hidden\" {\n  name = \"hidden\"\n}\n";
    let another = hidden.replace("name = \"hidden\"", "name = \"a\"");
    for (configuration, is_configured) in [("", false), (hidden, true), (&another, false)] {
        let mut side = side();
        side.inventory = side.inventory.with_more_unseen();
        let comparison = compared_on(&[], configuration, vec![side], (false, &open));
        let resumed: Vec<Next<'_>> = comparison.resumed().map(|(_, next)| next).collect();
        assert_eq!(resumed, [Next::StaysOpen], "{configuration}");
        assert!(
            comparison
                .plan
                .changes
                .iter()
                .all(|change| !change.rotates())
        );
        let [delivery] = comparison.deliveries.as_slice() else {
            panic!("{:#?}", comparison.deliveries);
        };
        let is_stuck = delivery.state == State::NotSeen && delivery.is_stuck();
        assert_eq!(is_stuck, !is_configured, "{configuration}: {delivery:?}");
    }
}

/// Addresses that change owners with each other are found at once, also on two servers.
#[test]
fn open_deliveries_are_issued_again_where_their_objects_are_now() {
    let (x, y) = (
        "lanyard_access_token.t[\"x\"]",
        "lanyard_access_token.t[\"y\"]",
    );
    let open = [undelivered(x, "a"), undelivered(y, "b")];
    let swapped = "resource \"lanyard_access_token\" \"t\" {\n  for_each = { x = \"b\", y = \"a\" }\n  name = each.value\n}\n";
    let comparison = compared_with(swapped, &open);
    let rotated = |comparison: &Comparison| {
        let changes = comparison.plan.changes.iter();
        changes.filter(|change| change.rotates()).count()
    };
    assert_eq!(rotated(&comparison), 2);
    let states: Vec<(&str, &State)> = comparison
        .deliveries
        .iter()
        .map(|each| (&*each.open.address, &each.state))
        .collect();
    let reissued = |address: &str| State::Reissued {
        address: address.to_owned(),
    };
    assert_eq!(states, [(y, &reissued(x)), (x, &reissued(y))]);
    assert!(comparison.deliveries.iter().all(|each| each.open.displaced));

    let other = || Side {
        provider: "provider[\"lanyard\"].other".to_owned(),
        url: "http://other".to_owned(),
        ..side()
    };
    let blocks = "provider \"lanyard\" {}\nprovider \"lanyard\" {\n  alias = \"other\"\n}\n\
                  resource \"lanyard_access_token\" \"x\" {\n  name = \"a\"\n  provider = lanyard.other\n}\n\
                  resource \"lanyard_access_token\" \"y\" {\n  name = \"a\"\n}\n";
    let open = [
        undelivered("lanyard_access_token.x", "a"),
        Open {
            place: Place::new("http://other", None),
            ..undelivered("lanyard_access_token.y", "a")
        },
    ];
    let comparison = compared_on(&[], blocks, vec![side(), other()], (false, &open));
    assert_eq!(rotated(&comparison), 2, "{:#?}", comparison.deliveries);
}

/// Where a server makes ids of names, the account that a plan makes anew is known by its own.
#[test]
fn a_variable_of_what_is_made_anew_says_whose_it_was() {
    let said = |api: Api, name: &str| {
        let of_api = Side {
            server: Server::Known(capabilities(api)),
            organization: Some("default".to_owned()),
            inventory: Inventory::new(Vec::new(), None, side().inventory.now()),
            ..side()
        };
        let configuration = format!(
            "provider \"lanyard\" {{\n  api = \"{}\"\n}}\nresource \"lanyard_service_account\" \"a\" {{\n  name = \"{name}\"\n}}\nresource \"lanyard_access_token\" \"t\" {{\n  name            = \"tok\"\n  service_account = lanyard_service_account.a.id\n}}\n",
            api.name()
        );
        let comparison = compared_on(&[], &configuration, vec![of_api], (false, &[]));
        let all = comparison.variables("").into_iter().map(|due| {
            let owners: Vec<String> = due.owners.iter().map(ToString::to_string).collect();
            format!("{}: {}", due.variable, owners.join("; "))
        });
        let all = all.collect::<Vec<_>>().join("\n");
        all.replace(" on http://localhost (default)", "")
    };
    let of_account = |id: &str| format!("T: access token \"tok\" of the account {id:?}");
    assert_eq!(said(Api::Elasticsearch, "apps/ci"), of_account("apps/ci"));
    assert_eq!(said(Api::Osmo, "ci"), of_account("ci"));
    let id = of_account("default/ci.default@sa.internal");
    let account = "A: service account \"ci\" (ci.default@sa.internal)";
    assert_eq!(said(Api::Openobserve, "ci"), format!("{id}\n{account}"),);
    // Nobody knows the id that it will have.
    assert_eq!(said(Api::Native, "ci"), "T: ");
}
