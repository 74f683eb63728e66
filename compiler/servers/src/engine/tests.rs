//! The engine against servers of every ability, with every kind of failure in between. What the native server does is proven
//! against the reference server; here stands what other servers need.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::model::State;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::{Kind, facts};
use lanyard_compiler::plan::{Action, plan_resource};
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;

use super::{
    Applied, Evidence, Use, apply, apply_held, import, plans, plans_to_delete, plans_to_replace,
    read, replace, was_read,
};
use crate::fake::{Fake, Trouble, Verb};
use crate::token_server::TokenServer;

/// A token as Terraform keeps one.
struct Token {
    fake: Arc<Fake>,
    config: Value,
    state: Value,
}

impl Token {
    fn on(api: Api) -> Self {
        let config = Value::Map(facts::schema(Kind::AccessToken).body.empty());
        let mut token = Self {
            fake: Arc::new(Fake::new(api)),
            config,
            state: Value::Null,
        };
        token.set("name", "ci");
        token
    }

    fn set(&mut self, name: &str, value: impl Into<Value>) {
        let entries = self.config.as_map_mut().unwrap();
        entries.insert(name.to_owned(), value.into());
    }

    /// A rotation block whose trigger has this value.
    fn rotation(&mut self, round: &str, grace_period: &str) {
        let block = facts::schema(Kind::AccessToken)
            .body
            .block("rotation")
            .unwrap();
        let mut block = block.body.empty();
        block.insert("grace_period".to_owned(), grace_period.into());
        let triggers = Value::map([("round", Value::from(round))]);
        block.insert("triggers".to_owned(), triggers);
        self.set("rotation", Value::Map(block));
    }

    async fn apply(&mut self) -> Vec<Diagnostic> {
        let server: Arc<dyn TokenServer> = Arc::<Fake>::clone(&self.fake);
        let plan = plan_resource(
            Kind::AccessToken,
            Some(server.capabilities()),
            &self.state,
            &self.config,
        );
        if plan.action == Action::NoOp {
            return Vec::new();
        }
        assert_eq!(plan.requires_replace, []);
        let Applied { state, diagnostics } = apply(
            &server,
            Kind::AccessToken,
            &self.state,
            &plan.planned,
            &self.config,
        )
        .await;
        self.state = state;
        diagnostics
    }

    fn stored(&self) -> State {
        State::read(Kind::AccessToken, &self.state).unwrap()
    }

    async fn refresh(&mut self) {
        let state = read(&*self.fake, &self.stored()).await.unwrap();
        self.state = state.map_or(Value::Null, |state| state.write());
    }

    async fn destroy(&mut self) -> Vec<Diagnostic> {
        let server: Arc<dyn TokenServer> = Arc::<Fake>::clone(&self.fake);
        let Applied { state, diagnostics } = apply(
            &server,
            Kind::AccessToken,
            &self.state,
            &Value::Null,
            &Value::Null,
        )
        .await;
        self.state = state;
        diagnostics
    }

    async fn destroy_with(&mut self, evidence: &Evidence) -> Vec<Diagnostic> {
        let server: Arc<dyn TokenServer> = Arc::<Fake>::clone(&self.fake);
        let (nothing, kind) = (Value::Null, Kind::AccessToken);
        let Applied { state, diagnostics } = apply_held(
            &server,
            kind,
            &self.state,
            &nothing,
            &nothing,
            Some(evidence),
        )
        .await;
        self.state = state;
        diagnostics
    }

    fn secret(&self) -> &Secret {
        self.state
            .get("token")
            .as_secret()
            .expect("it has a secret")
    }

    /// The state holds the one token there is, and its secret.
    fn assert_alone(&self) {
        let id = self.state.get("id").as_str().expect("it has an id");
        assert_eq!(self.fake.ids(), [id]);
        assert_eq!(self.fake.owner(self.secret()).as_deref(), Some(id));
    }

    fn retired(&self) -> usize {
        self.state.get("retired").as_list().unwrap().len()
    }
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.name())
        .collect()
}

