//! Service accounts, each with one secret.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use lanyard_compiler::model::ServiceAccount;
use lanyard_compiler::model::record::ServiceAccountRecord;
use lanyard_compiler::model::server::openobserve::CAPABILITIES;
use lanyard_compiler::value::AttributePath;
use reqwest::Method;
use serde_json::json;

use super::{
    Id, LATE, OpenObserve, account_path, done, id, in_path, no_account, parse, path, unusable, wire,
};
use crate::error::{ErrorKind, Existing, Result, ServerError};
use crate::http::{Repeat, Request, segment};
use crate::object::{Issued, Judge, Objects, Page, RotateRequest, Unfinished, anything};
use crate::record::{Cursor, Filter};

/// The server's database has room for so many characters (`src/infra/src/table/users.rs`); where it notices, it fails with a bare 500.
const LONGEST_ADDRESS: usize = 100;
/// So many accounts are asked for their roles one by one.
const FEW: usize = 2;

#[async_trait]
impl Objects<ServiceAccount> for OpenObserve {
    async fn read(&self, id: &str) -> Result<Option<ServiceAccountRecord>> {
        let Some(Id { organization, name }) = parse(id) else {
            return Ok(None);
        };
        match self.account_or_none(organization, name).await? {
            Some(account) => Ok(Some(self.with_roles(organization, &account).await?)),
            None => Ok(None),
        }
    }

    async fn list(&self, filter: &Filter, _: Option<&Cursor>) -> Result<Page<ServiceAccount>> {
        let organization = &self.organization;
        let listed = self.listed(organization).await?;
        let accounts: Vec<&wire::Account> = listed
            .iter()
            .filter(|account| account.is_service_account())
            .filter(|account| {
                let named =
                    |name: &String| account.record(organization, BTreeSet::new()).name == *name;
                filter.name.as_ref().is_none_or(named)
            })
            .collect();
        let all_roles = match accounts.len() {
            0..=FEW => BTreeMap::new(),
            _ => self.all_roles(organization, &accounts).await?,
        };
        let mut records = Vec::new();
        for account in accounts {
            records.push(match all_roles.get(&account.email) {
                Some(roles) => account.record(organization, roles.clone()),
                None => self.with_roles(organization, account).await?,
            });
        }
        Ok(Page::whole(records))
    }

    async fn create(&self, desired: &ServiceAccount) -> Result<Issued<ServiceAccount>> {
        let organization = &self.organization;
        let email = wire::email(desired, organization);
        if email.len() > LONGEST_ADDRESS {
            return Err(too_long(&email));
        }
        let request = Request::new(
            Method::POST,
            path(organization, "service_accounts")?,
            Repeat::Never,
        )
        .body(
            "application/json",
            &wire::create_account(desired, organization),
        );
        let issued: wire::Issued = match self.client.json(&request).await {
            Err(error) if matches!(error.kind, ErrorKind::Conflict(_)) => {
                return Err(self.taken(error, &email).await);
            }
            answer => answer?,
        };
        let mut secret = issued.token;
        // Before v0.80 a creation showed no secret, and an account by itself did (openobserve/openobserve#11098). Where none does, it is
        // issued again.
        if secret.is_none() {
            let shown = Request::get_secret(account_path(organization, &email)?);
            let shown = self.client.json::<wire::Issued>(&shown).await;
            secret = shown.ok().and_then(|shown| shown.token);
        }
        Ok(Issued {
            record: ServiceAccountRecord {
                id: id(organization, &email),
                name: desired.name.clone(),
                email: Some(email),
                description: desired.description.clone(),
                secret_prefix: secret.as_ref().map(wire::beginning),
                ..ServiceAccountRecord::default()
            },
            secret,
            retired: Vec::new(),
        })
    }

