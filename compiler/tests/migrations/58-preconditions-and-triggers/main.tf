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

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.month]

    precondition {
      condition     = length(terraform_data.month.input) > 0
      error_message = "No month."
    }

    postcondition {
      condition     = length(self.secret) > 0 && self.name == "ci"
      error_message = "Nothing in ${self.name}."
    }
  }
}

resource "terraform_data" "month" {
  input = "2026-11"
}

resource "terraform_data" "user" {
  input            = sha256(signalfx_org_token.ci.secret)
  triggers_replace = [signalfx_org_token.ci.id, signalfx_org_token.ci.secret]
  depends_on = [
    signalfx_org_token.ci, # first
    terraform_data.month,
  ]
}
