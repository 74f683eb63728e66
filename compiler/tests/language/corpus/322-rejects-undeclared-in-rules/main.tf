check "c" {
  data "terraform_remote_state" "s" {
    backend = "local"
  }

  assert {
    condition     = local.a == data.terraform_remote_state.s.outputs
    error_message = "no ${local.b}"
  }

  assert {
    condition     = data.terraform_remote_state.none.outputs == {} || module.none.x == 1
    error_message = "no"
  }
}
