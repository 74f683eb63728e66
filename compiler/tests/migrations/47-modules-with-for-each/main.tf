terraform {
  required_version = ">= 1.8"

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

locals {
  teams = {
    shop = ["ci", "deploy"]
    web  = ["ci"]
  }
}

module "team" {
  source   = "./modules/team"
  for_each = local.teams

  team   = each.key
  tokens = each.value
}

output "secrets" {
  sensitive = true
  value     = merge([for team, called in module.team : { for name, secret in called.secrets : "${team}/${name}" => secret }]...)
}
