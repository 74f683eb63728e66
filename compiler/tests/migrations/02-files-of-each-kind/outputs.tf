output "ci" {
  description = "For the builds."
  value       = signalfx_org_token.ci.secret
  sensitive   = true
}
