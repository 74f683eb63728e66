resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
}

provider "signalfx" {
  auth_token = "t"
  api_url    = "https://api.eu0.signalfx.com"
}

output "token" {
  value     = "none"
  sensitive = true
}
