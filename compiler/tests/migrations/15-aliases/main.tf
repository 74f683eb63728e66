terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

provider "signalfx" {
  auth_token = "a"
}

provider "signalfx" {
  alias      = "eu"
  auth_token = "b"
  api_url    = "https://api.eu0.signalfx.com"
}

resource "signalfx_org_token" "us" {
  name        = "us"
  auth_scopes = ["INGEST"]
}

resource "signalfx_org_token" "eu" {
  provider    = signalfx.eu
  name        = "eu"
  auth_scopes = ["INGEST"]
}
