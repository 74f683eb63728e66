variable "text" {
  default = "x"
}

variable "validated" {
  default = "x"
  validation {
    condition     = var.validated == "x"
    error_message = "no ${tonumber(var.validated)}"
  }
}

variable "taken" {
  default = "x"
  validation {
    condition     = var.taken == "x"
    error_message = null
  }
}

variable "unknown" {
  default = "x"
  validation {
    condition     = var.unknown == "y"
    error_message = "no ${terraform_data.x.id}"
  }
}

variable "sensitive" {
  default   = "x"
  ephemeral = true
  validation {
    condition     = var.sensitive == "y"
    error_message = "no ${var.sensitive}"
  }
}

resource "terraform_data" "x" {}
