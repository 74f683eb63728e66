//! What `proto/` says, as `build.rs` writes it.

#![expect(
    clippy::all,
    clippy::allow_attributes,
    reason = "generated code has its own habits"
)]

/// Terraform's plugin protocol 5.
pub mod tfplugin5 {
    tonic::include_proto!("tfplugin5");
}

/// The services every plugin has.
pub mod plugin {
    tonic::include_proto!("plugin");
}

/// The health question.
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}
