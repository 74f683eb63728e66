# Terraform's own timeadd knows no days.
output "review_by" {
  value = timeadd("2026-01-01T00:00:00Z", "${provider::lanyard::duration_hours("90d")}h")
}
