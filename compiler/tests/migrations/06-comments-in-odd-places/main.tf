terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

# Before.
resource "signalfx_org_token" "ci" { # behind the brace
  # Above the name.
  name        = "ci"       // behind the name
  auth_scopes = ["INGEST"] # only metrics
  /* between */
  disabled = false /* not yet */

  // Near the end.
} # after

/* A block of words about signalfx_org_token.ci.secret
   that nobody evaluates. */
output "x" {
  value     = /* here */ signalfx_org_token.ci.secret # and there
  sensitive = true
}
