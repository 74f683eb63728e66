terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

locals {
  text   = "signalfx_org_token.ci.secret"
  dollar = "$${signalfx_org_token.ci.secret} and %%{ if signalfx_org_token.ci.secret }"
  name   = { signalfx_org_token = "ci", secret = "s" }
  other  = local.name.signalfx_org_token
  quoted = "say \"signalfx_org_token.ci.secret\" ${"in ${signalfx_org_token.ci.name} there"}"
  doc    = <<EOT
resource "signalfx_org_token" "ci" {}
$${signalfx_org_token.ci.secret}
${signalfx_org_token.ci.secret}
EOT
}

resource "signalfx_org_token" "ci" {
  name        = "signalfx_org_token"
  description = "signalfx_org_token.ci"
  auth_scopes = ["INGEST"]
}

resource "terraform_data" "signalfx_org_token" {
  input = "signalfx"
}

output "data" {
  value = terraform_data.signalfx_org_token.output
}
