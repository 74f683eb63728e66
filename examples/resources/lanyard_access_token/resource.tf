resource "lanyard_service_account" "deploy" {
  name  = "deploy"
  roles = ["viewer", "editor"]
}

# Rotated by the first apply in the two weeks before its end; the old secret works for two more days.
resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.deploy.id
  description     = "Used by the deployment job"
  roles           = ["viewer"]
  ttl             = "90d"

  rotation {
    before_expiry = "14d"
    grace_period  = "48h"
  }
}

# Rotated whenever the release changes; the old secret works until the new one is first used.
resource "lanyard_access_token" "release" {
  name            = "release"
  service_account = lanyard_service_account.deploy.id
  scopes          = ["samples:read"]
  expires_at      = "2099-12-31T00:00:00Z"

  rotation {
    grace_period = "until_first_use"
    triggers = {
      release = "2026.11"
    }
  }
}
