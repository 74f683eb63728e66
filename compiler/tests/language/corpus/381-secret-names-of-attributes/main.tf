variable "name" {
  default   = "x"
  sensitive = true
}

variable "number" {
  default   = 0
  sensitive = true
}

output "object" {
  value = { x = 1 }[var.name]
}

output "marks" {
  value = [issensitive(tomap({ x = 1 })[var.name]), issensitive([1][var.number]), issensitive(tolist([1])[var.number]), issensitive({ x = 1 }[var.name])]
}
