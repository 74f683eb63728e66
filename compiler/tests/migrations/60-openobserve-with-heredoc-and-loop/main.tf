terraform {
  required_providers {
    openobserve = { source = "openobserve/openobserve" }
  }
}

provider "openobserve" {
  endpoint = "https://o2.example.com"
  username = "root@example.com"
  password = "p"
  org_id   = "default"
}

locals {
  pipelines = { logs = "Logs", traces = "Traces" }
}

resource "openobserve_ingestion_token" "pipeline" {
  for_each    = local.pipelines
  name        = each.key
  description = <<-EOT
    ${each.value} of the shop,
    for collectors.
  EOT
}

resource "openobserve_service_account" "ci" {
  email      = "ci@example.com"
  first_name = "CI"
}

output "headers" {
  sensitive = true
  value = {
    for name, token in openobserve_ingestion_token.pipeline :
    name => "Basic ${base64encode("otel:${token.token}")}"
  }
}

output "account" {
  sensitive = true
  value     = openobserve_service_account.ci.token
}
