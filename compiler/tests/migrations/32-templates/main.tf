terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "team" {
  for_each    = toset(["a", "b"])
  name        = each.key
  auth_scopes = ["INGEST"]
}

locals {
  file = <<-EOT
    %{for name, token in signalfx_org_token.team~}
    ${name}=${token.secret}
    %{endfor~}
  EOT
  text = "a ${signalfx_org_token.team["a"].secret} b ${upper("${signalfx_org_token.team["b"].secret}")} $${no}"
}
