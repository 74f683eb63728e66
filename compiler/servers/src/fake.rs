//! A token server in memory, for tests of what happens between the engine and a server: it keeps access tokens, does what any of
//! the real ones can do, and fails where the test says so.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use lanyard_compiler::model::record::{AccessTokenRecord, Former, Previous};
use lanyard_compiler::model::server::{self, Api, Capabilities, RotationCapability};
use lanyard_compiler::model::{AccessToken, ServiceAccount};
use lanyard_compiler::secret::Secret;
use parking_lot::Mutex;

use crate::absent_kind::absent_kind;
use crate::clock::Clock;
use crate::error::{ErrorKind, Result, ServerError};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unfinished};
use crate::record::{Cursor, Filter, Identity, ServerDescription};
use crate::session::Session;
use crate::token_server::TokenServer;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Probe,
    Read,
    List,
    Create,
    Finish,
    Update,
    Rotate,
    Delete,
}

/// How it fails.
#[derive(Clone, Debug)]
pub(crate) enum Trouble {
    /// None yet: this call works.
    Nothing,
    /// Not done, and the caller cannot know.
    LostBefore,
    /// Done, and the caller cannot know.
    LostAfter,
    Refused,
    /// The server will not do that.
    Impossible,
    /// A later step that would have taken power away.
    Restricting,
    /// A list without what was made last.
    Stale,
    /// Done, but for what this makes of it.
    Alters(fn(&mut AccessTokenRecord)),
    /// Done, and the answer has no secret, or an empty one.
    NotTold(Option<&'static str>),
}

pub(crate) struct Fake {
    capabilities: &'static Capabilities,
    inner: Mutex<Inner>,
    session: Session,
    /// Objects per page of a list.
    pub(crate) page: usize,
    /// Makes the next cursor of a list that never ends, from how often it was asked for.
    pub(crate) endless: Option<fn(usize) -> usize>,
    /// How long a page is on its way.
    pub(crate) page_takes: Duration,
    /// No answer but those to a creation and a rotation has the secret, also where others of its kind show it.
    pub(crate) hides_secrets: bool,
}

#[derive(Default)]
struct Inner {
    tokens: BTreeMap<String, Kept>,
    troubles: VecDeque<(Verb, Trouble)>,
    calls: Vec<Verb>,
    minted: u32,
    /// Reads are answered about this one.
    mistaken_for: Option<String>,
    offset: SignedDuration,
    /// How far the clock that dates its answers is from the one that dates its objects, and from this machine's.
    date_off: SignedDuration,
    /// What is made of the next settings.
    alter: Option<fn(&mut AccessTokenRecord)>,
    /// In place of the secret of the answer to come.
    told_instead: Option<Option<&'static str>>,
}

#[derive(Clone)]
struct Kept {
    record: AccessTokenRecord,
    secret: Secret,
}

impl Fake {
    /// A server that can do what this one can.
    pub(crate) fn new(api: Api) -> Self {
        Self {
            capabilities: server::capabilities(api),
            inner: Mutex::default(),
            session: Session::default(),
            page: 1000,
            endless: None,
            page_takes: Duration::ZERO,
            hides_secrets: false,
        }
    }

    /// The next call of this verb fails so.
    pub(crate) fn trouble(&self, verb: Verb, trouble: Trouble) {
        self.inner.lock().troubles.push_back((verb, trouble));
    }

    /// Forgets what this process knows of it.
    pub(crate) fn restart(&mut self) {
        self.session = Session::default();
    }

    /// From now on reads are answered about an object with this id.
    pub(crate) fn answer_about(&self, id: &str) {
        self.inner.lock().mistaken_for = Some(id.to_owned());
    }

    pub(crate) fn advance_days(&self, days: i64) {
        self.advance_seconds(24 * 3600 * days);
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.inner.lock().offset += SignedDuration::from_secs(seconds);
    }

    /// From now on its answers are dated wrongly.
    pub(crate) fn date_answers_off(&self, seconds: i64) {
        self.inner.lock().date_off = SignedDuration::from_secs(seconds);
    }

