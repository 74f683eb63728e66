terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

provider "signalfx" {
  alias      = "eu"
  auth_token = "b"
}

resource "signalfx_org_token" "eu" {
  provider    = "signalfx.eu"
  name        = "eu"
  auth_scopes = ["INGEST"]
}

resource "signalfx_org_token" "other" {
  provider    = signalfx.eu
  name        = "other"
  auth_scopes = ["INGEST"]
  depends_on  = ["signalfx_org_token.eu"]
}
