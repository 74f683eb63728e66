//! What four forges answer about the comments of a pull request, from their public references:
//!
//! - GitHub, `docs.github.com/en/rest/issues/comments` and "Using pagination in the REST API": `Link`, `per_page` up to 100; 403
//!   "Resource not accessible by integration" for a job's token that lacks a permission, and for its `GET /user`; whoever may write to the
//!   repository may edit anybody's comment.
//! - GitLab, `docs.gitlab.com/api/notes` and `/api/rest` (pagination, `Link`): notes of merge requests, among them the system's own.
//! - Gitea, `docs.gitea.com/api` (issue comments) and "API usage" (pagination, `Link`, `x-total-count`).
//! - Bitbucket Cloud, `developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests`: `values` and `next`, deleted comments stay in
//!   the list, `{"type": "error", "error": {"message": …}}`, only its author may change a comment.
//!
//! Pages are shorter than there, so that two pages are few comments.

use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::{Value as Json, json};

use super::forge::{Api, Comment, State, User};

const PAGE: usize = 3;

type Answer = Response<Full<Bytes>>;

pub(super) fn answer(state: &mut State, head: &Parts, body: &Json) -> Answer {
    let api = state.api;
    let Some(user) = caller(state, head) else {
        return refuse(api, StatusCode::UNAUTHORIZED, "Bad credentials");
    };
    let path = head.uri.path();
    if path == format!("{}/user", base(api)) {
        return match user.may_ask {
            true => shown(StatusCode::OK, &person(api, &user)),
            false => refuse(
                api,
                StatusCode::FORBIDDEN,
                "Resource not accessible by integration",
            ),
        };
    }
    let (all, one) = places(api);
    let id = path
        .strip_prefix(&one)
        .and_then(|id| id.parse::<u64>().ok());
    match (&head.method, id) {
        (&Method::GET, None) if path == all => list(state, head),
        (&Method::POST, None) if path == all => create(state, &user, body),
        (method, Some(id)) => change(state, &user, method, id, body),
        _ => refuse(api, StatusCode::NOT_FOUND, "Not Found"),
    }
}

fn base(api: Api) -> &'static str {
    match api {
        Api::Github => "",
        Api::Gitlab => "/api/v4",
        Api::Gitea => "/api/v1",
        Api::Bitbucket => "/2.0",
    }
}

/// The list, and what one comment's id stands behind.
fn places(api: Api) -> (String, String) {
    let base = base(api);
    match api {
        Api::Github | Api::Gitea => (
            format!("{base}/repos/ops/infra/issues/7/comments"),
            format!("{base}/repos/ops/infra/issues/comments/"),
        ),
        Api::Gitlab => (
            format!("{base}/projects/42/merge_requests/7/notes"),
            format!("{base}/projects/42/merge_requests/7/notes/"),
        ),
        Api::Bitbucket => (
            format!("{base}/repositories/ops/infra/pullrequests/7/comments"),
            format!("{base}/repositories/ops/infra/pullrequests/7/comments/"),
        ),
    }
}

fn caller(state: &State, head: &Parts) -> Option<User> {
    let header = head.headers.get("authorization")?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ")?;
    state.users.iter().find(|user| user.token == token).cloned()
}

fn list(state: &State, head: &Parts) -> Answer {
    let api = state.api;
    let page: usize = query(head, "page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let listed: Vec<&Comment> = state
        .comments
        .iter()
        .filter(|comment| api == Api::Bitbucket || !comment.is_deleted)
        .collect();
    let items: Vec<Json> = listed
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|comment| wired(api, comment))
        .collect();
    let more = listed.len() > page * PAGE;
    let next = format!("{}{}?page={}", state.url, head.uri.path(), page + 1);
    if api == Api::Bitbucket {
        let mut answer = json!({"values": items, "page": page, "pagelen": PAGE});
        if more {
            answer["next"] = next.into();
        }
        return shown(StatusCode::OK, &answer);
    }
    let mut answer = shown(StatusCode::OK, &Json::from(items));
    if more {
        let link = format!("<{next}>; rel=\"next\", <{next}>; rel=\"last\"");
        answer.headers_mut().insert("link", link.parse().unwrap());
    }
    answer
}

