terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "ci" {
	name        = "ci"
	auth_scopes = ["INGEST"]

	host_or_usage_limits {
		host_limit                  = 10
		host_notification_threshold = -1
	}
}