    /// Waits until the account is listed, sets the description that an address known elsewhere would not take, and gives roles. Of two
    /// creations at the same moment the server takes both, and keeps the secret of one (`add_with_flags` in
    /// `src/infra/src/table/org_users.rs`): the other one finds the name taken.
    async fn finish(
        &self,
        made: &ServiceAccountRecord,
        desired: &ServiceAccount,
    ) -> Result<Option<ServiceAccountRecord>, Unfinished> {
        let finished = async {
            let Id { organization, name } = parse(&made.id).ok_or_else(|| no_account(&made.id))?;
            let has_ours = |account: &wire::Account| {
                let ours = made.secret_prefix.as_deref();
                ours.is_none_or(|beginning| account.may_begin(beginning))
            };
            let listed = self.account_once(organization, name, |account| account.is_some());
            if listed.await?.is_some_and(|account| !has_ours(&account)) {
                let is_ours = |account: Option<&wire::Account>| account.is_none_or(has_ours);
                let listed = self.account_within(LATE, organization, name, is_ours);
                if let Some(other) = listed.await?.filter(|account| !has_ours(account)) {
                    let record = other.record(organization, BTreeSet::new());
                    return Err(another_is_quicker(&record));
                }
            }
            self.bring(organization, name, desired, &anything).await
        };
        finished.await.map(Some).map_err(|error| Unfinished {
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
        let Id { organization, name } = parse(id).ok_or_else(|| no_account(id))?;
        self.bring(organization, name, desired, judge).await
    }

    async fn rotate(
        &self,
        id: &str,
        request: &RotateRequest<ServiceAccount>,
        judge: Judge<'_, ServiceAccountRecord>,
    ) -> Result<Issued<ServiceAccount>> {
        let Id { organization, name } = parse(id).ok_or_else(|| no_account(id))?;
        // Whatever is asked after the rotation could fail, and then nobody had the secret.
        let roles = self.roles_of(organization, name).await?;
        let record = |account: &wire::Account| account.record(organization, roles.clone());
        let judge = |account: &wire::Account| judge(&record(account));
        let rotated = self
            .rotate_account(organization, name, &request.seen, &judge)
            .await?;
        let record = ServiceAccountRecord {
            secret_prefix: rotated.prefix,
            ..record(&rotated.before)
        };
        Ok(Issued::alone(record, Some(rotated.secret)))
    }

    /// An account that belongs to one organization only is deleted through any, the path's is not compared: it has to be listed in
    /// this one first.
    async fn delete(&self, id: &str) -> Result<()> {
        let Some(Id { organization, name }) = parse(id) else {
            return Ok(());
        };
        if self.account_or_none(organization, name).await?.is_none() {
            return Ok(());
        }
        let request = Request::new(
            Method::DELETE,
            account_path(organization, name)?,
            Repeat::Harmless,
        );
        match done(&self.client, &request).await {
            Err(error) if !error.is_gone() => return Err(error),
            _ => {}
        }
        self.account_once(organization, name, |account| account.is_none())
            .await?;
        Ok(())
    }
}

fn too_long(email: &str) -> ServerError {
    let problem = format!(
        "{email} has {} characters, and an address may have {LONGEST_ADDRESS}: choose a shorter name, or set `email`",
        email.len()
    );
    ServerError::new(
        ErrorKind::FixConfiguration {
            places: vec![(AttributePath::attribute("name"), problem)],
        },
        CAPABILITIES.title,
        "the address that follows from the name is too long",
    )
}

/// The name is this one's.
fn held_by(record: &ServiceAccountRecord) -> ErrorKind {
    ErrorKind::Conflict(Box::new(Existing {
        id: Some(record.id.clone()),
        created_at: record.created_at,
        ..Existing::default()
    }))
}

fn another_is_quicker(record: &ServiceAccountRecord) -> ServerError {
    ServerError::new(
        held_by(record),
        CAPABILITIES.title,
        "another creation of the same name at the same moment was quicker",
    )
}

impl OpenObserve {
    /// The name is taken, by what is listed under this address, soon if not yet; a person's is nobody's to take.
    async fn taken(&self, error: ServerError, email: &str) -> ServerError {
        let listed = self.account_once(&self.organization, email, |account| account.is_some());
        let Ok(Some(account)) = listed.await else {
            return error;
        };
        let record = account.record(&self.organization, BTreeSet::new());
        ServerError {
            kind: held_by(&record),
            ..error
        }
    }

    async fn with_roles(
        &self,
        organization: &str,
        account: &wire::Account,
    ) -> Result<ServiceAccountRecord> {
        let roles = self.roles_of(organization, &account.email).await?;
        Ok(account.record(organization, roles))
    }

    /// The roles of these accounts by address, of as many as a few questions tell. Of who is not in the list of everybody's (v0.92.0 and
    /// later) it is not known: whoever has a role is in the role's own list.
    async fn all_roles(
        &self,
        organization: &str,
        accounts: &[&wire::Account],
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        if !self.config().await?.has_roles() {
            let none = |account: &&wire::Account| (account.email.clone(), BTreeSet::new());
            return Ok(accounts.iter().map(none).collect());
        }
        let path = path(organization, "users/roles/all")?;
        let all = self.client.json(&Request::get_whole_list(path)).await;
        let mut all: BTreeMap<String, BTreeSet<String>> = match all {
            Ok(all) => all,
            Err(error) => match error.place.as_ref().and_then(|place| place.status) {
                Some(404 | 405) => return Ok(BTreeMap::new()),
                _ => return Err(error),
            },
        };
        let missing = accounts
            .iter()
            .filter(|account| !all.contains_key(&account.email));
        let missing: Vec<_> = missing.map(|account| account.email.clone()).collect();
        if missing.len() > FEW
            && let Ok(members) = self.members(organization).await
        {
            for email in missing {
                let holds = |(_, users): &(String, Vec<String>)| {
                    users.iter().any(|user| user.eq_ignore_ascii_case(&email))
                };
                let held = members.iter().filter(|member| holds(member));
                let held = held.map(|(role, _)| role.clone()).collect();
                all.insert(email, held);
            }
        }
        Ok(all)
    }

    /// Who has which role directly.
    async fn members(&self, organization: &str) -> Result<Vec<(String, Vec<String>)>> {
        let roles = Request::get_whole_list(path(organization, "roles")?);
        let roles: Vec<String> = self.client.json(&roles).await?;
        let mut members = Vec::new();
        for role in roles {
            let name = segment(&role).ok_or_else(|| unusable("a role needs a name"))?;
            let users =
                Request::get_whole_list(path(organization, &format!("roles/{name}/users"))?);
            members.push((role, self.client.json(&users).await?));
        }
        Ok(members)
    }

    /// The roles that the account has directly; none where there are no roles.
    async fn roles_of(&self, organization: &str, email: &str) -> Result<BTreeSet<String>> {
        if !self.config().await?.has_roles() {
            return Ok(BTreeSet::new());
        }
        let path = path(organization, &format!("users/{}/roles", in_path(email)?))?;
        self.client.json(&Request::get(path)).await
    }

    /// Makes description and roles what they are to be, and waits until the list shows it.
    async fn bring(
        &self,
        organization: &str,
        email: &str,
        desired: &ServiceAccount,
        judge: Judge<'_, ServiceAccountRecord>,
    ) -> Result<ServiceAccountRecord> {
        let gone = || no_account(email);
        let mut account = self.account(organization, email).await?.ok_or_else(gone)?;
        let held = self.roles_of(organization, email).await?;
        judge(&account.record(organization, held.clone()))?;
        let wanted = desired.description.as_deref().map(str::trim);
        if account.first_name != wanted.unwrap_or_default() {
            let request = Request::new(
                Method::PUT,
                account_path(organization, email)?,
                Repeat::Harmless,
            )
            .body(
                "application/json",
                &wire::update_account(wanted, &account.last_name),
            );
            done(&self.client, &request).await?;
            account = self
                .account_once(organization, email, |account| {
                    account.is_none_or(|account| account.first_name == wanted.unwrap_or_default())
                })
                .await?
                .ok_or_else(gone)?;
        }
        let changes = [
            ("add_users", desired.roles.difference(&held)),
            ("remove_users", held.difference(&desired.roles)),
        ];
        for (change, roles) in changes {
            for role in roles {
                self.change_role(organization, role, change, email).await?;
            }
        }
        if held == desired.roles {
            return Ok(account.record(organization, held));
        }
        self.with_roles(organization, &account).await
    }

    /// Deltas; the vendor's own clients always send all four lists (`web/src/services/iam.ts`).
    async fn change_role(
        &self,
        organization: &str,
        role: &str,
        change: &str,
        email: &str,
    ) -> Result<()> {
        let role = segment(role).ok_or_else(|| unusable("a role needs a name"))?;
        let mut body = json!({ "add": [], "remove": [], "add_users": [], "remove_users": [] });
        body[change] = json!([email]);
        let path = path(organization, &format!("roles/{role}"))?;
        let request =
            Request::new(Method::PUT, path, Repeat::Harmless).body("application/json", &body);
        done(&self.client, &request).await
    }
}

#[cfg(test)]
mod tests {
    use lanyard_compiler::model::{AccessToken, Settings};
    use lanyard_compiler::secret::Secret;

    use super::*;
    use crate::http::scripted::{Script, Server, answer};
    use crate::object::{Object, Seen};

    fn connect(url: &str, organization: &str) -> OpenObserve {
        let settings = Settings {
            url: Some(url.to_owned()),
            username: Some("root@example.com".to_owned()),
            password: Some(Secret::new("hunter2")),
            organization: Some(organization.to_owned()),
            ..Settings::default()
        };
        OpenObserve::connect(&settings).unwrap()
    }

    fn said(body: &serde_json::Value) -> Script {
        let json = "content-type: application/json\r\n";
        answer("200 OK", json, &body.to_string())
    }

    fn listed(email: &str, role: &str) -> serde_json::Value {
        json!({ "email": email, "role": role, "first_name": "", "last_name": "" })
    }

    /// Who is not in the list of everybody's roles may have some.
    #[tokio::test]
    async fn an_account_that_a_list_of_roles_leaves_out_has_not_lost_them() {
        let emails = ["a@x.co", "b@x.co", "c@x.co", "d@x.co"];
        let accounts = emails.map(|email| listed(email, "service_account"));
        let accounts = json!({ "data": accounts });
        let with_roles = json!({ "rbac_enabled": true });
        let roles = |script: Vec<serde_json::Value>| async move {
            let begin = [accounts.clone(), with_roles.clone()];
            let script = begin.iter().chain(&script).map(said).collect();
            let server = Server::start(script).await;
            let ours = connect(&server.url, "default");
            let all = Filter::default();
            let page = Objects::<ServiceAccount>::list(&ours, &all, None)
                .await
                .unwrap();
            let counts = page.records.iter().map(|record| record.roles.len());
            (counts.collect::<Vec<_>>(), server.seen())
        };
        let most = json!({ "a@x.co": ["r"], "b@x.co": [], "c@x.co": ["r", "s"] });
        let told = roles.clone()(vec![most, json!(["s"])]).await;
        assert_eq!(told, (vec![1, 0, 2, 1], 4), "one is asked for");
        let one = json!({ "a@x.co": ["r"] });
        let by_role = [
            json!(["r", "s"]),
            json!(["a@x.co", "d@x.co"]),
            json!(["D@x.co"]),
        ];
        let told = roles([vec![one], by_role.to_vec()].concat()).await;
        assert_eq!(
            told,
            (vec![1, 0, 0, 2], 6),
            "so many are looked for in the roles"
        );
    }

    /// Whether what no list shows is taken for gone, by a read and by a deletion.
    async fn is_gone<O: Object>(people: &serde_json::Value) -> [bool; 2]
    where
        OpenObserve: Objects<O>,
    {
        let nothing = json!({ "data": [] });
        let with_roles = json!({ "rbac_enabled": true });
        let script = [&nothing, &with_roles, people, &nothing, people];
        let server = Server::start(script.map(said).to_vec()).await;
        let ours = connect(&server.url, "default");
        let id = "default/ci@x.co";
        let read = Objects::<O>::read(&ours, id).await;
        [read == Ok(None), ours.delete(id).await.is_ok()]
    }

    #[tokio::test]
    async fn what_may_be_hidden_is_not_gone() {
        for (email, role, certain) in [
            ("root@example.com", "admin", true),
            ("root@example.com", "root", true),
            ("root@example.com", "editor", false),
            ("somebody@example.com", "admin", false),
        ] {
            let people = json!({ "data": [listed(email, role)] });
            let told = is_gone::<ServiceAccount>(&people).await;
            assert_eq!(told, [certain; 2], "{email} {role}");
            let told = is_gone::<AccessToken>(&people).await;
            assert_eq!(told, [certain; 2], "{email} {role}");
        }
    }

    #[tokio::test]
    async fn a_version_that_would_end_another_secret_is_not_asked_to_rotate() {
        let account = listed("ci@x.co", "service_account");
        let script = [
            json!({ "data": [account] }),
            json!({ "version": "v0.91.3", "rbac_enabled": false }),
        ];
        let server = Server::start(script.iter().map(said).collect()).await;
        let ours = connect(&server.url, "default");
        let seen = Seen::default();
        let rotated = ours.rotate_account("default", "ci@x.co", &seen, &anything);
        let error = rotated.await.err().unwrap();
        assert!(
            matches!(error.kind, ErrorKind::Unsupported { .. }),
            "{error}"
        );
        assert_eq!(server.seen(), 2);
    }

    #[tokio::test]
    async fn an_address_that_does_not_fit_is_refused_before_it_is_sent() {
        // Nobody listens there.
        let server = connect("http://127.0.0.1:9", &"o".repeat(30));
        let name = "n".repeat(64);
        let account = serde_json::from_value(json!({ "name": name })).unwrap();
        let error = Objects::<ServiceAccount>::create(&server, &account)
            .await
            .unwrap_err();
        let ErrorKind::FixConfiguration { places } = &error.kind else {
            panic!("{error}");
        };
        assert_eq!(places[0].0.to_string(), "name");
        assert!(places[0].1.contains("107 characters"), "{error}");
    }
}
