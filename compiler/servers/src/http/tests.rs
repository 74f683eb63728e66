//! The client against a scripted server.

use std::time::Duration;

use futures_util::future::join_all;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value as Json, json};
use tokio::net::TcpSocket;

use super::retry::Backoff;
use super::scripted::{Script, Server, answer, client, good};
use super::{Answer, Credential, Repeat, Request, SignIn};
use crate::error::ErrorKind;

fn request(repeat: Repeat) -> Request {
    let method = if repeat == Repeat::Freely {
        Method::GET
    } else {
        Method::POST
    };
    Request::new(method, "/things", repeat).body("application/json", &json!({"a": 1}))
}

/// Runs one request against a script and says what came of it and how many requests were sent.
async fn check(script: Vec<Script>, repeat: Repeat) -> (Result<Json, ErrorKind>, usize, String) {
    let server = Server::start(script).await;
    let result = server.client().json::<Json>(&request(repeat)).await;
    let shown = result
        .as_ref()
        .err()
        .map(|error| error.diagnostic().to_string());
    (
        result.map_err(|error| error.kind),
        server.seen(),
        shown.unwrap_or_default(),
    )
}

const RETRY: ErrorKind = ErrorKind::Retry { after: None };

#[tokio::test]
async fn a_read_survives_every_passing_fault() {
    let truncated =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"ok\":";
    for fault in [
        Script::Cut,
        Script::Silent,
        Script::Bytes(truncated.to_owned()),
        Script::Bytes("nonsense\r\n\r\n".to_owned()),
        answer("200 OK", "content-type: application/json\r\n", r#"{"ok":"#),
        answer("200 OK", "content-type: text/html\r\n", "<html>"),
        answer("500 Internal Server Error", "", ""),
        answer("503 Service Unavailable", "retry-after: 0\r\n", ""),
        answer("429 Too Many Requests", "retry-after: 0\r\n", ""),
    ] {
        let (result, sent, shown) = check(vec![fault, good()], Repeat::Freely).await;
        assert_eq!((result, sent), (Ok(json!({"ok": true})), 2), "{shown}");
    }
}

#[tokio::test]
async fn a_write_is_repeated_only_when_it_was_not_done() {
    for (fault, expected, sent) in [
        (
            answer("429 Too Many Requests", "retry-after: 0\r\n", ""),
            Ok(json!({"ok": true})),
            2,
        ),
        (
            answer("503 Service Unavailable", "retry-after: 0\r\n", ""),
            Ok(json!({"ok": true})),
            2,
        ),
        (
            answer("503 Service Unavailable", "", ""),
            Err(ErrorKind::Ambiguous),
            1,
        ),
        (
            answer("500 Internal Server Error", "", ""),
            Err(ErrorKind::Ambiguous),
            1,
        ),
        (Script::Cut, Err(ErrorKind::Ambiguous), 1),
        (Script::Silent, Err(ErrorKind::Ambiguous), 1),
        (
            answer("201 Created", "content-type: application/json\r\n", "{"),
            Err(ErrorKind::Ambiguous),
            1,
        ),
        (
            answer("401 Unauthorized", "", ""),
            Err(ErrorKind::SignIn),
            1,
        ),
    ] {
        let (result, seen, shown) = check(vec![fault, good()], Repeat::Never).await;
        assert_eq!((result, seen), (expected, sent), "{shown}");
    }
}

/// A gateway on the way may put off what the server has done.
#[tokio::test]
async fn a_name_that_is_taken_once_a_creation_was_put_off_may_be_its_own_work() {
    let busy = || answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    let taken = || answer("409 Conflict", "", "");
    let conflict = || ErrorKind::Conflict(Box::default());
    for (script, repeat, expected) in [
        (vec![taken()], Repeat::Never, conflict()),
        (vec![busy(), taken()], Repeat::Never, ErrorKind::Ambiguous),
        // What may be repeated says itself what became of it.
        (vec![busy(), taken()], Repeat::Harmless, conflict()),
    ] {
        let (result, _, shown) = check(script, repeat).await;
        assert_eq!(result, Err(expected), "{shown}");
    }
}

#[tokio::test]
async fn a_write_that_may_be_repeated_is_and_ends_as_unknown_if_nothing_helps() {
    let (result, sent, _) =
        check(vec![Script::Cut, Script::Silent, good()], Repeat::Harmless).await;
    assert_eq!((result, sent), (Ok(json!({"ok": true})), 3));
    let (result, sent, _) = check(vec![Script::Cut; 3], Repeat::Harmless).await;
    assert_eq!((result, sent), (Err(ErrorKind::Ambiguous), 3));
    let (result, sent, _) = check(vec![Script::Cut; 3], Repeat::Freely).await;
    assert_eq!((result, sent), (Err(RETRY), 3));
}

#[tokio::test]
async fn a_write_is_refused_if_no_attempt_is_in_doubt() {
    let no = || answer("403 Forbidden", "", "");
    let busy = answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    for (case, (script, repeat, expected)) in [
        (vec![no()], Repeat::Never, true),
        (vec![busy, no()], Repeat::Harmless, true),
        // The first may have been done.
        (vec![Script::Cut, no()], Repeat::Harmless, false),
        (vec![Script::Cut], Repeat::Never, false),
        // Nothing was to be done.
        (vec![no()], Repeat::Freely, false),
    ]
    .into_iter()
    .enumerate()
    {
        let server = Server::start(script).await;
        let result = server.client().json::<Json>(&request(repeat)).await;
        let error = result.unwrap_err();
        assert_eq!(error.is_refusal(), expected, "{case}: {repeat:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_retried_and_then_told_as_such() {
    // Taken and never listened on: a port that were let go could be another test's server by now.
    let unused = TcpSocket::new_v4().unwrap();
    unused.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", unused.local_addr().unwrap());
    let mut client = client(&url);
    client.backoff = Backoff::quick();
    let error = client
        .json::<Json>(&request(Repeat::Never))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind, RETRY,
        "a request that never left is not of unknown outcome"
    );
    let shown = error.diagnostic().to_string();
    assert!(
        shown.contains(&format!("no connection to {url}")) && shown.contains("`url` is right"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_long_retry_after_is_told_rather_than_waited_for() {
    let (result, sent, shown) = check(
        vec![answer("429 Too Many Requests", "retry-after: 3600\r\n", "")],
        Repeat::Freely,
    )
    .await;
    assert_eq!(sent, 1);
    assert_eq!(
        result,
        Err(ErrorKind::Retry {
            after: Some(Duration::from_secs(3600))
        })
    );
    assert!(shown.contains("Try again in 3600 seconds"), "{shown}");
}

#[tokio::test]
async fn only_a_whole_list_may_be_long_and_nothing_is_endless() {
    let padding = " ".repeat(9_000_000);
    let long = answer(
        "200 OK",
        "content-type: application/json\r\n",
        &format!("[{padding}1]"),
    );
    let claims = |mebibytes: u64| {
        let length = mebibytes * 1024 * 1024 + 1;
        Script::Bytes(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n["
        ))
    };
    // No length is told, as in a stream that never ends.
    let endless = Script::Bytes(format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[{padding}"
    ));
    let object = request(Repeat::Freely);
    let list = Request::get_whole_list("/things");
    for (script, request, expected) in [
        (&long, &list, None),
        (&long, &object, Some("larger than 8 MiB; is `url`")),
        (&endless, &object, Some("larger than 8 MiB; is `url`")),
        (
            &claims(256),
            &list,
            Some("larger than 256 MiB (hint: This server shows"),
        ),
    ] {
        let server = Server::start(vec![script.clone()]).await;
        let mut client = server.client();
        client.timeout = Duration::from_secs(20);
        let result = client.json::<Json>(request).await;
        assert_eq!(server.seen(), 1, "it would be as long the next time");
        match expected {
            None => assert_eq!(result.unwrap(), json!([1])),
            Some(expected) => {
                let problem = result.unwrap_err().diagnostic();
                let shown = format!("{} (hint: {})", problem.detail, problem.hints[0]);
                assert!(shown.contains(expected), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn errors_name_the_place_and_the_request_and_never_the_credential() {
    let refusal = answer(
        "400 Bad Request",
        "x-request-id: r-17\r\n",
        "hunter2-hunter2 is not lyd_0123456789abcdefghijABCDEFGHIJ01kq3Xyz",
    );
    let (_, _, shown) = check(vec![refusal], Repeat::Never).await;
    assert!(
        shown.contains("POST /things on the test server: answered 400: [secret] is not [redacted]"),
        "{shown}"
    );
    assert!(shown.contains("request id r-17"), "{shown}");
}

#[tokio::test]
async fn what_a_server_echoes_of_a_request_shows_no_secret_of_it() {
    let echo = answer(
        "400 Bad Request",
        "",
        r#"{"type":"Webhook","secret":"one\/two%20\u0026three"} is not known"#,
    );
    let server = Server::start(vec![echo]).await;
    let secret = Secret::new("one/two &three");
    let request = request(Repeat::Never).hiding([&secret]);
    let error = server.client().json::<Json>(&request).await.unwrap_err();
    let shown = error.diagnostic().to_string();
    assert!(
        shown.contains(r#""secret":"[secret]"} is not known"#),
        "{shown}"
    );
}

#[tokio::test]
async fn what_a_server_echoes_of_a_request_shows_no_proof_of_its_own() {
    let echo = answer("400 Bad Request", "", "sent Bearer ours-and-ours");
    let server = Server::start(vec![echo]).await;
    let mut proof = HeaderValue::from_static("Bearer ours-and-ours");
    proof.set_sensitive(true);
    let request = request(Repeat::Never).header("x-proof", proof);
    let error = server.client().json::<Json>(&request).await.unwrap_err();
    let shown = error.diagnostic().to_string();
    assert!(shown.contains("sent Bearer [secret]"), "{shown}");
}

#[tokio::test]
async fn no_part_of_an_error_shows_the_credential() {
    // The scripted server's dialect has no places of its own.
    let kind = ErrorKind::FixConfiguration {
        places: vec![(AttributePath::attribute("name"), "hunter2 it is".to_owned())],
    };
    let hide = |text: &str| text.replace("hunter2", "[secret]");
    let ErrorKind::FixConfiguration { places } = kind.rewritten(hide, hide) else {
        panic!("it stays what it is");
    };
    assert_eq!(places[0].1, "[secret] it is");

    let refusal = answer("400 Bad Request", "x-request-id: hunter2-hunter2\r\n", "no");
    let (_, _, shown) = check(vec![refusal], Repeat::Never).await;
    assert!(shown.contains("(request id [secret])"), "{shown}");

    let long = format!("{} hunter2-hunter2", "word ".repeat(117));
    let (_, _, shown) = check(vec![answer("400 Bad Request", "", &long)], Repeat::Never).await;
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn a_request_says_who_we_are_and_is_never_redirected() {
    let server = Server::start(vec![answer(
        "307 Temporary Redirect",
        "location: http://127.0.0.1:9/elsewhere?key=1\r\n",
        "",
    )])
    .await;
    let error = server
        .client()
        .json::<Json>(&request(Repeat::Freely))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::FixConfiguration { .. }),
        "{error}"
    );
    let sent = server.requests.lock()[0].clone();
    assert!(sent.contains("user-agent: lanyard/"), "{sent}");
    assert!(
        sent.contains("authorization: Bearer hunter2-hunter2"),
        "{sent}"
    );
}

#[tokio::test]
async fn a_write_without_a_body_says_that_it_has_none() {
    for (method, says_it) in [
        (Method::POST, true),
        (Method::PUT, true),
        (Method::GET, false),
        (Method::DELETE, false),
    ] {
        let server = Server::start(vec![good()]).await;
        let request = Request::new(method.clone(), "/things", Repeat::Freely);
        server.client().json::<Json>(&request).await.unwrap();
        let sent = server.requests.lock()[0].to_ascii_lowercase();
        assert_eq!(sent.contains("content-length: 0\r\n"), says_it, "{method}");
    }
}

#[tokio::test]
async fn a_date_of_another_century_is_told_and_not_believed() {
    let server = Server::start(vec![answer(
        "200 OK",
        "content-type: application/json\r\ndate: Fri, 02 Jan 2099 03:04:05 GMT\r\n",
        "{}",
    )])
    .await;
    let client = server.client();
    client.json::<Json>(&request(Repeat::Freely)).await.unwrap();
    let wrong = "2099-01-02T03:04:05Z".parse().unwrap();
    let clock = client.clock();
    assert!(clock.now < wrong && clock.ends_from < wrong);
    assert_eq!(clock.doubt.unwrap().server, wrong);
}

#[tokio::test]
async fn no_write_begins_or_is_repeated_for_nobody() {
    let busy = || answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    for (repeat, attended, expected, sent) in [
        (Repeat::Never, false, Err(ErrorKind::Unattended), 0),
        (Repeat::Harmless, false, Err(ErrorKind::Unattended), 0),
        (Repeat::Freely, false, Ok(json!({"ok": true})), 2),
        (Repeat::Harmless, true, Ok(json!({"ok": true})), 2),
    ] {
        let server = Server::start(vec![busy(), good()]).await;
        let mut client = server.client();
        client.attended = if attended { || true } else { || false };
        let result = client.json::<Json>(&request(repeat)).await;
        assert_eq!(
            (result.map_err(|error| error.kind), server.seen()),
            (expected, sent),
            "{repeat:?}"
        );
    }
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_not_repeated_once_nobody_waits() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static ASKED: AtomicBool = AtomicBool::new(false);
    let server = Server::start(vec![Script::Cut, good()]).await;
    let mut client = server.client();
    // Somebody waits when it begins, and is gone by the second attempt.
    client.attended = || !ASKED.swap(true, Ordering::SeqCst);
    let result = client.json::<Json>(&request(Repeat::Harmless)).await;
    assert_eq!(result.unwrap_err().kind, ErrorKind::Ambiguous);
    assert_eq!(server.seen(), 1);
}

#[tokio::test]
async fn a_content_type_is_stated_once_with_content_and_without() {
    let server = Server::start(vec![good(); 2]).await;
    let client = server.client().always_stating("application/json");
    let without = Request::new(Method::DELETE, "/things", Repeat::Harmless);
    for request in [without, request(Repeat::Harmless)] {
        client.done(&request).await.unwrap();
    }
    for request in server.requests.lock().iter() {
        assert_eq!(request.matches("content-type: ").count(), 1, "{request}");
    }
}

#[tokio::test]
async fn a_session_is_opened_once_and_proves_who_we_are() {
    let json_answer = |body: &str| answer("200 OK", "content-type: application/json\r\n", body);
    let refused = answer("400 Bad Request", "", "opened-sesame is not welcome");
    let mut script = vec![json_answer(r#""opened-sesame""#)];
    script.extend(vec![good(); 3]);
    script.extend([refused, good()]);
    let server = Server::start(script).await;
    let opens = Request::new(Method::POST, "/session", Repeat::Harmless)
        .body("application/json", &json!({"password": "hunter2"}));
    let client = server.client_with(&Credential::Session(Box::new(SignIn {
        request: opens,
        password: Secret::new("hunter2"),
        secret: Answer::json,
        header: HeaderName::from_static("x-session"),
        end: Request::new(Method::DELETE, "/session", Repeat::Never),
    })));
    let things = request(Repeat::Freely);
    client.sign_out().await;
    assert_eq!(server.seen(), 0, "there is nothing to end yet");
    let asked = join_all((0..3).map(|_| client.json::<Json>(&things))).await;
    assert!(asked.iter().all(Result::is_ok), "{asked:?}");
    let error = client.json::<Json>(&things).await.unwrap_err();
    assert_eq!(error.detail, "[secret] is not welcome");
    client.sign_out().await;
    let sent = server.requests.lock();
    assert!(sent[0].starts_with("POST /session ") && !sent[0].contains("x-session"));
    for request in &sent[1..] {
        assert!(request.contains("x-session: opened-sesame"), "{request}");
    }
    assert!(sent[5].starts_with("DELETE /session "), "{}", sent[5]);
}

#[tokio::test]
async fn a_session_that_is_not_opened_is_told_as_that() {
    let refused = answer("401 Unauthorized", "", "hunter2 is wrong");
    let server = Server::start(vec![refused; 3]).await;
    let client = server.client_with(&Credential::Session(Box::new(SignIn {
        request: Request::new(Method::POST, "/session", Repeat::Harmless),
        password: Secret::new("hunter2"),
        secret: Answer::json,
        header: HeaderName::from_static("x-session"),
        end: Request::new(Method::DELETE, "/session", Repeat::Never),
    })));
    let things = request(Repeat::Freely);
    let asked = join_all((0..3).map(|_| client.json::<Json>(&things))).await;
    assert_eq!(server.seen(), 1, "a password is tried once");
    let error = asked.into_iter().map(Result::unwrap_err).next().unwrap();
    assert_eq!(error.kind, ErrorKind::SignIn);
    assert!(
        error.to_string().contains("POST /session") && error.to_string().contains("[secret]"),
        "{error}"
    );
}
