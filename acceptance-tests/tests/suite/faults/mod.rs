//! No orphan, no loss: every server call of every operation, spoiled in every way, on every kind of server. Once the fault is over, the
//! next apply leaves exactly what is configured, and every secret in the state works.
//!
//! `ground` and `grounds` are what is tried, `trouble` what goes wrong, `world` where it is tried, `aftermath` how it goes on,
//! `holdings` what is there in the end, `outcome` what that comes to, `matrix` the trial of every cell, `report` what the documentation shows of it.

mod aftermath;
mod ground;
mod grounds;
pub(crate) mod holdings;
mod matrix;
mod outcome;
mod report;
mod trouble;
mod world;
