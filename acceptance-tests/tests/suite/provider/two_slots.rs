//! Tokens each secret of which is a token of its own on the server: what the two hands on it may do during a grace period.

use lanyard_provider::resources::ImportBy;
use lanyard_token_server::{Api, ReferenceServer};
use serde_json::{Value as Json, json};

use super::core::{Action, Core, Object, server_of};
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
        let account = if api == Api::Osmo {
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
        let rotation = json!({"grace_period": "2d", "triggers": {"round": round}});
        json!({"name": "ci", "service_account": self.account, "rotation": rotation})
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
