output "mixed" {
  value = local.template
}
