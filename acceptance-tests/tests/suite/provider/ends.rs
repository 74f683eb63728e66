//! The end that a server gives a secret, where it is another one than the configuration says, or nobody said any.

use jiff::SignedDuration;
use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_provider::resources::ImportBy;
use lanyard_token_server::Api;
use serde_json::{Value as Json, json};

use super::core::{Action, Core, server_of};
use crate::support::door::{lets_in, operator_of};

const DAY: i64 = 86_400;

fn codes(told: &[Diagnostic]) -> Vec<&'static str> {
    told.iter().map(|told| told.code.name()).collect()
}

#[tokio::test]
async fn a_secret_of_osmo_ends_when_its_day_begins() {
    let server = server_of(Api::Osmo);
    let core = Core::on(&server).await;
    let user = json!({"name": "svc", "roles": ["osmo-user"]});
    core.account().apply(user).await;
    let start = server.clock().now();
    let at = |days: i64, hour: &str| {
        let day = start + SignedDuration::from_hours(24 * days);
        format!("{}T{hour}:00:00Z", day.strftime("%Y-%m-%d"))
    };
    let config = |end: String| json!({"name": "ci", "service_account": "svc", "expires_at": end, "rotation": {"before_expiry": "6h"}});
    let noon = config(at(3, "12"));
    let mut token = core.token();
    token.apply(noon.clone()).await;
    assert_eq!(token.text("expires_at"), at(3, "12"));
    assert_eq!(token.text("rotate_at"), at(2, "18"));

    let mut later = async |time: String| {
        let time: jiff::Timestamp = time.parse().unwrap();
        let seconds = time.duration_since(server.clock().now()).as_secs() + 1;
        server.clock().advance_seconds(seconds).unwrap();
        token.refresh().await;
        let planned = token.plan(&noon).unwrap();
        assert_eq!(planned.action, Action::NoOp);
        let secret = token.state.get("token").as_secret().unwrap();
        let works = lets_in(&operator_of(&server), "svc/ci", secret).await;
        (token.text("status"), codes(&planned.warnings), works)
    };
    assert_eq!(
        later(at(2, "18")).await,
        ("expiring".to_owned(), vec![], true)
    );
    let dead = ("expired".to_owned(), vec!["end-is-past"], false);
    assert_eq!(later(at(3, "00")).await, dead);

    // The rotation of the next secret is planned as it will come.
    assert_eq!(token.apply(config(at(6, "12"))).await, Action::Update);
    assert_eq!(token.text("rotate_at"), at(5, "18"));
    let mut imported = core.token();
    imported.import(ImportBy::Id("svc/ci".to_owned())).await;
    imported.try_apply(config(at(6, "12"))).await;
    assert_eq!(imported.text("rotate_at"), at(5, "18"));
    server.clock().advance_seconds(3 * DAY).unwrap();
    imported.refresh().await;
    assert_eq!(imported.text("status"), "expired");
    let planned = imported.plan(&config(at(6, "12"))).unwrap();
    let told = codes(&planned.warnings);
    assert!(
        planned.action == Action::NoOp && told.contains(&"end-is-past"),
        "{planned:?}"
    );
}

#[tokio::test]
async fn a_rotation_that_the_servers_own_end_leaves_no_time_for_is_told_at_once_and_at_each_plan() {
    for (rotation, code) in [
        (json!({"before_expiry": "40d"}), "rotation-before-issue"),
        (json!({"every": "60d"}), "rotation-after-end"),
    ] {
        let server = server_of(Api::Splunk);
        let core = Core::on(&server).await;
        let mut config = json!({"name": "ci", "scopes": ["api"], "rotation": rotation});
        let mut token = core.token();
        let (action, told) = token.try_apply(config.clone()).await;
        assert_eq!((action, codes(&told)), (Action::Create, vec![code]));
        for _ in 0..2 {
            server.clock().advance_seconds(5 * DAY).unwrap();
            assert_eq!(token.refresh().await, []);
            let planned = token.plan(&config).unwrap();
            let expected = (Action::NoOp, vec![code]);
            assert_eq!((planned.action, codes(&planned.warnings)), expected);
        }
        config["ttl"] = Json::from("90d");
        let (action, told) = token.try_apply(config.clone()).await;
        assert_eq!((action, codes(&told)), (Action::Update, vec![]));
        assert_eq!(token.apply(config).await, Action::NoOp);
    }
}
