//! What the command and the real Terraform make of the same: of one configuration, of each other's exports and plans.

mod adopt;
mod contest;
mod corpus;
mod every_server;
mod expired;
mod export;
mod recorded;
mod review;
mod triggers;
mod webhooks;
