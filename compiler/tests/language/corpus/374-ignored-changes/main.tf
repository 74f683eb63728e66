resource "terraform_data" "x" {
  lifecycle {
    ignore_changes = [id, output, triggers_replace, input.a[0].b, input["x"]]
  }
}
