terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

provider "signalfx" {
  auth_token = var.auth_token
  api_url    = "https://api.us1.signalfx.com"
}

variable "auth_token" {
  type      = string
  sensitive = true
  default   = ""
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

output "secret" {
  value     = signalfx_org_token.ci.secret
  sensitive = true
}
