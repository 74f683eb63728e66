provider "signalfx" {
  auth_token     = "x"
  custom_app_url = "https://acme.signalfx.com"
}
