resource "terraform_data" "c" {
  lifecycle {
    create_before_destroy = null
  }
}

variable "d" {
  default   = 1
  sensitive = null
}

variable "e" {
  default  = 1
  nullable = null
}

output "f" {
  value     = 1
  sensitive = null
}

variable "g" {
  type    = object({ "a b" = string })
  default = { "a b" = 1 }
}
