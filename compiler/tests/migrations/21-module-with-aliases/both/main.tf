terraform {
  required_providers {
    signalfx = {
      source                = "splunk-terraform/signalfx"
      configuration_aliases = [signalfx.one, signalfx.two]
    }
  }
}

resource "signalfx_org_token" "one" {
  provider    = signalfx.one
  name        = "one"
  auth_scopes = ["INGEST"]
}

resource "signalfx_org_token" "two" {
  provider    = signalfx.two
  name        = "two"
  auth_scopes = ["INGEST"]
}
