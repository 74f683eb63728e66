//! Reads coalesce: Terraform refreshes each resource alone, and a server that can list answers a thousand of them in one call.
//!
//! The first few reads are single ones: whoever has three tokens needs no list. Then reads are served from a list of what this
//! tool owns, fetched page by page by one reader for all. Pages are earned: one for every few reads that asked, so that a few
//! tokens among a hundred thousand foreign ones are never paged for. Where a server lists by account, each account's list is earned
//! by the reads of its own objects. Four rules keep a list from lying:
//!
//! - it is never older than the latest write of this process to the object in question;
//! - it serves one refresh: once nobody has read for [`QUIET`], all is forgotten. While somebody reads, it grows old, to [`MAX_AGE`]
//!   at first and then to twice as much each time, so that a refresh of any length takes few lists;
//! - what differs from what the reader expected is asked for again, singly: lists may lag behind;
//! - absence from a list proves nothing and is asked for again, singly.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::error::Result;
use crate::object::{Object, Objects};
use crate::record::{Cursor, Filter, Record as _};

/// Reads that are made singly before a list is thought of.
const SINGLE_READS: u32 = 3;
/// How many reads pay for one page.
const READS_PER_PAGE: u32 = 4;
/// After so long without a read, the next one begins another refresh.
const QUIET: Duration = Duration::from_secs(10);
/// How long after its latest page the first list of a refresh counts.
const MAX_AGE: Duration = Duration::from_secs(60);

/// What was read of one kind of object.
pub struct Reads<O: Object> {
    state: Mutex<State<O>>,
    /// Held by the one reader that fetches a page.
    paging: tokio::sync::Mutex<()>,
    /// The objects of one account each, where a server lists by account.
    by_account: Mutex<HashMap<String, Arc<Self>>>,
}

struct State<O: Object> {
    records: HashMap<String, O::Record>,
    progress: Progress,
    /// Reads that wait for an answer. A server may take longer for one than a refresh pauses.
    reading: u32,
    /// When the latest read ended.
    latest_read: Option<Instant>,
    /// When the latest page came, or failed to.
    latest_page: Option<Instant>,
    max_age: Duration,
    pages: u32,
    /// Reads since then, and the single ones before.
    demand: u32,
    /// Counts the lists begun: a page of an older one is dropped.
    round: u64,
    /// Counts writes; each object's latest.
    writes: u64,
    written: HashMap<String, u64>,
}

#[derive(Clone)]
enum Progress {
    NotStarted,
    At(Cursor),
    Complete,
    /// The list cannot be read (perhaps only single objects may be).
    Failed,
}

enum Look<R> {
    Found(R),
    Singly,
    NextPage { after: u32 },
}

impl<O: Object> Default for Reads<O> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                records: HashMap::new(),
                progress: Progress::NotStarted,
                reading: 0,
                latest_read: None,
                latest_page: None,
                max_age: MAX_AGE,
                pages: 0,
                demand: 0,
                round: 0,
                writes: 0,
                written: HashMap::new(),
            }),
            paging: tokio::sync::Mutex::new(()),
            by_account: Mutex::default(),
        }
    }
}

impl<O: Object> Reads<O> {
    /// The object as it is now, or `None` if the server says for certain that it does not exist. A record from a list counts only
    /// if it is as expected.
    pub(crate) async fn read(
        &self,
        objects: &dyn Objects<O>,
        id: &str,
        is_expected: impl Fn(&O::Record) -> bool + Send,
    ) -> Result<Option<O::Record>> {
        if let Some(account) = objects.listed_with(id) {
            let filter = Filter {
                service_account: Some(account.to_owned()),
                ..objects.ours()
            };
            let siblings = self.of(account);
            return siblings.read_from(objects, &filter, id, is_expected).await;
        }
        self.read_from(objects, &objects.ours(), id, is_expected)
            .await
    }

