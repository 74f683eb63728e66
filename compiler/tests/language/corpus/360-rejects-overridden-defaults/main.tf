variable "default" {
  type = number
}

variable "type" {
  default = "x"
}

variable "nullable" {
  default = null
}

variable "both" {
  default = 1
}

variable "right" {
  default = "12"
}
