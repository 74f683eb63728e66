terraform {
  required_providers {
    signalfx = { source = "splunk-terraform/signalfx" }
  }
}

resource "signalfx_org_token" "this" {
  name        = "x"
  auth_scopes = ["INGEST"]
}
