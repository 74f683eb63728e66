terraform {
  required_providers {
    signalfx = { source = "splunk-terraform/signalfx" }
  }
}

variable "name" {
  type = string
}

resource "signalfx_org_token" "this" {
  name        = var.name
  auth_scopes = ["INGEST"]
}

output "secret" {
  value     = signalfx_org_token.this.secret
  sensitive = true
}
