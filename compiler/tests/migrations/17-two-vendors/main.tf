terraform {
  required_providers {
    signalfx     = { source = "splunk-terraform/signalfx" }
    chronosphere = { source = "chronosphereio/chronosphere" }
  }
}

provider "signalfx" {
  auth_token = "a"
}

provider "chronosphere" {
  org       = "acme"
  api_token = "b"
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

resource "chronosphere_service_account" "ci" {
  name         = "CI"
  unrestricted = true
}

output "both" {
  value     = [signalfx_org_token.ci.secret, chronosphere_service_account.ci.token]
  sensitive = true
}
