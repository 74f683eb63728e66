//! Tokens each secret of which is a token of its own on the server: what the two hands on it may do during a grace period.

use lanyard_compiler::diagnostic::Code;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::core::{Action, Core, Object, server_of, settings_for};
use crate::support::door::{lets_in, operator_of};
use crate::support::slots::{delete_slot, slots};

const DAY: i64 = 86_400;

struct Ground {
    server: ReferenceServer,
    core: Core,
    account: String,
}

impl Ground {
    async fn of(api: Api) -> Self {
        let server = server_of(api);
        let core = Core::on(&server).await;
        Self::with(server, core).await
    }

    async fn with(server: ReferenceServer, core: Core) -> Self {
        let account = if server.api == Api::Osmo {
            let mut account = core.account();
            account
                .apply(json!({"name": "svc", "roles": ["osmo-user"]}))
                .await;
            account.text("id")
        } else {
            "elastic/fleet-server".to_owned()
        };
        Self {
            server,
            core,
            account,
        }
    }

    fn config(&self, round: &str) -> Json {
        self.graced("2d", round)
    }

    fn graced(&self, grace: &str, round: &str) -> Json {
        let rotation = json!({"grace_period": grace, "triggers": {"round": round}});
        json!({"name": "ci", "service_account": self.account, "rotation": rotation})
    }

    /// The id of one of the token's secrets.
    fn secret(&self, number: i64) -> String {
        format!("{}/ci@{number}", self.account)
    }

    /// A token in the grace period of its first secret.
    async fn in_grace(&self) -> Object {
        let mut token = self.core.token();
        token.apply(self.config("1")).await;
        token.apply(self.config("2")).await;
        assert_eq!(self.slots(), ["ci", "ci--2"]);
        token
    }

    fn slots(&self) -> Vec<String> {
        slots(&self.server, "ci")
    }

    async fn later(&self, days: i64, token: &mut Object) {
        self.server.clock().advance_seconds(days * DAY).unwrap();
        token.refresh().await;
    }

    async fn works(&self, token: &Object) -> bool {
        let secret = token.state.get("token").as_secret().unwrap();
        lets_in(&operator_of(&self.server), &token.text("id"), secret).await
    }
}

fn retired(token: &Object) -> Vec<String> {
    let entries = token.state.get("retired").as_list().unwrap_or_default();
    let id = |entry: &lanyard_compiler::value::Value| entry.get("id").as_str().map(str::to_owned);
    entries.iter().filter_map(id).collect()
}

#[tokio::test]
async fn the_older_secret_does_not_become_current_again() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        for days in [1, 3] {
            let ground = Ground::of(api).await;
            let mut token = ground.in_grace().await;
            delete_slot(&ground.server, &ground.account, "ci--2").await;
            ground.later(days, &mut token).await;
            assert_eq!(token.state.get("generation"), &2.into());
            assert_eq!(token.text("status"), "revoked");

            assert_eq!(token.apply(ground.config("2")).await, Action::Update);
            assert_eq!(token.state.get("generation"), &3.into());
            assert_eq!(
                token.text("rotation_reason"),
                "the secret is no longer accepted"
            );
            assert!(ground.works(&token).await);
            let first = format!("{}/ci@1", ground.account);
            let expected: &[String] = if days == 1 { &[first] } else { &[] };
            assert_eq!(retired(&token), expected, "{api:?} {days}");

            ground.later(4, &mut token).await;
            token.apply(ground.config("2")).await;
            assert_eq!(ground.slots(), ["ci--3"], "{api:?} {days}");
        }
    }
}

#[tokio::test]
async fn an_import_picks_up_what_is_retired() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        let ground = Ground::of(api).await;
        let first = ground.in_grace().await;
        let mut token = ground.core.token();
        token.import(ImportBy::Id(first.text("id"))).await;
        let expected = [format!("{}/ci@1", ground.account)];
        assert_eq!(retired(&token), expected);
        let alone = ImportBy::Id(expected[0].clone());
        let refused = ground.core.token().import(alone).await;
        let codes: Vec<Code> = refused.iter().map(|told| told.code).collect();
        assert_eq!(codes, [Code::ImportNotFound]);
        assert_eq!(token.state.get("generation"), &2.into());
        // It is imported without its rotation block: the grace period counts from when that is known.
        token.try_apply(ground.config("2")).await;
        ground.later(1, &mut token).await;
        assert_eq!(retired(&token), expected);
        assert_eq!(ground.slots(), ["ci", "ci--2"]);
        ground.later(3, &mut token).await;
        assert_eq!(token.apply(ground.config("2")).await, Action::Update);
        assert_eq!(ground.slots(), ["ci--2"], "{api:?}");
        assert_eq!(retired(&token), [""; 0]);
    }
}

