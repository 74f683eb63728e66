resource "terraform_data" "a" {
  input      = 1
  depends_on = [terraform_data.b]
  lifecycle {
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.b.id]
    prevent_destroy      = false
  }
}
resource "terraform_data" "b" {
  triggers_replace = [1, 2]
}
output "o" {
  value      = terraform_data.b.triggers_replace
  depends_on = [terraform_data.a]
}