fn create(state: &mut State, user: &User, body: &Json) -> Answer {
    let api = state.api;
    if !user.may_write {
        return refuse(
            api,
            StatusCode::FORBIDDEN,
            "Resource not accessible by integration",
        );
    }
    let text = content(api, body);
    if let Some(refusal) = too_long(api, text) {
        return refusal;
    }
    let comment = state.write(user, text);
    shown(StatusCode::CREATED, &wired(api, &comment))
}

fn change(state: &mut State, user: &User, method: &Method, id: u64, body: &Json) -> Answer {
    let api = state.api;
    let standing = state.comments.iter_mut();
    let Some(comment) = standing
        .filter(|comment| !comment.is_deleted)
        .find(|comment| comment.id == id)
    else {
        return refuse(api, StatusCode::NOT_FOUND, "Not Found");
    };
    let is_author = comment.author.id == user.id;
    if !user.may_write || (api == Api::Bitbucket && !is_author) {
        return refuse(
            api,
            StatusCode::FORBIDDEN,
            "You do not have access to change this comment",
        );
    }
    let writes = match api {
        Api::Github | Api::Gitea => Method::PATCH,
        Api::Gitlab | Api::Bitbucket => Method::PUT,
    };
    if *method == Method::DELETE {
        comment.is_deleted = true;
        return Response::builder()
            .status(StatusCode::NO_CONTENT)
            .body(Full::default())
            .unwrap();
    }
    if *method != writes {
        return refuse(api, StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    comment.body = content(api, body).to_owned();
    let comment = comment.clone();
    shown(StatusCode::OK, &wired(api, &comment))
}

fn content(api: Api, body: &Json) -> &str {
    let text = match api {
        Api::Bitbucket => &body["content"]["raw"],
        Api::Github | Api::Gitlab | Api::Gitea => &body["body"],
    };
    text.as_str().unwrap_or_default()
}

fn too_long(api: Api, text: &str) -> Option<Answer> {
    let (most, status) = match api {
        Api::Github => (65_536, StatusCode::UNPROCESSABLE_ENTITY),
        Api::Gitlab => (1_000_000, StatusCode::BAD_REQUEST),
        Api::Gitea => return None,
        Api::Bitbucket => (32_768, StatusCode::BAD_REQUEST),
    };
    (text.chars().count() > most).then(|| refuse(api, status, "Body is too long"))
}

fn wired(api: Api, comment: &Comment) -> Json {
    let Comment {
        id,
        author,
        body,
        is_deleted,
    } = comment;
    let author = person(api, author);
    match api {
        Api::Github | Api::Gitea => json!({"id": id, "body": body, "user": author}),
        Api::Gitlab => json!({"id": id, "body": body, "author": author, "system": false}),
        Api::Bitbucket => {
            let raw = if *is_deleted { "" } else { body };
            json!({"id": id, "deleted": is_deleted, "user": author, "content": {"type": "rendered", "raw": raw}})
        }
    }
}

fn person(api: Api, user: &User) -> Json {
    let User {
        id, login, is_bot, ..
    } = user;
    match api {
        Api::Github => {
            let kind = if *is_bot { "Bot" } else { "User" };
            json!({"id": id, "login": login, "type": kind})
        }
        Api::Gitlab => json!({"id": id, "username": login, "bot": is_bot}),
        Api::Gitea => json!({"id": id, "login": login, "username": login}),
        Api::Bitbucket => json!({"uuid": format!("{{{id}}}"), "nickname": login, "type": "user"}),
    }
}

fn refuse(api: Api, status: StatusCode, message: &str) -> Answer {
    let body = match api {
        Api::Github | Api::Gitea => json!({"message": message}),
        Api::Gitlab => json!({"message": format!("{} {message}", status.as_u16())}),
        Api::Bitbucket => json!({"type": "error", "error": {"message": message}}),
    };
    shown(status, &body)
}

fn shown(status: StatusCode, body: &Json) -> Answer {
    Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .body(Full::from(body.to_string()))
        .unwrap()
}

fn query(head: &Parts, name: &str) -> Option<String> {
    let query = head.uri.query()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
