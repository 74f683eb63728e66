variable "value" {}
output "doubled" { value = "${var.value}${var.value}" }
output "path" { value = path.module }