    async fn read_from(
        &self,
        objects: &dyn Objects<O>,
        filter: &Filter,
        id: &str,
        is_expected: impl Fn(&O::Record) -> bool + Send,
    ) -> Result<Option<O::Record>> {
        let _reading = Reading::begin(self);
        loop {
            let look = self.state.lock().look(id);
            match look {
                Look::Found(record) if is_expected(&record) => return Ok(Some(record)),
                Look::Found(_) | Look::Singly => return objects.read(id).await,
                Look::NextPage { after } => self.fetch_page(objects, filter, after).await,
            }
        }
    }

    /// Nothing read of this object so far counts any more.
    pub(crate) fn wrote(&self, id: &str) {
        let mut state = self.state.lock();
        state.writes += 1;
        let writes = state.writes;
        state.written.insert(id.to_owned(), writes);
        state.records.remove(id);
        drop(state);
        for siblings in self.by_account.lock().values() {
            siblings.wrote(id);
        }
    }

    /// Nothing read so far counts any more.
    pub(crate) fn forget(&self) {
        self.state.lock().restart();
        for siblings in self.by_account.lock().values() {
            siblings.forget();
        }
    }

    /// Fetches the page after page number `after`, unless somebody else did in the meantime.
    async fn fetch_page(&self, objects: &dyn Objects<O>, filter: &Filter, after: u32) {
        let _turn = self.paging.lock().await;
        let (round, writes, from) = {
            let state = self.state.lock();
            let from = match (&state.progress, state.pages == after) {
                (Progress::NotStarted, true) => None,
                (Progress::At(cursor), true) => Some(cursor.clone()),
                _ => return,
            };
            (state.round, state.writes, from)
        };
        let page = objects.list(filter, from.as_ref()).await;
        let mut state = self.state.lock();
        if state.round != round {
            return;
        }
        state.latest_page = Some(Instant::now());
        match page {
            Ok(page) => {
                state.pages += 1;
                state.progress = page.next.map_or(Progress::Complete, Progress::At);
                for record in page.records {
                    let overtaken = state
                        .written
                        .get(record.id())
                        .is_some_and(|written| *written > writes);
                    if !overtaken {
                        state.records.insert(record.id().to_owned(), record);
                    }
                }
            }
            Err(error) => {
                tracing::debug!("the list cannot be read, so objects are read singly: {error}");
                state.progress = Progress::Failed;
            }
        }
    }

    fn of(&self, account: &str) -> Arc<Self> {
        Arc::clone(
            self.by_account
                .lock()
                .entry(account.to_owned())
                .or_default(),
        )
    }
}

/// One read, whether it comes to its end or is given up.
struct Reading<'a, O: Object>(&'a Reads<O>);

impl<'a, O: Object> Reading<'a, O> {
    fn begin(reads: &'a Reads<O>) -> Self {
        reads.state.lock().ask();
        Self(reads)
    }
}

impl<O: Object> Drop for Reading<'_, O> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.reading -= 1;
        state.latest_read = Some(Instant::now());
    }
}

impl<O: Object> State<O> {
    fn ask(&mut self) {
        let over = |since: Option<Instant>, most| since.is_some_and(|since| since.elapsed() > most);
        if self.reading == 0 && over(self.latest_read, QUIET) {
            self.restart();
            self.demand = 0;
            self.max_age = MAX_AGE;
        } else if over(self.latest_page, self.max_age) {
            self.restart();
            self.max_age = self.max_age.saturating_mul(2);
        }
        self.reading += 1;
        self.demand = self.demand.saturating_add(1);
    }

    fn look(&self, id: &str) -> Look<O::Record> {
        if let Some(record) = self.records.get(id) {
            return Look::Found(record.clone());
        }
        let earned = match self.demand {
            0..=SINGLE_READS => 0,
            demand => demand.div_ceil(READS_PER_PAGE),
        };
        let unfinished = matches!(self.progress, Progress::NotStarted | Progress::At(_));
        // What was just written is not looked for in a list that may lag behind the write.
        if unfinished && self.pages < earned && !self.written.contains_key(id) {
            Look::NextPage { after: self.pages }
        } else {
            Look::Singly
        }
    }

    /// The demand stays: who asked for many objects will ask for many more.
    fn restart(&mut self) {
        self.records.clear();
        self.written.clear();
        self.progress = Progress::NotStarted;
        self.latest_page = None;
        self.pages = 0;
        self.round += 1;
    }
}
