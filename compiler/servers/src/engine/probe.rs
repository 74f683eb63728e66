//! What this very server can do, beyond what its kind declares: asked once, by whoever judges a configuration first.

use std::time::Duration;

use lanyard_compiler::diagnostic::{Code, Diagnostic};

use super::whereabouts;
use crate::error::{ErrorKind, ServerError};
use crate::token_server::TokenServer;

/// How long a plan waits for the answer. Without one it is made with what the kind of server declares.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes [`TokenServer::capabilities`] as true as the server lets us, and asks which organization we are in. Whoever comes while the
/// question is under way waits for its answer; later calls cost nothing. The first caller gets the warning if there was none.
pub async fn probe(server: &dyn TokenServer) -> Option<Diagnostic> {
    let mut warning = None;
    server
        .session()
        .probed
        .get_or_init(|| async {
            // Whoever reads or changes anything asks again.
            let _ = tokio::time::timeout(PATIENCE, whereabouts::locate(server)).await;
            let answer = tokio::time::timeout(PATIENCE, server.probe()).await;
            let error = match answer {
                Ok(Ok(_)) => return,
                Ok(Err(error)) => error,
                Err(_) => ServerError::new(
                    ErrorKind::Retry { after: None },
                    server.capabilities().title,
                    format!("no answer within {} seconds", PATIENCE.as_secs()),
                ),
            };
            warning = Some(not_asked(server, &error));
        })
        .await;
    warning
}

fn not_asked(server: &dyn TokenServer, error: &ServerError) -> Diagnostic {
    let title = server.capabilities().title;
    Diagnostic::warning(
        Code::CapabilitiesNotKnown,
        "The token server was not asked what it can do",
    )
    .detail(format!(
        "Editions and versions of {title} differ, and this one did not say which it is: {error}. It was taken for one that can do \
         everything, so what it lacks may show only while applying."
    ))
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::server::Api;

    use super::*;
    use crate::fake::{Fake, Trouble, Verb};

    #[tokio::test]
    async fn the_server_is_asked_once_however_many_want_to_know() {
        let fake = Fake::new(Api::Elasticsearch);
        let (one, other) = tokio::join!(probe(&fake), probe(&fake));
        assert_eq!((one, other), (None, None));
        assert_eq!(probe(&fake).await, None);
        assert_eq!(fake.calls(), [Verb::Probe]);
    }

    #[tokio::test]
    async fn a_server_that_does_not_say_is_warned_of_once_and_not_asked_again() {
        let fake = Fake::new(Api::Elasticsearch);
        fake.trouble(Verb::Probe, Trouble::Refused);
        let warning = probe(&fake).await.expect("somebody is told");
        assert!(!warning.is_error(), "{warning}");
        assert!(warning.detail.contains("Elasticsearch"), "{warning}");
        assert_eq!(probe(&fake).await, None);
        assert_eq!(fake.calls(), [Verb::Probe]);
    }
}
