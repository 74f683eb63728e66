//! A server's database with many objects in it. The first is made as a user makes it; the others are copies of its rows, since what
//! counts here is reading them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lanyard_compiler::model::State;
use lanyard_compiler::model::{Kind, Settings, facts};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_servers::{TokenServer, connect, engine};
use lanyard_token_server::store::Database;
use lanyard_token_server::{Api, Options, ReferenceServer};
use rusqlite::{Connection, named_params};

/// The name of the first; a copy has its own number in the place of the zeros.
const NAME: &str = "node-000000";
/// The name of foreign ones begins differently.
const FOREIGN: &str = "other-";
const OWN: &str = "node-";

pub(crate) struct Estate {
    api: Api,
    database: PathBuf,
    first: Value,
    _folder: tempfile::TempDir,
}

impl Estate {
    /// An estate of one object.
    pub(crate) fn new(api: Api) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut estate = Self {
            api,
            database: folder.path().join("estate.db"),
            first: Value::Null,
            _folder: folder,
        };
        let reference = estate.serve(Duration::ZERO)?;
        let server = estate.connect(&reference)?;
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        estate.first = runtime.block_on(async {
            let account = match api {
                Api::Splunk | Api::Chronosphere | Api::OpenObserve => None,
                Api::Native | Api::Osmo => {
                    Some(make(&server, Kind::ServiceAccount, "fleet").await?)
                }
                Api::Elasticsearch => {
                    Some(make(&server, Kind::ServiceAccount, "shop/fleet").await?)
                }
            };
            let account = account.as_ref().map(|account| account.get("id").clone());
            make_for(&server, estate.kind(), NAME, account).await
        })?;
        Ok(estate)
    }

    /// What is counted: tokens, or accounts where those carry the secrets.
    pub(crate) fn kind(&self) -> Kind {
        match self.api {
            Api::Chronosphere | Api::OpenObserve => Kind::ServiceAccount,
            Api::Native | Api::Elasticsearch | Api::Osmo | Api::Splunk => Kind::AccessToken,
        }
    }

    pub(crate) fn what(&self) -> &'static str {
        match self.kind() {
            Kind::ServiceAccount => "accounts",
            Kind::AccessToken => "tokens",
        }
    }

    /// There is no call for one object: the answer to each is all of an account's tokens, or all accounts.
    pub(crate) fn reads_whole_lists(&self) -> bool {
        matches!(self.api, Api::Elasticsearch | Api::OpenObserve | Api::Osmo)
    }

    /// Adds objects of ours until there are so many.
    pub(crate) fn grow_to(&mut self, count: usize) -> Result<(), String> {
        self.copy(OWN, count.saturating_sub(1))
    }

    /// Adds objects that somebody else made.
    pub(crate) fn surround(&mut self, count: usize) -> Result<(), String> {
        self.copy(FOREIGN, count)?;
        let database = Connection::open(&self.database).map_err(|error| error.to_string())?;
        for table in ["access_tokens", "service_accounts"] {
            database
                .execute(
                    &format!("UPDATE {table} SET managed_by = NULL WHERE name LIKE '{FOREIGN}%'"),
                    [],
                )
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// The states of the first so many, as an earlier apply would have left them.
    pub(crate) fn states(&self, count: usize) -> Vec<Value> {
        let id = self.first.get("id").as_str().unwrap_or_default();
        (0..count)
            .map(|number| renamed(&self.first, id, number))
            .collect()
    }

    /// Serves it on another port and with another credential each time.
    pub(crate) fn serve(&self, latency: Duration) -> Result<ReferenceServer, String> {
        let mut options = Options::new(self.api);
        options.database = Database::File(self.database.clone());
        options.latency = latency;
        ReferenceServer::start(options).map_err(|error| error.to_string())
    }

    pub(crate) fn connect(
        &self,
        reference: &ReferenceServer,
    ) -> Result<Arc<dyn TokenServer>, String> {
        let api = lanyard_compiler::model::server::Api::parse(self.api.name());
        // Only one credential can sign in; some servers offer two.
        let by_name = reference.token.is_none();
        let settings = Settings {
            api,
            url: Some(reference.url.clone()),
            token: reference.token.as_deref().map(Secret::new),
            username: reference.username.clone().filter(|_| by_name),
            password: reference
                .password
                .as_deref()
                .filter(|_| by_name)
                .map(Secret::new),
            organization: reference.organization.clone(),
            ..Settings::default()
        };
        connect(&settings).map_err(|problem| problem.to_string())
    }

    fn copy(&self, prefix: &str, count: usize) -> Result<(), String> {
        let database = Connection::open(&self.database).map_err(|error| error.to_string())?;
        let tables = match self.kind() {
            Kind::ServiceAccount => ["service_accounts", "secrets"],
            Kind::AccessToken => ["access_tokens", "secrets"],
        };
        for table in tables {
            copy_rows(&database, table, prefix, count)
                .map_err(|error| format!("{table}: {error}"))?;
        }
        Ok(())
    }
}

/// Copies the first object's row of a table: each text with the copy's name in it, and an id of its own.
fn copy_rows(
    database: &Connection,
    table: &str,
    prefix: &str,
    count: usize,
) -> Result<(), rusqlite::Error> {
    let columns: Vec<String> = database
        .prepare(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE name <> 'seq'"
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let number = format!("printf('{prefix}%06d', number)");
    let copied: Vec<String> = columns
        .iter()
        .map(|column| match (table, column.as_str()) {
            ("secrets", "hash") => format!("hash || {number}"),
            ("service_accounts" | "access_tokens", "id")
            | ("secrets", "service_account_id" | "access_token_id") => format!(
                "CASE WHEN instr({column}, :name) THEN replace({column}, :name, {number}) \
                 ELSE {column} || {number} END"
            ),
            (_, "name" | "vendor") => format!("replace({column}, :name, {number})"),
            _ => column.clone(),
        })
        .collect();
    let first = match table {
        "secrets" => {
            "(service_account_id IN (SELECT id FROM service_accounts WHERE name LIKE :part) \
             OR access_token_id IN (SELECT id FROM access_tokens WHERE name = :name))"
        }
        _ => "name LIKE :part",
    };
    database.execute(
        &format!(
            "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < :count) \
             INSERT INTO {table} ({}) SELECT {} FROM {table}, numbers WHERE {first}",
            columns.join(", "),
            copied.join(", "),
        ),
        named_params! { ":name": NAME, ":part": format!("%{NAME}%"), ":count": i64::try_from(count).unwrap_or(i64::MAX) },
    )?;
    Ok(())
}

/// The state of a copy, by the same rule as its row.
fn renamed(state: &Value, id: &str, number: usize) -> Value {
    if number == 0 {
        return state.clone();
    }
    let name = format!("{OWN}{number:06}");
    match state {
        Value::Map(entries) => Value::map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), renamed(value, id, number))),
        ),
        Value::String(text) if text.contains(NAME) => text.replace(NAME, &name).as_str().into(),
        Value::String(text) if text == id => format!("{id}{name}").as_str().into(),
        other => other.clone(),
    }
}