#[tokio::test]
async fn a_lost_creation_is_found_and_its_secret_regained_as_each_server_allows() {
    use Verb::{Create, Delete, List, Read, Rotate};
    for (api, trouble, expected) in [
        // The secret can be read again.
        (Api::Splunk, Trouble::LostAfter, vec![Create, List, Read]),
        (Api::Splunk, Trouble::LostBefore, vec![Create, List, Create]),
        // A new secret can be issued.
        (
            Api::Openobserve,
            Trouble::LostAfter,
            vec![Create, List, Read, Rotate],
        ),
        // Nothing tells when it was made: the name was looked for before.
        (
            Api::Osmo,
            Trouble::LostAfter,
            vec![List, Create, List, Read, Delete, Create],
        ),
        (
            Api::Elasticsearch,
            Trouble::LostBefore,
            vec![List, Create, List, Create],
        ),
    ] {
        let mut token = Token::on(api);
        token.set("service_account", "somebody");
        if api == Api::Splunk {
            token.set("service_account", Value::Null);
        }
        token.fake.trouble(Create, trouble.clone());
        let diagnostics = token.apply().await;
        assert_eq!(diagnostics, [], "{api:?} {trouble:?}");
        let calls: Vec<_> = token
            .fake
            .calls()
            .into_iter()
            .filter(|verb| *verb != Verb::Finish)
            .collect();
        assert_eq!(calls, expected, "{api:?} {trouble:?}");
        token.assert_alone();
    }
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_loses_more_answers_is_made_good_all_the_same() {
    use Verb::{Create, Delete, Rotate};
    for (api, troubles) in [
        (Api::Openobserve, vec![Create, Rotate, Rotate]),
        (Api::Osmo, vec![Create, Delete]),
        (Api::Osmo, vec![Create, Create, Create]),
        (Api::Elasticsearch, vec![Create, Delete, Create, Delete]),
    ] {
        let mut token = Token::on(api);
        token.set("service_account", "somebody");
        for verb in &troubles {
            token.fake.trouble(*verb, Trouble::LostAfter);
        }
        assert_eq!(token.apply().await, [], "{api:?} {troubles:?}");
        token.assert_alone();
    }
}

#[tokio::test]
async fn what_exists_without_its_secret_goes_into_the_state() {
    use Verb::{Create, Delete, Rotate};
    for (api, verb) in [(Api::Openobserve, Rotate), (Api::Osmo, Delete)] {
        let mut token = Token::on(api);
        token.set("service_account", "somebody");
        token.fake.trouble(Create, Trouble::LostAfter);
        token.fake.trouble(verb, Trouble::Refused);
        let said = token.apply().await;
        assert_eq!(codes(&said), ["server-forbids"], "{api:?}");
        assert!(said[0].to_string().contains("made anew"), "{}", said[0]);
        assert_eq!(token.state.get("id").as_str(), Some(&*token.fake.ids()[0]));
        assert!(token.state.get("token").is_null());
        assert_eq!(
            token.destroy().await,
            [],
            "as Terraform does, which marks it"
        );
        assert_eq!(token.apply().await, []);
        token.assert_alone();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_fails_for_a_while_is_asked_again_after_each_look() {
    let mut token = Token::on(Api::Osmo);
    token.set("service_account", "somebody");
    token.rotation("1", "0s");
    for _ in 0..4 {
        token.fake.trouble(Verb::Create, Trouble::LostBefore);
    }
    assert_eq!(token.apply().await, []);
    token.assert_alone();
    token.rotation("2", "0s");
    for _ in 0..4 {
        token.fake.trouble(Verb::Rotate, Trouble::LostBefore);
    }
    assert_eq!(token.apply().await, []);
    assert_eq!(token.state.get("generation"), &2.into());
    token.assert_alone();
}

#[tokio::test(start_paused = true)]
async fn what_the_last_repetition_made_is_found_and_what_never_works_is_reported() {
    let mut token = Token::on(Api::Splunk);
    token.set("service_account", Value::Null);
    for _ in 0..4 {
        token.fake.trouble(Verb::Create, Trouble::LostBefore);
    }
    token.fake.trouble(Verb::Create, Trouble::LostAfter);
    assert_eq!(token.apply().await, []);
    token.assert_alone();

    let mut token = Token::on(Api::Splunk);
    token.set("service_account", Value::Null);
    for _ in 0..5 {
        token.fake.trouble(Verb::Create, Trouble::LostBefore);
    }
    assert_eq!(codes(&token.apply().await), ["outcome-unknown"]);
    assert!(token.fake.ids().is_empty());
}

#[tokio::test]
async fn what_had_the_name_before_a_lost_creation_is_left_alone() {
    for api in [Api::Splunk, Api::Osmo] {
        let mut token = Token::on(api);
        token.set(
            "service_account",
            if api == Api::Splunk {
                Value::Null
            } else {
                "somebody".into()
            },
        );
        let id = token.fake.add("ci");
        token.fake.advance_days(1);
        token.fake.trouble(Verb::Create, Trouble::LostBefore);
        let diagnostics = token.apply().await;
        assert_eq!(codes(&diagnostics), ["name-taken"]);
        assert!(
            diagnostics[0].to_string().contains(&id),
            "{}",
            diagnostics[0]
        );
        assert!(token.state.is_null());
        assert_eq!(token.fake.ids(), [id]);
    }
}

#[tokio::test]
async fn a_restricting_step_that_fails_revokes_the_secret_at_once() {
    let mut token = Token::on(Api::Splunk);
    token.fake.trouble(Verb::Finish, Trouble::Restricting);
    let diagnostics = token.apply().await;
    assert_eq!(codes(&diagnostics), ["server-forbids"]);
    assert!(token.state.is_null());
    assert!(token.fake.ids().is_empty());
}

#[tokio::test]
async fn what_cannot_be_revoked_stays_in_the_state_and_is_named() {
    let mut token = Token::on(Api::Splunk);
    token.fake.trouble(Verb::Finish, Trouble::Restricting);
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    let diagnostics = token.apply().await;
    assert_eq!(codes(&diagnostics), ["server-forbids", "not-undone"]);
    token.assert_alone();
}

#[tokio::test]
async fn a_harmless_step_that_fails_is_a_warning() {
    let mut token = Token::on(Api::Splunk);
    token.fake.trouble(Verb::Finish, Trouble::Refused);
    let diagnostics = token.apply().await;
    assert_eq!(codes(&diagnostics), ["step-failed"]);
    assert!(!diagnostics[0].is_error());
    token.assert_alone();
}

#[tokio::test]
async fn two_slots_keep_the_old_secret_until_the_first_apply_after_its_deadline() {
    let mut token = Token::on(Api::Elasticsearch);
    token.set("service_account", "apps/worker");
    token.rotation("1", "2d");
    assert_eq!(token.apply().await, []);
    let old = token.secret().clone();
    token.rotation("2", "2d");
    assert_eq!(token.apply().await, []);
    assert_ne!(token.secret(), &old);
    assert_eq!(token.state.get("previous_token").as_secret(), Some(&old));
    assert_eq!(token.state.get("generation"), &2.into());
    assert_eq!(token.retired(), 1);

    token.fake.advance_days(1);
    token.refresh().await;
    assert_eq!(token.apply().await, []);
    assert!(token.fake.owner(&old).is_some(), "its grace period lasts");

    token.fake.advance_days(2);
    token.refresh().await;
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    assert_eq!(codes(&token.apply().await), ["retired-not-revoked"]);
    assert_eq!(token.retired(), 1, "it is not forgotten");

    token.refresh().await;
    assert_eq!(token.apply().await, []);
    assert_eq!(token.fake.owner(&old), None);
    assert_eq!(token.retired(), 0);
    assert!(token.state.get("previous_token").is_null());
    token.assert_alone();
}

#[tokio::test]
async fn who_takes_the_grace_period_away_does_not_wait_for_its_end() {
    for without in [true, false] {
        let mut token = Token::on(Api::Elasticsearch);
        token.set("service_account", "apps/worker");
        token.rotation("1", "2d");
        token.apply().await;
        token.rotation("2", "2d");
        token.apply().await;
        let old = token.state.get("previous_token").as_secret().cloned();
        let old = old.expect("the old secret is kept");
        if without {
            token.set("rotation", Value::Null);
        } else {
            token.rotation("2", "0s");
        }
        token.fake.trouble(Verb::Delete, Trouble::Refused);
        assert_eq!(codes(&token.apply().await), ["retired-not-revoked"]);
        assert_eq!(token.retired(), 1, "it is not forgotten");

        token.refresh().await;
        assert_eq!(token.apply().await, []);
        assert_eq!(token.fake.owner(&old), None);
        assert_eq!(token.retired(), 0);
        assert!(token.state.get("previous_token").is_null());
        token.assert_alone();
    }
}

#[tokio::test]
async fn a_rotation_without_grace_ends_the_secrets_that_earlier_ones_kept() {
    let mut token = Token::on(Api::Elasticsearch);
    token.set("service_account", "apps/worker");
    for (round, grace) in [("1", "2d"), ("2", "2d"), ("3", "0s")] {
        token.rotation(round, grace);
        assert_eq!(token.apply().await, []);
    }
    assert_eq!(token.retired(), 0);
    token.assert_alone();
}

#[tokio::test]
async fn a_grace_period_that_the_server_cannot_end_goes_on_and_is_named() {
    let mut token = Token::on(Api::Splunk);
    token.rotation("1", "2d");
    token.apply().await;
    token.rotation("2", "2d");
    token.apply().await;
    token.rotation("2", "0s");
    let server: Arc<dyn TokenServer> = Arc::<Fake>::clone(&token.fake);
    let plan = plan_resource(
        Kind::AccessToken,
        Some(server.capabilities()),
        &token.state,
        &token.config,
    );
    assert_eq!(codes(&plan.diagnostics), ["grace-goes-on"]);
    assert_eq!(token.apply().await, []);
    assert_eq!(token.retired(), 1);
}

#[tokio::test]
async fn a_server_that_keeps_the_old_secret_silently_is_believed_for_as_long_as_it_was_told() {
    let mut token = Token::on(Api::Splunk);
    token.rotation("1", "2d");
    token.apply().await;
    let old = token.secret().clone();
    token.rotation("2", "2d");
    assert_eq!(token.apply().await, []);
    assert_eq!(token.state.get("previous_token").as_secret(), Some(&old));
    token.fake.advance_days(1);
    token.refresh().await;
    assert_eq!(token.state.get("previous_token").as_secret(), Some(&old));
    token.fake.advance_days(2);
    token.refresh().await;
    assert!(token.state.get("previous_token").is_null());
    assert_eq!(token.retired(), 0);
    assert_eq!(token.apply().await, []);
}

#[tokio::test]
async fn two_slots_without_a_grace_period_end_the_old_secret_at_once() {
    let mut token = Token::on(Api::Elasticsearch);
    token.set("service_account", "apps/worker");
    token.rotation("1", "0s");
    token.apply().await;
    token.rotation("2", "0s");
    assert_eq!(token.apply().await, []);
    assert_eq!(token.retired(), 0);
    token.assert_alone();

    token.rotation("3", "0s");
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    let diagnostics = token.apply().await;
    assert_eq!(codes(&diagnostics), ["retired-not-revoked"]);
    assert!(!diagnostics[0].is_error(), "the new secret is what counts");
    token.refresh().await;
    assert_eq!(token.apply().await, []);
    token.assert_alone();
}

#[tokio::test]
async fn destroy_ends_the_current_and_all_retired_secrets_and_names_what_it_cannot_end() {
    let mut token = Token::on(Api::Elasticsearch);
    token.set("service_account", "apps/worker");
    for round in ["1", "2", "3"] {
        token.rotation(round, "30d");
        assert_eq!(token.apply().await, []);
    }
    assert_eq!(token.fake.ids().len(), 3);
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    token.fake.trouble(Verb::Delete, Trouble::Refused);
    let diagnostics = token.destroy().await;
    assert_eq!(
        codes(&diagnostics),
        ["server-forbids", "retired-not-revoked"]
    );
    assert_eq!(
        token.fake.ids().len(),
        2,
        "one retired token could be ended"
    );
    assert_eq!(token.retired(), 1);
    assert_eq!(token.destroy().await, []);
    assert!(token.state.is_null());
    assert!(token.fake.ids().is_empty());
}

#[tokio::test]
async fn a_lost_rotation_ends_with_a_secret_that_works() {
    for (api, trouble) in [
        (Api::Splunk, Trouble::LostBefore),
        (Api::Splunk, Trouble::LostAfter),
        (Api::Elasticsearch, Trouble::LostBefore),
    ] {
        let mut token = Token::on(api);
        if api == Api::Elasticsearch {
            token.set("service_account", "apps/worker");
        }
        token.rotation("1", "0s");
        token.apply().await;
        token.fake.advance_days(1);
        token.rotation("2", "0s");
        token.fake.trouble(Verb::Rotate, trouble.clone());
        assert_eq!(token.apply().await, [], "{api:?} {trouble:?}");
        assert_eq!(token.state.get("generation"), &2.into());
        token.assert_alone();
    }
}

#[tokio::test]
async fn an_update_that_fails_keeps_the_state_as_it_was() {
    let mut token = Token::on(Api::Splunk);
    token.apply().await;
    let before = token.state.clone();
    token.set("description", "new");
    token.fake.trouble(Verb::Update, Trouble::Refused);
    assert_eq!(codes(&token.apply().await), ["server-forbids"]);
    assert_eq!(token.state, before);
}

#[tokio::test]
async fn a_rotation_that_fails_keeps_the_update_before_it() {
    let mut token = Token::on(Api::Splunk);
    token.rotation("1", "0s");
    token.apply().await;
    let secret = token.secret().clone();
    token.rotation("2", "0s");
    token.set("description", "new");
    token.fake.trouble(Verb::Rotate, Trouble::Refused);
    assert_eq!(codes(&token.apply().await), ["server-forbids"]);
    assert_eq!(token.state.get("description"), &"new".into());
    assert_eq!(token.state.get("generation"), &1.into());
    assert_eq!(token.secret(), &secret);
    assert_eq!(token.apply().await, []);
    assert_eq!(token.state.get("generation"), &2.into());
}

#[tokio::test]
async fn a_lost_deletion_is_looked_for() {
    for trouble in [Trouble::LostAfter, Trouble::LostBefore] {
        let mut token = Token::on(Api::Splunk);
        token.apply().await;
        token.fake.trouble(Verb::Delete, trouble.clone());
        let diagnostics = token.destroy().await;
        let done = matches!(trouble, Trouble::LostAfter);
        assert_eq!(diagnostics.is_empty(), done, "{diagnostics:?}");
        assert_eq!(token.state.is_null(), done);
    }
}

#[tokio::test]
async fn an_answer_about_another_object_is_an_error_that_names_both() {
    for other in ["id-of-another-team", ""] {
        let mut token = Token::on(Api::Splunk);
        token.apply().await;
        let id = token.state.get("id").as_str().unwrap().to_owned();
        token.fake.answer_about(other);
        let refreshed = read(&*token.fake, &token.stored()).await;
        let imported = import(&*token.fake, Kind::AccessToken, &id).await;
        let destroyed = token.destroy().await;
        for error in [
            &refreshed.unwrap_err()[0],
            &imported.unwrap_err(),
            &destroyed[0],
        ] {
            assert_eq!(error.code, Code::UnexpectedAnswer);
            let text = error.to_string();
            assert!(text.contains(&id) && text.contains(other), "{text}");
        }
        assert_eq!(token.state.get("id"), &id.clone().into());
        assert_eq!(token.fake.ids(), [id], "it is not deleted");
    }
}

#[tokio::test]
async fn a_deletion_ends_the_secret_of_its_state_alone() {
    let mut token = Token::on(Api::Native);
    token.rotation("1", "0s");
    token.apply().await;
    let older = token.state.clone();
    token.rotation("2", "0s");
    token.apply().await;
    // Another process, which has the older state.
    let newer = std::mem::replace(&mut token.state, older);
    assert_eq!(codes(&token.destroy().await), ["left-alone"]);
    assert!(token.state.is_null());
    token.state = newer;
    token.assert_alone();
    assert_eq!(token.destroy().await, []);
    assert!(token.fake.ids().is_empty());
}

/// A token, the evidence beside its state, and what another process made of the same object meanwhile, which the state has read.
async fn replaced_elsewhere() -> (Token, Evidence) {
    let mut token = Token::on(Api::Native);
    token.rotation("1", "0s");
    token.apply().await;
    let evidence = Evidence::of(&token.stored()).unwrap();
    let older = token.state.clone();
    token.fake.advance_days(1);
    token.rotation("2", "0s");
    token.apply().await;
    Arc::get_mut(&mut token.fake).unwrap().restart();
    token.state = older;
    let issued_at = token.state.get("issued_at").clone();
    token.refresh().await;
    assert_ne!(token.state.get("issued_at"), &issued_at);
    (token, evidence)
}

#[tokio::test]
async fn a_refresh_makes_nothing_ones_own() {
    let (mut token, evidence) = replaced_elsewhere().await;
    assert_eq!(
        codes(&token.destroy_with(&evidence).await),
        ["left-alone"],
        "the plan of this deletion showed nothing: it is a deposed object's"
    );
    assert_eq!(token.fake.ids().len(), 1);
}

#[tokio::test]
async fn what_a_plan_has_shown_as_replaced_elsewhere_is_deleted() {
    let (mut token, evidence) = replaced_elsewhere().await;
    let (state, server) = (token.stored(), &*token.fake);
    was_read(server, &evidence);
    let (planned, said) = plans_to_delete(server, &state, &evidence).await;
    assert_eq!(said, None);
    assert_eq!(token.destroy_with(&planned.unwrap()).await, []);
    assert_eq!(token.fake.ids().len(), 0);
}

#[tokio::test]
async fn what_another_state_took_over_and_keeps_is_left_alone() {
    let (mut token, evidence) = replaced_elsewhere().await;
    let (state, server) = (token.stored(), &*token.fake);
    was_read(server, &evidence);
    let other = Evidence::of(&token.stored()).unwrap();
    let (ends, keeps) = tokio::join!(plans_to_delete(server, &state, &evidence), async {
        plans(server, &state, &other, Use::Keeps)
    });
    assert_eq!((ends, keeps), ((None, None), None));
    assert_eq!(codes(&token.destroy_with(&evidence).await), ["left-alone"]);
}

#[tokio::test]
async fn two_states_of_one_object_are_told_of_each_other() {
    let mut token = Token::on(Api::Splunk);
    token.apply().await;
    let (state, server) = (token.stored(), &*token.fake);
    let one = Evidence::of(&token.stored()).unwrap();
    let other = Evidence::of(&token.stored()).unwrap();
    let say = |evidence: &Evidence, intends| {
        plans(server, &state, evidence, intends).map(|said| said.code)
    };
    assert_eq!(say(&one, Use::Keeps), None);
    assert_eq!(say(&one, Use::Keeps), None, "it may be asked again");
    assert_eq!(say(&other, Use::Keeps), Some(Code::HeldTwice));
    assert_eq!(say(&other, Use::Ends), Some(Code::EndsAnothers));
    assert_eq!(say(&one, Use::Keeps), Some(Code::EndsAnothers));
    assert_eq!(say(&one, Use::Ends), None, "both go");
    assert_eq!(say(&one, Use::Keeps), Some(Code::EndsAnothers));
    let replaced = plans_to_replace(server, Kind::AccessToken, &one);
    assert_eq!(replaced, None, "both go");
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error_and_not_a_list() {
    use lanyard_compiler::model::AccessToken;

    use crate::record::Filter;

    for (endless, expected) in [
        ((|_| 7) as fn(usize) -> usize, "its pages lead in a circle"),
        (|asked| asked + 1, "there is more after 2000 pages"),
    ] {
        let mut fake = Fake::new(Api::Elasticsearch);
        fake.endless = Some(endless);
        let read = super::list_all::<AccessToken>(&fake, &Filter::default()).await;
        let problem = read.unwrap_err();
        assert!(problem.detail.contains(expected), "{problem}");
    }
}

/// A token that lives for 90 days, and 60 days later.
async fn after_sixty_days(api: Api) -> Token {
    let mut token = Token::on(api);
    token.set("ttl", "90d");
    token.rotation("1", "0s");
    assert_eq!(token.apply().await, []);
    token.fake.advance_days(60);
    token.refresh().await;
    token.fake.calls();
    token
}

#[tokio::test]
async fn a_ttl_whose_end_is_past_already_rotates_in_the_same_apply() {
    for api in [Api::Native, Api::Splunk] {
        let mut token = after_sixty_days(api).await;
        token.set("ttl", "30d");
        assert_eq!(token.apply().await, []);
        assert_eq!(token.fake.calls(), [Verb::Read, Verb::Rotate]);
        assert_eq!(token.state.get("generation"), &2.into());
        let why = token.state.get("rotation_reason").as_str().unwrap();
        assert!(
            why.starts_with("with a `ttl` of 30d it would have ended 2"),
            "{why}"
        );
        token.assert_alone();
        assert_eq!(token.apply().await, []);
        assert_eq!(token.state.get("generation"), &2.into());
    }
}

#[tokio::test]
async fn a_shorter_ttl_whose_end_is_to_come_moves_the_end_of_the_secret_in_use() {
    let mut token = after_sixty_days(Api::Splunk).await;
    let secret = token.secret().clone();
    token.set("ttl", "80d");
    assert_eq!(token.apply().await, []);
    assert_eq!(token.fake.calls(), [Verb::Read, Verb::Update]);
    assert_eq!(token.state.get("generation"), &1.into());
    assert_eq!(token.state.get("rotation_reason"), &Value::Null);
    assert_eq!(*token.secret(), secret);
    token.refresh().await;
    assert_eq!(token.apply().await, []);
    token.assert_alone();
}

#[tokio::test]
async fn the_end_of_a_disabled_token_is_decided_when_it_is_enabled() {
    let mut token = after_sixty_days(Api::Native).await;
    token.set("ttl", "30d");
    token.set("disabled", true);
    assert_eq!(token.apply().await, []);
    assert_eq!(token.fake.calls(), [Verb::Update]);
    assert_eq!(token.state.get("generation"), &1.into());
    token.refresh().await;
    assert_eq!(token.apply().await, []);
    token.set("disabled", false);
    assert_eq!(token.apply().await, []);
    assert_eq!(token.state.get("generation"), &2.into());
    token.assert_alone();
}

#[tokio::test]
async fn an_end_that_is_past_before_it_is_set_changes_nothing() {
    let mut token = after_sixty_days(Api::Splunk).await;
    let before = token.state.clone();
    token.set("ttl", Value::Null);
    token.set("expires_at", "2001-01-01T00:00:00Z");
    let diagnostics = token.apply().await;
    assert_eq!(codes(&diagnostics), ["end-is-past"]);
    assert_eq!(token.state, before);
    assert_eq!(token.fake.calls(), [Verb::Read]);
}

#[tokio::test]
async fn an_edit_that_makes_a_token_due_says_that_the_next_apply_rotates() {
    let mut token = after_sixty_days(Api::Splunk).await;
    let block = token.config.get("rotation").clone();
    for (ahead, expected) in [("20d", vec![]), ("40d", vec!["due-at-once"])] {
        let mut block = block.clone();
        block
            .as_map_mut()
            .unwrap()
            .insert("before_expiry".to_owned(), ahead.into());
        token.set("rotation", block);
        assert_eq!(codes(&token.apply().await), expected, "{ahead}");
    }
    assert_eq!(token.state.get("generation"), &1.into());
    token.refresh().await;
    assert_eq!(token.apply().await, []);
    assert_eq!(token.state.get("generation"), &2.into());
}

#[tokio::test]
async fn a_rotation_of_what_has_expired_since_the_plan_says_so() {
    for (trouble, expected) in [
        (Trouble::Impossible, "expired-since-plan"),
        // Who may not rotate learns that.
        (Trouble::Refused, "server-forbids"),
    ] {
        let mut token = after_sixty_days(Api::Splunk).await;
        token.fake.advance_days(31);
        token.rotation("2", "0s");
        token.fake.trouble(Verb::Rotate, trouble);
        let diagnostics = token.apply().await;
        assert_eq!(codes(&diagnostics), [expected]);
        assert_eq!(token.state.get("generation"), &1.into());
    }
}

#[tokio::test]
async fn a_replacement_begins_with_the_new_one_unless_the_name_is_taken() {
    for (name, first) in [("other", Verb::Create), ("ci", Verb::Delete)] {
        let mut token = Token::on(Api::Native);
        assert_eq!(token.apply().await, []);
        let old = token.state.clone();
        token.set("name", name);
        let server: Arc<dyn TokenServer> = Arc::<Fake>::clone(&token.fake);
        let capabilities = Some(server.capabilities());
        let plan = plan_resource(Kind::AccessToken, capabilities, &Value::Null, &token.config);
        // Taken, so that what follows stands alone.
        token.fake.calls();
        let kind = Kind::AccessToken;
        let made = replace(&server, kind, &old, &plan.planned, &token.config).await;
        assert_eq!(made.diagnostics, [], "{name}");
        token.state = made.state;
        token.assert_alone();
        let calls = token.fake.calls();
        let writes = [Verb::Create, Verb::Delete];
        let write = calls.into_iter().find(|verb| writes.contains(verb));
        assert_eq!(write, Some(first), "{name}");
    }
}
