removed {
  from = terraform_data.a
  lifecycle {
    destroy = true
    other   = 1
  }
}

removed {
  from = terraform_data.b
  lifecycle {
    destroy = null
  }
}

removed {
  from = module.c
  provisioner "local-exec" {
    when    = destroy
    command = "echo"
  }
}
