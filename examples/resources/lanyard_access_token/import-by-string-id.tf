import {
  to = lanyard_access_token.ci
  id = "at_0123456789abcdefghij"
}
