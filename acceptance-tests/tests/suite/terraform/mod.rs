//! Stories told with the real Terraform, through `init` from a mirror and the real handshake.

mod harness;
