//! What `proto/` generates; `tests/suite/generated.rs` keeps it current. Never edited by hand.

#![expect(
    clippy::all,
    clippy::allow_attributes,
    reason = "generated code has its own habits"
)]

/// Terraform's plugin protocol 5.
pub mod tfplugin5 {
    include!("tfplugin5.rs");
}

/// The services every plugin has.
pub mod plugin {
    include!("plugin.rs");
}

/// The health question.
pub mod health {
    include!("grpc.health.v1.rs");
}
