variable "default" {
  default = "x"
}

variable "type" {
  type = list(string)
}

variable "nullable" {
  nullable = false
}

variable "both" {
  type    = number
  default = "x"
}

variable "right" {
  type = number
}
