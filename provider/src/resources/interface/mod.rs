//! The seam between the rpc layer and everything Lanyard offers: one trait per kind of thing Terraform knows. Requests and
//! responses are plain data; `None` in a response means "as it was", so that forgetting a field never erases anything.
//!
//! Rules the rpc layer keeps, so that no implementation has to:
//! - every [`Value`](lanyard_compiler::value::Value) handed over holds exactly the attributes and blocks of the schema (absent is
//!   null; absent list blocks are empty lists), sensitive attributes are secrets, sets are sorted;
//! - values handed back may leave attributes out; they are filled with null;
//! - a panic becomes an error diagnostic with the best state known;
//! - writes (apply, open, close, invoke) run to their end even if Terraform goes away.

mod action;
mod data_source;
mod ephemeral_resource;
mod function;
mod identity;
mod list_resource;
mod provider;
mod resource;

pub use action::{Action, Progress};
pub use data_source::{DataSource, ReadDataResponse};
pub use ephemeral_resource::{EphemeralResource, OpenResponse};
pub use function::{Function, FunctionError, FunctionSignature, Parameter};
pub use identity::{IdentityAttribute, IdentitySchema};
pub use list_resource::{ListItem, ListRequest, ListResource, ListSink};
pub use provider::{Attended, Provider};
pub use resource::{
    ApplyKind, ApplyRequest, ApplyResponse, DestroyRequest, DestroyResponse, ImportBy,
    ImportResponse, MoveRequest, MoveResponse, PlanRequest, PlanResponse, ReadRequest,
    ReadResponse, Resource,
};
