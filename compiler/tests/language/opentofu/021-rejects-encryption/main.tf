terraform {
  encryption {
    other = 1
    block {}
    method "unencrypted" {}
    state "x" {
    }
  }
}
