terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "native" {
  name        = "native"
  auth_scopes = ["INGEST"]
}

output "json" {
  value     = signalfx_org_token.json.secret
  sensitive = true
}
