module "inner" {
  source   = "../inner"
  for_each = toset(["a", "b"])
  name     = each.key
}

output "secrets" {
  value     = { for key, inner in module.inner : key => inner.secret }
  sensitive = true
}
