terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "team" {
  for_each    = toset(["shop", "web"])
  name        = "team/${each.key}"
  auth_scopes = ["INGEST"]
}

output "secrets" {
  value     = { for name, token in signalfx_org_token.team : name => token.secret }
  sensitive = true
}

output "shop" {
  value     = signalfx_org_token.team["shop"].secret
  sensitive = true
}
