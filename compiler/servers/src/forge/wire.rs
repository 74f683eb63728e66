//! The four APIs in their own words, from their public references:
//! GitHub `docs.github.com/rest/issues/comments` (a pull request's comments are those of its issue), GitLab `docs.gitlab.com/api/notes`,
//! Gitea and Forgejo `/api/swagger` (issue comments), Bitbucket Cloud
//! `developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests`.

use lanyard_compiler::review::Forge;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::PullRequest;
use crate::http::{Answer, Repeat, Request, segment};

/// A comment as it stands.
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) body: String,
    author: Author,
}

struct Author {
    id: String,
    name: String,
    is_bot: bool,
}

impl Comment {
    pub(super) fn begins_with(&self, marker: &str) -> bool {
        self.body.trim_start().starts_with(marker.trim_end())
    }
}

/// Who a token speaks for.
pub(super) enum Myself {
    User(String),
    /// GitHub: an app, of which the job's own token is one. People are no bots.
    Bot,
    /// Gitea and Forgejo: the job's own token.
    Actions,
    /// Bitbucket: whoever may not ask who it is. Only its author can change a comment, so trying tells.
    WhoeverMayChangeIt,
}

impl Myself {
    /// Of a token that may not ask who it is.
    pub(super) fn of_a_pipeline(forge: Forge) -> Self {
        match forge {
            Forge::Github => Self::Bot,
            Forge::Gitea => Self::Actions,
            // At GitLab, who may comment may ask.
            Forge::Gitlab | Forge::Bitbucket => Self::WhoeverMayChangeIt,
        }
    }

    pub(super) fn wrote(&self, comment: &Comment) -> bool {
        let author = &comment.author;
        match self {
            Self::User(id) => *id == author.id,
            Self::Bot => author.is_bot,
            Self::Actions => matches!(author.name.as_str(), "gitea-actions" | "forgejo-actions"),
            Self::WhoeverMayChangeIt => true,
        }
    }

    pub(super) fn is_a_guess(&self) -> bool {
        matches!(self, Self::WhoeverMayChangeIt)
    }
}

/// Where the comments of a pull request are, below the API's address.
pub(super) fn path(place: &PullRequest) -> String {
    let (repository, number) = (repository(place), place.number);
    match place.forge {
        Forge::Github | Forge::Gitea => format!("{repository}/issues/{number}/comments"),
        Forge::Gitlab => format!("{repository}/merge_requests/{number}/notes"),
        Forge::Bitbucket => format!("{repository}/pullrequests/{number}/comments"),
    }
}

fn repository(place: &PullRequest) -> String {
    let name = &place.repository;
    let parts = || {
        let parts: Vec<String> = name.split('/').filter_map(segment).collect();
        parts.join("/")
    };
    match place.forge {
        Forge::Github | Forge::Gitea => format!("/repos/{}", parts()),
        // A path is one segment there.
        Forge::Gitlab => format!("/projects/{}", segment(name).unwrap_or_default()),
        Forge::Bitbucket => format!("/repositories/{}", parts()),
    }
}

fn one(place: &PullRequest, comment: &Comment) -> String {
    let id = segment(&comment.id).unwrap_or_default();
    match place.forge {
        Forge::Github | Forge::Gitea => format!("{}/issues/comments/{id}", repository(place)),
        Forge::Gitlab | Forge::Bitbucket => format!("{}/{id}", path(place)),
    }
}

pub(super) fn whoami() -> Request {
    Request::get("/user")
}

/// The oldest comments.
pub(super) fn first_page(place: &PullRequest) -> Request {
    let request = Request::get(path(place));
    match place.forge {
        Forge::Github => request.query("per_page", Some(100)),
        Forge::Gitlab => request
            .query("per_page", Some(100))
            .query("sort", Some("asc")),
        Forge::Gitea => request.query("limit", Some(50)),
        Forge::Bitbucket => request.query("pagelen", Some(100)),
    }
}

pub(super) fn create(place: &PullRequest, body: &str) -> Request {
    Request::new(Method::POST, path(place), Repeat::Never).body(JSON, &content(place, body))
}

pub(super) fn update(place: &PullRequest, comment: &Comment, body: &str) -> Request {
    let method = match place.forge {
        Forge::Github | Forge::Gitea => Method::PATCH,
        Forge::Gitlab | Forge::Bitbucket => Method::PUT,
    };
    Request::new(method, one(place, comment), Repeat::Harmless).body(JSON, &content(place, body))
}