    /// Which token has this secret.
    pub(crate) fn owner(&self, secret: &Secret) -> Option<String> {
        let inner = self.inner.lock();
        let mut owners = inner.tokens.values().filter(|kept| kept.secret == *secret);
        owners.next().map(|kept| kept.record.id.clone())
    }

    pub(crate) fn secret_of(&self, id: &str) -> Secret {
        self.inner.lock().tokens[id].secret.clone()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.inner.lock().tokens.keys().cloned().collect()
    }

    pub(crate) fn calls(&self) -> Vec<Verb> {
        std::mem::take(&mut self.inner.lock().calls)
    }

    /// Adds a token that somebody else made.
    pub(crate) fn add(&self, name: &str) -> String {
        let now = self.now();
        let mut inner = self.inner.lock();
        let record = AccessTokenRecord {
            name: name.to_owned(),
            ..AccessTokenRecord::default()
        };
        inner.keep(record, now).record.id
    }

    fn shows_secrets(&self) -> bool {
        self.capabilities.api == Api::Splunk && !self.hides_secrets
    }

    /// The answer, without its secret if it is to come so.
    fn tell(&self, mut issued: Issued<AccessToken>) -> Issued<AccessToken> {
        if let Some(instead) = self.inner.lock().told_instead.take() {
            issued.secret = instead.map(Secret::new);
        }
        issued
    }

    fn prefix(&self, secret: &Secret) -> Option<String> {
        let shows = self.capabilities.api == Api::Openobserve;
        shows.then(|| secret.expose()[..4].to_owned())
    }

    fn shown(&self, kept: &Kept) -> AccessTokenRecord {
        AccessTokenRecord {
            token: self.shows_secrets().then(|| kept.secret.clone()),
            secret_prefix: self.prefix(&kept.secret),
            // Servers that show how a secret begins do not say when it was issued.
            issued_at: kept
                .record
                .issued_at
                .filter(|_| self.prefix(&kept.secret).is_none()),
            created_at: kept
                .record
                .created_at
                .filter(|_| Objects::<AccessToken>::dates_creation(self)),
            ..kept.record.clone()
        }
    }

    fn lost() -> ServerError {
        ServerError::new(ErrorKind::Ambiguous, "the fake server", "lost")
    }

    fn refused() -> ServerError {
        ServerError {
            refused: true,
            ..ServerError::new(ErrorKind::Forbidden, "the fake server", "refused")
        }
    }

    /// Counts the call, and does `work` unless the next trouble is before it.
    fn call<T>(&self, verb: Verb, work: impl FnOnce(&mut Inner) -> Result<T>) -> Result<T> {
        let mut inner = self.inner.lock();
        inner.calls.push(verb);
        let strikes = inner.troubles.front().is_some_and(|(at, _)| *at == verb);
        let trouble = if strikes {
            inner.troubles.pop_front()
        } else {
            None
        };
        match trouble {
            None | Some((_, Trouble::Nothing)) => work(&mut inner),
            Some((_, Trouble::Stale)) => {
                let newest = format!("id-{}", inner.minted);
                let hidden = inner.tokens.remove_entry(&newest);
                let listed = work(&mut inner);
                inner.tokens.extend(hidden);
                listed
            }
            Some((_, Trouble::Alters(alter))) => {
                inner.alter = Some(alter);
                work(&mut inner)
            }
            Some((_, Trouble::NotTold(instead))) => {
                inner.told_instead = Some(instead);
                work(&mut inner)
            }
            Some((_, Trouble::LostBefore)) => Err(Self::lost()),
            Some((_, Trouble::LostAfter)) => work(&mut inner).and(Err(Self::lost())),
            Some((_, Trouble::Refused | Trouble::Restricting)) => Err(Self::refused()),
            Some((_, Trouble::Impossible)) => Err(ServerError::new(
                ErrorKind::FixConfiguration { places: Vec::new() },
                "the fake server",
                "that cannot be done",
            )),
        }
    }
}

impl Inner {
    fn alter(&mut self, record: &mut AccessTokenRecord) {
        if let Some(alter) = self.alter.take() {
            alter(record);
        }
    }

