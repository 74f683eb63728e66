terraform {
  required_providers {
    signalfx     = { source = "splunk-terraform/signalfx" }
    chronosphere = { source = "chronosphereio/chronosphere" }
  }
}

resource "signalfx_org_token" "this" {
  name        = "x"
  auth_scopes = ["INGEST"]
}

resource "chronosphere_service_account" "this" {
  name         = "X"
  unrestricted = true
}
