terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

import {
  to = signalfx_org_token.ci
  id = "ci"
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}
