terraform {
  required_providers {
    signalfx = {
      source  = "splunk-terraform/signalfx"
      version = "~> 9.0"
    }
  }
}

provider "signalfx" {
  auth_token = "a"
}

module "tokens" {
  source = "./modules/tokens"
  team   = "shop"
}

output "secret" {
  value     = module.tokens.secret
  sensitive = true
}
