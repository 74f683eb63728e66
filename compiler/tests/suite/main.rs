//! What the deciding half promises: every mistake is found, and plans are pure, acceptable to Terraform, and finished after one
//! apply.

mod checks;
mod comparison;
mod consumers;
mod contradictions;
mod formats;
mod hidden;
mod ignored;
mod migration;
mod migrations;
mod oracle;
mod plans;
mod properties;
mod reconcile;
mod recorded;
mod repeated;
mod replacement;
mod review;
mod revisions;
mod rotation;
mod rules;
mod states;
mod world;
