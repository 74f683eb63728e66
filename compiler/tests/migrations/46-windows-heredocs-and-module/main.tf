terraform {
  required_providers {
    signalfx = {
      source = "splunk-terraform/signalfx"
    }
  }
}

module "tokens" {
  source = "./tokens"
}

output "env" {
  sensitive = true
  value     = <<-EOT
    TOKEN=${module.tokens.secret}
  EOT
}
