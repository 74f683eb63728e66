# A token of a built-in account, and an account of our own with a token that is replaced on demand.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# Address and credential come from LANYARD_URL and LANYARD_USERNAME with LANYARD_PASSWORD, or LANYARD_TOKEN.
provider "lanyard" {
  api = "elasticsearch"
}

# Built in: it has to exist, takes no other attributes, and stays when this resource is destroyed.
resource "lanyard_service_account" "fleet" {
  name        = "elastic/fleet-server"
  on_conflict = "adopt"
}

resource "lanyard_access_token" "fleet" {
  name            = "ci"
  service_account = lanyard_service_account.fleet.id
}

# Needs a cluster with user-managed service accounts (9.6 or later).
resource "lanyard_service_account" "worker" {
  name  = "shop/worker"
  roles = ["viewer"]
}

resource "lanyard_access_token" "worker" {
  name            = "worker"
  service_account = lanyard_service_account.worker.id

  # Tokens never end: change the month to replace the secret. The old one is accepted for two more days, then the next apply
  # deletes it.
  rotation {
    grace_period = "48h"
    triggers     = { month = "2026-11" }
  }
}
