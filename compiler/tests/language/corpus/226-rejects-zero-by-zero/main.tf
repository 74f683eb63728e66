locals {
  used  = 0
  slots = 0
}
output "o" {
  value = {
    share = local.used / local.slots
  }
}
