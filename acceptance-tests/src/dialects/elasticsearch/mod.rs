//! Elasticsearch's service accounts and their tokens, with what the vendor's tests need around them. It plays a 9.6 cluster, where accounts outside the namespace
//! `elastic` can be managed; the product header is on every answer, or official clients refuse it.

mod accounts;
mod api_keys;
mod attribution;
mod builtin;
mod caller;
mod cluster;
mod credentials;
mod directory;
mod fault;
mod filter_path;
mod grant;
mod has_privileges;
mod indices;
mod media_types;
mod parameters;
mod principal;
mod privileges;
mod search;
mod token_cache;
mod token_value;
mod tokens;
mod user_tokens;

use http::Method;
use http::header::HeaderName;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::caller::Caller;
use self::fault::Refusal;
use self::parameters::Parameters;
use super::{Credentials, Dialect, Failure};
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) struct Elasticsearch;

/// What an endpoint's function gets to see.
struct Context<'a> {
    server: &'a Server,
    store: &'a Store,
    call: &'a Call,
    pieces: Vec<String>,
    parameters: Parameters,
    caller: Caller,
}

struct Endpoint {
    /// Query parameters beside the common ones; any other is refused.
    parameters: &'static [&'static str],
    /// Whether there may be a body.
    reads: bool,
    run: fn(&Context<'_>) -> Result<Answer, Refusal>,
}

const PRODUCT: HeaderName = HeaderName::from_static("x-elastic-product");
/// The only node of the cluster, under the name that the vendor's own API tests expect one to have.
const NODE: &str = "yamlRestTest-0";

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

const SERVICES: &str = "/_security/service";
const NAMESPACE: &str = "/_security/service/{namespace}";
const SERVICE: &str = "/_security/service/{namespace}/{service}";
const CREDENTIALS: &str = "/_security/service/{namespace}/{service}/credential";
const TOKENS: &str = "/_security/service/{namespace}/{service}/credential/token";
const TOKEN: &str = "/_security/service/{namespace}/{service}/credential/token/{name}";
const CLEAR: &str = "/_security/service/{namespace}/{service}/credential/token/{name}/_clear_cache";
/// Without a name all tokens are meant.
const CLEAR_ALL: &str = "/_security/service/{namespace}/{service}/credential/token//_clear_cache";
const API_KEY: &str = "/_security/api_key";
const CLEAR_API_KEYS: &str = "/_security/api_key/{ids}/_clear_cache";
const QUERY: &str = "/_security/_query/service";

/// Our client calls the accounts, their tokens, `/`, `_capabilities` and `_authenticate`. The rest stays for the vendor's own tests of
/// service accounts (`x-pack/plugin/src/yamlRestTest/…/service_accounts/`, `ServiceAccountIT`, elasticsearch-clients-tests): each begins
/// with `_cluster/health`; they make roles and users, ask `_has_privileges`, search accounts (`22_user_managed_query.yml`), exchange a
/// token for an OAuth token (`22_user_managed_oauth2_token.yml`) and for an API key (`24_user_managed_grant_api_key.yml`, and the keys
/// that an account makes for itself).
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    route(GET, "/", &[], cluster::root),
    route(GET, "/_cluster/health", &["wait_for_status", "timeout", "master_timeout"], cluster::health),
    route(GET, "/_capabilities", &["method", "path", "parameters", "capabilities", "local_only"], cluster::capabilities),
    route(GET, SERVICES, &["type"], accounts::list),
    route(GET, NAMESPACE, &["type"], accounts::list),
    route(GET, SERVICE, &["type"], accounts::list),
    reading(PUT, SERVICE, &["refresh"], accounts::put),
    route(DELETE, SERVICE, &["refresh", "force"], accounts::delete),
    reading(GET, QUERY, &["with_profile_uid"], search::query),
    reading(POST, QUERY, &["with_profile_uid"], search::query),
    route(GET, CREDENTIALS, &[], credentials::read),
    route(POST, TOKENS, &["refresh"], tokens::create),
    route(POST, TOKEN, &["refresh"], tokens::create),
    route(PUT, TOKEN, &["refresh"], tokens::create),
    route(DELETE, TOKEN, &["refresh"], tokens::delete),
    route(POST, CLEAR, &[], credentials::clear_cache),
    route(POST, CLEAR_ALL, &[], credentials::clear_cache),
    route(GET, "/_security/_authenticate", &[], caller::show),
    reading(GET, "/_security/user/_has_privileges", &[], has_privileges::answer),
    reading(POST, "/_security/user/_has_privileges", &[], has_privileges::answer),
    reading(PUT, "/_security/role/{name}", &["refresh"], directory::put_role),
    reading(POST, "/_security/role/{name}", &["refresh"], directory::put_role),
    route(GET, "/_security/role/{name}", &[], directory::read_role),
    route(DELETE, "/_security/role/{name}", &["refresh"], directory::delete_role),
    route(GET, "/_security/user", &["with_profile_uid"], directory::read_users),
    route(GET, "/_security/user/{name}", &["with_profile_uid"], directory::read_users),
    reading(PUT, "/_security/user/{name}", &["refresh"], directory::put_user),
    reading(POST, "/_security/user/{name}", &["refresh"], directory::put_user),
    route(DELETE, "/_security/user/{name}", &["refresh"], directory::delete_user),
    reading(POST, API_KEY, &["refresh"], api_keys::create),
    reading(PUT, API_KEY, &["refresh"], api_keys::create),
    route(GET, API_KEY, &["id", "name", "username", "realm_name", "owner"], api_keys::list),
    reading(DELETE, API_KEY, &[], api_keys::invalidate),
    reading(POST, "/_security/api_key/grant", &["refresh"], api_keys::grant),
    route(POST, CLEAR_API_KEYS, &[], api_keys::clear_cache),
    reading(POST, "/_security/oauth2/token", &[], grant::token),
    reading(DELETE, "/_security/oauth2/token", &[], grant::invalidate),
];

