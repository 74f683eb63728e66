variable "v" {
  default = true
}

locals {
  l = 1
}

resource "terraform_data" "x" {
  count = 2
}

data "terraform_remote_state" "d" {
  backend = "local"
}

resource "terraform_data" "y0" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[count.index]]
  }
}

resource "terraform_data" "y1" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[count.index].id]
  }
}

resource "terraform_data" "y2" {
  count = 2

  lifecycle {
    replace_triggered_by = [var.v]
  }
}

resource "terraform_data" "y3" {
  count = 2

  lifecycle {
    replace_triggered_by = [local.l]
  }
}

resource "terraform_data" "y4" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[local.l]]
  }
}

resource "terraform_data" "y5" {
  count = 2

  lifecycle {
    replace_triggered_by = [path.module]
  }
}

resource "terraform_data" "y6" {
  count = 2

  lifecycle {
    replace_triggered_by = ["terraform_data.x"]
  }
}

resource "terraform_data" "y7" {
  count = 2

  lifecycle {
    replace_triggered_by = [count.index]
  }
}

resource "terraform_data" "y8" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[0].id == terraform_data.x[1].id]
  }
}

resource "terraform_data" "y9" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[*].id]
  }
}

resource "terraform_data" "y10" {
  count = 2

  lifecycle {
    replace_triggered_by = [data.terraform_remote_state.d]
  }
}

resource "terraform_data" "y11" {
  count = 2

  lifecycle {
    replace_triggered_by = [module.m]
  }
}

resource "terraform_data" "y12" {
  count = 2

  lifecycle {
    replace_triggered_by = [terraform_data.x[each.value]]
  }
}

resource "terraform_data" "y13" {
  count = 2

  lifecycle {
    replace_triggered_by = [{}]
  }
}
