terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

variable "limit" {
  type    = number
  default = null
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]

  dynamic "host_or_usage_limits" {
    for_each = var.limit == null ? [] : [var.limit]
    content {
      host_limit = host_or_usage_limits.value
    }
  }
}
