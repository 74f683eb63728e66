//! What planning promises: pure, acceptable to Terraform, and finished after one apply.

mod oracle;
mod rotation;
mod world;
