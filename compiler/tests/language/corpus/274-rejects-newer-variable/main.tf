terraform {
  required_version = "~> 1.11.0"
}

variable "a" {
  const   = true
  default = "x"
}
