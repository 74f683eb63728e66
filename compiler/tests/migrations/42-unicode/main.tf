terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

# Schlüssel für die Läden, 鍵
resource "signalfx_org_token" "läden" {
  name        = "läden"      # ü
  description = "鍵 für alle" # 鍵
  auth_scopes = ["INGEST"]   # x
}

output "läden" {
  value     = signalfx_org_token.läden.secret
  sensitive = true
}
