//! What Lanyard offers to Terraform, in words of its own: values, schemas and diagnostics, never a wire format and never a
//! vendor. `interface/` says what a resource, a data source and the rest are; the files beside it are the ones that exist.
//! The rpc layer knows only `interface/` and asks [`provider`] for everything else.

pub(crate) mod checks;
mod interface;

mod actions;
mod connection;
mod data_sources;
mod ephemeral_access_token;
mod ephemeral_token_exchange;
mod functions;
mod lanyard;
mod list_resources;
mod managed;
mod planned;
mod settings;
mod state_place;
mod trouble;

pub use interface::{
    Action, ApplyKind, ApplyRequest, ApplyResponse, Attended, DataSource, DestroyRequest,
    DestroyResponse, EphemeralResource, Function, FunctionError, FunctionSignature,
    IdentityAttribute, IdentitySchema, ImportBy, ImportResponse, ListItem, ListRequest,
    ListResource, ListSink, MoveRequest, MoveResponse, OpenResponse, Parameter, PlanRequest,
    PlanResponse, Progress, Provider, ReadDataResponse, ReadRequest, ReadResponse, Resource,
};
pub use lanyard::provider;
