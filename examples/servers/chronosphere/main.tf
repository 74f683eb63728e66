# An account that may only read the metrics of one tenant, and one that may do everything.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# The credential comes from LANYARD_TOKEN. Give LANYARD_URL, or the tenant (`acme` of acme.chronosphere.io) as LANYARD_ORGANIZATION.
provider "lanyard" {
  api = "chronosphere"
}

resource "lanyard_service_account" "reader" {
  name = "Metrics Reader"
  slug = "metrics-reader"

  restriction {
    permission = "READ"
    labels     = { tenant = "acme" }
  }
}

resource "lanyard_service_account" "automation" {
  name         = "Automation"
  unrestricted = true
}

output "reader_email" {
  description = "Put this address into a team to make the account a member."
  value       = lanyard_service_account.reader.email
}

output "reader_token" {
  value     = lanyard_service_account.reader.token
  sensitive = true
}