async fn make(server: &Arc<dyn TokenServer>, kind: Kind, name: &str) -> Result<Value, String> {
    make_for(server, kind, name, None).await
}

/// Creates an object as an apply does.
async fn make_for(
    server: &Arc<dyn TokenServer>,
    kind: Kind,
    name: &str,
    account: Option<Value>,
) -> Result<Value, String> {
    let mut config = facts::schema(kind).body.empty();
    config.insert("name".to_owned(), name.into());
    if let Some(account) = account {
        config.insert("service_account".to_owned(), account);
    }
    let api = server.capabilities().api;
    match (kind, api) {
        (Kind::ServiceAccount, lanyard_compiler::model::server::Api::Chronosphere) => {
            config.insert("unrestricted".to_owned(), true.into());
        }
        (Kind::ServiceAccount, lanyard_compiler::model::server::Api::Osmo) => {
            config.insert("roles".to_owned(), Value::set([Value::from("osmo-user")]));
        }
        _ => {}
    }
    let config = Value::Map(config);
    let plan = plan_resource(kind, Some(server.capabilities()), &Value::Null, &config);
    let made = engine::apply(server, kind, &Value::Null, &plan.planned, &config).await;
    if let Some(problem) = made.diagnostics.iter().find(|problem| problem.is_error()) {
        return Err(problem.to_string());
    }
    // As the next refresh leaves it.
    let state = State::read(kind, &made.state).map_err(|problem| problem.to_string())?;
    engine::read(&**server, &state, None)
        .await
        .map_err(|problems| problems[0].to_string())?
        .map(|found| found.state.write())
        .ok_or_else(|| "what was made is gone".to_owned())
}
