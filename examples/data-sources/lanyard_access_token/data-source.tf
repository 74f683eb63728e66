data "lanyard_service_account" "deploy" {
  name = "deploy"
}

# A token that somebody else manages. Its secret is not shown.
data "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = data.lanyard_service_account.deploy.id
}

# Warns from two weeks before its end on.
check "ci_token_lasts" {
  assert {
    condition     = try(timecmp(data.lanyard_access_token.ci.expires_at, timeadd(plantimestamp(), "336h")) > 0, true)
    error_message = "The token ci ends at ${coalesce(data.lanyard_access_token.ci.expires_at, "never")}."
  }
}
