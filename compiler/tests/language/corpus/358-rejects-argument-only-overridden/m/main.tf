variable "a" {}

variable "b" {}

variable "c" {
  default = 0
}
