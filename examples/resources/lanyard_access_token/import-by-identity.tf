import {
  to = lanyard_access_token.ci
  identity = {
    id = "at_0123456789abcdefghij"
  }
}
