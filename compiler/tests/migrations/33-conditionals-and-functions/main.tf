terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

variable "on" {
  type    = bool
  default = true
}

resource "signalfx_org_token" "maybe" {
  count       = var.on ? 1 : 0
  name        = "maybe"
  auth_scopes = ["INGEST"]
}

output "a" {
  value     = var.on ? signalfx_org_token.maybe[0].secret : null
  sensitive = true
}

output "b" {
  value     = one(signalfx_org_token.maybe[*].secret)
  sensitive = true
}

output "c" {
  value     = try(signalfx_org_token.maybe[0].secret, "")
  sensitive = true
}

output "d" {
  value     = one(signalfx_org_token.maybe).secret
  sensitive = true
}

output "e" {
  value     = (signalfx_org_token.maybe[0]).secret
  sensitive = true
}
