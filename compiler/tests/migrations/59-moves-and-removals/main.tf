terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

moved {
  from = signalfx_org_token.oldest
  to   = signalfx_org_token.older
}

moved {
  from = signalfx_org_token.older
  to   = signalfx_org_token.ci["a"]
}

removed {
  from = signalfx_org_token.gone

  lifecycle {
    destroy = false
  }
}

resource "signalfx_org_token" "ci" {
  for_each    = toset(["a"])
  name        = each.key
  auth_scopes = ["INGEST"]
}
