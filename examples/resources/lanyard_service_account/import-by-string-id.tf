import {
  to = lanyard_service_account.deploy
  id = "sa_0123456789abcdefghij"
}
