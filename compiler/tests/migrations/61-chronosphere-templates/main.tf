terraform {
  required_providers {
    chronosphere = {
      source = "chronosphereio/chronosphere"
    }
  }
}

provider "chronosphere" {
  org       = "acme"
  api_token = "t"
}

variable "labels" {
  type    = map(string)
  default = {}
}

resource "chronosphere_service_account" "ci" {
  for_each = {
    read  = "READ_ONLY"
    write = "WRITE_ONLY"
  }
  name = "CI ${title(each.key)}"

  restriction {
    permission = each.value
    labels     = merge({ team = "shop" }, var.labels)
  }
}

output "config" {
  sensitive = true
  value     = <<EOT
%{ for name, account in chronosphere_service_account.ci ~}
%{ if account.token != "" ~}
${name}: ${account.token} # ${account.slug}
%{ endif ~}
%{ endfor ~}
EOT
}
