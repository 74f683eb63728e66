# Needs Terraform 1.10 or OpenTofu 1.11. Nothing of the exchange is stored, neither in the state nor in a plan.

variable "subject_token" {
  description = "What the CI system gives each job, for example an identity token."
  type        = string
  ephemeral   = true
  sensitive   = true
}

ephemeral "lanyard_token_exchange" "deploy" {
  subject_token = var.subject_token
  scopes        = ["samples:read"]
  min_ttl       = "5m"
}

# What is ephemeral may go into the settings of a provider.
provider "lanyard" {
  alias = "deploy"
  token = ephemeral.lanyard_token_exchange.deploy.token
}

data "lanyard_identity" "deploy" {
  provider = lanyard.deploy
}

output "narrowed_to" {
  value = data.lanyard_identity.deploy.scopes
}
