check "1a" {
  assert {
    condition     = path.module != ""
    error_message = "no"
  }
}

check "b" {
  data "terraform_remote_state" "counted" {
    count   = 1
    backend = "local"
  }
  assert {
    condition     = path.module != ""
    error_message = "no"
  }
}

check "b" {
  data "terraform_remote_state" "one" {
    backend = "local"
    lifecycle {
      postcondition {
        condition     = self.outputs != null
        error_message = "no"
      }
    }
  }
  assert {
    condition     = path.module != ""
    error_message = "no"
  }
}

check "c" {
  data "terraform_remote_state" "three" {
    backend = "local"
  }
  data "terraform_remote_state" "four" {
    backend = "local"
  }
  assert {
    condition     = path.module != ""
    error_message = "no"
  }
}
