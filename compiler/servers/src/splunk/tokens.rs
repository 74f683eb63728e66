//! The verbs for tokens of the organization; accounts do not exist here.

use async_trait::async_trait;
use lanyard_compiler::model::access_token::VisibilityLevel;
use lanyard_compiler::model::record::AccessTokenRecord;
use lanyard_compiler::model::server::splunk::CAPABILITIES;
use lanyard_compiler::model::{AccessToken, GracePeriod, ServiceAccount};
use lanyard_compiler::secret::Secret;
use reqwest::Method;

use super::{Splunk, wire};
use crate::absence;
use crate::absent_kind::absent_kind;
use crate::contest::Contest;
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::lenient::Items;
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unreadable};
use crate::record::{Cursor, Filter};

pub(super) const TOKENS: &str = "/v2/token";
/// Tokens asked for at once. The server may give fewer; it says how many there are.
pub(super) const PAGE: usize = 1000;
/// A query never yields more than this, says the reference.
const MOST: usize = 10_000;

#[async_trait]
impl Objects<AccessToken> for Splunk {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        let token = self.token(id).await?;
        if token.is_none() {
            // Of a 404 no body is documented: a proxy's looks the same.
            let filter = Filter {
                name: Some(id.to_owned()),
                ..Filter::default()
            };
            absence::agrees::<AccessToken>(self, CAPABILITIES.title, id, &filter).await?;
            self.must_see_others().await?;
        }
        Ok(token.map(wire::Token::record))
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<AccessToken>> {
        if filter.service_account.is_some() {
            return Ok(Page::whole(Vec::new()));
        }
        let offset: usize = from
            .and_then(|Cursor(offset)| offset.parse().ok())
            .unwrap_or(0);
        let name = filter.name.as_deref();
        let list = self.tokens(name, offset, PAGE).await?;
        let is_only_own = self.token.as_ref().is_some_and(|own| list.is_only(own));
        let end = offset + list.came();
        // Without a count the end is where nothing comes any more.
        let more = list.came() > 0 && end < list.count.unwrap_or(MOST).min(MOST);
        let Items { read, unreadable } = list.tokens();
        // The server's filter finds names that contain the text.
        let wanted =
            |token: &wire::Token| filter.name.as_ref().is_none_or(|name| token.has_name(name));
        let records: Vec<AccessTokenRecord> = read
            .into_iter()
            .filter(wanted)
            .map(wire::Token::record)
            .collect();
        let is_everything = filter.name.is_none() && offset == 0;
        if is_everything && is_only_own || filter.name.is_some() && records.is_empty() {
            self.must_see_others().await?;
        }
        Ok(Page {
            records,
            // A token is called by its name.
            unreadable: unreadable
                .into_iter()
                .map(|Unreadable { name, .. }| Unreadable {
                    id: name.clone(),
                    name,
                })
                .collect(),
            next: more.then(|| Cursor(end.to_string())),
        })
    }

