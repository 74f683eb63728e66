terraform {
  encryption {
    method "unencrypted" "known" {}
    state {
      method = method.unencrypted.known
      fallback {
        method = "method.unencrypted.known"
      }
    }
    plan {}
  }
}
