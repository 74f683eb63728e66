locals {
  smallest = 5e-324
}

output "texts" {
  value = ["${local.smallest}", "${1e-400}", jsonencode(local.smallest), tostring(1.5e-310), tostring(pow(2, -1074)), yamlencode(1.5e-310)]
}

output "formats" {
  value = format("%g %v %e %.3f", local.smallest, local.smallest, local.smallest, local.smallest)
}

output "made" {
  value = [jsondecode("5e-324") == local.smallest, 1e-400 == 0, pow(2, -1080), ceil(local.smallest), floor(-local.smallest), log(local.smallest, 10), "${2.2250738585072014e-308 / 2}"]
}
