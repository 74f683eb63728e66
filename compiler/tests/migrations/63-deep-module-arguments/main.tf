terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

module "collector" {
  source = "./collector"
  count  = 1

  settings = {
    token   = signalfx_org_token.ci.secret
    headers = { "X-SF-Token" = "${signalfx_org_token.ci.secret}" }
    list    = [signalfx_org_token.ci.secret, { deep = [signalfx_org_token.ci.name] }]
  }
  depends_on = [signalfx_org_token.ci]
}
