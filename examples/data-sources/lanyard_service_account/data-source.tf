# An account that somebody else manages, found by its name (or by `id`).
data "lanyard_service_account" "deploy" {
  name = "deploy"
}

# A token of our own for it.
resource "lanyard_access_token" "report" {
  name            = "report"
  service_account = data.lanyard_service_account.deploy.id
  ttl             = "30d"
}
