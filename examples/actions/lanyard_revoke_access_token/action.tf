resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

# Ends the token itself. The next apply creates it anew.
#   terraform apply -invoke=action.lanyard_revoke_access_token.ci
#   terraform apply
action "lanyard_revoke_access_token" "ci" {
  config {
    access_token = lanyard_access_token.ci.id
  }
}
