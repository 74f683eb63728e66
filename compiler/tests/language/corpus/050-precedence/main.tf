output "o" {
  value = [
    1 + 2 * 3 - 4 / 2,
    -2 * 3,
    !true || true,
    1 < 2 == true,
    2 - 1 - 1,
    8 / 4 / 2,
    true || false && false,
    1 + 1 == 2 ? 1 + 1 : 0,
    -[1][0],
    !{ a = false }.a,
    10 % 4 * 2,
    - -1,
  ]
}
