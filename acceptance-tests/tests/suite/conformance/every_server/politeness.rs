//! A busy server is not pressed: few requests at once, pauses when it asks for them, and patience until it is done.

use futures_util::future::join_all;
use lanyard_compiler::model::Settings;
use lanyard_servers::connect;
use lanyard_token_server::{Fault, FaultRule, Options, ReferenceServer};

use super::Subject;

const MANY: usize = 50;
/// What the client never exceeds.
const AT_ONCE: u64 = 16;

/// Of the first requests, three in four are refused.
fn storm(retry_after: Option<u64>, waves: u64) -> Vec<FaultRule> {
    let refused = |wave| {
        FaultRule::new(Fault::Status {
            status: 429,
            retry_after,
            before_work: true,
        })
        // A rule sees what the ones before it let through: one more each time.
        .after(wave)
        .times(3)
    };
    (0..waves).map(refused).collect()
}

async fn fifty_are_made(subject: &Subject, weather: Vec<FaultRule>) {
    let mut wanted = Vec::new();
    for number in 0..MANY {
        let secrets = subject.new_secrets(&format!("deploy-{number}")).await;
        wanted.extend(secrets.into_iter().next());
    }
    subject.reference.requests().clear();
    subject.reference.faults().replace(weather).unwrap();
    let made = join_all(wanted.into_iter().map(|mut resource| async move {
        let said = resource.try_apply(subject).await;
        (resource, said)
    }));
    for (resource, said) in made.await {
        assert!(said.iter().all(|problem| !problem.is_error()), "{said:#?}");
        assert!(!resource.state.is_null());
    }
}

pub(crate) async fn a_storm_of_refusals_slows_down_and_fails_nothing(mut subject: Subject) {
    for (retry_after, waves) in [(Some(1), 10), (None, 25)] {
        subject.reference = ReferenceServer::start(Options::new(subject.reference.api)).unwrap();
        // As few retries as by default.
        let settings = Settings {
            max_retries: None,
            ..subject.settings()
        };
        subject.server = connect(&settings).unwrap();
        fifty_are_made(&subject, storm(retry_after, waves)).await;
        let requests = subject.reference.requests();
        let refused = requests
            .all()
            .iter()
            .filter(|request| request.status == Some(429))
            .count();
        assert_eq!(u64::try_from(refused).unwrap(), waves * 3);
        assert!(
            requests.most_at_once() <= AT_ONCE,
            "{} at once",
            requests.most_at_once()
        );
    }
    subject.behaves();
}
