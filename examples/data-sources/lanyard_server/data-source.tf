# What the token server can do: for configurations that run against several kinds of server.
data "lanyard_server" "here" {}

output "tokens_have_scopes" {
  value = contains(data.lanyard_server.here.access_tokens.attributes, "scopes")
}
