//! The language front end: what configurations mean, and what is said about wrong ones.

mod support;

mod first_path;
