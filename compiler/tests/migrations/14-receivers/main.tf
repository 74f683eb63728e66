terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

variable "slack" {
  type    = string
  default = "cred"
}

resource "signalfx_org_token" "ci" {
  name        = "ci"
  auth_scopes = ["INGEST"]
  notifications = [
    "Email,ops@example.com",
    "PagerDuty,cred",
    "Slack,${var.slack},alerts",
    "VictorOps,cred,key",
    "Opsgenie,cred,Shop,r1,Team",
    "Team,T1",
    "TeamEmail,T1",
    "Webhook,cred,,",
  ]
}
