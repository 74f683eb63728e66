variable "e" {
  ephemeral = true
  default   = 1
}
output "a" {
  value = var.e
}
