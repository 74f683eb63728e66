terraform {
  required_providers {
    chronosphere = {
      source = "chronosphereio/chronosphere"
    }
  }
}

variable "restrictions" {
  type    = list(object({ permission = string, labels = map(string) }))
  default = [{ permission = "READ_ONLY", labels = { team = "shop" } }]
}

resource "chronosphere_service_account" "ci" {
  name = "CI"

  dynamic "restriction" {
    for_each = var.restrictions
    content {
      permission = restriction.value.permission
      labels     = restriction.value.labels
    }
  }
}
