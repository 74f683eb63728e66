terraform {
  required_version = ">= 1.14"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}

# Address and credential come from LANYARD_URL and LANYARD_TOKEN.
provider "lanyard" {}
