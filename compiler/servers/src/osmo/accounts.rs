//! OSMO's users, as service accounts.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::osmo::CAPABILITIES;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::{Osmo, wire};
use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unfinished, anything};
use crate::record::{Cursor, Filter};

const USERS: &str = "/api/auth/user";
/// The most that the API gives at once.
const PAGE: u64 = 1000;
/// The roles that every installation has, whatever its configuration shows: `src/utils/connectors/postgres.py`, default roles.
const SEEDED: [&str; 5] = [
    "osmo-admin",
    "osmo-backend",
    "osmo-ctrl",
    "osmo-default",
    "osmo-user",
];

/// The path of one user. An empty id would lead to the list of all: 307 from `/api/auth/user/`.
pub(super) fn path(id: &str) -> Result<String> {
    segment(id)
        .map(|id| format!("{USERS}/{id}"))
        .ok_or_else(|| {
            ServerError::new(
                ErrorKind::Gone,
                CAPABILITIES.title,
                format!("{id:?} cannot be the id of a user"),
            )
        })
}

#[async_trait]
impl Objects<ServiceAccount> for Osmo {
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        Ok(self.user(id).await?.map(Into::into))
    }

    async fn list(&self, filter: &Filter, from: Option<&Cursor>) -> Result<Page<ServiceAccount>> {
        if let Some(name) = &filter.name {
            let records = Objects::<ServiceAccount>::read(self, name).await?;
            return Ok(Page::whole(records.into_iter().collect()));
        }
        let (users, next) = self.users(from).await?;
        let mut roles = self.members().await?;
        let records = users
            .into_iter()
            .map(|user| {
                let roles = roles.remove(&user.id).unwrap_or_default();
                user.record(roles)
            })
            .collect();
        Ok(Page::read(records, next))
    }

    async fn create(&self, desired: &ServiceAccount) -> Result<Issued<ServiceAccount>> {
        let request = Request::new(Method::POST, USERS, Repeat::Never)
            .body("application/json", &wire::create_user(desired));
        let user: wire::User = self.call(request).await?;
        Ok(Issued::alone(user.record(desired.roles.clone()), None))
    }

    /// A user and its roles are stored one after the other, and the second may fail without a word.
    async fn finish(
        &self,
        made: &ServiceAccountRecord,
        desired: &ServiceAccount,
    ) -> Result<Option<ServiceAccountRecord>, Unfinished> {
        self.bring_roles(&made.id, &desired.roles, &anything)
            .await
            .map(Some)
            .map_err(|error| Unfinished {
                error,
                restricting: false,
            })
    }

    async fn update(
        &self,
        id: &str,
        _: &ServiceAccount,
        desired: &ServiceAccount,
        judge: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        self.bring_roles(id, &desired.roles, judge).await
    }

    async fn rotate(
        &self,
        _: &str,
        _: &RotateRequest<ServiceAccount>,
        _: Judge<'_, ServiceAccountRecord>,
    ) -> Result<Issued<ServiceAccount>> {
        Err(ServerError::no_account_secret(CAPABILITIES.title))
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let Ok(path) = path(id) else {
            return Ok(());
        };
        let request = Request::new(Method::DELETE, path, Repeat::Harmless);
        self.call::<Json>(request).await.map(drop)
    }
}

