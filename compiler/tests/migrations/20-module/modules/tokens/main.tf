terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

variable "team" {
  type = string
}

resource "signalfx_org_token" "this" {
  name        = var.team
  auth_scopes = ["INGEST"]
}
