import {
  to = lanyard_service_account.deploy
  identity = {
    id = "sa_0123456789abcdefghij"
  }
}