pub(super) fn delete(place: &PullRequest, comment: &Comment) -> Request {
    Request::new(Method::DELETE, one(place, comment), Repeat::Harmless)
}

const JSON: &str = "application/json";

fn content(place: &PullRequest, body: &str) -> Json {
    match place.forge {
        Forge::Github | Forge::Gitlab | Forge::Gitea => json!({"body": body}),
        Forge::Bitbucket => json!({"content": {"raw": body}}),
    }
}

/// Some of the comments, and what to ask for the next ones with.
pub(super) struct Page {
    pub(super) comments: Vec<Comment>,
    /// The query of the page that follows.
    pub(super) next: Option<String>,
}

pub(super) fn page(forge: Forge, answer: &Answer) -> Result<Page, String> {
    let (comments, next): (Vec<Wired>, _) = match forge {
        Forge::Github | Forge::Gitlab | Forge::Gitea => (answer.json()?, linked(answer)),
        Forge::Bitbucket => {
            let Values { values, next } = answer.json()?;
            (values, next)
        }
    };
    Ok(Page {
        comments: comments
            .into_iter()
            .filter_map(|wired| wired.read(forge))
            .collect(),
        next: next.and_then(|address| query(&address)),
    })
}

pub(super) fn comment(forge: Forge, answer: &Answer) -> Result<Comment, String> {
    let wired: Wired = answer.json()?;
    wired
        .read(forge)
        .ok_or_else(|| "the answer shows no comment".to_owned())
}

/// The id of a user, which no other one ever has.
pub(super) fn user(forge: Forge, answer: &Answer) -> Result<String, String> {
    let user: User = answer.json()?;
    Ok(user.read(forge).id)
}

pub(super) fn next_page(place: &PullRequest, query: &str) -> Request {
    Request::get(format!("{}?{query}", path(place)))
}

/// All that is taken from an address: its host is not asked, so that no answer leads the token elsewhere.
fn query(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    query.split('#').next().map(str::to_owned)
}

/// The page that follows (RFC 8288).
fn linked(answer: &Answer) -> Option<String> {
    let links = answer.headers.get("link")?.to_str().ok()?;
    links.split(',').find_map(|link| {
        let (address, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        parameters
            .split(';')
            .any(|parameter| parameter.trim() == "rel=\"next\"")
            .then(|| address.to_owned())
    })
}

#[derive(Deserialize)]
struct Values {
    values: Vec<Wired>,
    next: Option<String>,
}

/// A comment as any of the four shows it.
#[derive(Deserialize)]
struct Wired {
    id: u64,
    body: Option<String>,
    content: Option<Content>,
    /// GitHub, Gitea, Bitbucket. Null where the account is gone.
    user: Option<User>,
    /// GitLab.
    author: Option<User>,
    /// GitLab: what it noted itself.
    #[serde(default)]
    system: bool,
    /// Bitbucket goes on listing what is deleted.
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
struct Content {
    raw: Option<String>,
}

#[derive(Default, Deserialize)]
struct User {
    id: Option<i64>,
    /// Bitbucket.
    uuid: Option<String>,
    login: Option<String>,
    username: Option<String>,
    /// GitHub: `Bot` or `User`.
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Wired {
    /// `None` for what is no comment of anybody.
    fn read(self, forge: Forge) -> Option<Comment> {
        if self.system || self.deleted {
            return None;
        }
        let body = match forge {
            Forge::Bitbucket => self.content?.raw?,
            Forge::Github | Forge::Gitlab | Forge::Gitea => self.body?,
        };
        let author = self.user.or(self.author).unwrap_or_default();
        Some(Comment {
            id: self.id.to_string(),
            body,
            author: author.read(forge),
        })
    }
}

impl User {
    fn read(self, forge: Forge) -> Author {
        let id = match forge {
            Forge::Bitbucket => self.uuid,
            Forge::Github | Forge::Gitlab | Forge::Gitea => self.id.map(|id| id.to_string()),
        };
        Author {
            id: id.unwrap_or_default(),
            name: self.login.or(self.username).unwrap_or_default(),
            is_bot: self.kind.as_deref() == Some("Bot"),
        }
    }
}
