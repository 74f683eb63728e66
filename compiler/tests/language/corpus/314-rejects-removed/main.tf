removed {
  from = terraform_data.x[0]

  lifecycle {
    destroy = false
  }
}

removed {
  from = module.m["a"].terraform_data.x
}

removed {
  from = data.terraform_remote_state.x
}

removed {
  from = terraform_data.y

  provisioner "local-exec" {
    command = "echo"
  }
}

removed {
  from = terraform_data.z

  provisioner "local-exec" {
    when    = destroy
    command = "echo ${self.id} ${path.module} ${var.a}"
  }
}

variable "a" {
  default = 1
}
