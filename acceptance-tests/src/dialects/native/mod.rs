//! The native token server API. This file is its table of contents: one line per endpoint with who may call it
//! and what kind of body it takes; the files beside it hold the endpoints, one family each.

mod access_tokens;
mod caller;
mod capabilities;
mod conditions;
mod exchange;
mod fields;
mod introspection;
mod managed_by;
mod openapi;
mod origin;
mod page;
mod problem;
mod replay;
mod rotation;
mod rules;
mod samples;
mod service_accounts;
mod times;
mod whoami;

use http::header::{ALLOW, CACHE_CONTROL};
use http::{Method, StatusCode};
use serde_json::Value;

use self::caller::{Access, Caller};
use self::problem::Problem;
use super::{Credentials, Dialect, Failure};
use crate::serving::call::{Answer, Call};
use crate::serving::route::{Found, Route, find};
use crate::serving::server::Server;
use crate::store::Store;

pub(super) struct Native;

type Context<'a> = super::Context<'a, Caller>;

struct Endpoint {
    access: Access,
    body: BodyKind,
    effect: Effect,
    run: fn(&Context<'_>) -> Result<Answer, Problem>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyKind {
    /// A body is not looked at.
    Ignored,
    Json,
    /// JSON, or nothing at all for `{}`.
    OptionalJson,
    /// A JSON merge patch.
    MergePatch,
    Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Reads,
    Writes,
    /// Writes, and doing it twice would do harm: `Idempotency-Key` is honoured.
    Creates,
}

use Access::{Anyone, CredentialsRead, CredentialsWrite, Open, SamplesRead, SamplesWrite};
use BodyKind::{Form, Ignored, Json, MergePatch, OptionalJson};
use Effect::{Creates, Reads, Writes};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// Our client calls the accounts, the tokens, `capabilities`, `whoami` and the token exchange. `introspect` is for services that
/// are shown a token, and samples are what a token may read and write: the contract has both, and the tests of power need them.
#[rustfmt::skip]
static ROUTES: &[Route<Endpoint>] = &[
    route(GET, "/healthz", Open, Ignored, Reads, capabilities::health),
    route(GET, "/openapi.json", Open, Ignored, Reads, openapi::serve),
    route(GET, "/v1/capabilities", Anyone, Ignored, Reads, capabilities::capabilities),
    route(GET, "/v1/whoami", Anyone, Ignored, Reads, whoami::whoami),
    route(GET, "/v1/service-accounts", CredentialsRead, Ignored, Reads, service_accounts::list),
    route(POST, "/v1/service-accounts", CredentialsWrite, Json, Creates, service_accounts::create),
    route(GET, "/v1/service-accounts/{id}", CredentialsRead, Ignored, Reads, service_accounts::read),
    route(PATCH, "/v1/service-accounts/{id}", CredentialsWrite, MergePatch, Writes, service_accounts::update),
    route(DELETE, "/v1/service-accounts/{id}", CredentialsWrite, Ignored, Writes, service_accounts::delete),
    route(GET, "/v1/access-tokens", CredentialsRead, Ignored, Reads, access_tokens::list),
    route(POST, "/v1/access-tokens", CredentialsWrite, Json, Creates, access_tokens::create),
    route(GET, "/v1/access-tokens/{id}", CredentialsRead, Ignored, Reads, access_tokens::read),
    route(PATCH, "/v1/access-tokens/{id}", CredentialsWrite, MergePatch, Writes, access_tokens::update),
    route(DELETE, "/v1/access-tokens/{id}", CredentialsWrite, Ignored, Writes, access_tokens::delete),
    route(POST, "/v1/access-tokens/{id}/rotate", CredentialsWrite, OptionalJson, Creates, rotation::rotate),
    route(DELETE, "/v1/access-tokens/{id}/previous", CredentialsWrite, Ignored, Writes, rotation::end_grace_period),
    route(POST, "/v1/introspect", CredentialsRead, Form, Reads, introspection::introspect),
    route(POST, "/v1/token", Open, Form, Writes, exchange::exchange),
    route(GET, "/v1/samples", SamplesRead, Ignored, Reads, samples::list),
    route(POST, "/v1/samples", SamplesWrite, Json, Creates, samples::create),
    route(GET, "/v1/samples/{id}", SamplesRead, Ignored, Reads, samples::read),
    route(PUT, "/v1/samples/{id}", SamplesWrite, Json, Writes, samples::replace),
    route(DELETE, "/v1/samples/{id}", SamplesWrite, Ignored, Writes, samples::delete),
];

const fn route(
    method: Method,
    pattern: &'static str,
    access: Access,
    body: BodyKind,
    effect: Effect,
    run: fn(&Context<'_>) -> Result<Answer, Problem>,
) -> Route<Endpoint> {
    Route {
        method,
        pattern,
        handler: Endpoint {
            access,
            body,
            effect,
            run,
        },
    }
}

impl Dialect for Native {
    fn answer(&self, server: &Server, store: &Store, call: &Call) -> Answer {
        let answer = answer(server, store, call).unwrap_or_else(Problem::into_answer);
        // Much of what is answered is secret or about secrets: no cache shall keep it.
        answer.with(CACHE_CONTROL, "no-store")
    }

    fn failure(&self, failure: &Failure) -> Answer {
        match failure {
            Failure::BodyTooLarge { limit } => Problem::too_large(*limit),
            Failure::RateLimited { retry_after } => Problem::rate_limited(*retry_after),
            Failure::Fault {
                status,
                retry_after,
            } => Problem::fault(*status, *retry_after),
        }
        .into_answer()
    }

    fn pattern(&self, method: &Method, path: &str) -> Option<&'static str> {
        find(ROUTES, method, path).pattern()
    }

    fn description(&self) -> Option<Value> {
        openapi::document()
    }

    fn credentials(&self, operator_secret: &str) -> Credentials {
        Credentials {
            token: Some(operator_secret.to_owned()),
            ..Credentials::default()
        }
    }
}

fn answer(server: &Server, store: &Store, call: &Call) -> Result<Answer, Problem> {
    let (route, pieces) = match find(ROUTES, &call.method, &call.path) {
        Found::Route(route, pieces) => (route, pieces),
        Found::OtherMethods(allowed) => {
            return Err(Problem::method_not_allowed(call, &allowed).with_header(ALLOW, &allowed));
        }
        Found::Nothing => return Err(Problem::no_such_path(&call.path)),
    };
    let endpoint = &route.handler;
    let caller = match endpoint.access {
        Open => Caller::anonymous(),
        _ => caller::authenticate(server, store, call)?,
    };
    caller.require(endpoint.access)?;
    check_media_type(endpoint.body, call)?;
    managed_by::check_header(call)?;
    let context = Context {
        server,
        store,
        call,
        pieces,
        caller,
    };
    match endpoint.effect {
        Reads => (endpoint.run)(&context),
        Writes => store.in_transaction(|| (endpoint.run)(&context)),
        Creates => store.in_transaction(|| replay::once(&context, endpoint.run)),
    }
}

impl BodyKind {
    fn media_types(self) -> &'static [&'static str] {
        match self {
            Ignored => &[],
            Json | OptionalJson => &["application/json"],
            MergePatch => &["application/merge-patch+json", "application/json"],
            Form => &["application/x-www-form-urlencoded"],
        }
    }
}

fn check_media_type(body: BodyKind, call: &Call) -> Result<(), Problem> {
    if body == Ignored || body == OptionalJson && call.body.is_empty() {
        return Ok(());
    }
    let accepted = body.media_types();
    let given = call.media_type();
    if given
        .as_deref()
        .is_some_and(|given| accepted.contains(&given))
    {
        return Ok(());
    }
    Err(Problem::unsupported_media_type(given.as_deref(), accepted))
}

fn no_content() -> Answer {
    Answer::empty(StatusCode::NO_CONTENT)
}
