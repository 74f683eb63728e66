output "logarithms" {
  value = [
    tostring(log(8, 3)),
    tostring(log(3, 10)),
    tostring(log(0.1, 8)),
    tostring(log(2, 10)),
    tostring(log(1e300, 7)),
  ]
}

output "powers" {
  value = [
    tostring(pow(2, 1.5)),
    tostring(pow(10, 1.5)),
    tostring(pow(1.5, -0.5)),
    tostring(pow(1.5, 3)),
    tostring(pow(1.1, 100)),
    tostring(pow(0.3, 7)),
    tostring(pow(7, -3)),
    tostring(pow(10, -2)),
    tostring(pow(3, 0.3)),
    tostring(pow(1.7, 2.9)),
    tostring(pow(-1.5, 3)),
    tostring(pow(2, 0.1)),
    tostring(pow(9, 0.5)),
    tostring(pow(0, 0)),
    tostring(pow(0, 2)),
  ]
}

# Numbers so small that they have lost digits.
output "of_next_to_nothing" {
  value = [
    tostring(log(4.9406564584124654e-324, 2)),
    tostring(log(1e-310, 10)),
    tostring(log(3e-320, 2.718281828459045)),
    tostring(log(10, 1e-310)),
    tostring(log(2.2250738585072014e-308, 10)),
    tostring(pow(1e-310, 0.3)),
    tostring(pow(1e-310, 1.5)),
  ]
}
