//! Who made an account and who replaced it last: the steps of the vendor's test of it.

use serde_json::{Value, json};

use super::{Cluster, refused, start};
use crate::support::caller::Caller;

const FIRST: &str = "/_security/service/attributed/worker_1";
const SECOND: &str = "/_security/service/attributed/worker_2";
const QUERY: &str = "/_security/_query/service";

fn manager(cluster: &Cluster, name: &str, personal: &Value) -> Caller {
    cluster.role("attribution_manager", &["manage_security"]);
    let mut user = json!({ "password": "x-pack-test-password", "roles": ["attribution_manager"] });
    for (field, value) in personal.as_object().unwrap() {
        user[field] = value.clone();
    }
    cluster
        .put(&format!("/_security/user/{name}"), &user)
        .expect(200);
    cluster.basic(name, "x-pack-test-password")
}

fn creator(cluster: &Cluster) -> Caller {
    let personal = json!({ "full_name": "Sa Creator", "email": "sa_creator@example.com" });
    manager(cluster, "sa_creator", &personal)
}

#[test]
fn the_creator_stays_and_the_editor_is_who_replaced_the_account_last() {
    let cluster = start();
    let (creator, editor) = (
        creator(&cluster),
        manager(&cluster, "sa_editor", &json!({})),
    );
    let shown = || cluster.get(FIRST).expect(200)["attributed/worker_1"].take();
    creator
        .put(FIRST, json!({ "roles": [], "description": "d" }))
        .expect(200);
    let made = shown();
    assert_eq!(
        made["creator"],
        json!({
            "principal": "sa_creator",
            "full_name": "Sa Creator",
            "email": "sa_creator@example.com",
            "realm": "default_native",
            "realm_type": "native",
        })
    );
    assert!(made["created_at"].is_i64(), "{made}");
    assert!(made.get("editor").is_none() && made.get("edited_at").is_none());
    editor
        .put(FIRST, json!({ "roles": [], "enabled": false }))
        .expect(200);
    let replaced = shown();
    assert!(replaced.get("description").is_none(), "{replaced}");
    for kept in ["creator", "created_at"] {
        assert_eq!(replaced[kept], made[kept], "{kept}");
    }
    assert_eq!(
        replaced["editor"],
        json!({ "principal": "sa_editor", "realm": "default_native", "realm_type": "native" })
    );
    assert!(replaced["edited_at"].is_i64());
}

#[test]
fn accounts_are_found_by_their_authors_and_sorted_by_when_they_were_made() {
    let cluster = start();
    let (creator, editor) = (
        creator(&cluster),
        manager(&cluster, "sa_editor", &json!({})),
    );
    let body = json!({ "roles": [] });
    creator.put(FIRST, &body).expect(200);
    editor.put(SECOND, &body).expect(200);
    editor.put(FIRST, &body).expect(200);
    let found = |query: &Value, sort: &Value| -> Vec<Value> {
        let body = json!({ "query": query, "sort": sort });
        let found = cluster.post(QUERY, &body).expect(200);
        let accounts = found["service_accounts"].as_array().unwrap();
        accounts
            .iter()
            .map(|account| account["username"].clone())
            .collect()
    };
    for (query, expected) in [
        (
            json!({ "term": { "creator.principal": "sa_creator" } }),
            vec!["attributed/worker_1"],
        ),
        (
            json!({ "term": { "creator.principal": "sa_editor" } }),
            vec!["attributed/worker_2"],
        ),
        (
            json!({ "term": { "editor.principal": "sa_editor" } }),
            vec!["attributed/worker_1"],
        ),
        (
            json!({ "exists": { "field": "edited_at" } }),
            vec!["attributed/worker_1"],
        ),
        (
            json!({ "term": { "creator.realm": "default_native" } }),
            vec!["attributed/worker_2", "attributed/worker_1"],
        ),
        (
            json!({ "term": { "creator.realm_domain": "corp" } }),
            vec![],
        ),
    ] {
        let newest_first = json!([{ "created_at": { "order": "desc" } }]);
        assert_eq!(found(&query, &newest_first), expected, "{query}");
    }
    for field in ["creator.realm_domain.name", "creator.metadata.foo"] {
        let body = json!({ "query": { "term": { field: "x" } } });
        let reason = refused(
            cluster.post(QUERY, &body),
            400,
            "illegal_argument_exception",
        );
        assert_eq!(
            reason,
            format!("Field [{field}] is not allowed for querying or aggregation")
        );
    }
}