impl Osmo {
    pub(super) async fn user(&self, id: &str) -> Result<Option<wire::UserWithRoles>> {
        let Ok(path) = path(id) else {
            return Ok(None);
        };
        match self.call(Request::get(path)).await {
            Ok(user) => Ok(Some(user)),
            Err(error) if error.is_gone() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A page of all users, without their roles.
    pub(super) async fn users(
        &self,
        from: Option<&Cursor>,
    ) -> Result<(Vec<wire::User>, Option<Cursor>)> {
        let start = from.map_or("1", |Cursor(start)| start);
        let request = Request::get(USERS)
            .query("start_index", Some(start))
            .query("count", Some(PAGE));
        let wire::Users {
            total_results,
            start_index,
            users,
        } = self.call(request).await?;
        // The next page begins after what came: a page may be shorter than was asked for.
        let next = start_index.saturating_add(users.len() as u64);
        let more = next <= total_results;
        if more && users.is_empty() {
            let shown = next.saturating_sub(1);
            return Err(ServerError::keeps_back(
                CAPABILITIES.title,
                "users",
                total_results,
                shown,
            ));
        }
        Ok((users, more.then(|| Cursor(next.to_string()))))
    }

    /// The names of all roles.
    pub(super) async fn role_names(&self) -> Result<Vec<String>> {
        let roles: Vec<wire::RoleDefinition> = self.call(Request::get("/api/configs/role")).await?;
        let mut names: BTreeSet<String> = roles.into_iter().map(|role| role.name).collect();
        names.extend(SEEDED.map(str::to_owned));
        Ok(names.into_iter().collect())
    }

    /// Which roles each user has: lists of users do not say.
    async fn members(&self) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for role in self.role_names().await? {
            let Some(segment) = segment(&role) else {
                continue;
            };
            let request = Request::get_whole_list(format!("/api/auth/roles/{segment}/users"));
            let users = match self.call::<wire::RoleUsers>(request).await {
                Ok(wire::RoleUsers { users }) => users,
                // A role that stands only in a ConfigMap is shown and cannot be assigned (`configmap_guard.py`).
                Err(error) if matches!(error.kind, ErrorKind::FixConfiguration { .. }) => continue,
                Err(error) => return Err(error),
            };
            for wire::RoleUser { user_id } in users {
                members.entry(user_id).or_default().insert(role.clone());
            }
        }
        Ok(members)
    }

    /// Gives and takes roles until the user has these.
    async fn bring_roles(
        &self,
        id: &str,
        wanted: &BTreeSet<String>,
        judge: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        let gone = || {
            ServerError::new(
                ErrorKind::Gone,
                CAPABILITIES.title,
                format!("there is no user {id:?}"),
            )
        };
        let user: ServiceAccountRecord = self.user(id).await?.ok_or_else(gone)?.into();
        judge(&user)?;
        if user.roles == *wanted {
            return Ok(user);
        }
        let held = &user.roles;
        let roles = format!("{}/roles", path(id)?);
        for role in wanted.difference(held) {
            let request = Request::new(Method::POST, roles.clone(), Repeat::Harmless)
                .body("application/json", &json!({ "role_name": role }));
            match self.call::<Json>(request.clone()).await {
                // Beside a failing request "not found" is no proof.
                Err(error) if error.is_gone() && self.user(id).await?.is_some() => {
                    self.call::<Json>(request).await?;
                }
                answer => {
                    answer?;
                }
            }
        }
        for role in held.difference(wanted) {
            if let Some(role) = segment(role) {
                let path = format!("{roles}/{role}");
                let request = Request::new(Method::DELETE, path, Repeat::Harmless);
                self.call::<Json>(request).await?;
            }
        }
        Ok(self.user(id).await?.ok_or_else(gone)?.into())
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::Settings;

    use super::*;
    use crate::http::scripted::{Server, answer};

    fn connect(url: &str) -> Osmo {
        let settings = Settings {
            url: Some(url.to_owned()),
            username: Some("ops".to_owned()),
            max_retries: Some(0),
            ..Settings::default()
        };
        Osmo::connect(&settings).unwrap()
    }

    async fn answers(bodies: &[&str]) -> (Server, Osmo) {
        let json = "content-type: application/json\r\n";
        let script = bodies.iter().map(|body| answer("200 OK", json, body));
        let server = Server::start(script.collect()).await;
        let osmo = connect(&server.url);
        (server, osmo)
    }

    #[tokio::test]
    async fn what_is_counted_and_not_shown_is_an_error() {
        let of_45 = r#""total_results": 45, "start_index": 1, "items_per_page": 1000"#;
        let short = format!(r#"{{{of_45}, "users": [{{"id": "a"}}, {{"id": "b"}}]}}"#);
        let (_server, osmo) = answers(&[&short]).await;
        let (users, next) = osmo.users(None).await.unwrap();
        assert_eq!(
            (users.len(), next),
            (2, Some(Cursor("3".to_owned()))),
            "the others are asked for"
        );
        for text in [
            format!(r#"{{{of_45}, "users": []}}"#),
            format!("{{{of_45}}}"),
        ] {
            let (_server, osmo) = answers(&[&text]).await;
            let error = osmo.users(None).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Bug, "{text}: {error}");
        }
        let none = r#"{"total_results": 0, "start_index": 1, "items_per_page": 100, "users": []}"#;
        let (_server, osmo) = answers(&[none]).await;
        let (users, next) = osmo.users(None).await.unwrap();
        assert_eq!((users.len(), next), (0, None));
    }

    #[tokio::test]
    async fn a_user_without_a_word_of_roles_has_not_lost_them() {
        let (_server, osmo) = answers(&[r#"{"id": "svc"}"#]).await;
        let error = osmo.user("svc").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Bug, "{error}");
    }
}
