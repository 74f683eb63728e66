//! Stories told with the real Terraform, through `init` from a mirror and the real handshake. One life of a credential after the other, then
//! what stands around it, then what goes wrong.

mod consumers;
mod harness;
