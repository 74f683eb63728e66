//! The language front end: what configurations mean, and what is said about wrong ones.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod corpus;
mod imports;
mod providers;
mod statements;
mod support;

mod bounds;
mod first_path;
mod hostile;
mod marks;
mod mistakes;
mod provenance;
mod reference;
