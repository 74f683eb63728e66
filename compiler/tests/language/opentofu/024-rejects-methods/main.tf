terraform {
  encryption {
    method "unencrypted" "known" {}
    state {
      method = method.unencrypted.unknown
    }
  }
}
