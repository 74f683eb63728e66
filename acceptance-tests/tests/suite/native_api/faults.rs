//! Fault rules: what networks, proxies and busy servers do, on demand.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use lanyard_token_server::{Fault, FaultRule, When};
use reqwest::Method;
use serde_json::json;

use super::api::{ACCOUNTS, TOKENS, TestApi, account_path, text, token_path};

fn with_fault(fault: Fault) -> TestApi {
    let api = TestApi::start();
    let rule = FaultRule::new(fault).on("POST", TOKENS).times(1);
    api.server.faults().add(rule).unwrap();
    api
}

fn tokens(api: &TestApi) -> usize {
    api.server.store(|store| {
        store
            .access_tokens(&Default::default(), 0, 1000)
            .unwrap()
            .len()
    })
}

/// Creates a token over a bare connection, and reads what comes until the server closes it.
fn create_raw(api: &TestApi) -> String {
    let address = api.server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let secret = api.server.token.as_deref().unwrap();
    let body = r#"{"name":"t"}"#;
    write!(
        stream,
        "POST /v1/access-tokens HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection stayed open: {error}"),
    }
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_status_before_the_work_does_nothing_and_tells_when_to_come_again() {
    let api = with_fault(Fault::Status {
        status: 503,
        retry_after: Some(2),
        before_work: true,
    });
    let create = || api.post(TOKENS, json!({ "name": "t" }));
    let reply = create();
    assert_eq!(reply.header("retry-after"), "2");
    reply.refused("unavailable");
    assert_eq!(tokens(&api), 0);
    create().expect(201);
}

#[test]
fn a_status_after_the_work_hides_that_it_was_done() {
    let api = with_fault(Fault::Status {
        status: 504,
        retry_after: None,
        before_work: false,
    });
    let reply = api.post(TOKENS, json!({ "name": "t" }));
    assert_eq!(reply.status, 504);
    assert!(reply.headers.get("retry-after").is_none());
    assert_eq!(tokens(&api), 1);
}

#[test]
fn a_cut_closes_the_connection_without_an_answer() {
    for (when, done) in [(When::Before, 0), (When::After, 1)] {
        let api = with_fault(Fault::Cut { when });
        assert_eq!(create_raw(&api), "", "{when:?}");
        assert_eq!(tokens(&api), done, "{when:?}");
    }
}

#[test]
fn a_truncated_answer_promises_more_than_it_holds() {
    let api = with_fault(Fault::Truncate {});
    let answer = create_raw(&api);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    let promised = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let promised: usize = promised.parse().unwrap();
    assert!(
        !body.is_empty() && body.len() < promised,
        "{} of {promised} bytes",
        body.len()
    );
    assert_eq!(tokens(&api), 1);
}

#[test]
fn a_foreign_page_stands_where_the_answer_was() {
    let api = with_fault(Fault::ContentType {
        value: "text/html".to_owned(),
    });
    let reply = api.post(TOKENS, json!({ "name": "t" }));
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (201, "text/html")
    );
    assert!(reply.text.contains("Sign in"));
}

#[test]
fn a_slow_answer_takes_its_time_and_the_work_is_done_though_the_client_has_gone() {
    let api = with_fault(Fault::Slow {
        seconds: 0.3,
        when: When::Before,
    });
    let started = Instant::now();
    api.post(TOKENS, json!({ "name": "slow" })).expect(201);
    assert!(started.elapsed() >= Duration::from_millis(300));

    let api = with_fault(Fault::Slow {
        seconds: 0.2,
        when: When::Before,
    });
    let address = api.server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let secret = api.server.token.as_deref().unwrap();
    write!(
        stream,
        "POST /v1/access-tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{{\"name\":\"t\"}}"
    )
    .unwrap();
    // A client with little patience: it hears nothing for a while and hangs up.
    stream
        .set_read_timeout(Some(Duration::from_millis(50)))
        .unwrap();
    assert!(stream.read(&mut [0]).is_err());
    drop(stream);
    let deadline = Instant::now() + Duration::from_secs(10);
    while tokens(&api) == 0 {
        assert!(Instant::now() < deadline, "the work was never done");
        std::thread::yield_now();
    }
}

/// The names on all pages of a list, a page at a time.
fn listed(api: &TestApi, path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut page = api.get(&format!("{path}?limit=1")).expect(200);
    loop {
        names.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| text(&item["name"]).to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            return names;
        };
        page = api
            .get(&format!("{path}?limit=1&cursor={cursor}"))
            .expect(200);
    }
}

#[test]
fn stale_lists_miss_what_was_made_since_and_show_what_was_deleted_since() {
    let api = TestApi::start();
    let stays = api.create_token(json!({ "name": "stays" }));
    let account = api.create_account(json!({ "name": "goes" }));
    let goes = api.create_token(json!({ "name": "goes", "service_account_id": account["id"] }));
    api.advance_seconds(60);
    api.delete(&account_path(&account)).expect(204);
    api.create_token(json!({ "name": "comes" }));
    let rule = FaultRule::new(Fault::StaleLists { seconds: 30 });
    api.server.faults().add(rule).unwrap();

    assert_eq!(listed(&api, TOKENS), ["stays", "goes"]);
    assert_eq!(listed(&api, ACCOUNTS), ["goes"]);
    api.token(&stays);
    api.get(&token_path(&goes)).refused("not_found");
    api.advance_seconds(30);
    assert_eq!(listed(&api, TOKENS), ["stays", "comes"]);
    assert_eq!(listed(&api, ACCOUNTS), [""; 0]);
}

#[test]
fn rules_can_be_read_replaced_and_removed_over_http() {
    let api = TestApi::start();
    let rules = json!([{
        "method": "GET", "path": "/v1/samples", "after": 1, "times": 1,
        "fault": { "kind": "status", "status": 429, "retry_after": 1, "before_work": true },
    }]);
    assert_eq!(api.put("/-/faults", rules.clone()).expect(200), rules);
    assert_eq!(api.get("/-/faults").expect(200), rules);
    let statuses: Vec<u16> = (0..3).map(|_| api.get("/v1/samples").status).collect();
    assert_eq!(statuses, [200, 429, 200]);

    api.put(
        "/-/faults",
        json!([{ "fault": { "kind": "cut", "when": "before" } }]),
    )
    .expect(200);
    assert!(api.try_send(Method::GET, "/v1/samples", None).is_err());
    assert_eq!(api.delete("/-/faults").status, 204);
    api.get("/v1/samples").expect(200);
    api.put("/-/faults", json!([{ "fault": { "kind": "melt" } }]))
        .refused("invalid_request");
}
