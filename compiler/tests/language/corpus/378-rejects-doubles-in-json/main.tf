output "list" {
  value = local.list
}

variable "file" {}
