terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

resource "signalfx_org_token" "ci" {
  name        = lower(join("-", ["CI", "Deploy"]))
  description = trimspace(<<-EOT
    For CI.
  EOT
  )
  auth_scopes = tolist(toset(["INGEST"]))
}

output "rendered" {
  sensitive = true
  value = jsonencode({
    token = signalfx_org_token.ci.secret
    yaml  = yamlencode({ "name" : signalfx_org_token.ci.name })
    both  = (signalfx_org_token.ci.secret != "" ? (signalfx_org_token.ci.secret) : "-")
    sum   = -1 + length(signalfx_org_token.ci.secret) * 2
    coal  = coalesce(signalfx_org_token.ci.description, "none")
  })
}
