//! The verbs for a kind of object that a server does not have: each is refused.

/// Refuses every verb for a kind, with what the function says.
macro_rules! absent_kind {
    ($server:ty, $kind:ty, $refusal:path) => {
        #[async_trait::async_trait]
        impl $crate::object::Objects<$kind> for $server {
            async fn read(
                &self,
                _: &str,
            ) -> Result<Option<<$kind as $crate::object::Object>::Record>, $crate::ServerError>
            {
                Err($refusal())
            }

            async fn list(
                &self,
                _: &$crate::record::Filter,
                _: Option<&$crate::record::Cursor>,
            ) -> Result<$crate::object::Page<$kind>, $crate::ServerError> {
                Err($refusal())
            }

            async fn create(
                &self,
                _: &$kind,
            ) -> Result<$crate::object::Issued<$kind>, $crate::ServerError> {
                Err($refusal())
            }

            async fn update(
                &self,
                _: &str,
                _: &$kind,
                _: &$kind,
                _: $crate::object::Judge<'_, <$kind as $crate::object::Object>::Record>,
            ) -> Result<<$kind as $crate::object::Object>::Record, $crate::ServerError> {
                Err($refusal())
            }

            async fn rotate(
                &self,
                _: &str,
                _: &$crate::object::RotateRequest<$kind>,
                _: $crate::object::Judge<'_, <$kind as $crate::object::Object>::Record>,
            ) -> Result<$crate::object::Issued<$kind>, $crate::ServerError> {
                Err($refusal())
            }

            async fn delete(&self, _: &str) -> Result<(), $crate::ServerError> {
                Err($refusal())
            }
        }
    };
}

pub(crate) use absent_kind;