    fn keep(&mut self, mut record: AccessTokenRecord, now: Timestamp) -> Kept {
        self.minted += 1;
        if record.id.is_empty() {
            record.id = format!("id-{}", self.minted);
        }
        record.issued_at = Some(now);
        record.created_at = record.created_at.or(Some(now));
        let kept = Kept {
            secret: Secret::new(format!("{:04}-secret", self.minted)),
            record,
        };
        self.tokens.insert(kept.record.id.clone(), kept.clone());
        kept
    }
}

/// The end of a secret that is issued now.
fn end(desired: &AccessToken, now: Timestamp) -> Option<Timestamp> {
    let ttl = desired.ttl;
    ttl.map_or(desired.expires_at, |ttl| ttl.after(now))
}

fn apply(record: &mut AccessTokenRecord, desired: &AccessToken) {
    record.name.clone_from(&desired.name);
    record.service_account.clone_from(&desired.service_account);
    record.description.clone_from(&desired.description);
    record.roles.clone_from(&desired.roles);
    record.scopes.clone_from(&desired.scopes);
    record.expires_at = desired.expires_at;
    record.disabled = desired.disabled;
    record.visibility.clone_from(&desired.visibility);
}

#[async_trait]
impl Objects<AccessToken> for Fake {
    async fn read(&self, id: &str) -> Result<Option<AccessTokenRecord>> {
        self.call(Verb::Read, |inner| {
            let mut shown = inner.tokens.get(id).map(|kept| self.shown(kept));
            if let (Some(record), Some(other)) = (&mut shown, &inner.mistaken_for) {
                record.id.clone_from(other);
            }
            Ok(shown)
        })
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<AccessToken>> {
        // A page is asked for first and arrives later.
        let page = self.call(Verb::List, |inner| {
            let start = from.map_or(0, |Cursor(start)| start.parse().unwrap());
            let found: Vec<_> = inner
                .tokens
                .values()
                .filter(|kept| {
                    filter
                        .name
                        .as_ref()
                        .is_none_or(|name| *name == kept.record.name)
                })
                .map(|kept| self.shown(kept))
                .collect();
            if let Some(next) = self.endless {
                let next = next(start);
                return Ok(Page::read(Vec::new(), Some(Cursor(next.to_string()))));
            }
            let end = (start + self.page).min(found.len());
            let next = (end < found.len()).then(|| Cursor(end.to_string()));
            Ok(Page::read(found[start..end].to_vec(), next))
        });
        tokio::task::yield_now().await;
        if !self.page_takes.is_zero() {
            tokio::time::sleep(self.page_takes).await;
        }
        page
    }

    fn dates_creation(&self) -> bool {
        !matches!(self.capabilities.api, Api::Elasticsearch | Api::Osmo)
    }

    async fn create(&self, desired: &AccessToken) -> Result<Issued<AccessToken>> {
        let now = self.now();
        self.call(Verb::Create, |inner| {
            if inner
                .tokens
                .values()
                .any(|kept| kept.record.name == desired.name)
            {
                let kind = ErrorKind::Conflict(Box::default());
                return Err(ServerError::new(kind, "the fake server", "taken"));
            }
            let mut record = AccessTokenRecord::default();
            apply(&mut record, desired);
            record.expires_at = end(desired, now);
            inner.alter(&mut record);
            let kept = inner.keep(record, now);
            let record = AccessTokenRecord {
                secret_prefix: self.prefix(&kept.secret),
                ..kept.record
            };
            Ok(Issued::alone(record, Some(kept.secret)))
        })
        .map(|issued| self.tell(issued))
    }

    async fn finish(
        &self,
        made: &AccessTokenRecord,
        _: &AccessToken,
    ) -> Result<Option<AccessTokenRecord>, Unfinished> {
        let _ = made;
        let restricting = self
            .inner
            .lock()
            .troubles
            .front()
            .is_some_and(|trouble| matches!(trouble, (Verb::Finish, Trouble::Restricting)));
        self.call(Verb::Finish, |_| Ok(None))
            .map_err(|error| Unfinished { error, restricting })
    }

    async fn update(
        &self,
        id: &str,
        _: &AccessToken,
        desired: &AccessToken,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<AccessTokenRecord> {
        // Splunk has no change of a part: what is there is read, and written whole.
        let is_there = self.inner.lock().tokens.get(id).cloned();
        let is_read = self.capabilities.api == Api::Splunk;
        if let Some(kept) = is_there.filter(|_| is_read) {
            judge(&self.shown(&kept))?;
        }
        self.call(Verb::Update, |inner| {
            let mut kept = inner.tokens.get(id).cloned().ok_or_else(gone)?;
            apply(&mut kept.record, desired);
            inner.alter(&mut kept.record);
            let record = kept.record.clone();
            inner.tokens.insert(id.to_owned(), kept);
            Ok(record)
        })
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<AccessToken>,
        judge: Judge<'_, AccessTokenRecord>,
    ) -> Result<Issued<AccessToken>> {
        let now = self.now();
        let is_there = self.inner.lock().tokens.get(id).cloned();
        if let Some(kept) = is_there {
            judge(&self.shown(&kept))?;
        }
        self.call(Verb::Rotate, |inner| {
            let old = inner.tokens.get(id).cloned().ok_or_else(gone)?;
            if request.seen.is_gone_from(&self.shown(&old)) {
                return Err(ServerError::replaced_before("the fake server", id));
            }
            let mut retired = Vec::new();
            if self.capabilities.access_token.rotation == RotationCapability::TwoSlots {
                let mut slot = old.clone();
                slot.record.id = format!("{id}-{}", request.generation - 1);
                slot.record.name = format!("{}-{}", old.record.name, request.generation - 1);
                retired.push(Former {
                    id: slot.record.id.clone(),
                    expires_at: slot.record.expires_at,
                    successor_expires_at: None,
                });
                inner.tokens.insert(slot.record.id.clone(), slot);
            }
            let mut record = old.record;
            record.previous = Previous::Unreported;
            record.expires_at = end(&request.desired, now);
            inner.alter(&mut record);
            let kept = inner.keep(record, now);
            Ok(Issued {
                record: AccessTokenRecord {
                    secret_prefix: self.prefix(&kept.secret),
                    ..kept.record
                },
                secret: Some(kept.secret),
                retired,
            })
        })
        .map(|issued| self.tell(issued))
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.call(Verb::Delete, |inner| {
            inner.tokens.remove(id);
            Ok(())
        })
    }
}

fn gone() -> ServerError {
    ServerError::new(ErrorKind::Gone, "the fake server", "not there")
}

fn unsupported() -> ServerError {
    ServerError::unsupported("the fake server", "no accounts", "Leave it out.")
}

absent_kind!(Fake, ServiceAccount, unsupported);

#[async_trait]
impl TokenServer for Fake {
    fn capabilities(&self) -> &'static Capabilities {
        self.capabilities
    }

    async fn probe(&self) -> Result<&'static Capabilities> {
        self.call(Verb::Probe, |_| Ok(self.capabilities))
    }

    fn clock(&self) -> Clock {
        let inner = self.inner.lock();
        let own = Timestamp::now() + inner.offset;
        let dated = own + inner.date_off;
        Clock {
            own,
            at_earliest: own.min(dated),
            ..Clock::at(dated)
        }
    }

    fn address(&self) -> String {
        "https://fake.example".to_owned()
    }

    async fn identity(&self) -> Result<Identity> {
        Ok(Identity::default())
    }

    async fn describe(&self) -> Result<ServerDescription> {
        Ok(ServerDescription::default())
    }

    fn session(&self) -> &Session {
        &self.session
    }
}
