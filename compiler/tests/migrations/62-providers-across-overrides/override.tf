terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

provider "signalfx" {
  api_url = "https://api.us1.signalfx.com"
}

output "token" {
  value = signalfx_org_token.ci.secret
}
