variable "settings" {
  type      = any
  sensitive = true
}
