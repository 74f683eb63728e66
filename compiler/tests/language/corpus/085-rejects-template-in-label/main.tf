output "${1}" {
  value = 1
}
