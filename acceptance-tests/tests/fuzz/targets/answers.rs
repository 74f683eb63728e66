//! What token servers answer. A stage plays one: first it passes the questions on to the reference server and notes what that
//! says; then it says whatever the input has in its place. Answers end in a record or in an error, and no error repeats the
//! credential.

mod stage;

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Timestamp;
use lanyard_compiler::model::server::Api;
use lanyard_compiler::model::{AccessToken, Kind, Lifetime, ServiceAccount, Settings, facts};
use lanyard_compiler::plan::plan_resource;
use lanyard_compiler::secret::Secret;
use lanyard_compiler::value::Value;
use lanyard_provider::wire::{WireShape, decode_json};
use lanyard_servers::engine::{self, state_of};
use lanyard_servers::object::Object;
use lanyard_servers::{Filter, RotateRequest, Seen, ServerError, TokenServer, anything, connect};
use lanyard_token_server::{Options, ReferenceServer};
use serde_json::{Value as Json, json};

use self::stage::{Answer, Stage};
use super::Target;

const CREDENTIAL: &str = "hunter2hunter2";

/// What is asked of every server.
const CALLS: [&str; 11] = [
    "describe",
    "identity",
    "probe",
    "list accounts",
    "list tokens",
    "read account",
    "read token",
    "create account",
    "create token",
    "rotate token",
    "delete token",
];

