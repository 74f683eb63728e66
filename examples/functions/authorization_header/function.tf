resource "lanyard_service_account" "deploy" {
  name = "deploy"
}

resource "lanyard_access_token" "ci" {
  name            = "ci"
  service_account = lanyard_service_account.deploy.id
  ttl             = "90d"
}

# Hands the token on as the header that its user has to send.
resource "terraform_data" "pipeline" {
  triggers_replace = provider::lanyard::authorization_header(lanyard_access_token.ci.token)
}
