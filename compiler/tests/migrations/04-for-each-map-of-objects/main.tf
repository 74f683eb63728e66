terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

variable "tokens" {
  type = map(object({ scopes = list(string), description = optional(string), hosts = optional(number, -1) }))
  default = {
    ci = { scopes = ["INGEST"] }
  }
}

resource "signalfx_org_token" "all" {
  for_each    = var.tokens
  name        = each.key
  description = each.value.description
  auth_scopes = each.value.scopes

  host_or_usage_limits {
    host_limit = each.value.hosts
  }
}
