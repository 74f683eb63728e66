//! Whether anybody waits for what a request would change. A plugin whose Terraform was killed is told so late or never, and by then
//! the next apply may have begun: nothing that writes may begin for nobody.

use std::sync::OnceLock;

type Attended = Box<dyn Fn() -> bool + Send + Sync>;

static ATTENDED: OnceLock<Attended> = OnceLock::new();

/// From now on, writes begin in this process only while this is true. Said once; who says it again is not heard.
pub(crate) fn write_only_while(attended: impl Fn() -> bool + Send + Sync + 'static) {
    // The first one stands: a process has one parent.
    let _ = ATTENDED.set(Box::new(attended));
}

/// True where nobody said anything: a command that ends takes its writes with it.
pub(super) fn is_attended() -> bool {
    ATTENDED.get().is_none_or(|attended| attended())
}
