terraform {
  required_providers {
    signalfx     = { source = "splunk-terraform/signalfx" }
    chronosphere = { source = "chronosphereio/chronosphere" }
    openobserve  = { source = "openobserve/openobserve" }
  }
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

resource "chronosphere_service_account" "ci" {
  name         = "CI"
  unrestricted = true
}

resource "openobserve_ingestion_token" "otel" {
  name = "otel"
}
