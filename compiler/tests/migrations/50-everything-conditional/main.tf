terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

variable "on" {
  type    = bool
  default = true
}

variable "description" {
  type     = string
  default  = null
  nullable = true
}

resource "signalfx_org_token" "maybe" {
  count       = var.on ? 1 : 0
  name        = var.on ? "on" : "off"
  description = var.description == null ? null : upper(var.description)
  disabled    = !var.on
  auth_scopes = concat(["INGEST"], var.on ? ["API"] : [])
}

output "token" {
  value     = var.on ? signalfx_org_token.maybe[0].secret : null
  sensitive = true
}

output "safe" {
  value     = nonsensitive(sha256(try(one(signalfx_org_token.maybe[*].secret), "none")))
  sensitive = false
}
