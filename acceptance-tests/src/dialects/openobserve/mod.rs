//! OpenObserve, by default its enterprise edition, as far as credentials go: service accounts with one token per organization, the
//! organization's ingestion tokens, roles and groups; beside it the Dex that it signs people in with, and the wrapper
//! around Dex's token exchange.

mod account_tokens;
mod accounts;
mod body;
mod bulk;
mod caller;
mod config;
mod dex;
mod email;
mod fault;
mod groups;
mod ingestion;
mod organizations;
mod permissions;
mod profile;
mod roles;
mod sessions;
mod streams;
mod system_account;
mod users;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, HeaderName, ORIGIN, WWW_AUTHENTICATE,
};
use http::{Method, StatusCode};

use self::caller::Caller;
use self::fault::Refusal;
use super::{Credentials, Dialect, Failure};
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) struct OpenObserve;

type Context<'a> = super::Context<'a, Caller>;

type Endpoint = fn(&Context<'_>) -> Result<Answer, Refusal>;

const NODE: &str = "lanyard-node-0";
const API_NODE: HeaderName = HeaderName::from_static("x-api-node");

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

const ACCOUNTS: &str = "/api/{org}/service_accounts";
const ACCOUNT: &str = "/api/{org}/service_accounts/{email}";
const BULK: &str = "/api/{org}/service_accounts/bulk";
const ROLES: &str = "/api/{org}/roles";
const ROLES_BULK: &str = "/api/{org}/roles/bulk";
const ROLE: &str = "/api/{org}/roles/{role}";
const GROUPS: &str = "/api/{org}/groups";
const GROUPS_BULK: &str = "/api/{org}/groups/bulk";
const GROUP: &str = "/api/{org}/groups/{group}";
const RUM_TOKEN: &str = "/api/{org}/rumtoken";
const USERS: &str = "/api/{org}/users";
const USER: &str = "/api/{org}/users/{email}";
const ROLES_OF_PEOPLE: &str = "/api/{org}/users/roles";
const INGESTION: &str = "/api/{org}/ingestion-tokens";

/// Below `/api`: the first piece of each path is the organization. The fixed path stands before the variable one that
/// would also fit.
///
/// Our client calls the accounts, the lists of roles and of who has them, the change of a role, the ingestion tokens and the passcode. The
/// rest stays for the check against what the vendor's own software does: its API tests (`tests/api-testing/`: organizations, people,
/// streams that a token writes to, a search that counts them, settings, the summary), its Terraform provider (roles, groups, resources) and
/// its pages (bulk deletions, RUM tokens), and sessions of assumed accounts.
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    route(POST, "/api/organizations", organizations::create),
    route(GET, "/api/organizations", organizations::list),
    route(POST, "/api/{org}/organizations/assume_service_account", sessions::assume),
    route(GET, ACCOUNTS, accounts::list),
    route(POST, ACCOUNTS, accounts::create),
    route(DELETE, BULK, accounts::delete_many),
    route(PUT, ACCOUNT, accounts::update_or_rotate),
    route(DELETE, ACCOUNT, accounts::delete),
    route(GET, ROLES, roles::list),
    route(POST, ROLES, roles::create),
    route(DELETE, ROLES_BULK, roles::delete_many),
    route(PUT, ROLE, roles::change),
    route(DELETE, ROLE, roles::delete),
    route(GET, "/api/{org}/roles/{role}/permissions", roles::permissions),
    route(GET, "/api/{org}/roles/{role}/permissions/{resource}", roles::permissions),
    route(GET, "/api/{org}/roles/{role}/users", roles::users),
    route(GET, "/api/{org}/resources", roles::resources),
    route(GET, "/api/{org}/users/roles/all", roles::of_all),
    route(GET, "/api/{org}/users/{email}/roles", roles::of_user),
    route(GET, GROUPS, groups::list),
    route(POST, GROUPS, groups::create),
    route(GET, "/api/{org}/users/{email}/groups", groups::of_user),
    route(DELETE, GROUPS_BULK, groups::delete_many),
    route(GET, GROUP, groups::read),
    route(PUT, GROUP, groups::change),
    route(DELETE, GROUP, groups::delete),
    route(GET, INGESTION, ingestion::list),
    route(POST, INGESTION, ingestion::create),
    route(PATCH, "/api/{org}/ingestion-tokens/{name}", ingestion::switch),
    route(GET, "/api/{org}/passcode", ingestion::passcode),
    route(PUT, "/api/{org}/passcode", ingestion::rotate_passcode),
    route(GET, RUM_TOKEN, ingestion::rum_token),
    route(POST, RUM_TOKEN, ingestion::rotate_rum_token),
    route(PUT, RUM_TOKEN, ingestion::rotate_rum_token),
    route(GET, "/api/{org}/dashboards", organizations::dashboards),
    route(POST, ingestion::INGEST, streams::ingest),
    route(POST, "/api/{org}/_search", streams::search),
    route(DELETE, "/api/{org}/streams/{stream}", streams::delete),
    route(GET, "/api/{org}/settings", organizations::settings),
    route(GET, "/api/{org}/summary", organizations::summary),
    route(GET, USERS, users::list),
    route(POST, USERS, users::create),
    route(GET, ROLES_OF_PEOPLE, users::roles),
    route(DELETE, "/api/{org}/users/bulk", users::delete_many),
    route(PUT, USER, users::change),
    route(POST, USER, users::add),
    route(DELETE, USER, users::delete),
];

