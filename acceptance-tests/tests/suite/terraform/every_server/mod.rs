//! The life of a credential on every kind of server, told with the real Terraform: the same stories everywhere. Where a server cannot
//! do something, the story demands that the plan says so.

mod age;
mod conflict;
mod drift;
mod grace;
mod ground;
mod import;
mod life;
mod replacement;

use std::sync::Arc;

use ground::{Credential, Ground};

use crate::conformance::finding::{Findings, Verdict};
use crate::conformance::report;
use crate::support::hand::Hand;
use crate::support::server::TokenServer;
use crate::support::story::Story;

/// The stories, and the servers, named once.
macro_rules! on_every_server {
    ($($room:ident::$story:ident,)*) => {
        /// In the order of the report.
        pub(crate) const STORIES: &[&str] = &[$(stringify!($story)),*];
        on_every_server!(@server native NATIVE [$($room::$story,)*]);
        on_every_server!(@server chronosphere CHRONOSPHERE [$($room::$story,)*]);
        on_every_server!(@server elasticsearch ELASTICSEARCH [$($room::$story,)*]);
        on_every_server!(@server openobserve OPENOBSERVE [$($room::$story,)*]);
        on_every_server!(@server osmo OSMO [$($room::$story,)*]);
        on_every_server!(@server splunk SPLUNK [$($room::$story,)*]);
    };
    (@server $name:ident $ground:ident [$($room:ident::$story:ident,)*]) => {
        mod $name {
            $(
                #[test]
                fn $story() {
                    super::tell(&super::ground::$ground, stringify!($story), super::$room::$story);
                }
            )*
        }
    };
}

on_every_server! {
    life::a_secret_survives_a_lost_answer_rotates_and_ends,
    grace::the_old_secret_works_for_its_grace_period,
    conflict::a_taken_name_stops_until_on_conflict_says_how_to_go_on,
    replacement::what_is_created_before_the_old_one_goes_works_in_the_end,
    drift::what_others_changed_or_deleted_is_put_back,
    import::what_exists_is_imported_without_a_change,
    import::a_new_secret_after_an_import_is_one_step,
    age::a_secret_is_replaced_when_it_is_old_enough,
}

/// A story with what it is told about.
struct Told<'a> {
    ground: &'a Ground,
    story: &'a Story,
    hand: Hand,
    findings: &'a Findings,
}

fn tell(ground: &Ground, name: &'static str, story: fn(&Told<'_>)) {
    let server = Arc::new(TokenServer::start_with(&["--api", ground.api.name()]));
    let findings = Findings::default();
    Story::with_one_terraform(&server).tell(|told| {
        story(&Told {
            ground,
            story: told,
            hand: Hand::on(&server),
            findings: &findings,
        });
    });
    let findings = findings.all();
    assert!(
        !findings.is_empty(),
        "a story should say what works and what is refused"
    );
    report::add(ground.api.name(), name, findings);
}

impl Told<'_> {
    fn configure(&self, credential: &Credential, more: &str) {
        self.story
            .configure(&self.ground.configuration(credential, more));
    }

    fn secret(&self, credential: &Credential) -> String {
        self.story.text(&credential.address(), "token")
    }

    fn id(&self, credential: &Credential) -> String {
        self.story.text(&credential.address(), "id")
    }

    fn apply(&self) {
        self.story.settle();
    }

    fn works(&self, credential: &Credential) {
        self.findings.add(credential.sort(), Verdict::Works);
    }

    /// The plan fails, as it should; nothing but this error says why.
    fn refused(&self, credential: &Credential, [code, summary, path]: [&'static str; 3]) {
        let complaint = self.story.fails(&["plan"]);
        assert_eq!(complaint.matches("Error: ").count(), 1, "{complaint}");
        assert!(complaint.contains(summary), "{complaint}");
        let verdict = Verdict::Refused {
            code,
            summary: summary.to_owned(),
            path: path.to_owned(),
        };
        self.findings.add(credential.sort(), verdict);
    }
}

/// A `rotation` block that rotates from round to round.
fn round(round: &str, more: &str) -> String {
    format!("rotation {{\n    {more}\n    triggers = {{ round = \"{round}\" }}\n  }}")
}

const ROTATION_IMPOSSIBLE: [&str; 3] = [
    "rotation-impossible",
    "The secret cannot be rotated on this server",
    "rotation",
];
