//! NVIDIA OSMO's users and access tokens, as seen through its gateway: the gateway wants a short-lived JWT that is
//! exchanged for an access token; the service behind it answers 200 or 400, hardly anything else.

mod administrator;
mod authorization;
mod body;
mod dates;
mod description;
mod exchange;
mod fault;
mod gateway;
mod query;
mod roles;
mod rules;
mod tokens;
mod users;
mod version_header;

use http::Method;
use http::header::HOST;
use jiff::Timestamp;

use self::fault::Refusal;
use self::gateway::Caller;
use super::{Credentials, Dialect, Failure};
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::{Store, StoreError};

pub(super) struct Osmo;

type Context<'a> = super::Context<'a, Caller>;

struct Endpoint {
    /// What the gateway's authorization asks; `None` is open to everyone.
    action: Option<authorization::Action>,
    run: fn(&Context<'_>) -> Result<Answer, Refusal>,
}

use authorization::Action::{OwnTokens, ReadRoles, Refresh, TokensOfUser, Users, WriteRoles};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// In the service's order: the first of a path's methods is the one that it names where another is tried.
///
/// Our client calls the users with their roles and tokens, the exchange, the roles, `version` and the profile. The rest stays for the check
/// against the service itself and its command line: own tokens (`osmo token set` without a user), many assignments at once, changes of
/// roles, the key set and log-in of the JWT, the deprecated exchange, `/health` and the client's version.
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    route(GET, "/api/auth/user", Some(Users), users::list),
    route(POST, "/api/auth/user", Some(Users), users::create),
    route(GET, "/api/auth/user/{id}", Some(Users), users::read),
    route(DELETE, "/api/auth/user/{id}", Some(Users), users::delete),
    route(GET, "/api/auth/user/{id}/roles", Some(Users), users::roles),
    route(POST, "/api/auth/user/{id}/roles", Some(Users), users::assign),
    route(DELETE, "/api/auth/user/{id}/roles/{role}", Some(Users), users::unassign),
    route(GET, "/api/auth/roles/{role}/users", Some(Users), users::of_role),
    route(POST, "/api/auth/roles/{role}/users", Some(Users), users::assign_many),
    route(GET, "/api/auth/user/{id}/access_token", Some(TokensOfUser), tokens::list),
    route(POST, "/api/auth/user/{id}/access_token/{name}", Some(TokensOfUser), tokens::create),
    route(DELETE, "/api/auth/user/{id}/access_token/{name}", Some(TokensOfUser), tokens::delete),
    route(GET, "/api/auth/access_token", Some(OwnTokens), tokens::list_own),
    route(POST, "/api/auth/access_token/{name}", Some(OwnTokens), tokens::create_own),
    route(DELETE, "/api/auth/access_token/{name}", Some(OwnTokens), tokens::delete_own),
    route(GET, "/api/auth/access_token/{name}/roles", Some(OwnTokens), tokens::roles_of_own),
    route(GET, "/api/auth/jwt/access_token", None, exchange::exchange_deprecated),
    route(POST, "/api/auth/jwt/access_token", None, exchange::exchange),
    route(GET, "/api/auth/keys", None, exchange::keys),
    route(GET, "/api/auth/login", None, exchange::login),
    route(GET, "/api/configs/role", Some(ReadRoles), roles::list),
    route(GET, "/api/configs/role/{name}", Some(ReadRoles), roles::read),
    route(PUT, "/api/configs/role/{name}", Some(WriteRoles), roles::put),
    route(DELETE, "/api/configs/role/{name}", Some(WriteRoles), roles::delete),
    route(GET, description::PATH, Some(Users), description::read),
    route(GET, "/api/version", None, roles::version),
    route(GET, "/client/version", None, roles::client_version),
    route(GET, "/health", Some(Users), roles::health),
    route(GET, "/api/profile/settings", Some(Refresh), roles::profile),
];

const fn route(
    method: Method,
    pattern: &'static str,
    action: Option<authorization::Action>,
    run: fn(&Context<'_>) -> Result<Answer, Refusal>,
) -> Route<Endpoint> {
    Route {
        method,
        pattern,
        handler: Endpoint { action, run },
    }
}

impl Dialect for Osmo {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        answer(server, store, call).unwrap_or_else(Refusal::into_answer)
    }

    fn prepare(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        administrator::prepare(store, now)
    }

    fn failure(&self, failure: &Failure) -> Answer {
        fault::before_work(failure)
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        find(ROUTES, method, path).pattern()
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: Some(exchange::default_admin_token(operator_secret)),
            ..Credentials::default()
        }
    }
}

/// First the gateway: who calls, and whether they may. What has no action of its own, such as a path that does not exist, is
/// for those who may do everything. Then the service.
fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, Refusal> {
    gateway::refuse_escaped_slashes(server, call)?;
    let caller = gateway::authenticate(server, store, call)?;
    // The framework serves HEAD nowhere.
    let found = match call.method {
        Method::HEAD => find(ROUTES, &Method::TRACE, &call.path),
        _ => find(ROUTES, &call.method, &call.path),
    };
    let (action, pieces) = match &found {
        Found::Route(route, pieces) => (&route.handler.action, pieces.clone()),
        Found::OtherMethods(_) | Found::Nothing => (&Some(Users), Vec::new()),
    };
    if let Some(action) = action
        && !gateway::is_open(&call.path)
    {
        let user = pieces.first().map(String::as_str);
        authorization::check(store, &caller, action, user)?;
    }
    let context = Context {
        server,
        store,
        call,
        pieces,
        caller,
    };
    let warnings = version_header::check(&context)?;
    let answer = match found {
        Found::Route(route, _) => store.in_transaction(|| (route.handler.run)(&context)),
        Found::OtherMethods(allowed) => {
            let first = allowed.split(',').next().unwrap_or_default();
            Err(Refusal::method_not_allowed(first))
        }
        Found::Nothing => Err(without_slash(call)),
    };
    Ok(warnings.on(answer.unwrap_or_else(Refusal::into_answer)))
}

/// A path that would be right without the slash at its end is sent there.
fn without_slash(call: &Call) -> Refusal {
    let path = call.path.strip_suffix('/').unwrap_or_default();
    if matches!(find(ROUTES, &Method::TRACE, path), Found::Nothing) {
        return Refusal::no_such_path();
    }
    let host = call.header(HOST).unwrap_or_default();
    let query = call.query.as_ref();
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    Refusal::redirect(&format!("http://{host}{path}{query}"))
}
