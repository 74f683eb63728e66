terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

resource "signalfx_org_token" "usage" {
  name        = "usage"
  auth_scopes = ["INGEST"]

  host_or_usage_limits {
    host_limit                              = 100
    host_notification_threshold             = 90
    container_limit                         = 200
    container_notification_threshold        = 180
    custom_metrics_limit                    = 1000
    custom_metrics_notification_threshold   = 900
    high_res_metrics_limit                  = -1
    high_res_metrics_notification_threshold = -1
  }
}

resource "signalfx_org_token" "dpm" {
  name        = "dpm"
  auth_scopes = ["INGEST"]

  dpm_limits {
    dpm_limit                  = 1000
    dpm_notification_threshold = -1
  }
}
