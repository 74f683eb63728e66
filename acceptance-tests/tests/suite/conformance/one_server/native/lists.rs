//! Reading many objects: in few calls, from all pages, and never wrongly from a list that lags behind.

use std::sync::Arc;

use lanyard_compiler::model::{AccessToken, Kind};
use lanyard_compiler::plan::Action;
use lanyard_servers::{Filter, Object, engine};
use lanyard_token_server::{Fault, FaultRule};

use super::{Resource, Subject};
use crate::support::states;

async fn tokens(subject: &Subject, account: &Resource, count: usize) -> Vec<Resource> {
    let mut tokens = Vec::new();
    for number in 0..count {
        let mut token = Resource::token(&format!("token {number}"), account.id());
        assert_eq!(token.try_apply(subject).await, []);
        tokens.push(token);
    }
    tokens
}

pub(crate) async fn many_reads_cost_few_calls(mut subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let tokens = tokens(&subject, &account, 60).await;
    subject.restart();
    subject.reference.requests().clear();
    let reads = tokens.iter().map(|token| {
        let (server, state) = (Arc::clone(&subject.server), token.state.clone());
        tokio::spawn(async move { states::read(&*server, Kind::AccessToken, &state).await })
    });
    for (read, token) in futures_util::future::join_all(reads)
        .await
        .into_iter()
        .zip(&tokens)
    {
        assert_eq!(read.unwrap().unwrap().as_ref(), Some(&token.state));
    }
    let calls = subject.reference.requests().total();
    assert!(calls <= 5, "{calls} calls for 60 reads");
}

pub(crate) async fn two_hundred_tokens_are_made_at_once(subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let subject = &subject;
    let made = (0..200).map(|number| {
        let mut token = Resource::token(&format!("token {number}"), account.id());
        async move {
            assert_eq!(token.try_apply(subject).await, []);
            token
        }
    });
    let made = futures_util::future::join_all(made).await;
    let everything = engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    assert_eq!(everything.access_tokens.len(), 200);
    let secrets: std::collections::BTreeSet<_> = made.iter().map(Resource::secret).collect();
    assert_eq!(secrets.len(), 200);
    for token in made.iter().step_by(40) {
        assert!(subject.accepts(token.secret()).await);
    }
}

pub(crate) async fn few_reads_in_a_huge_estate_do_not_page_through_it(mut subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut tokens = tokens(&subject, &account, 3).await;
    subject.restart();
    subject.reference.requests().clear();
    for token in &mut tokens {
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp);
    }
    let routes = subject.reference.requests().all();
    assert_eq!(routes.len(), 3, "{routes:?}");
    assert!(
        routes.iter().all(|request| request.query.is_none()),
        "single reads only"
    );
}

pub(crate) async fn a_list_goes_through_all_pages_and_filters(subject: Subject) {
    let (one, two) = (
        subject.account("one", &[]).await,
        subject.account("two", &[]).await,
    );
    tokens(&subject, &one, 5).await;
    tokens(&subject, &two, 7).await;
    let everything = engine::read_all(&*subject.server, &Filter::default())
        .await
        .unwrap();
    assert_eq!(everything.service_accounts.len(), 2);
    assert_eq!(everything.access_tokens.len(), 12);
    let filter = Filter {
        service_account: Some(two.id().to_owned()),
        ..Filter::default()
    };
    let page = AccessToken::of(&*subject.server)
        .list(&filter, None)
        .await
        .unwrap();
    assert_eq!(page.records.len(), 7);
    let filter = Filter {
        name: Some("token 3".to_owned()),
        ..Filter::default()
    };
    let page = AccessToken::of(&*subject.server)
        .list(&filter, None)
        .await
        .unwrap();
    assert_eq!(page.records.len(), 2, "one of each account");
    let filter = Filter {
        managed_by: Some("somebody-else".to_owned()),
        ..Filter::default()
    };
    let page = AccessToken::of(&*subject.server)
        .list(&filter, None)
        .await
        .unwrap();
    assert_eq!(page.records, []);
}

pub(crate) async fn a_list_that_lags_behind_deletes_and_duplicates_nothing(mut subject: Subject) {
    let account = subject.account("ci", &["viewer"]).await;
    let mut tokens = tokens(&subject, &account, 12).await;
    let stale = FaultRule::new(Fault::StaleLists { seconds: 3600 });
    subject.reference.faults().replace(vec![stale]).unwrap();
    subject.restart();
    for token in &mut tokens {
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp, "{:?}", token.state);
    }
    // Changed just now, and the list still tells the old story.
    let token = &mut tokens[11];
    token.set("description", "new");
    token.apply(&subject).await;
    subject.restart();
    for token in &mut tokens {
        token.refresh(&subject).await;
        assert_eq!(token.plan(&subject), Action::NoOp);
    }
}
