//! What a forge's refusal means, and what whoever runs the pipeline can do about it.

use lanyard_compiler::diagnostic::{Code, Diagnostic};
use lanyard_compiler::review::Forge;
use serde::Deserialize;
use serde_json::Value as Json;

use super::PullRequest;
use crate::error::{ErrorKind, ServerError};
use crate::http::{Answer, Explanation};
use crate::refusal;

/// `{"message": …}` with a text (GitHub, Gitea) or with places and texts (GitLab); `{"error": …}` with a text (GitLab) or a message
/// of its own (Bitbucket).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fault {
    message: Json,
    error: Json,
    error_description: Option<String>,
}

pub(super) fn explain(answer: &Answer) -> Explanation {
    let fault: Fault = answer.json().unwrap_or_default();
    let said = [&fault.message, &fault.error["message"], &fault.error];
    let message = said.into_iter().find_map(|said| match said {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    });
    let message = match (message, fault.error_description) {
        (Some(message), Some(more)) => Some(format!("{message}: {more}")),
        (message, more) => message.or(more),
    };
    let is_limit = answer.headers.contains_key("retry-after");
    let kind = match refusal::kind(answer.status) {
        // GitHub says so when requests come too fast.
        ErrorKind::Forbidden if is_limit => ErrorKind::Retry { after: None },
        kind => kind,
    };
    Explanation {
        kind,
        detail: refusal::detail(answer, message),
    }
}

pub(super) fn diagnostic(place: &PullRequest, summary: &str, error: &ServerError) -> Diagnostic {
    let forge = place.forge;
    let hint = match &error.kind {
        ErrorKind::SignIn => format!(
            "{} does not accept the token: it may be mistyped or expired, or belong to another place than {}.",
            forge.title(),
            place.url
        ),
        ErrorKind::Forbidden => format!("{} {}", permission(forge), FORKS),
        ErrorKind::Gone => format!(
            "Check the repository ({}) and the number ({}); a token that may not read there is told the same. {}",
            place.repository,
            place.number,
            permission(forge)
        ),
        ErrorKind::Retry { .. } | ErrorKind::Ambiguous => {
            "Run it again later: a comment that stands already is found and updated.".to_owned()
        }
        ErrorKind::Untrusted { remedy } => (*remedy).to_owned(),
        _ => format!("Check that {} is the address of the API.", place.url),
    };
    Diagnostic::error(Code::CommentFailed, summary)
        .detail(format!("{error}."))
        .hint(hint)
}

const FORKS: &str = "In a pull request from a fork the job's token can only read; the guide \"Plans in pull requests\" says what to do there.";

/// The least that is needed.
fn permission(forge: Forge) -> &'static str {
    match forge {
        Forge::Github => "The token needs `pull-requests: write`, and nothing else.",
        Forge::Gitlab => {
            "The token needs the scope `api` and the role Reporter: a project access token has both. CI_JOB_TOKEN cannot comment."
        }
        Forge::Gitea => "The token needs the scopes `write:issue` and `read:user`.",
        Forge::Bitbucket => "The token needs the scope `pullrequest:write`.",
    }
}
