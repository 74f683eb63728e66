//! The comment on a pull request: written once, then kept up to date, wherever the pull request is reviewed. A forge is no token
//! server; it is here because only this package opens connections.

mod refusal;
mod wire;

use std::time::Duration;

use lanyard_compiler::diagnostic::Diagnostic;
use lanyard_compiler::model::Settings;
use lanyard_compiler::review::{self, Forge};
use lanyard_compiler::secret::Secret;

use crate::error::{ErrorKind, ServerError};
use crate::http::{Answer, Client, Credential, Dialect, Request};
use wire::{Comment, Myself};

/// A pull request, and what lets us comment on it.
#[derive(Clone, Debug)]
pub struct PullRequest {
    pub forge: Forge,
    /// Of the forge's API.
    pub url: String,
    /// `owner/name`; at GitLab also the number of the project.
    pub repository: String,
    pub number: u64,
    pub token: Secret,
    /// Where the token is the password of a user.
    pub username: Option<String>,
    /// A PEM file with authorities to trust beside the system's.
    pub ca_file: Option<String>,
}

/// What became of the comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    Created,
    Updated,
    /// It said so already.
    Unchanged,
    Removed,
    NothingToRemove,
}

/// The comments of one pull request.
pub struct Comments {
    place: PullRequest,
    client: Client,
}

/// So often is looked for what an answer that was lost did.
const ROUNDS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

impl Comments {
    /// Checks what can be checked without a request.
    ///
    /// # Errors
    ///
    /// The address is none, or leads through plain http.
    pub fn of(place: PullRequest) -> Result<Self, Diagnostic> {
        let dialect = Dialect {
            server: place.forge.title(),
            explain: refusal::explain,
            unavailable_means_unprocessed: false,
        };
        let settings = Settings {
            url: Some(place.url.clone()),
            ca_file: place.ca_file.clone(),
            ..Settings::default()
        };
        let credential = match &place.username {
            Some(username) => Credential::Basic {
                username: username.clone(),
                password: place.token.clone(),
            },
            None => Credential::Bearer(place.token.clone()),
        };
        let client = Client::new(&settings, dialect, &credential)?;
        Ok(Self { place, client })
    }

    /// Where a comment is sent to, for people.
    pub fn address(&self) -> String {
        format!("{}{}", self.client.address(), wire::path(&self.place))
    }

    /// Lets a comment of ours with this marker say this, or writes one. On return it stands.
    ///
    /// # Errors
    ///
    /// It is not known to stand.
    pub async fn publish(&self, marker: &str, body: &str) -> Result<Published, Diagnostic> {
        let done = self.publish_or_fail(marker, body).await;
        done.map_err(|error| self.complain("The comment could not be written", &error))
    }

    /// Removes what we wrote under this marker.
    ///
    /// # Errors
    ///
    /// It may still stand.
    pub async fn remove(&self, marker: &str) -> Result<Published, Diagnostic> {
        let done = self.remove_or_fail(marker).await;
        done.map_err(|error| self.complain("The comment could not be removed", &error))
    }

    async fn publish_or_fail(&self, marker: &str, body: &str) -> Result<Published, ServerError> {
        let myself = self.myself().await?;
        let mut round = 0;
        loop {
            round += 1;
            match self.update(&myself, marker, body).await? {
                // The answer was lost, and the comment was not.
                Some(Published::Unchanged) if round > 1 => return Ok(Published::Created),
                Some(published) => return Ok(published),
                None => {}
            }
            match self.sent(&wire::create(&self.place, body), marker).await {
                Ok(()) => return Ok(Published::Created),
                // It may stand: whoever looks knows.
                Err(error) if error.is_ambiguous() && round < ROUNDS => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Updates the first comment of ours and removes what else of ours has its marker; `None` where there is none.
    async fn update(
        &self,
        myself: &Myself,
        marker: &str,
        body: &str,
    ) -> Result<Option<Published>, ServerError> {
        let mut published = None;
        for comment in self.ours(myself, marker).await? {
            if published.is_some() {
                self.delete(&comment).await?;
            } else if same(&comment.body, body) {
                published = Some(Published::Unchanged);
            } else {
                let request = wire::update(&self.place, &comment, body);
                match self.sent(&request, marker).await {
                    Ok(()) => published = Some(Published::Updated),
                    // Somebody deleted it a moment ago, or it is somebody else's who copied the marker.
                    Err(error) if error.is_gone() => {}
                    Err(error) if error.kind == ErrorKind::Forbidden && myself.is_a_guess() => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(published)
    }

    async fn remove_or_fail(&self, marker: &str) -> Result<Published, ServerError> {
        let myself = self.myself().await?;
        let mut removed = Published::NothingToRemove;
        for comment in self.ours(&myself, marker).await? {
            match self.delete(&comment).await {
                Ok(()) => removed = Published::Removed,
                Err(error) if error.kind == ErrorKind::Forbidden && myself.is_a_guess() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }

    /// Sends a comment; the answer must show that it stands.
    async fn sent(&self, request: &Request, marker: &str) -> Result<(), ServerError> {
        let forge = self.place.forge;
        let stands = |answer: &Answer| match wire::comment(forge, answer)?.body.contains(marker) {
            true => Ok(()),
            false => Err("the comment that it shows is not the one that was sent".to_owned()),
        };
        self.client.send(request, stands).await
    }

    async fn delete(&self, comment: &Comment) -> Result<(), ServerError> {
        match self.client.done(&wire::delete(&self.place, comment)).await {
            Err(error) if error.is_gone() => Ok(()),
            done => done,
        }
    }

    /// Who the token speaks for, as far as the forge tells.
    async fn myself(&self) -> Result<Myself, ServerError> {
        let forge = self.place.forge;
        let user = |answer: &Answer| wire::user(forge, answer);
        match self.client.send(&wire::whoami(), user).await {
            Ok(id) => Ok(Myself::User(id)),
            // The token of a pipeline or an app, or one that may not ask.
            Err(error) if error.kind == ErrorKind::Forbidden => Ok(Myself::of_a_pipeline(forge)),
            Err(error) => Err(error),
        }
    }

    /// The comments with this marker on all pages that we wrote, the oldest first. Who copies a marker does not become one of us: what
    /// we write under somebody else's name, that somebody could change.
    async fn ours(&self, myself: &Myself, marker: &str) -> Result<Vec<Comment>, ServerError> {
        let forge = self.place.forge;
        let without_folder = review::marker(forge, None);
        let mut found: Vec<Comment> = Vec::new();
        let mut next = Some(wire::first_page(&self.place));
        while let Some(request) = next {
            let page = self
                .client
                .send(&request, |answer| wire::page(forge, answer))
                .await?;
            found.extend(page.comments.into_iter().filter(|comment| {
                myself.wrote(comment)
                    && (comment.begins_with(marker) || comment.begins_with(&without_folder))
            }));
            let following = page.next.map(|query| wire::next_page(&self.place, &query));
            // A server that leads in a circle would never let us go.
            next = following.filter(|following| following.path != request.path);
        }
        // What was written before comments named their folder counts where there is nothing newer.
        if found.iter().any(|comment| comment.begins_with(marker)) {
            found.retain(|comment| comment.begins_with(marker));
        }
        Ok(found)
    }

    fn complain(&self, summary: &str, error: &ServerError) -> Diagnostic {
        refusal::diagnostic(&self.place, summary, error)
    }
}

/// Forges change how a line ends, and drop what is empty at the end.
fn same(one: &str, other: &str) -> bool {
    one.replace("\r\n", "\n").trim() == other.replace("\r\n", "\n").trim()
}
