terraform {
  required_providers {
    chronosphere = {
      source = "chronosphereio/chronosphere"
    }
  }
}

provider "chronosphere" {
  org       = "acme"
  api_token = "t"
}

resource "chronosphere_service_account" "ci" {
  name = "CI"
  slug = "ci"

  restriction {
    permission = "READ_AND_WRITE"
    labels     = { team = "shop", "cost center" = "7" }
  }
}

output "account" {
  value     = chronosphere_service_account.ci
  sensitive = true
}