pub(crate) fn server_answers() -> Target {
    Target {
        name: "server_answers",
        seeds: || Api::ALL.into_iter().flat_map(recorded).collect(),
        words: &[
            CREDENTIAL,
            "2026-11-22T10:00:00Z",
            "-009999-01-01T00:00:00Z",
            "1700000000000000000",
            "id",
            "name",
            "/0/00/~/~2",
            "error",
            "next_cursor",
        ],
        check,
    }
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

fn on_stage<T>(work: impl FnOnce(&Stage) -> T) -> T {
    STAGE.with_borrow_mut(|stage| work(stage.get_or_insert_with(Stage::build)))
}

/// `{"api": …, "call": …, "answers": [[200, {…}], …]}`; anything else is an answer to everything.
fn check(input: &[u8]) {
    let script: Json = serde_json::from_slice(input).unwrap_or_default();
    let answers: Vec<Answer> = match script["answers"].as_array() {
        Some(answers) => answers.iter().filter_map(answer).collect(),
        None => vec![Answer {
            status: 200,
            body: input.to_vec(),
        }],
    };
    let apis: Vec<Api> = match script["api"].as_str().and_then(Api::parse) {
        Some(api) => vec![api],
        None => Api::ALL.into(),
    };
    let call = script["call"].as_str().unwrap_or("list tokens");
    on_stage(|stage| {
        for api in apis {
            stage.play(answers.clone());
            let server = played(api, &stage.url);
            stage.block_on(ask(&*server, api, call));
        }
    });
}

fn answer(json: &Json) -> Option<Answer> {
    let body = match &json[1] {
        Json::String(text) => text.clone().into_bytes(),
        body => serde_json::to_vec(body).ok()?,
    };
    let status = u16::try_from(json[0].as_u64()?).ok()?;
    (200..600)
        .contains(&status)
        .then_some(Answer { status, body })
}

/// A connection to the stage that knows nothing yet.
fn connection(api: Api, url: &str) -> Settings {
    Settings {
        api: Some(api),
        url: Some(url.to_owned()),
        request_timeout: Some(Lifetime::from_seconds(5)),
        max_retries: Some(0),
        ..Settings::default()
    }
}

fn played(api: Api, url: &str) -> Arc<dyn TokenServer> {
    let by_name = api == Api::Openobserve;
    let settings = Settings {
        token: (!by_name).then(|| Secret::new(CREDENTIAL)),
        username: by_name.then(|| "root@example.com".to_owned()),
        password: by_name.then(|| Secret::new(CREDENTIAL)),
        ..connection(api, url)
    };
    connect(&settings).unwrap()
}

/// Asks, and takes the answer through all that is done with one.
async fn ask(server: &dyn TokenServer, api: Api, call: &str) {
    let outcome = match call {
        "describe" => server.describe().await.map(drop),
        "identity" => server.identity().await.map(drop),
        "probe" => server.probe().await.map(drop),
        "list accounts" => list::<ServiceAccount>(server).await,
        "list tokens" => list::<AccessToken>(server).await,
        "read account" => read::<ServiceAccount>(server, &id(api, Kind::ServiceAccount)).await,
        "read token" => read::<AccessToken>(server, &id(api, Kind::AccessToken)).await,
        "create account" => create::<ServiceAccount>(server, api).await,
        // It waits until all of the server knows of the change, in real time.
        "create token" | "rotate token" | "delete token" if api == Api::Openobserve => Ok(()),
        "create token" => create::<AccessToken>(server, api).await,
        "rotate token" => rotate(server, api).await,
        "delete token" => {
            let id = id(api, Kind::AccessToken);
            AccessToken::of(server).delete(&id).await
        }
        _ => Ok(()),
    };
    if let Err(error) = outcome {
        let told = format!("{error} {}", error.diagnostic());
        assert!(!told.contains(CREDENTIAL), "the credential is in {told}");
    }
}

async fn list<O: Object>(server: &dyn TokenServer) -> Result<(), ServerError> {
    let mut from = None;
    // A server may make up pages without end; whoever reads them all sees to that.
    for _ in 0..3 {
        let page = O::of(server)
            .list(&Filter::default(), from.as_ref())
            .await?;
        page.records
            .iter()
            .for_each(|record| swallow::<O>(server, record));
        from = page.next;
        if from.is_none() {
            break;
        }
    }
    Ok(())
}

async fn read<O: Object>(server: &dyn TokenServer, id: &str) -> Result<(), ServerError> {
    let record = O::of(server).read(id).await?;
    record
        .iter()
        .for_each(|record| swallow::<O>(server, record));
    Ok(())
}

async fn create<O: Object>(server: &dyn TokenServer, api: Api) -> Result<(), ServerError> {
    let Some(desired) = desired::<O>(api) else {
        return Ok(());
    };
    let issued = O::of(server).create(&desired).await?;
    swallow::<O>(server, &issued.record);
    Ok(())
}

async fn rotate(server: &dyn TokenServer, api: Api) -> Result<(), ServerError> {
    let Some(desired) = desired::<AccessToken>(api) else {
        return Ok(());
    };
    let request = RotateRequest {
        current: desired.clone(),
        desired,
        grace_period: None,
        generation: 2,
        seen: Seen::default(),
    };
    let id = id(api, Kind::AccessToken);
    let issued = AccessToken::of(server)
        .rotate(&id, &request, &anything)
        .await?;
    swallow::<AccessToken>(server, &issued.record);
    Ok(())
}

/// A record makes a state at any time, and the same one again.
fn swallow<O: Object>(server: &dyn TokenServer, record: &O::Record) {
    let server = server.capabilities();
    for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        let state = state_of::<O>(server, None, record, now);
        let again = state_of::<O>(server, Some(&state), record, now);
        let [state, again] = [state, again].map(|state| O::decode(&state.write()).ok());
        assert_eq!(state, again);
    }
}