    fn lists_at_most(&self) -> Option<usize> {
        Some(MOST)
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>> {
        // An end is sent as a length from the server's now.
        self.api.recognize().await?;
        let organization = self.everyone(desired).await?;
        let body = wire::create(desired, self.api.client.now(), organization);
        let request = Request::new(Method::POST, TOKENS, Repeat::Never)
            .body("application/json", &body)
            .hiding(secrets_of_alerts(desired));
        let token: wire::Token = self.api.fixed(&request).await?;
        Ok(token.issued())
    }

    async fn update(
        &self,
        id: &str,
        current: &AccessToken,
        desired: &AccessToken,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<AccessTokenRecord> {
        let organization = self.everyone(desired).await?;
        let before = self.token(id).await?.ok_or_else(|| gone(id))?;
        judge(&before.clone().record())?;
        let body = wire::update(
            &before,
            current,
            desired,
            self.api.client.now(),
            organization,
        );
        let put = |name: &str| {
            let hidden = secrets_of_alerts(current).chain(secrets_of_alerts(desired));
            Ok(put(name, &body)?.hiding(hidden))
        };
        let result = self.api.object(&put(id)?).await;
        let token: wire::Token = match result {
            // Repeated after a lost answer, a rename does not find the old name any more.
            Err(error) if error.is_gone() && id != desired.name => {
                let moved = self.token(&desired.name).await?;
                match moved.filter(|token| token.is_same(&before)) {
                    Some(_) => self.api.object(&put(&desired.name)?).await?,
                    None => return Err(error),
                }
            }
            result => result?,
        };
        Ok(token.record())
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        self.api.recognize().await?;
        let graceful = match request.grace_period {
            Some(GracePeriod::Lasts(lifetime)) => lifetime.seconds(),
            // Refused at plan time: the server does not watch the first use.
            Some(GracePeriod::UntilFirstUse) | None => 0,
        };
        let contest = Contest::begin();
        let before = self.token(id).await?.ok_or_else(|| gone(id))?;
        if request.seen.is_before(None, before.issued_at()) {
            return Err(ServerError::replaced_before(CAPABILITIES.title, id));
        }
        judge(&before.record())?;
        let path = format!("{}/rotate", path(id)?);
        let request = Request::new(Method::POST, path, Repeat::Never)
            .query("graceful", Some(graceful))
            .query(
                "secondsUntilExpiry",
                wire::seconds_until_expiry(&request.desired, self.api.client.now()),
            );
        let token: wire::Token = self.api.object(&request).await?;
        contest.end().await;
        // A secret that cannot be looked at was at least issued.
        match self.token(id).await {
            Ok(Some(now)) if now.is_rotated_after(&token) => {
                Err(ServerError::replaced_after(CAPABILITIES.title, id))
            }
            Ok(_) | Err(_) => Ok(token.issued()),
        }
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let Some(name) = segment(id) else {
            return Ok(());
        };
        let path = format!("{TOKENS}/{name}");
        let request = Request::new(Method::DELETE, path, Repeat::Harmless);
        self.api.client.done(&request).await
    }

    async fn revoke_previous(&self, _: &str) -> Result<()> {
        Err(unsupported(
            "the old secret of a rotation lives until its grace period is over",
            "Wait for the end of the grace period, or replace the token.",
        ))
    }
}

impl Splunk {
    /// The token of this name; `None` if the server says for certain that it does not exist.
    async fn token(&self, name: &str) -> Result<Option<wire::Token>> {
        let token = self.api.object(&Request::get(path(name)?)).await;
        self.api.gone(token).await
    }

    /// So many tokens from there on, all or those whose names contain the text. An answer that says less than it knows is an error.
    pub(super) async fn tokens(
        &self,
        name: Option<&str>,
        offset: usize,
        limit: usize,
    ) -> Result<wire::List> {
        let request = Request::get(TOKENS)
            .query("name", name)
            .query("offset", Some(offset))
            .query("limit", Some(limit));
        let list: wire::List = self.api.fixed(&request).await?;
        let said = list.count.unwrap_or_default();
        if list.came() == 0 && offset < said.min(MOST) {
            return Err(ServerError::keeps_back(
                CAPABILITIES.title,
                "tokens",
                said,
                offset,
            ));
        }
        // Of a search that finds nothing, nothing may be said; an organization has tokens.
        if name.is_none() && list.says_nothing() {
            return Err(ServerError::new(
                ErrorKind::Bug,
                CAPABILITIES.title,
                "the list says neither how many tokens there are nor which",
            ));
        }
        Ok(list)
    }

    /// The organization's id, if it is needed to say that everyone may see a token.
    async fn everyone(&self, desired: &AccessToken) -> Result<&str> {
        let level = desired
            .visibility
            .as_ref()
            .map(|visibility| visibility.level);
        match level {
            Some(VisibilityLevel::Everyone) => self.organization_id().await,
            _ => Ok(""),
        }
    }
}

/// Where alerts go, and what webhooks are called with.
fn secrets_of_alerts(token: &AccessToken) -> impl Iterator<Item = &Secret> {
    let alerts = token.alerts.iter();
    alerts.flat_map(|alert| wire::secrets(alert).map(|(_, secret)| secret))
}

fn put(name: &str, body: &serde_json::Value) -> Result<Request> {
    Ok(Request::new(Method::PUT, path(name)?, Repeat::Harmless).body("application/json", body))
}

/// A token's path: its name, encoded once.
fn path(name: &str) -> Result<String> {
    let name = segment(name).ok_or_else(|| {
        unsupported(
            &format!("no address of a request can have the name {name:?} in it"),
            "Give the token another name on the server.",
        )
    })?;
    Ok(format!("{TOKENS}/{name}"))
}

fn gone(id: &str) -> ServerError {
    ServerError::new(
        ErrorKind::Gone,
        CAPABILITIES.title,
        format!("there is no token {id:?}"),
    )
}

fn unsupported(detail: &str, instead: &'static str) -> ServerError {
    ServerError::unsupported(CAPABILITIES.title, detail, instead)
}

fn no_accounts() -> ServerError {
    unsupported(
        "there are no service accounts",
        CAPABILITIES.service_account.absent.unwrap_or_default(),
    )
}

absent_kind!(Splunk, ServiceAccount, no_accounts);

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::Settings;

    use super::*;
    use crate::http::scripted::{Server, answer};

    /// How many tokens are listed, of answers for one page after the other; `None` for an unexpected answer.
    async fn listed(filter: &Filter, pages: &[&str]) -> Option<usize> {
        let json = "content-type: application/json\r\n";
        let script = pages.iter().map(|page| answer("200 OK", json, page));
        let server = Server::start(script.collect()).await;
        let settings = Settings {
            url: Some(server.url.clone()),
            token: Some(Secret::new("session")),
            ..Settings::default()
        };
        let splunk = Splunk::connect(&settings).unwrap();
        let (mut found, mut from) = (0, None);
        loop {
            let page: Result<Page<AccessToken>> = splunk.list(filter, from.as_ref()).await;
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::Bug, "{error}");
                    return None;
                }
            };
            found += page.records.len();
            match page.next {
                Some(next) => from = Some(next),
                None => return Some(found),
            }
        }
    }

    #[tokio::test]
    async fn what_is_counted_and_not_shown_is_an_error() {
        let all = Filter::default();
        let two = r#"{"results": [{"name": "a"}, {"name": "b"}]}"#;
        for (pages, expected) in [
            (&[r#"{"count": 0}"#][..], Some(0)),
            (&[r#"{"count": 0, "results": null}"#], Some(0)),
            (&[r#"{"results": []}"#], Some(0)),
            (&[two, r#"{"results": []}"#], Some(2)),
            (&["{}"], None),
            (&[r#"{"count": 45}"#], None),
            (&[r#"{"count": 45, "results": null}"#], None),
            (
                &[
                    r#"{"count": 2, "results": [{"name": "a"}]}"#,
                    r#"{"count": 2, "results": []}"#,
                ],
                None,
            ),
            // One was deleted in the meantime.
            (
                &[
                    r#"{"count": 2, "results": [{"name": "a"}]}"#,
                    r#"{"count": 1, "results": []}"#,
                ],
                Some(1),
            ),
        ] {
            assert_eq!(listed(&all, pages).await, expected, "{pages:?}");
        }
    }

    #[tokio::test]
    async fn a_search_that_finds_nothing_may_say_nothing() {
        let named = Filter {
            name: Some("ci".to_owned()),
            ..Filter::default()
        };
        // Then it is asked what else the credential sees.
        let others = r#"{"count": 2, "results": [{"name": "a"}, {"name": "b"}]}"#;
        assert_eq!(listed(&named, &["{}", others]).await, Some(0));
        assert_eq!(listed(&named, &[r#"{"count": 1}"#]).await, None);
        assert_eq!(listed(&named, &["{}", r#"{"count": 2}"#]).await, None);
    }
}
