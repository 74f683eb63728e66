output "a" {
  value = module.x.y
}
