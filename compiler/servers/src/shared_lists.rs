//! Lists that several readers share, on servers that answer a question about one object with all of them: however many readers come
//! at once, one list is on its way at a time. What a reader gets was always asked for after the reader came, so whoever comes while
//! a list is on its way shares the next one, and nobody is told what was before a write of theirs.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::error::Result;

/// The lists of several owners, an account or an organization each.
pub(crate) struct SharedLists<T> {
    /// The lists that somebody waits for.
    waited_for: Mutex<HashMap<String, Arc<Shared<T>>>>,
    /// Puts what happens in order: readers coming and lists being asked for.
    moments: AtomicU64,
}

type Shared<T> = tokio::sync::Mutex<Option<Asked<T>>>;

struct Asked<T> {
    at: u64,
    list: Arc<T>,
}

impl<T> Default for SharedLists<T> {
    fn default() -> Self {
        Self {
            waited_for: Mutex::default(),
            moments: AtomicU64::new(0),
        }
    }
}

impl<T> SharedLists<T> {
    /// The list of an owner, which `ask` asks the server for unless somebody else does.
    pub(crate) async fn get<F>(&self, owner: &str, ask: impl FnOnce() -> F + Send) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let came = self.moment();
        let shared = Arc::clone(self.waited_for.lock().entry(owner.to_owned()).or_default());
        let result = async {
            let mut asked = shared.lock().await;
            if let Some(Asked { at, list }) = &*asked
                && *at > came
            {
                return Ok(Arc::clone(list));
            }
            let at = self.moment();
            let list = Arc::new(ask().await?);
            *asked = Some(Asked {
                at,
                list: Arc::clone(&list),
            });
            Ok(list)
        };
        let result = result.await;
        // A list may be long: nothing of it is kept once nobody waits for it. Two hold it then, the map and we.
        let mut lists = self.waited_for.lock();
        if Arc::strong_count(&shared) <= 2 {
            lists.remove(owner);
        }
        drop(lists);
        result
    }

    fn moment(&self) -> u64 {
        self.moments.fetch_add(1, Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use futures_util::future::{join, join_all};

    use super::*;
    use crate::error::ServerError;

    /// A server whose lists say how many lists there were.
    #[derive(Default)]
    struct Server {
        lists: SharedLists<u32>,
        asked: AtomicU32,
    }

    impl Server {
        async fn read(&self, owner: &str) -> u32 {
            let list = self.lists.get(owner, || async {
                let number = self.asked.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(number)
            });
            *list.await.unwrap()
        }
    }

    #[tokio::test]
    async fn who_comes_while_a_list_is_on_its_way_shares_the_next() {
        let server = Server::default();
        let read = join_all((0..10).map(|_| server.read("ci"))).await;
        assert_eq!(read, [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        let (mine, of_another) = join(server.read("ci"), server.read("ops")).await;
        assert_ne!(mine, of_another);
        assert!(server.lists.waited_for.lock().is_empty(), "nothing is kept");
    }

    #[tokio::test]
    async fn a_reader_is_never_told_what_was_before() {
        let server = Server::default();
        for number in 0..3 {
            assert_eq!(server.read("ci").await, number);
        }
    }

    #[tokio::test]
    async fn a_list_that_fails_fails_for_one_reader() {
        let lists = SharedLists::<u32>::default();
        let broken = || async { Err(ServerError::new(crate::ErrorKind::Bug, "a server", "no")) };
        let (broken, whole) =
            join(lists.get("ci", broken), lists.get("ci", || async { Ok(7) })).await;
        assert!(broken.is_err());
        assert_eq!(*whole.unwrap(), 7);
    }
}
