terraform {
  required_version = ">= 1.8"

  required_providers {
    lanyard = {
      source  = "lanyard/lanyard"
      version = "~> 0.1"
    }
  }
}
