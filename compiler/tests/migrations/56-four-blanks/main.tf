terraform {
    required_providers {
        signalfx = {
            source = "splunk-terraform/signalfx"
        }
    }
}
provider "signalfx" {
    auth_token = "t"
    api_url    = "https://api.eu0.signalfx.com"
}
resource "signalfx_org_token" "ci" {
    name        = "ci"
    auth_scopes = ["INGEST"]
    notifications = [
        "Email,ops@example.com",
    ]
    dpm_limits {
        dpm_limit = 10
    }
}
output "token" {
    value     = signalfx_org_token.ci.secret
    sensitive = true
}
