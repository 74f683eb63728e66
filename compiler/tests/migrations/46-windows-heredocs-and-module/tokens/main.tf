terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
  description = <<EOT
For CI.
Not for people.
EOT
}

output "secret" {
  value     = signalfx_org_token.ci.secret
  sensitive = true
}
