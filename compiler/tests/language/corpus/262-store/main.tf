variable "secret" {
  ephemeral = true
  default   = "s"
}

resource "terraform_data" "a" {
  store {
    input = "x"
  }
}

resource "terraform_data" "b" {
  store {
    input     = { a = 1 }
    sensitive = true
    version   = 3
    replace   = true
  }
}

resource "terraform_data" "c" {
  input = "i"

  store {
    input = var.secret
  }
}

resource "terraform_data" "e" {
  store {
  }
}

output "a" {
  value = terraform_data.a.store.output
}

output "a_parts" {
  value = [for name, value in terraform_data.a.store : name]
}

output "b" {
  value = [terraform_data.b.store.output, terraform_data.b.store.version, terraform_data.b.store.replace]
}

output "b_secret" {
  value     = terraform_data.b.store.sensitive_output
  sensitive = true
}

output "c" {
  value = [terraform_data.c.input, terraform_data.c.store.input]
}

output "c_stored" {
  value = terraform_data.c.store.output
}

output "e" {
  value = terraform_data.e.store.output
}
