//! The language front end: what configurations mean, and what is said about wrong ones.

mod corpus;
mod support;

mod first_path;
