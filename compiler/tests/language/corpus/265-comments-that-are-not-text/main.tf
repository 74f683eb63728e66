# café
output "a" {
  value = "x" # ÿ
}
/* þ */
// é
