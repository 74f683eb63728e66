//! Splunk Observability Cloud's org tokens: `/v2/token`, addressed by name, and what official clients ask beside it.
//! This API shows a secret again on every read, so unlike everywhere else in this server it is kept in clear, in the
//! token's `vendor` column.

mod caller;
mod fault;
mod limits;
mod list;
mod notifications;
mod organization;
mod permissions;
mod rotate;
mod secrets;
mod show;
mod tokens;

use http::Method;
use http::header::ALLOW;

use self::caller::Caller;
use self::fault::Refusal;
use super::{Credentials, Dialect, Failure, takes};
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) struct Splunk;

type Context<'a> = super::Context<'a, Caller>;

type Endpoint = fn(&Context<'_>) -> Result<Answer, Refusal>;

const ORGANIZATION: &str = "/v2/organization";
const SESSION: &str = "/v2/session";
const TOKENS: &str = "/v2/token";
const TOKEN: &str = "/v2/token/{name}";
const ROTATE: &str = "/v2/token/{name}/rotate";
const DATAPOINT: &str = "/v2/datapoint";

/// Our client calls all of them but `datapoint`, where the tests see which tokens may ingest, and the end of a session, which stays for
/// scripts that sign out.
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    Route { method: Method::GET, pattern: ORGANIZATION, handler: organization::read },
    Route { method: Method::POST, pattern: SESSION, handler: organization::open_session },
    Route { method: Method::DELETE, pattern: SESSION, handler: organization::close_session },
    Route { method: Method::GET, pattern: TOKENS, handler: list::list },
    Route { method: Method::POST, pattern: TOKENS, handler: tokens::create },
    Route { method: Method::GET, pattern: TOKEN, handler: tokens::read },
    Route { method: Method::PUT, pattern: TOKEN, handler: tokens::update },
    Route { method: Method::DELETE, pattern: TOKEN, handler: tokens::delete },
    Route { method: Method::POST, pattern: ROTATE, handler: rotate::rotate },
    Route { method: Method::POST, pattern: DATAPOINT, handler: organization::ingest },
];

/// Name of the administrator who signs in with e-mail address and password.
const ADMINISTRATOR: &str = "admin@example.com";
const ORGANIZATION_ID: &str = "LanyardOrg0";

impl Dialect for Splunk {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        answer(server, store, call).unwrap_or_else(Refusal::into_answer)
    }

    fn failure(&self, failure: &Failure) -> Answer {
        fault::before_work(failure)
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        find(ROUTES, method, without_trailing_slash(path)).pattern()
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: Some(operator_secret.to_owned()),
            username: Some(ADMINISTRATOR.to_owned()),
            password: Some(operator_secret.to_owned()),
            organization: Some(ORGANIZATION_ID.to_owned()),
        }
    }
}

/// Published scripts list tokens at `/v2/token/`.
fn without_trailing_slash(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, Refusal> {
    let path = without_trailing_slash(&call.path);
    let (route, pieces) = match find(ROUTES, &call.method, path) {
        Found::Route(route, pieces) => (route, pieces),
        Found::OtherMethods(allowed) => {
            let answer = Refusal::method_not_allowed().into_answer();
            return Ok(answer.with(ALLOW, &allowed));
        }
        Found::Nothing => return Err(Refusal::no_such_path()),
    };
    // Data points come in other types as well.
    if route.pattern != DATAPOINT && !takes(server, call) {
        return Err(Refusal::unsupported_media_type());
    }
    // Sessions are opened without a token, and ending an unknown one is a 404, not a 401.
    let caller = if route.pattern == SESSION {
        Caller::Anonymous
    } else {
        caller::authenticate(server, store, call)?
    };
    let context = Context {
        server,
        store,
        call,
        pieces,
        caller,
    };
    store.in_transaction(|| (route.handler)(&context))
}
