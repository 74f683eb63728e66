variable "text" {
  default = "x"
}

variable "null" {
  type    = bool
  default = null
}

variable "list" {
  default = []
}

check "number" {
  assert {
    condition     = tonumber(var.text) == 1
    error_message = "no"
  }
}

check "null" {
  assert {
    condition     = var.null
    error_message = "no"
  }
}

check "list" {
  assert {
    condition     = var.list
    error_message = "no"
  }
}

check "message" {
  assert {
    condition     = var.text == "x"
    error_message = "no ${tonumber(var.text)}"
  }
}
