//! tfplugin5 <-> ours: values (msgpack, and JSON for stored state), schemas, diagnostics and paths. Only this room and `rpc`
//! know tfplugin5. Everything that arrives is treated as hostile: no panic, memory in proportion to what was sent.

mod decode;
mod diagnostic;
mod dynamic;
mod encode;
mod json;
mod msgpack;
mod path;
mod problem;
mod schema;
mod shape;
mod text;

pub use decode::decode;
pub use diagnostic::diagnostics;
pub use encode::{Encoded, Unknowns, encode};
pub use json::decode_json;
pub use path::attribute_path;
pub use problem::Problem;
pub use schema::{function, identity_schema, schema};
pub use shape::{Field, Fields, WireShape};