/// Gone since v0.80.
static OLD_ROUTES: &[Route<Endpoint>] = &[route(GET, ACCOUNT, accounts::read_token)];

/// What needs no credentials.
#[rustfmt::skip]
static OPEN_ROUTES: &[Route<Endpoint>] = &[
    route(GET, "/healthz", config::health),
    route(GET, "/config", config::config),
    route(POST, "/config/token", config::exchange),
    route(POST, "/auth/login", config::login),
    route(GET, "/dex/.well-known/openid-configuration", dex::discovery),
    route(GET, "/dex/keys", dex::keys),
    route(GET, "/dex/token", dex::wrong_method),
    route(PUT, "/dex/token", dex::wrong_method),
    route(PATCH, "/dex/token", dex::wrong_method),
    route(DELETE, "/dex/token", dex::wrong_method),
    route(Method::OPTIONS, "/dex/token", dex::wrong_method),
    route(POST, "/dex/token", dex::token),
    route(POST, "/dex/token/introspect", dex::introspect),
    route(GET, "/dex/token/introspect", dex::introspect),
    route(GET, "/dex/userinfo", dex::userinfo),
];

const fn route(method: Method, pattern: &'static str, handler: Endpoint) -> Route<Endpoint> {
    Route {
        method,
        pattern,
        handler,
    }
}

impl Dialect for OpenObserve {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        if let Found::Route(route, pieces) = find(OPEN_ROUTES, &call.method, &call.path) {
            let context = Context {
                server,
                store,
                call,
                pieces,
                caller: Caller::nobody(),
            };
            return store
                .in_transaction(|| (route.handler)(&context))
                .unwrap_or_else(Refusal::into_answer);
        }
        if call.path.starts_with("/dex/") {
            return dex::no_such_page();
        }
        let mut answer = answer(server, store, call).unwrap_or_else(Refusal::into_answer);
        if profile::is_open_source(server) && answer.headers.contains_key(WWW_AUTHENTICATE) {
            answer = answer.with(WWW_AUTHENTICATE, "Bearer realm=\"openobserve\"");
        }
        match find(ROUTES, &call.method, &call.path) {
            Found::Nothing => answer,
            Found::Route(..) | Found::OtherMethods(_) => answer.with(API_NODE, NODE),
        }
    }

    /// Whole files of records are sent to it.
    fn body_limit(&self) -> usize {
        200 * 1024 * 1024
    }

    fn failure(&self, failure: &Failure) -> Answer {
        fault::before_work(failure).with(API_NODE, NODE)
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        for routes in [OPEN_ROUTES, ROUTES] {
            if let Found::Route(route, _) = find(routes, method, path) {
                return Some(route.pattern);
            }
        }
        None
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: None,
            username: Some(caller::ROOT.to_owned()),
            password: Some(operator_secret.to_owned()),
            organization: Some(organizations::DEFAULT.to_owned()),
        }
    }
}

/// The vendor's order: route, credentials, organization, method.
fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, Refusal> {
    let found = find(ROUTES, &call.method, &call.path);
    if matches!(found, Found::Nothing) {
        return Err(Refusal::no_such_path());
    }
    if call.method == Method::OPTIONS {
        return Ok(preflight(call));
    }
    let organization = call.path.split('/').nth(2).unwrap_or_default();
    let ingests = call.path.ends_with("/_json");
    let mut caller = caller::authenticate(server, store, call, organization, ingests)?;
    if organization != "organizations" && !organizations::exists(store, organization)? {
        return Err(Refusal::unknown_organization());
    }
    let mut found = found;
    if profile::shows_tokens_again(server)
        && let old @ Found::Route(..) = find(OLD_ROUTES, &call.method, &call.path)
    {
        found = old;
    }
    let (route, pieces) = match found {
        Found::Route(route, pieces) => (route, pieces),
        Found::OtherMethods(allowed) => {
            let allowed = allowed.replace(", ", ",");
            return Ok(Answer::empty(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, &allowed));
        }
        Found::Nothing => return Err(Refusal::no_such_path()),
    };
    permissions::check(server, store, call, route.pattern, &mut caller)?;
    let context = Context {
        server,
        store,
        call,
        pieces,
        caller,
    };
    let roles = ["roles", "groups", "resources"];
    if profile::is_open_source(server)
        && route.pattern != ROLES_OF_PEOPLE
        && route.pattern.split('/').any(|piece| roles.contains(&piece))
    {
        return Err(roles::not_supported(&context, route));
    }
    store.in_transaction(|| (route.handler)(&context))
}

/// Browsers ask so before they send credentials.
fn preflight(call: &Call) -> Answer {
    let methods = "HEAD,GET,POST,PUT,OPTIONS,DELETE,PATCH";
    let answer = Answer::empty(StatusCode::OK)
        .with(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        .with(ACCESS_CONTROL_ALLOW_METHODS, methods)
        .with(
            ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization,accept,content-type",
        );
    match call.header(ORIGIN) {
        Some(origin) => answer.with(ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        None => answer,
    }
}

impl Context<'_> {
    fn organization(&self) -> &str {
        self.piece(0)
    }
}
