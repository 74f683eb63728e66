//! The provider's executable: Terraform starts it, people need not.

use std::process::ExitCode;

fn main() -> ExitCode {
    lanyard_provider::serve(lanyard_provider::resources::provider)
}
