terraform {
  required_providers {
    chronosphere = {
      source = "chronosphereio/chronosphere"
    }
  }
}

variable "permission" {
  type    = string
  default = "READ_ONLY"
}

resource "chronosphere_service_account" "ci" {
  name = "CI"

  restriction {
    permission = var.permission
    labels     = { team = "shop" }
  }
}
