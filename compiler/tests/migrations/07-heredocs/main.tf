terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  description = <<-EOT
    Used by the builds.
    auth_scopes = not an attribute
  EOT
  auth_scopes = ["INGEST"]
}

locals {
  plain    = <<EOT
token: ${signalfx_org_token.ci.secret}
escaped: $${signalfx_org_token.ci.secret}
EOT
  indented = <<-EOT
    %{if true~}
    token: ${signalfx_org_token.ci.secret}
    %{endif~}
  EOT
}
