terraform {
  required_version = ">= 1.5"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

variable "url" {
  type        = string
  description = "Address of the token server, for example https://tokens.example.com."
}

variable "token" {
  type        = string
  description = "Credential to manage accounts and tokens with."
  sensitive   = true
}

# Every setting can also come from the environment: LANYARD_URL, LANYARD_TOKEN and so on.
provider "lanyard" {
  api             = "native"
  url             = var.url
  token           = var.token
  request_timeout = "10s"
}

# Who the credential belongs to.
data "lanyard_identity" "me" {}

output "signed_in_as" {
  value = data.lanyard_identity.me.name
}
