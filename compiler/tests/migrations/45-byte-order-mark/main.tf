terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

# Tokens.
resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

output "token" {
  value     = signalfx_org_token.ci.secret
  sensitive = true
}
