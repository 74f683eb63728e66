//! Secrets that are sealed for a recipient: the state cannot be compared with them, so what the server shows of them is kept beside it.

use lanyard_compiler::model::access_token::Status;
use lanyard_compiler::model::{AccessToken, decode};

use super::*;
use crate::engine::{Use, plans, plans_to_delete, read_all};
use crate::object::{Objects as _, RotateRequest, Seen, anything};
use crate::record::Filter;

/// A sealed token that exists, as another process finds it.
async fn sealed_on(api: Api) -> Token {
    let mut token = Token::on(api);
    let key = age::x25519::Identity::generate();
    token.set("recipient", key.to_public().to_string());
    token.done().await;
    token.restart();
    token
}

/// One that somebody replaced, and what its planned deletion, which shows that, keeps beside it.
async fn to_be_deleted_though_replaced(api: Api) -> (Token, Evidence) {
    let mut token = sealed_on(api).await;
    token.rotated_by_somebody().await;
    token.refresh().await;
    let (state, evidence) = (token.stored(), token.evidence.clone().unwrap());
    let server = &*token.fake;
    assert_eq!(plans(server, &state, &evidence, Use::Ends), None);
    let (planned, said) = plans_to_delete(server, &state, &evidence);
    assert_eq!(said, None);
    (token, planned.unwrap())
}

impl Token {
    /// Somebody else gives the same object another secret, and only the server knows.
    async fn rotated_by_somebody(&mut self) {
        self.rotated_meanwhile().await;
        self.restart();
    }

    /// Likewise, while this process goes on.
    async fn rotated_meanwhile(&self) {
        let current: AccessToken = decode(&self.state).unwrap();
        let request = RotateRequest {
            current: current.clone(),
            desired: current,
            grace_period: None,
            generation: 2,
            seen: Seen::default(),
        };
        let id = self.held().id.unwrap();
        let rotated = self.fake.rotate(&id, &request, &anything).await;
        rotated.unwrap();
    }

    /// The codes of what applying this plan tells.
    async fn makes(&mut self, planned: &Value) -> Vec<&'static str> {
        let (config, evidence) = (self.config.clone(), self.evidence.clone());
        codes(&self.make(planned, &config, evidence.as_ref()).await)
    }
}

/// On servers that show how a secret begins, or all of it.
const SHOWING: [Api; 2] = [Api::Openobserve, Api::Splunk];

#[tokio::test(start_paused = true)]
async fn one_that_somebody_replaced_is_issued_anew() {
    for api in SHOWING {
        let mut token = sealed_on(api).await;
        token.rotated_by_somebody().await;
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Revoked), "{api:?}");
        assert_eq!(token.plan().action, Action::Update, "{api:?}");
        token.done().await;
        for _ in 0..2 {
            token.refresh().await;
            assert_eq!(token.held().status, Some(Status::Active), "{api:?}");
            assert_eq!(token.plan().action, Action::NoOp, "{api:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_nobody_replaced_stays_as_it_is() {
    for api in SHOWING {
        let mut token = sealed_on(api).await;
        let before = token.state.clone();
        let evidence = token.evidence.clone();
        token.refresh().await;
        assert_eq!(token.state, before, "{api:?}");
        assert_eq!(token.evidence, evidence, "{api:?}");
        token.rotate("2", "0s").await;
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Active), "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_older_version_did_not_keep_is_learnt_from_the_next_read() {
    for api in SHOWING {
        let mut token = sealed_on(api).await;
        token.evidence = Evidence::of(&token.stored());
        token.refresh().await;
        token.rotated_by_somebody().await;
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Revoked), "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_beside_the_state_is_no_secret() {
    for api in SHOWING {
        let token = sealed_on(api).await;
        let id = token.held().id.unwrap();
        let secret = token.fake.secret_of(&id);
        let kept = String::from_utf8(token.evidence.unwrap().to_bytes()).unwrap();
        assert!(!kept.contains(&secret.expose()[..5]), "{api:?}: {kept}");
        assert!(!kept.contains(&secret.expose()[4..]), "{api:?}: {kept}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_ends_the_sealed_secret_of_its_state_alone() {
    for api in SHOWING {
        let mut token = sealed_on(api).await;
        let evidence = token.evidence.clone().unwrap();
        token.rotated_by_somebody().await;
        let said = token.destroy_with(&evidence).await;
        assert_eq!(codes(&said), ["overtaken"], "{api:?}");
        assert_eq!(token.fake.ids().len(), 1, "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_plan_showed_that_it_was_replaced_ends_it_all_the_same() {
    for api in SHOWING {
        let (mut token, planned) = to_be_deleted_though_replaced(api).await;
        assert_eq!(token.destroy_with(&planned).await, [], "{api:?}");
        assert_eq!(token.fake.ids().len(), 0, "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_saved_plan_replaces_the_secret_that_it_saw_and_no_later_one() {
    for api in SHOWING {
        let mut token = sealed_on(api).await;
        token.rotate("0", "0s").await;
        token.rotation("1", "0s");
        let planned = token.plan().planned;
        token.rotated_by_somebody().await;
        assert_eq!(token.makes(&planned).await, ["overtaken"], "{api:?}");

        token.refresh().await;
        let planned = token.plan().planned;
        token.rotated_by_somebody().await;
        assert_eq!(token.makes(&planned).await, ["overtaken"], "{api:?}");

        token.refresh().await;
        token.done().await;
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Active), "{api:?}");
        assert_eq!(token.plan().action, Action::NoOp, "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_secret_in_the_clear_it_is_the_same() {
    let mut token = Token::applied_on(Api::Openobserve).await;
    for round in ["1", "2"] {
        token.rotation(round, "0s");
        token.rotated_by_somebody().await;
        token.refresh().await;
        assert_eq!(token.held().status, Some(Status::Revoked));
        let planned = token.plan().planned;
        token.rotated_by_somebody().await;
        assert_eq!(token.makes(&planned).await, ["overtaken"]);
        token.refresh().await;
        token.done().await;
        token.assert_alone();
        // Nothing more is kept beside a state that holds its own secret.
        token.refresh().await;
        assert_eq!(token.evidence.as_ref().unwrap().last_shown(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_plan_showed_that_it_was_replaced_ends_no_later_one() {
    for api in SHOWING {
        let (mut token, planned) = to_be_deleted_though_replaced(api).await;
        token.rotated_by_somebody().await;
        let said = token.destroy_with(&planned).await;
        assert_eq!(codes(&said), ["overtaken"], "{api:?}");
        assert_eq!(token.fake.ids().len(), 1, "{api:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_plans_from_lists_replaces_the_secret_that_they_showed_and_no_later_one() {
    let mut token = sealed_on(Api::Splunk).await;
    token.rotate("0", "0s").await;
    token.restart();
    token.evidence = None;
    for (is_late, tells) in [(true, vec!["overtaken"]), (false, vec![])] {
        read_all(&*token.fake, &Filter::default()).await.unwrap();
        token.rotation("1", "0s");
        let planned = token.plan().planned;
        if is_late {
            token.rotated_meanwhile().await;
        }
        token.evidence = None;
        assert_eq!(token.makes(&planned).await, tells);
    }
}
