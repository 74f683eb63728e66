variable "v" {
  default = "a"
}

resource "terraform_data" "x" {
  count = 1

  connection {
    host = var.v
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "echo ${var.v}"
    environment = { a = self.id, b = count.index, c = path.module, d = terraform.workspace }
  }

  provisioner "local-exec" {
    when    = destroy
    command = terraform_data.y.id

    connection {
      host = var.v
    }
  }

  provisioner "local-exec" {
    command = var.v
  }
}

resource "terraform_data" "y" {
  for_each = { a = 1 }

  provisioner "local-exec" {
    when    = destroy
    command = each.key
  }

  provisioner "local-exec" {
    when    = destroy
    command = each.value
  }
}
