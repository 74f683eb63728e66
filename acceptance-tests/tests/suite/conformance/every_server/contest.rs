//! Two that rotate one secret at once: at most one of them believes that it has the secret, and that one works. Three times here;
//! `LANYARD_CONTESTS=30` makes it as many.

use std::sync::Arc;

use lanyard_compiler::diagnostic::{Diagnostic, has_errors};
use lanyard_compiler::value::Value;
use lanyard_servers::TokenServer;
use lanyard_servers::engine::{self, Applied};

use super::{Resource, Subject};
use crate::support::console::note;

pub(crate) async fn of_two_rotations_at_once_at_most_one_succeeds(subject: Subject) {
    let contests = std::env::var("LANYARD_CONTESTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let elsewhere = subject.elsewhere();
    let mut told = 0;
    for mut resource in subject.new_secrets("deploy").await {
        if !resource.begins_to_rotate(&subject).await {
            continue;
        }
        for contest in 0..contests {
            resource.trigger(&contest.to_string(), Value::Null);
            let rotations = [
                rotate(&subject.server, &subject, &resource, 0),
                // Now beside the other one, now after its read, its write, its second read.
                rotate(&elsewhere, &subject, &resource, contest * 7 % 50),
            ];
            let applied = futures_util::future::join_all(rotations).await;
            let (won, lost): (Vec<_>, Vec<_>) = applied
                .into_iter()
                .partition(|applied| !has_errors(&applied.diagnostics));
            assert_eq!(won.len(), 1, "contest {contest}: {won:?} {lost:?}");
            for Applied {
                state, diagnostics, ..
            } in lost
            {
                assert_overtaken(&diagnostics);
                assert_eq!(state.get("token"), resource.state.get("token"));
                told += 1;
            }
            for Applied { state, .. } in won {
                resource.state = state;
            }
            assert!(
                subject.lets_in(&resource, resource.secret()).await,
                "contest {contest}: a dead secret"
            );
        }
        subject.works(&resource);
    }
    note(&format!(
        "{:?}: {contests} contests for each secret, dead secrets handed out: 0, told to the slower one: {told}",
        subject.api()
    ));
}

/// Plans and applies with this connection, as many turns later as said.
async fn rotate(
    server: &Arc<dyn TokenServer>,
    subject: &Subject,
    resource: &Resource,
    turns: usize,
) -> Applied {
    let planned = resource.whole_plan(subject).planned;
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
    let Resource {
        kind,
        config,
        state,
        evidence: _,
    } = resource;
    engine::apply(server, *kind, state, &planned, config).await
}

fn assert_overtaken(diagnostics: &[Diagnostic]) {
    let codes: Vec<_> = diagnostics
        .iter()
        .map(|problem| problem.code.name())
        .collect();
    assert_eq!(codes, ["overtaken"], "{diagnostics:#?}");
}
