//! Chronosphere's Config API v1 as far as service accounts need it: accounts with their one secret, teams that they
//! join by e-mail address, and `whoami`. An account is addressed by its slug and has no update.

mod caller;
mod fault;
mod page;
mod service_accounts;
mod slug;
mod teams;

use http::Method;
use http::header::{ALLOW, HeaderName};

use self::fault::ApiError;
use super::{Credentials, Dialect, Failure, takes};
use crate::secret;
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) struct Chronosphere;

type Context<'a> = super::Context<'a, ()>;

type Endpoint = fn(&Context<'_>) -> Result<Answer, ApiError>;

/// The official provider appends it to the messages of declared errors.
const REQUEST_ID: HeaderName = HeaderName::from_static("chrono-request-id");

const ACCOUNTS: &str = "/api/v1/config/service-accounts";
const ACCOUNT: &str = "/api/v1/config/service-accounts/{slug}";
const TEAMS: &str = "/api/v1/config/teams";
const TEAM: &str = "/api/v1/config/teams/{slug}";
const WHOAMI: &str = "/auth/whoami";

/// Our client calls the accounts and `whoami`. Teams stay for the vendor's Terraform provider, whose `chronosphere_team` takes an account's
/// `email`.
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    Route { method: Method::POST, pattern: ACCOUNTS, handler: service_accounts::create },
    Route { method: Method::GET, pattern: ACCOUNTS, handler: service_accounts::list },
    Route { method: Method::GET, pattern: ACCOUNT, handler: service_accounts::read },
    Route { method: Method::DELETE, pattern: ACCOUNT, handler: service_accounts::delete },
    Route { method: Method::POST, pattern: TEAMS, handler: teams::create },
    Route { method: Method::GET, pattern: TEAMS, handler: teams::list },
    Route { method: Method::GET, pattern: TEAM, handler: teams::read },
    Route { method: Method::PUT, pattern: TEAM, handler: teams::update },
    Route { method: Method::DELETE, pattern: TEAM, handler: teams::delete },
    Route { method: Method::GET, pattern: WHOAMI, handler: caller::whoami },
];

impl Dialect for Chronosphere {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        answer(server, store, call)
            .unwrap_or_else(|error| error.into_answer())
            .with(REQUEST_ID, &secret::random_base62(20))
    }

    fn failure(&self, failure: &Failure) -> Answer {
        fault::before_work(failure).with(REQUEST_ID, &secret::random_base62(20))
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        find(ROUTES, method, path).pattern()
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: Some(operator_secret.to_owned()),
            ..Credentials::default()
        }
    }
}

fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, ApiError> {
    let (route, pieces) = match find(ROUTES, &call.method, &call.path) {
        Found::Route(route, pieces) => (route, pieces),
        Found::OtherMethods(allowed) => {
            let answer = ApiError::method_not_allowed().into_answer();
            return Ok(answer.with(ALLOW, &allowed));
        }
        Found::Nothing => return Err(ApiError::no_such_path()),
    };
    if !takes(server, call) {
        return Err(ApiError::unsupported_media_type());
    }
    let caller = caller::authenticate(server, store, call)?;
    if route.pattern != WHOAMI {
        caller.may_configure()?;
    }
    let context = Context {
        server,
        store,
        call,
        pieces,
        caller: (),
    };
    store.in_transaction(|| (route.handler)(&context))
}
