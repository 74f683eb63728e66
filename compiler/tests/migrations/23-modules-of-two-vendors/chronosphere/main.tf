terraform {
  required_providers {
    chronosphere = { source = "chronosphereio/chronosphere" }
  }
}

resource "chronosphere_service_account" "this" {
  name         = "X"
  unrestricted = true
}
