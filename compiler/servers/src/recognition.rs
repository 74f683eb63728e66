//! Whether there is the expected API at the address at all. A server says "not found" of an object, and a wrong address says it of
//! everything: it is believed only of who has answered, at this address and with this credential, what every server of the API has.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::error::{ErrorKind, Result, ServerError};
use crate::http::{Client, Request};

/// A client of a server that has shown that it speaks its API, or has still to show it. `Q` is the answer to the question that
/// makes it show that.
pub(crate) struct Recognition<Q> {
    pub(crate) client: Client,
    question: Request,
    /// What to say where there is no such API.
    not_here: &'static str,
    recognized: OnceCell<()>,
    answer: PhantomData<fn() -> Q>,
}

impl<Q: DeserializeOwned> Recognition<Q> {
    pub(crate) fn new(client: Client, question: Request, not_here: &'static str) -> Self {
        Self {
            client,
            question,
            not_here,
            recognized: OnceCell::new(),
            answer: PhantomData,
        }
    }

    /// A request to one object, which may turn out not to exist.
    pub(crate) async fn object<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        let answer = self.client.json(request).await?;
        // Somebody may have shown it in the meantime, or be about to.
        let _ = self.recognized.set(());
        Ok(answer)
    }

    /// A request to what every server of the API has. "Not found" means that this is none.
    pub(crate) async fn fixed<T: DeserializeOwned>(&self, request: &Request) -> Result<T> {
        self.object(request)
            .await
            .map_err(|error| self.somewhere_else(error))
    }

    /// Believes "not found" only of a server that was recognized.
    pub(crate) async fn gone<T>(&self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_gone() => {
                self.recognize().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes sure that this is the API, and that the server's clock is known. However many need it at the same time, the question is
    /// asked once.
    pub(crate) async fn recognize(&self) -> Result<()> {
        let asked = self.recognized.get_or_try_init(|| async {
            let answer = self.client.json::<Q>(&self.question).await;
            answer.map(drop).map_err(|error| self.somewhere_else(error))
        });
        asked.await.copied()
    }

    fn somewhere_else(&self, mut error: ServerError) -> ServerError {
        if error.is_gone() {
            error.kind = ErrorKind::FixConfiguration { places: Vec::new() };
            error.detail = self.not_here.to_owned();
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use serde_json::Value as Json;

    use super::*;
    use crate::http::scripted::{Script, Server, answer, good};

    async fn api(script: Vec<Script>) -> (Server, Recognition<Json>) {
        let server = Server::start(script).await;
        let question = Request::get("/things").query("limit", Some(1));
        let api = Recognition::new(server.client(), question, "there is no such API here");
        (server, api)
    }

    fn not_found() -> Script {
        answer("404 Not Found", "", "")
    }

    #[tokio::test]
    async fn however_many_need_it_the_question_is_asked_once() {
        let (server, api) = api(vec![good(); 10]).await;
        let asked = join_all((0..10).map(|_| api.recognize())).await;
        assert!(asked.iter().all(Result::is_ok));
        assert_eq!(server.seen(), 1);
        assert!(server.requests.lock()[0].starts_with("GET /things?limit=1 "));
    }

    #[tokio::test]
    async fn not_found_is_believed_of_a_server_that_was_recognized() {
        let (server, api) = api(vec![not_found(), good(), not_found()]).await;
        for _ in 0..2 {
            let object = api.object::<Json>(&Request::get("/things/1")).await;
            assert_eq!(api.gone(object).await.unwrap(), None);
        }
        assert_eq!(server.seen(), 3, "an object, the question, and an object");
    }

    #[tokio::test]
    async fn where_nothing_is_found_nothing_is_gone() {
        let (_server, api) = api(vec![not_found(), not_found()]).await;
        let object = api.object::<Json>(&Request::get("/things/1")).await;
        let error = api.gone(object).await.unwrap_err();
        assert!(matches!(error.kind, ErrorKind::FixConfiguration { .. }));
        assert_eq!(error.detail, "there is no such API here");
    }
}
