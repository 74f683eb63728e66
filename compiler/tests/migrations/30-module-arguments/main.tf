terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

module "user" {
  source = "./user"

  token  = signalfx_org_token.ci.secret
  tokens = [for each in [signalfx_org_token.ci] : each.name]
  labels = {
    (signalfx_org_token.ci.name) = "x"
  }
}
