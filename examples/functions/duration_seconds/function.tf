# 129600
output "day_and_a_half" {
  value = provider::lanyard::duration_seconds("1d12h")
}
