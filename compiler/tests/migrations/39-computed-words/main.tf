terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

variable "scopes" {
  type    = set(string)
  default = ["INGEST"]
}

variable "off" {
  type    = bool
  default = false
}

variable "hosts" {
  type    = number
  default = 5
}

resource "signalfx_org_token" "ci" {
  name        = "ci-${terraform.workspace}"
  auth_scopes = var.scopes
  disabled    = var.off

  host_or_usage_limits {
    host_limit                  = var.hosts
    host_notification_threshold = var.hosts - 1
  }
}
