/* One
   two */ terraform { // opened
  required_providers { # ours below
    signalfx = { # theirs
      source = "splunk-terraform/signalfx" // signalfx_org_token is theirs
    } /* closed */
  }
}
// resource "signalfx_org_token" "commented" {}
resource /* kind */ "signalfx_org_token" /* name */ "ci" { # signalfx_org_token.ci
  /* before */ name /* key */ = /* value */ "ci" # after signalfx_org_token.ci.secret

  // scopes
  auth_scopes = [ # opened
    // first
    "INGEST", # "API"
    /* "API", */
  ] # closed
  # at the end
} // over
# between

/* and
signalfx_org_token.ci.secret
again */
output "token" {
  value     = /* the secret */ signalfx_org_token.ci /* of */ .secret # here
  sensitive = true
}
# last