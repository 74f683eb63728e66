resource "signalfx_org_token" "ci" {
  name        = "ci"
  description = "Builds"
  auth_scopes = ["INGEST", "API"]
}
