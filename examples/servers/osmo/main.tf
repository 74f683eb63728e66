# A user of NVIDIA OSMO that serves as a service account, and an access token of it.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# LANYARD_URL is the gateway, for example https://osmo.example.com, and LANYARD_TOKEN an access token with the role osmo-admin.
provider "lanyard" {
  api = "osmo"
}

resource "lanyard_service_account" "pipeline" {
  name  = "svc-pipeline"
  roles = ["osmo-user"]
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.pipeline.id
  description     = "Submits workflows from the pipeline"
  roles           = ["osmo-user"]

  # Whole days: OSMO ends a token at midnight UTC.
  ttl = "90d"

  # The next secret is a token of its own on the server, ci--2; the old one works for two more days.
  rotation {
    before_expiry = "14d"
    grace_period  = "2d"
  }
}
