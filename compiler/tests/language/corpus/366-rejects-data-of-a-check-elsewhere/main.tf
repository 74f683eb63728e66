check "a" {
  data "terraform_remote_state" "x" {
    backend = "local"
    config  = { path = "none" }
  }
  assert {
    condition     = data.terraform_remote_state.x.outputs != null
    error_message = "no"
  }
}

check "b" {
  assert {
    condition     = data.terraform_remote_state.x.outputs != null
    error_message = "no"
  }
}

output "o" {
  value = data.terraform_remote_state.x.outputs
}
