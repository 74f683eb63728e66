terraform {
  required_providers { openobserve = { source = "openobserve/openobserve" } }
}

resource "openobserve_service_account" "a" { email = "a@example.com" }

resource "openobserve_ingestion_token" "b" { name = "b" }

output "a" { value = nonsensitive(openobserve_service_account.a.token) }
