output "secret" {
  value     = signalfx_org_token.this.secret
  sensitive = true
}
