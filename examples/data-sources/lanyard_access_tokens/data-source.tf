data "lanyard_access_tokens" "all" {}

# Tokens that never end.
output "endless_tokens" {
  value = [for token in data.lanyard_access_tokens.all.access_tokens : token.name if token.expires_at == null]
}
