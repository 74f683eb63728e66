//! Servers of one kind differ by edition and version: each is asked once, and what it lacks is refused at plan.

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::server::Api;
use lanyard_servers::engine;
use serde_json::json;

use super::subject::texts;
use super::{Resource, Subject};

/// A deployment that can do less than its kind, what it then refuses, and where the complaint stands.
fn lesser(api: Api) -> Option<(serde_json::Value, Resource, &'static str)> {
    match api {
        Api::Elasticsearch => Some((
            json!({ "user_managed": false }),
            Resource::account("shop/ci"),
            "name",
        )),
        Api::Openobserve => Some((
            json!({ "edition": "oss" }),
            Resource::account("ci").with("roles", texts(&["editor"])),
            "roles",
        )),
        // All alike.
        Api::Native | Api::Chronosphere | Api::Osmo | Api::Splunk => None,
    }
}

pub(crate) async fn what_this_very_server_lacks_is_refused_at_plan(mut subject: Subject) {
    let api = subject.api();
    let Some((switches, resource, place)) = lesser(api) else {
        assert_eq!(engine::probe(&*subject.server).await, None);
        // All are alike, and nothing is asked but in which of the organizations at one address we are.
        let asked = subject.reference.requests().all();
        let asked: Vec<_> = asked.iter().map(|sent| sent.path.as_str()).collect();
        let expected: &[&str] = match api {
            Api::Splunk => &["/v2/organization"],
            _ => &[],
        };
        assert_eq!(asked, expected);
        subject.behaves();
        return;
    };
    assert_eq!(engine::probe(&*subject.server).await, None);
    assert!(
        !resource
            .whole_plan(&subject)
            .diagnostics
            .iter()
            .any(Diagnostic::is_error)
    );

    subject.profile(&switches).await;
    subject.restart();
    subject.reference.requests().clear();
    for _ in 0..2 {
        assert_eq!(engine::probe(&*subject.server).await, None);
    }
    assert_eq!(subject.reference.requests().all().len(), 1);
    let refusal = resource.refusal(&subject);
    assert!(
        refusal.iter().any(|error| error.path.to_string() == place),
        "{refusal:#?}"
    );
}