/// What is wanted of each kind, as JSON; `None` where the server has no such thing.
fn wanted(api: Api, kind: Kind) -> Option<&'static str> {
    match (api, kind) {
        (Api::Native, Kind::ServiceAccount) => Some(r#"{"name": "ci", "roles": ["viewer"]}"#),
        (Api::Native | Api::Osmo, Kind::AccessToken) => {
            Some(r#"{"name": "target", "service_account": "ACCOUNT", "ttl": "90d"}"#)
        }
        (Api::Chronosphere, Kind::ServiceAccount) => Some(
            r#"{"name": "ci", "restriction": {"permission": "READ", "labels": {"tenant": "acme"}}}"#,
        ),
        (Api::Elasticsearch, Kind::ServiceAccount) => {
            Some(r#"{"name": "shop/ci", "roles": ["viewer"]}"#)
        }
        (Api::Elasticsearch, Kind::AccessToken) => {
            Some(r#"{"name": "target", "service_account": "ACCOUNT"}"#)
        }
        (Api::Openobserve, Kind::ServiceAccount) => Some(r#"{"name": "ci"}"#),
        (Api::Openobserve, Kind::AccessToken) => {
            Some(r#"{"name": "target", "service_account": "ACCOUNT"}"#)
        }
        (Api::Osmo, Kind::ServiceAccount) => Some(r#"{"name": "ci", "roles": ["osmo-user"]}"#),
        (Api::Splunk, Kind::AccessToken) => Some(
            r#"{"name": "target", "scopes": ["ingest"], "ttl": "90d", "limits": {"custom_metrics": 100}}"#,
        ),
        (Api::Chronosphere, Kind::AccessToken) | (Api::Splunk, Kind::ServiceAccount) => None,
    }
}

/// The id that the reference server gave while it was listened to; its form differs from server to server.
fn id(api: Api, kind: Kind) -> String {
    IDS.with_borrow(|ids| {
        let given = ids
            .iter()
            .find(|(of, of_kind, _)| *of == api && *of_kind == kind);
        given.map_or_else(|| "target".to_owned(), |(_, _, id)| id.clone())
    })
}

thread_local! {
    static IDS: RefCell<Vec<(Api, Kind, String)>> = const { RefCell::new(Vec::new()) };
}

fn configured(api: Api, kind: Kind) -> Option<Value> {
    let text = wanted(api, kind)?.replace("ACCOUNT", &id(api, Kind::ServiceAccount));
    let shape = WireShape::of_body(&facts::schema(kind).body);
    let mut source = serde_json::Deserializer::from_str(&text);
    Some(decode_json(&mut source, &shape).unwrap())
}

fn desired<O: Object>(api: Api) -> Option<O> {
    Some(O::decode(&configured(api, O::KIND)?).unwrap())
}

/// Listens to the reference server while every question is asked once.
fn recorded(api: Api) -> Vec<Vec<u8>> {
    let theirs = lanyard_token_server::Api::ALL.iter();
    let theirs = theirs.copied().find(|theirs| theirs.name() == api.name());
    let reference = ReferenceServer::start(Options::new(theirs.unwrap())).unwrap();
    on_stage(|stage| {
        stage.pass_on(&reference);
        let connect = || {
            let by_name = reference.username.is_some() && reference.token.is_none();
            let settings = Settings {
                token: reference.token.as_deref().map(Secret::new),
                username: reference.username.clone().filter(|_| by_name),
                password: reference
                    .password
                    .as_deref()
                    .filter(|_| by_name)
                    .map(Secret::new),
                ..connection(api, &stage.url)
            };
            connect(&settings).unwrap()
        };
        let server = connect();
        for kind in Kind::ALL {
            let Some(config) = configured(api, kind) else {
                continue;
            };
            let planned = plan_resource(kind, Some(server.capabilities()), &Value::Null, &config);
            let applied = stage.block_on(engine::apply(
                &server,
                kind,
                &Value::Null,
                &planned.planned,
                &config,
            ));
            let made = applied.state.get("id").as_str();
            let made = made.unwrap_or_else(|| panic!("{api:?}: {:?}", applied.diagnostics));
            IDS.with_borrow_mut(|ids| ids.push((api, kind, made.to_owned())));
        }
        let mut found = Vec::new();
        for call in CALLS {
            stage.heard();
            stage.block_on(ask(&*connect(), api, call));
            let answers: Vec<Json> = stage.heard().iter().map(written).collect();
            if !answers.is_empty() {
                let script = json!({"api": api.name(), "call": call, "answers": answers});
                found.push(script.to_string().into_bytes());
            }
        }
        found
    })
}

fn written(answer: &Answer) -> Json {
    let body = serde_json::from_slice::<Json>(&answer.body)
        .unwrap_or_else(|_| String::from_utf8_lossy(&answer.body).into());
    json!([answer.status, body])
}
