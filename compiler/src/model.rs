//! What exists in the domain: service accounts, access tokens, their lifetimes, and what each token server can do.

pub mod schema;
