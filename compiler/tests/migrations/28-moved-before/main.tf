terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

moved {
  from = signalfx_org_token.old
  to   = signalfx_org_token.new
}

resource "signalfx_org_token" "new" {
  name        = "new"
  auth_scopes = ["INGEST"]
}
