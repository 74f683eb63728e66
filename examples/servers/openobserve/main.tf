# A service account of OpenObserve with its one secret, and a token for sending data that belongs to no account.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# LANYARD_URL, and LANYARD_USERNAME and LANYARD_PASSWORD of an administrator.
provider "lanyard" {
  api          = "openobserve"
  organization = "default"
}

# The address becomes pipeline.default@sa.internal; it is the user name, and `token` the password.
resource "lanyard_service_account" "pipeline" {
  name        = "pipeline"
  description = "Queries dashboards from the pipeline"
}

resource "lanyard_access_token" "shipper" {
  name        = "log-shipper"
  description = "Sends logs of the shop"
}
