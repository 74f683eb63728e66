//! The server's clock: real time plus an offset that tests can move, so that a lifetime of ninety days passes in
//! no time. With a database file the offset is kept there, so a restarted server does not fall back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::store::{Store, StoreError};

const OFFSET_SETTING: &str = "clock_offset_milliseconds";

/// A handle on the clock of one server; clones move the same clock.
#[derive(Clone)]
pub struct Clock {
    offset_milliseconds: Arc<AtomicI64>,
    store: Arc<Mutex<Store>>,
}

/// Why the clock could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The new time is too near the ends of what RFC 3339 can write.
    #[error("the clock cannot go there: it runs from the year 100 to the year 9899")]
    OutOfRange,
    /// The offset could not be written to the database.
    #[error("the clock's offset could not be stored: {0}")]
    Store(#[from] StoreError),
}

impl Clock {
    pub(crate) fn new(store: Arc<Mutex<Store>>) -> Result<Self, StoreError> {
        let kept = store.lock().setting(OFFSET_SETTING)?;
        let offset = kept.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Self {
            offset_milliseconds: Arc::new(AtomicI64::new(offset)),
            store,
        })
    }

    /// The time every answer of the server is based on.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let offset = self.offset_milliseconds.load(Ordering::SeqCst);
        let now = Timestamp::now();
        // An offset is only stored after this sum was found to be in range.
        now.checked_add(SignedDuration::from_millis(offset))
            .unwrap_or(now)
    }

    /// Moves the clock by this many seconds; negative moves it back.
    pub fn advance_seconds(&self, seconds: i64) -> Result<Timestamp, ClockError> {
        let target = self
            .now()
            .checked_add(SignedDuration::from_secs(seconds))
            .map_err(|_| ClockError::OutOfRange)?;
        self.set(target)
    }

    /// Sets the clock; from there it runs on in real time.
    pub fn set(&self, target: Timestamp) -> Result<Timestamp, ClockError> {
        // A margin of a century keeps later sums of lifetimes inside the range, too.
        if target.as_second() < MINIMUM_SECOND || target.as_second() > MAXIMUM_SECOND {
            return Err(ClockError::OutOfRange);
        }
        let offset = target.as_millisecond() - Timestamp::now().as_millisecond();
        self.store
            .lock()
            .keep_setting(OFFSET_SETTING, &offset.to_string())?;
        self.offset_milliseconds.store(offset, Ordering::SeqCst);
        Ok(target)
    }
}

// 0100-01-01 and 9899-12-31.
const MINIMUM_SECOND: i64 = -59_011_459_200;
const MAXIMUM_SECOND: i64 = 250_246_540_800;
