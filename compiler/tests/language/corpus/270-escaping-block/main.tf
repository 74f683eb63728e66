# The block `_` says that its arguments are the type's own.
terraform {
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}

provider "terraform" {
  _ {
  }
}

resource "terraform_data" "a" {
  _ {
    input = "x"
  }
}

resource "terraform_data" "b" {
  triggers_replace = "kept"

  _ {
    input = "replaced"
  }
}

resource "terraform_data" "c" {
  input = "replaced"

  _ {
    triggers_replace = "replaced"
  }

  provisioner "local-exec" {
    when = destroy

    _ {
      command = "true"
    }
  }
}

module "m" {
  source = "./m"

  _ {
    n = 3
  }
}

output "inputs" {
  value = [terraform_data.a.input, terraform_data.b.input, terraform_data.c.input, module.m.n, terraform_data.j.input]
}

output "triggers" {
  value = [terraform_data.b.triggers_replace, terraform_data.c.triggers_replace]
}
