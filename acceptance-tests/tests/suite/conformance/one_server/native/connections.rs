//! How a server is reached, and what it says of itself.

use lanyard_compiler::model::Settings;
use lanyard_servers::{ErrorKind, connect, engine};
use lanyard_token_server::{Options, ReferenceServer};

use super::Subject;

pub(crate) async fn a_private_authority_is_trusted_once_it_is_named(mut subject: Subject) {
    let options = Options {
        tls: true,
        ..Options::new(subject.reference.api)
    };
    subject.reference = ReferenceServer::start(options).unwrap();
    let settings = subject.settings();
    let distrusted = connect(&settings).unwrap().identity().await.unwrap_err();
    assert!(
        matches!(distrusted.kind, ErrorKind::Untrusted { .. }),
        "{distrusted}"
    );
    let said = distrusted.diagnostic().to_string();
    assert!(said.contains("`ca_file`"), "{said}");

    let ca_file = subject.reference.ca_file.as_ref().unwrap();
    let trusting = Settings {
        ca_file: Some(ca_file.to_str().unwrap().to_owned()),
        ..settings.clone()
    };
    connect(&trusting).unwrap().identity().await.unwrap();

    let wrong = Settings {
        ca_file: Some("/nowhere/ca.pem".to_owned()),
        ..settings.clone()
    };
    let missing = connect(&wrong).err().expect("the file does not exist");
    assert_eq!(missing.path.to_string(), "ca_file", "{missing}");

    let plain = Settings {
        url: Some(subject.reference.url.replace("https://", "http://")),
        max_retries: Some(0),
        ..settings
    };
    let refused = connect(&plain).unwrap().identity().await.unwrap_err();
    assert!(matches!(refused.kind, ErrorKind::Retry { .. }), "{refused}");
}

pub(crate) async fn a_server_says_what_it_is(subject: Subject) {
    let description = engine::describe(&*subject.server).await.unwrap();
    assert_eq!(description.api, subject.reference.api.name());
    assert_eq!(description.url, subject.reference.url);
}
