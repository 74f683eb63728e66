//! Two that replace one secret at once, on servers that let both: the second ends the first one's, which nobody would notice. So
//! each looks before it replaces, and again when whoever looked before it must have replaced it too.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A replacement under way, from the look before it.
pub(crate) struct Contest(Instant);

/// Others may be slower than we are, on a busy machine by far: so many times.
const SLOWER: u32 = 4;
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(4);

impl Contest {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Waits until whoever began before our replacement is through: it took us so long, and them hardly much longer. Who takes longer
    /// than that goes unnoticed.
    pub(crate) async fn end(self) {
        let ours = self.0.elapsed();
        sleep((ours * SLOWER).clamp(SHORTEST, LONGEST)).await;
    }
}
