//! The Terraform provider: what Lanyard offers (`resources`), served over tfplugin5.

pub mod resources;
