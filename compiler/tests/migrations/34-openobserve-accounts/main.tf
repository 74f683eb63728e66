terraform {
  required_providers {
    openobserve = {
      source = "openobserve/openobserve"
    }
  }
}

provider "openobserve" {
  endpoint = "https://o2.example.com"
  username = "root@example.com"
  password = "p"
  org_id   = "default"
}

variable "month" {
  type    = string
  default = "2026-11"
}

resource "openobserve_service_account" "ci" {
  email        = "ci.pipeline@example.com"
  first_name   = "CI"
  last_name    = ""
  custom_roles = ["viewer"]
  rotate_token = var.month
}

resource "openobserve_service_account" "each" {
  for_each = toset(["a", "b"])
  email    = "${each.key}@example.com"
}

resource "openobserve_ingestion_token" "on" {
  name        = "on"
  description = "Collectors"
  enabled     = true # since May
}

resource "openobserve_ingestion_token" "off" {
  name    = "off"
  enabled = false
}

output "header" {
  value     = "Basic ${base64encode("${openobserve_service_account.ci.email}:${openobserve_service_account.ci.token}")}"
  sensitive = true
}
