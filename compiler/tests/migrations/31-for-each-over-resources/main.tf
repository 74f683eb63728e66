terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "team" {
  for_each    = toset(["a", "b"])
  name        = each.key
  auth_scopes = ["INGEST"]
}

resource "terraform_data" "copy" {
  for_each = signalfx_org_token.team
  input    = sha256(each.value.secret)
}

resource "terraform_data" "values" {
  input = [for secret in values(signalfx_org_token.team)[*].secret : sha256(secret)]
}

output "names" {
  value = join(", ", [for token in values(signalfx_org_token.team) : token.name if token.secret != ""])
}

output "count" {
  value = length(signalfx_org_token.team) + length(keys(signalfx_org_token.team))
}
