//! The text by which Terraform finds a provider that a person started.

use super::listener::Listener;

/// The value of `TF_REATTACH_PROVIDERS`.
pub(super) fn variable(address: &str, protocol: u32, listener: &Listener) -> String {
    serde_json::json!({
        address: {
            "Protocol": "grpc",
            "ProtocolVersion": protocol,
            "Pid": std::process::id(),
            // Terraform neither kills it nor shuts it down.
            "Test": true,
            "Addr": { "Network": listener.network(), "String": listener.address() },
        }
    })
    .to_string()
}
