resource "terraform_data" "a" {
  provisioner "local-exec" {
    command     = 5
    interpreter = ["a"]
    environment = { A = null }
    working_dir = null
    quiet       = "true"
  }
  provisioner "remote-exec" {
    scripts = ["a"]
  }
  provisioner "remote-exec" {
    inline = [1]
    connection {
      type    = "winrm"
      https   = true
      port    = "22"
      timeout = "5m"
    }
  }
  provisioner "file" {
    source      = null
    content     = self.id
    destination = "b"
  }
  connection {
    host            = "x"
    agent           = false
    bastion_host    = "b"
    target_platform = "unix"
  }
}

removed {
  from = terraform_data.b
  provisioner "local-exec" {
    when  = destroy
    other = 1
  }
}
