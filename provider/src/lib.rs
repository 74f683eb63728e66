//! The Terraform provider: what Lanyard offers (`resources`), served over tfplugin5.

pub mod generated;
pub mod resources;
pub mod wire;
