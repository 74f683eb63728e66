//! When the process ends: asked to by its parent, told to by a signal, or left alone.

use std::io;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::server::Server;

/// Why it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The parent asked; it kills us two seconds later.
    Asked,
    /// A signal.
    Told,
    /// Nobody is connected any more and nobody will be.
    Alone,
}

impl End {
    /// How long writes in flight may take.
    fn grace(self) -> Duration {
        match self {
            Self::Asked => Duration::from_millis(1_200),
            Self::Told => Duration::from_secs(20),
            Self::Alone => Duration::from_secs(60),
        }
    }
}

/// Waits until no call is in flight, and then until the answers have left, as long as whoever waits for us allows.
pub(super) async fn settle(
    end: End,
    idle: impl Future<Output = ()>,
    deserted: impl Future<Output = ()>,
) {
    /// The other side hangs up when it has the answers.
    const FAREWELL: Duration = Duration::from_millis(200);

    // What runs out of time here is lost.
    let _ = timeout(end.grace(), idle).await;
    let _ = timeout(FAREWELL, deserted).await;
}

/// Waits for the end of a process that a parent started.
pub(super) async fn started_by_parent(server: &Server) -> io::Result<End> {
    let mut signals = Signals::listen()?;
    let mut alone = pin!(left_alone(server));
    loop {
        tokio::select! {
            () = server.shutdown() => return Ok(End::Asked),
            () = &mut alone => return Ok(End::Alone),
            signal = signals.next() => match signal {
                Signal::Terminate => return Ok(End::Told),
                // A terminal sends this to the whole group. The parent decides what it means and says Stop.
                Signal::Interrupt => {}
            },
        }
    }
}

/// Waits for the end of a process that a person started.
pub(super) async fn started_by_hand(server: &Server) -> io::Result<End> {
    let mut signals = Signals::listen()?;
    tokio::select! {
        () = server.shutdown() => Ok(End::Asked),
        Signal::Interrupt | Signal::Terminate = signals.next() => Ok(End::Told),
    }
}

/// Tells at any moment whether the parent lives and is connected. When it is killed, the connection closes at once; that the process
/// is gone shows a little later, or never.
pub(super) fn attended(server: &Server) -> Box<dyn Fn() -> bool + Send + Sync> {
    let connections = server.connections();
    let parent = Parent::now();
    Box::new(move || *connections.borrow() > 0 && !parent.is_gone())
}

/// Ends when the parent is gone, or never came, or has hung up and does not come back.
async fn left_alone(server: &Server) {
    /// A parent gives up waiting for our line after a minute, and connects at once when it has it.
    const ARRIVAL: Duration = Duration::from_secs(120);
    /// A parent that lives may lose its connection and open another one.
    const RETURN: Duration = Duration::from_secs(2);
    const LOOK: Duration = Duration::from_secs(1);

    let parent = Parent::now();
    let begin = Instant::now();
    while timeout(LOOK, server.connected()).await.is_err() {
        if parent.is_gone() || begin.elapsed() > ARRIVAL {
            return;
        }
    }
    loop {
        server.deserted().await;
        if parent.is_gone() || timeout(RETURN, server.connected()).await.is_err() {
            return;
        }
    }
}

/// The process that started this one.
struct Parent {
    #[cfg(unix)]
    id: u32,
}

impl Parent {
    fn now() -> Self {
        Self {
            #[cfg(unix)]
            id: std::os::unix::process::parent_id(),
        }
    }

    /// True if it certainly is gone. Elsewhere than on Unix only the closed connection tells.
    fn is_gone(&self) -> bool {
        #[cfg(unix)]
        return std::os::unix::process::parent_id() != self.id;
        #[cfg(not(unix))]
        return false;
    }
}

enum Signal {
    Interrupt,
    Terminate,
}

struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    #[cfg(windows)]
    terminate: tokio::signal::windows::CtrlShutdown,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            terminate: ctrl_shutdown()?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_never_ends_is_left_before_the_parent_kills() {
        let begin = Instant::now();
        settle(End::Asked, pending(), pending()).await;
        assert!(begin.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_ended_is_not_waited_for() {
        for end in [End::Asked, End::Told, End::Alone] {
            let begin = Instant::now();
            settle(end, ready(()), ready(())).await;
            assert_eq!(begin.elapsed(), Duration::ZERO);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_has_the_time_that_whoever_waits_allows() {
        for (end, seconds) in [(End::Asked, 1), (End::Told, 19), (End::Alone, 59)] {
            let write = Duration::from_secs(seconds);
            let begin = Instant::now();
            settle(end, tokio::time::sleep(write), ready(())).await;
            assert_eq!(begin.elapsed(), write, "{end:?}");
        }
    }
}
