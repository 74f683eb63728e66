# An ingest token of the organization that rotates before its end, and a read-only one that a team may see.

terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# The credential comes from LANYARD_TOKEN: the user API access token of an administrator. Give LANYARD_URL, or the realm (`us1`) as
# LANYARD_ORGANIZATION.
provider "lanyard" {
  api = "splunk"
}

resource "lanyard_access_token" "ingest" {
  name        = "shop/ingest"
  description = "The collector of the shop"
  scopes      = ["ingest"]
  ttl         = "90d"

  # The old secret is accepted for two more days.
  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }

  limits {
    custom_metrics       = 1000
    custom_metrics_alert = 900
  }

  alert {
    type  = "Email"
    email = "ops@example.com"
  }
}

resource "lanyard_access_token" "reports" {
  name   = "reports"
  scopes = ["api"]
  roles  = ["read_only"]
  ttl    = "30d"

  visibility {
    level = "selected"
    teams = ["TEAMID1"]
  }
}
