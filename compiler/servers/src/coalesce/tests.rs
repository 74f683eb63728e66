//! Reads of a server in memory: how many calls they take, and that no list lies.

use std::sync::Arc;

use lanyard_compiler::model::AccessToken;
use lanyard_compiler::model::server::Api;

use super::*;
use crate::fake::{Fake, Trouble, Verb};

fn estate(count: usize, page: usize) -> (Arc<Fake>, Arc<Reads<AccessToken>>, Vec<String>) {
    let mut fake = Fake::new(Api::Splunk);
    fake.page = page;
    let ids = (0..count).map(|number| fake.add(&format!("token {number}")));
    let ids = ids.collect();
    (Arc::new(fake), Arc::default(), ids)
}

/// Reads these at once and says how many calls it took.
async fn read_all(fake: &Arc<Fake>, reads: &Arc<Reads<AccessToken>>, ids: &[String]) -> usize {
    let all = ids.iter().map(|id| async move {
        let record = reads.read(&**fake, id, |_| true).await.unwrap();
        assert_eq!(&record.unwrap().id, id);
    });
    futures_util::future::join_all(all).await;
    fake.calls().len()
}

#[tokio::test]
async fn a_thousand_reads_take_few_calls_and_later_ones_none() {
    let (fake, reads, ids) = estate(1000, 250);
    let calls = read_all(&fake, &reads, &ids).await;
    assert!(calls <= 3 + 4, "{calls}");
    assert_eq!(read_all(&fake, &reads, &ids).await, 0);
}

#[tokio::test]
async fn reads_one_after_the_other_coalesce_as_well() {
    let (fake, reads, ids) = estate(1000, 1000);
    for id in &ids {
        reads.read(&*fake, id, |_| true).await.unwrap();
    }
    let calls = fake.calls().len();
    assert!(calls <= 3 + 1, "{calls}");
}

#[tokio::test]
async fn a_few_tokens_in_a_huge_estate_cost_a_few_calls() {
    let (fake, reads, ids) = estate(100_000, 1000);
    let mine: Vec<_> = ids.iter().rev().step_by(9_999).cloned().collect();
    let calls = read_all(&fake, &reads, &mine).await;
    assert!(
        calls <= mine.len() + 1 + mine.len() / 4,
        "{calls} for {}",
        mine.len()
    );
}

#[tokio::test]
async fn a_write_is_never_hidden_by_an_older_list() {
    let (fake, reads, ids) = estate(10, 1000);
    read_all(&fake, &reads, &ids).await;
    reads.wrote(&ids[5]);
    assert_eq!(
        read_all(&fake, &reads, &ids).await,
        1,
        "the written one is asked for"
    );
    reads.forget();
    assert!(read_all(&fake, &reads, &ids).await > 0);
}

#[tokio::test]
async fn a_write_during_a_list_overtakes_it() {
    let (fake, reads, ids) = estate(10, 1000);
    // Three single reads, then the list is asked for; it arrives one turn later.
    for id in &ids[..3] {
        reads.read(&*fake, id, |_| true).await.unwrap();
    }
    fake.calls();
    let listed = reads.read(&*fake, &ids[4], |_| true);
    let written = async { reads.wrote(&ids[6]) };
    let (listed, ()) = futures_util::future::join(listed, written).await;
    assert!(listed.unwrap().is_some());
    assert_eq!(fake.calls(), [Verb::List]);
    reads.read(&*fake, &ids[6], |_| true).await.unwrap();
    assert_eq!(fake.calls(), [Verb::Read]);
}

#[tokio::test]
async fn surprises_and_absences_are_asked_for_singly() {
    let (fake, reads, ids) = estate(10, 1000);
    read_all(&fake, &reads, &ids).await;
    let surprising = reads.read(&*fake, &ids[7], |_| false).await.unwrap();
    assert!(surprising.is_some());
    assert_eq!(reads.read(&*fake, "nobody", |_| true).await.unwrap(), None);
    assert_eq!(fake.calls(), [Verb::Read, Verb::Read]);
}

#[tokio::test]
async fn a_list_that_is_forbidden_does_not_forbid_reading() {
    let (fake, reads, ids) = estate(10, 1000);
    fake.trouble(Verb::List, Trouble::Refused);
    assert_eq!(read_all(&fake, &reads, &ids).await, 1 + 10);
}

#[tokio::test(start_paused = true)]
async fn the_next_refresh_reads_anew() {
    let (fake, reads, ids) = estate(10, 1000);
    read_all(&fake, &reads, &ids).await;
    tokio::time::advance(QUIET + Duration::from_secs(1)).await;
    assert_eq!(read_all(&fake, &reads, &ids[..2]).await, 2, "two are few");
    assert_eq!(read_all(&fake, &reads, &ids).await, 1 + 1, "and ten a list");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_of_an_hour_takes_few_lists() {
    let (fake, reads, ids) = estate(1200, 1000);
    for id in &ids {
        reads.read(&*fake, id, |_| true).await.unwrap();
        tokio::time::advance(Duration::from_secs(3)).await;
    }
    let calls = fake.calls();
    let pages = calls.iter().filter(|call| **call == Verb::List).count();
    // After 1, 2, 4, 8, 16 and 32 minutes.
    assert!(pages <= 6 * 2, "{pages} pages");
    assert!(calls.len() - pages <= 3 * 6, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_takes_long_is_finished() {
    let (mut fake, reads, ids) = estate(100, 10);
    Arc::get_mut(&mut fake).unwrap().page_takes = MAX_AGE;
    let mut later = Duration::ZERO;
    let all = ids.iter().map(|id| {
        later += QUIET / 2;
        let read = reads.read(&*fake, id, |_| true);
        async move {
            tokio::time::sleep(later).await;
            read.await.unwrap();
        }
    });
    futures_util::future::join_all(all).await;
    let calls = fake.calls();
    assert!(calls.len() <= 3 + 10, "{calls:?}");
}
