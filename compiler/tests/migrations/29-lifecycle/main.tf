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

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [auth_scopes, description]

    postcondition {
      condition     = self.secret != ""
      error_message = "There is no secret."
    }
  }
}

resource "terraform_data" "user" {
  input = sha256(signalfx_org_token.ci.secret)

  lifecycle {
    replace_triggered_by = [signalfx_org_token.ci, signalfx_org_token.ci.secret]
  }
}
