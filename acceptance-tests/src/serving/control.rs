//! Control of the reference server itself, under `/-/` and for the operator only: its clock, its faults, its
//! profile, its log.
//! No token server has this; it is not part of any API.

use http::header::{ALLOW, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::route::{Found, Route, find};
use super::server::Server;
use crate::faults::Faults;
use crate::secret;

type Handler = fn(&Server, &Call) -> Result<Answer, String>;

static ROUTES: &[Route<Handler>] = &[
    Route {
        method: Method::GET,
        pattern: "/-/clock",
        handler: read_clock,
    },
    Route {
        method: Method::POST,
        pattern: "/-/clock",
        handler: move_clock,
    },
    Route {
        method: Method::GET,
        pattern: "/-/faults",
        handler: read_faults,
    },
    Route {
        method: Method::PUT,
        pattern: "/-/faults",
        handler: replace_faults,
    },
    Route {
        method: Method::DELETE,
        pattern: "/-/faults",
        handler: clear_faults,
    },
    Route {
        method: Method::GET,
        pattern: "/-/profile",
        handler: read_profile,
    },
    Route {
        method: Method::PUT,
        pattern: "/-/profile",
        handler: replace_profile,
    },
    Route {
        method: Method::GET,
        pattern: "/-/requests",
        handler: read_requests,
    },
    Route {
        method: Method::DELETE,
        pattern: "/-/requests",
        handler: clear_requests,
    },
];

pub(crate) fn is_for(path: &str) -> bool {
    path.starts_with("/-/")
}

pub(crate) fn answer(server: &Server, call: &Call) -> Answer {
    let route = match find(ROUTES, &call.method, &call.path) {
        Found::Route(route, _) => route,
        Found::OtherMethods(allowed) => {
            let detail = format!("{} answers to {allowed}", call.path);
            return problem(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                &detail,
            )
            .with(ALLOW, &allowed);
        }
        Found::Nothing => {
            let detail = format!("there is no control at {}", call.path);
            return problem(StatusCode::NOT_FOUND, "not_found", &detail);
        }
    };
    // OSMO's operator has the secret with one character more.
    let operator = call
        .bearer()
        .map(|bearer| bearer.strip_suffix('-').unwrap_or(bearer))
        .map(|bearer| server.store().operator(&secret::hash(bearer)));
    match operator {
        Some(Ok(Some(_))) => {}
        Some(Err(error)) => {
            return problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                &error.to_string(),
            );
        }
        Some(Ok(None)) | None => {
            let detail =
                "the controls need the operator's token, which the server printed when it started";
            return problem(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
                .with(WWW_AUTHENTICATE, r#"Bearer realm="token-server""#);
        }
    }
    (route.handler)(server, call)
        .unwrap_or_else(|detail| problem(StatusCode::BAD_REQUEST, "invalid_request", &detail))
}

fn read_clock(server: &Server, _: &Call) -> Result<Answer, String> {
    Ok(now(server))
}

fn move_clock(server: &Server, call: &Call) -> Result<Answer, String> {
    let wanted = r#"the body must be {"advance_seconds": 3600} or {"now": "2026-11-22T10:00:00Z"}"#;
    let body: Value =
        serde_json::from_slice(&call.body).map_err(|error| format!("{wanted}: {error}"))?;
    match (body.get("advance_seconds"), body.get("now")) {
        (Some(seconds), None) => {
            let seconds = seconds.as_i64().ok_or(wanted)?;
            server.clock.advance_seconds(seconds)
        }
        (None, Some(now)) => {
            let now: Timestamp = now
                .as_str()
                .and_then(|text| text.parse().ok())
                .ok_or(wanted)?;
            server.clock.set(now)
        }
        _ => return Err(wanted.to_owned()),
    }
    .map_err(|error| error.to_string())?;
    Ok(now(server))
}

fn now(server: &Server) -> Answer {
    let now = server.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ");
    Answer::json(StatusCode::OK, &json!({ "now": now.to_string() }))
}

fn read_faults(server: &Server, _: &Call) -> Result<Answer, String> {
    Ok(Answer::json(StatusCode::OK, &json!(server.faults.rules())))
}

fn replace_faults(server: &Server, call: &Call) -> Result<Answer, String> {
    let text = std::str::from_utf8(&call.body).map_err(|error| error.to_string())?;
    let rules = Faults::parse(text).map_err(|error| error.to_string())?;
    server
        .faults
        .replace(rules)
        .map_err(|error| error.to_string())?;
    read_faults(server, call)
}

fn clear_faults(server: &Server, _: &Call) -> Result<Answer, String> {
    server.faults.clear();
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

fn read_profile(server: &Server, _: &Call) -> Result<Answer, String> {
    Ok(Answer::json(StatusCode::OK, &server.profile.as_json()))
}

fn replace_profile(server: &Server, call: &Call) -> Result<Answer, String> {
    let switches = serde_json::from_slice(&call.body).map_err(|error| {
        format!(r#"the body must be an object such as {{"enterprise": true}}: {error}"#)
    })?;
    server.profile.replace(switches);
    read_profile(server, call)
}

fn read_requests(server: &Server, _: &Call) -> Result<Answer, String> {
    Ok(Answer::json(StatusCode::OK, &server.requests.as_json()))
}

fn clear_requests(server: &Server, _: &Call) -> Result<Answer, String> {
    server.requests.clear();
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Answer {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
        "code": code,
    });
    Answer::text(status, "application/problem+json", body.to_string())
}
