variable "team" { type = string }
variable "tokens" { type = list(string) }

resource "signalfx_org_token" "this" {
  for_each    = toset(var.tokens)
  name        = format("%s/%s", var.team, each.value)
  description = "${var.team}'s ${each.value}"
  auth_scopes = ["INGEST"]
}

output "secrets" {
  value     = { for name, token in signalfx_org_token.this : name => token.secret }
  sensitive = true
}
