//! Lanyard's deciding half: what service accounts and access tokens are, what a configuration says about them, and what has to
//! change. Pure and synchronous: no network, files, environment or clock.
//!
//! Rooms in reading order; each may use only the rooms above it.

pub mod secret;
pub mod value;

pub mod parallel;

pub mod redaction;

pub mod suggest;

pub mod diagnostic;

pub mod model;

pub mod language;

pub mod plan;

pub mod desired_state;

pub mod delivery;

pub mod comparison;

pub mod migration;

pub mod review;

pub mod policy;

pub mod answers;

pub mod reference;
