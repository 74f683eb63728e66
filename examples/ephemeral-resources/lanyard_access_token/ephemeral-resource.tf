# Needs Terraform 1.10 or OpenTofu 1.11. The token exists while Terraform runs, and is revoked at the end of the run.

resource "lanyard_service_account" "migration" {
  name  = "migration"
  roles = ["viewer"]
}

ephemeral "lanyard_access_token" "migration" {
  service_account = lanyard_service_account.migration.id
  ttl             = "15m"
}

# What is ephemeral may go into the settings of a provider.
provider "lanyard" {
  alias = "migration"
  token = ephemeral.lanyard_access_token.migration.token
}

# Signed in with it. Where there is no account yet, there is no token yet when planning: then this is read while applying.
data "lanyard_identity" "migration" {
  provider   = lanyard.migration
  depends_on = [lanyard_service_account.migration]
}

output "migrates_with" {
  value = data.lanyard_identity.migration.roles
}
