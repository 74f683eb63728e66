terraform {
  required_providers {
    signalfx = { source = "splunk-terraform/signalfx" }
    lanyard  = { source = "lanyard/lanyard" }
  }
}

provider "lanyard" {
  api          = "chronosphere"
  organization = "acme"
  token        = "t"
}

provider "signalfx" {
  auth_token = "a"
}

resource "lanyard_service_account" "there" {
  name         = "There"
  unrestricted = true
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}