#[tokio::test]
async fn each_retired_secret_ends_alone() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        let ground = Ground::of(api).await;
        let mut token = ground.core.token();
        token.apply(ground.graced("30d", "1")).await;
        token.apply(ground.graced("30d", "2")).await;
        token.apply(ground.graced("1h", "3")).await;
        assert_eq!(retired(&token), [ground.secret(1), ground.secret(2)]);
        ground.later(1, &mut token).await;
        assert_eq!(token.apply(ground.graced("1h", "3")).await, Action::Update);
        assert_eq!(ground.slots(), ["ci", "ci--3"], "{api:?}");
        assert_eq!(retired(&token), [ground.secret(1)]);
        // One that is gone is not said to work.
        delete_slot(&ground.server, &ground.account, "ci").await;
        ground.later(1, &mut token).await;
        assert_eq!(retired(&token), [""; 0], "{api:?}");
    }
}

#[tokio::test]
async fn an_import_knows_every_retired_secret_and_begins_its_grace_period() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        let ground = Ground::of(api).await;
        let mut first = ground.in_grace().await;
        first.apply(ground.config("3")).await;
        let mut token = ground.core.token();
        token.import(ImportBy::Id(first.text("id"))).await;
        let expected = [ground.secret(2), ground.secret(1)];
        assert_eq!(retired(&token), expected);
        // Once they are written down, nothing is to be done until they are over.
        assert_eq!(token.apply(ground.config("3")).await, Action::Update);
        assert_eq!(retired(&token), expected);
        ground.later(1, &mut token).await;
        assert_eq!(
            token.apply(ground.config("3")).await,
            Action::NoOp,
            "{api:?}"
        );
        ground.later(2, &mut token).await;
        assert_eq!(token.apply(ground.config("3")).await, Action::Update);
        assert_eq!(ground.slots(), ["ci--3"], "{api:?}");
    }
}

/// The harness plans again after the apply, and expects nothing.
#[tokio::test]
async fn an_import_without_a_grace_period_ends_every_retired_secret_at_once() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        for after_import in [false, true] {
            let ground = Ground::of(api).await;
            let mut first = ground.in_grace().await;
            first.apply(ground.config("3")).await;
            let mut token = ground.core.token();
            token.import(ImportBy::Id(first.text("id"))).await;
            let mut config = ground.config("3");
            config["rotation"] = json!({"after_import": after_import});
            assert_eq!(token.apply(config).await, Action::Update);
            let newest = if after_import { "ci--4" } else { "ci--3" };
            assert_eq!(ground.slots(), [newest], "{api:?}");
            assert_eq!(retired(&token), [""; 0]);
        }
    }
}

#[tokio::test]
async fn a_secret_that_had_expired_gets_no_grace_period() {
    let ground = Ground::of(Api::Osmo).await;
    let mut token = ground.core.token();
    let mut config = ground.config("1");
    config["ttl"] = "30d".into();
    token.apply(config.clone()).await;
    ground.later(40, &mut token).await;
    assert_eq!(token.apply(config).await, Action::Update);
    assert_eq!(retired(&token), [""; 0]);
    assert_eq!(ground.slots(), ["ci--2"]);
}

/// The server dates accounts by its own clock, and this machine dates secrets where it does not believe that.
#[tokio::test]
async fn a_secret_is_not_lost_where_the_clock_of_the_server_is_ahead() {
    for api in [Api::Osmo, Api::Elasticsearch] {
        let server = server_of(api);
        server.clock().advance_seconds(2 * DAY).unwrap();
        let mut settings = settings_for(&server);
        settings["clock_tolerance"] = "5m".into();
        let (core, diagnostics) = Core::configured(settings).await;
        assert_eq!(diagnostics, []);
        let ground = Ground::with(server, core).await;
        let mut token = ground.core.token();
        for round in ["1", "2"] {
            token.apply(ground.config(round)).await;
            token.refresh().await;
            assert!(!token.state.is_null(), "{api:?} {round}");
            assert_eq!(token.apply(ground.config(round)).await, Action::NoOp);
        }
        token.destroy().await;
        assert_eq!(ground.slots(), [""; 0], "{api:?}");
    }
}
