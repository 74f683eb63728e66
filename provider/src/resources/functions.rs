//! Functions of the configuration language: what a configuration otherwise spells out by hand each time it hands a token on.

mod authorization_header;
mod duration;

use std::sync::Arc;

use super::Function;

/// Every function, in the order of the documentation.
pub(super) fn all() -> Vec<Arc<dyn Function>> {
    vec![
        Arc::new(authorization_header::AuthorizationHeader),
        Arc::new(duration::DURATION_SECONDS),
        Arc::new(duration::DURATION_HOURS),
    ]
}
