//! No orphan, no loss: every server call of every operation, spoiled in every way. Once the fault is over, the next apply leaves exactly
//! what is configured, and every secret in the state works.
//!
//! `table` is what is tried, `world` where it is tried, `matrix` the trial of every cell, `report` what the documentation shows of it.
//! `killed` kills the provider under the real Terraform.

#[cfg(target_os = "linux")]
mod killed;
mod matrix;
mod report;
mod table;
mod world;
