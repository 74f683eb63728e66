terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "n" {
  count       = 3
  name        = "n-${count.index}"
  auth_scopes = ["RUM"]
}

output "all" {
  value     = signalfx_org_token.n[*].secret
  sensitive = true
}

output "first" {
  value     = signalfx_org_token.n[0].secret
  sensitive = true
}

output "old_splat" {
  value     = signalfx_org_token.n.*.secret
  sensitive = true
}

output "old_index" {
  value     = signalfx_org_token.n.0.secret
  sensitive = true
}