/// Routes of indices; their names are the users'. They stay for the vendor's tests of granted API keys, which show by a document what a
/// key may do.
#[rustfmt::skip]
static INDEX_ROUTES: &[Route<Endpoint>] = &[
    reading(POST, "/{index}/_doc", &["refresh"], indices::write),
    reading(PUT, "/{index}/_doc/{id}", &["refresh"], indices::write),
    reading(POST, "/{index}/_doc/{id}", &["refresh"], indices::write),
    reading(GET, "/{index}/_search", &["rest_total_hits_as_int"], indices::search),
    reading(POST, "/{index}/_search", &["rest_total_hits_as_int"], indices::search),
    route(DELETE, "/{index}", &[], indices::delete),
];

fn routes(path: &str) -> &'static [Route<Endpoint>] {
    if indices::is_index(path) {
        INDEX_ROUTES
    } else {
        ROUTES
    }
}

const fn route(
    method: Method,
    pattern: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Context<'_>) -> Result<Answer, Refusal>,
) -> Route<Endpoint> {
    Route {
        method,
        pattern,
        handler: Endpoint {
            parameters,
            reads: false,
            run,
        },
    }
}

/// A route that reads a body.
const fn reading(
    method: Method,
    pattern: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Context<'_>) -> Result<Answer, Refusal>,
) -> Route<Endpoint> {
    let mut route = route(method, pattern, parameters, run);
    route.handler.reads = true;
    route
}

impl Dialect for Elasticsearch {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        let answer = answer(server, store, call).unwrap_or_else(Refusal::into_answer);
        media_types::as_wanted(call, filtered(call, answer)).with(PRODUCT, "Elasticsearch")
    }

    fn failure(&self, failure: &Failure) -> Answer {
        fault::before_work(failure).with(PRODUCT, "Elasticsearch")
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        look_up(method, path).pattern()
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: Some(operator_secret.to_owned()),
            username: Some(caller::SUPERUSER.to_owned()),
            password: Some(operator_secret.to_owned()),
            organization: None,
        }
    }
}

/// Nothing at the end of a path counts for nothing, and only `/` has HEAD.
fn look_up(method: &Method, path: &str) -> Found<'static, Endpoint> {
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let method = match *method {
        Method::HEAD if path != "/" => &Method::TRACE,
        _ => method,
    };
    find(routes(path), method, path)
}

fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, Refusal> {
    media_types::check_versions(call)?;
    let found = look_up(&call.method, &call.path);
    // Browsers ask so before they send credentials.
    if call.method == Method::OPTIONS {
        return Ok(fault::options(call, &found));
    }
    // Credentials come before the path.
    let caller = caller::authenticate(server, store, call)?;
    let (route, pieces) = match found {
        Found::Route(route, pieces) => (route, pieces),
        Found::OtherMethods(allowed) => return Err(Refusal::method_not_allowed(call, &allowed)),
        Found::Nothing => return Err(Refusal::no_handler(call)),
    };
    if !cluster::manages_accounts(server) {
        match route.pattern {
            SERVICE if route.method != GET => return Err(Refusal::method_not_allowed(call, "GET")),
            QUERY => return Err(Refusal::no_handler(call)),
            _ => {}
        }
    }
    media_types::check_body(call)?;
    let parameters = Parameters::read(call, route.handler.parameters)?;
    if !route.handler.reads && !call.body.is_empty() {
        return Err(Refusal::unread_body(call));
    }
    let context = Context {
        server,
        store,
        call,
        pieces,
        parameters,
        caller,
    };
    store.in_transaction(|| (route.handler.run)(&context))
}

/// Errors are never filtered; that something is not there is no error.
fn filtered(call: &Call, mut answer: Answer) -> Answer {
    let wanted = call.parameters().find(|(name, _)| name == "filter_path");
    if let Some((_, filter)) = wanted
        && let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
        && body.get("error").is_none()
    {
        answer.body = filter_path::apply(body, &filter).to_string().into();
    }
    answer
}

impl Context<'_> {
    /// A variable piece of the path.
    fn piece(&self, index: usize) -> Option<&str> {
        self.pieces.get(index).map(String::as_str)
    }

    /// What was sent, where something has to be.
    fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        self.body_or(Refusal::unreadable)
    }

    /// Or what is said of something else.
    fn body_or<T: DeserializeOwned>(
        &self,
        misfit: fn(&serde_json::Error) -> Refusal,
    ) -> Result<T, Refusal> {
        if self.call.body.is_empty() {
            return Err(Refusal::no_body());
        }
        serde_json::from_slice(&self.call.body).map_err(|error| misfit(&error))
    }

    /// `<namespace>/<service>` from the path.
    fn principal(&self) -> String {
        format!(
            "{}/{}",
            self.piece(0).unwrap_or_default(),
            self.piece(1).unwrap_or_default()
        )
    }
}
