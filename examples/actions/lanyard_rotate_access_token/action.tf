resource "lanyard_access_token" "ci" {
  name = "ci"
  ttl  = "90d"
}

# Ends the secret: it may have leaked. The next apply brings a new one, wherever `token` is used.
#   terraform apply -invoke=action.lanyard_rotate_access_token.ci
#   terraform apply
action "lanyard_rotate_access_token" "ci" {
  config {
    access_token = lanyard_access_token.ci.id

    # The server keeps the old one for this long. Left out, it ends at once.
    grace_period = "1h"
  }
}
