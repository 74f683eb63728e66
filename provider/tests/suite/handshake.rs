//! The process as its parent sees it: the line, who gets in, and how it ends.

use std::path::Path;
use std::time::Duration;

use crate::support::process::{Client, Process, anonymous, channel, command, plain};
use lanyard_provider::generated::health::HealthCheckRequest;
use lanyard_provider::generated::health::health_client::HealthClient;
use lanyard_provider::generated::plugin::Empty;
use lanyard_provider::generated::plugin::grpc_controller_client::GrpcControllerClient;
use lanyard_provider::generated::plugin::grpc_stdio_client::GrpcStdioClient;
use lanyard_provider::generated::tfplugin5::get_provider_schema::Request as GetSchema;
use lanyard_provider::generated::tfplugin5::provider_client::ProviderClient;
use tonic::transport::Channel;

async fn has_schema(channel: &Channel) -> bool {
    let answer = ProviderClient::new(channel.clone())
        .get_schema(GetSchema {})
        .await;
    answer.is_ok_and(|answer| answer.into_inner().provider.is_some())
}

async fn shut_down(channel: &Channel) {
    let mut controller = GrpcControllerClient::new(channel.clone());
    controller.shutdown(Empty {}).await.unwrap();
}

fn is_empty(directory: &Path) -> bool {
    std::fs::read_dir(directory).unwrap().next().is_none()
}

#[tokio::test]
async fn without_a_certificate_it_serves_in_clear_text() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path(), &[]);
    let [core, protocol, network, address, kind, certificate] = &*process.fields else {
        panic!("six fields: {:?}", process.fields);
    };
    assert_eq!(
        (&**core, &**protocol, &**network, &**kind, &**certificate),
        ("1", "5", "unix", "grpc", "")
    );
    assert!(address.starts_with(directory.path().join("plugin").to_str().unwrap()));

    let channel = plain(&process).await;
    assert!(has_schema(&channel).await);
    let request = HealthCheckRequest {
        service: "plugin".to_owned(),
    };
    let health = HealthClient::new(channel.clone())
        .check(request)
        .await
        .unwrap();
    assert_eq!(health.get_ref().status().as_str_name(), "SERVING");
    let _silence = GrpcStdioClient::new(channel.clone())
        .stream_stdio(Empty {})
        .await
        .unwrap();

    shut_down(&channel).await;
    drop(channel);
    let (status, stdout, stderr) = process.end();
    assert!(status.success());
    assert_eq!(
        (&*stdout, &*stderr),
        ("", ""),
        "nobody asked for more than the line"
    );
    assert!(is_empty(directory.path()), "the socket file is gone");
}

#[tokio::test]
async fn with_a_certificate_only_its_owner_gets_in() {
    let directory = tempfile::tempdir().unwrap();
    let client = Client::generate();
    let process = Process::start(directory.path(), &[("PLUGIN_CLIENT_CERT", &client.pem)]);
    assert!(!process.fields[5].contains('='), "no padding");

    // In TLS 1.3 a refusal arrives after the client's part is done: at the first call.
    let stranger = Client::generate().connect(&process).await;
    assert!(refused(stranger).await);
    let nobody = anonymous(&process).await;
    assert!(refused(nobody).await);
    let clear = tokio::net::UnixStream::connect(process.address())
        .await
        .unwrap();
    assert!(refused(clear).await);

    let stream = client.connect(&process).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let channel = channel(stream).await.unwrap();
    assert!(has_schema(&channel).await);
    shut_down(&channel).await;
    drop(channel);
    assert!(process.end().0.success());
}

async fn refused<Stream>(stream: Stream) -> bool
where
    Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    match channel(stream).await {
        Ok(channel) => !has_schema(&channel).await,
        Err(_) => true,
    }
}

#[test]
fn a_person_is_told_what_this_is() {
    for cookie in [None, Some("wrong")] {
        let mut command = command();
        command.envs(cookie.map(|cookie| ("TF_PLUGIN_MAGIC_COOKIE", cookie)));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains("Terraform and OpenTofu start it themselves"),
            "{text}"
        );
    }
    let version = command().arg("--version").output().unwrap();
    assert!(version.stdout.starts_with(b"terraform-provider-lanyard "));
    assert!(command().arg("--help").output().unwrap().status.success());
    assert_eq!(
        command().arg("--hlep").output().unwrap().status.code(),
        Some(2)
    );
}

#[tokio::test]
async fn a_long_directory_name_or_none_that_exists_means_a_port() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("nowhere");
    assert_eq!(Process::start(&nowhere, &[]).fields[2], "tcp");
    let long = directory.path().join("x".repeat(120));
    std::fs::create_dir(&long).unwrap();
    let process = Process::start(&long, &[]);
    assert_eq!(process.fields[2], "tcp");
    let port: u16 = process
        .address()
        .strip_prefix("127.0.0.1:")
        .unwrap()
        .parse()
        .unwrap();
    assert!((10_000..=25_000).contains(&port));
    let stream = tokio::net::TcpStream::connect(process.address())
        .await
        .unwrap();
    assert!(has_schema(&channel(stream).await.unwrap()).await);
}

#[test]
fn the_socket_stands_where_it_is_wanted() {
    let (directory, wanted) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let wanted_text = wanted.path().to_str().unwrap();
    let process = Process::start(
        directory.path(),
        &[
            ("PLUGIN_UNIX_SOCKET_DIR", wanted_text),
            ("PLUGIN_MULTIPLEX_GRPC", "1"),
        ],
    );
    assert!(process.address().starts_with(wanted_text));
    assert_eq!(process.fields[6], "false");
}

#[test]
fn a_broken_certificate_is_named_on_stderr() {
    let mut command = command();
    command.env(
        "TF_PLUGIN_MAGIC_COOKIE",
        "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    );
    let output = command
        .env("PLUGIN_CLIENT_CERT", "nonsense")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("PLUGIN_CLIENT_CERT is not a PEM certificate"),
        "{text}"
    );
}

#[tokio::test]
async fn an_interrupt_is_for_the_parent_and_a_termination_for_us() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path(), &[]);
    let channel = plain(&process).await;
    assert!(has_schema(&channel).await);
    process.signal("INT");
    assert!(has_schema(&channel).await);
    process.signal("TERM");
    assert!(process.end().0.success());
    assert!(is_empty(directory.path()));
}

#[tokio::test]
async fn a_process_that_nobody_talks_to_any_more_ends() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path(), &[]);
    let channel = plain(&process).await;
    assert!(has_schema(&channel).await);
    drop(channel);
    let ended = tokio::task::spawn_blocking(move || process.end());
    let (status, ..) = tokio::time::timeout(Duration::from_secs(20), ended)
        .await
        .unwrap()
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn logs_are_written_when_asked_for_in_the_form_that_terraform_reads() {
    let directory = tempfile::tempdir().unwrap();
    let process = Process::start(directory.path(), &[("TF_LOG_PROVIDER", "DEBUG")]);
    let channel = plain(&process).await;
    assert!(has_schema(&channel).await);
    shut_down(&channel).await;
    drop(channel);
    let (_, _, stderr) = process.end();
    assert!(!stderr.is_empty());
    for line in stderr.lines() {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(line).unwrap();
        assert!(object.values().all(serde_json::Value::is_string), "{line}");
        let timestamp = object["@timestamp"].as_str().unwrap();
        let (_, fraction) = timestamp.split_once('.').unwrap();
        assert_eq!(fraction.len(), "123456Z".len(), "{timestamp}");
        assert_eq!(object["@level"], "debug");
    }
}

#[tokio::test]
async fn a_debugger_is_told_how_to_attach() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = command();
    command.arg("--debug").env("TMPDIR", directory.path());
    let mut process = Process::spawn(command);
    let variable = loop {
        let line = process.line();
        assert!(!line.is_empty(), "the variable is printed");
        if let Some(value) = line.trim().strip_prefix("TF_REATTACH_PROVIDERS='") {
            break value.strip_suffix('\'').unwrap().to_owned();
        }
    };
    let value: serde_json::Value = serde_json::from_str(&variable).unwrap();
    let entry = &value["registry.terraform.io/lanyard/lanyard"];
    assert_eq!(entry["ProtocolVersion"], 5);
    let address = entry["Addr"]["String"].as_str().unwrap();
    let stream = tokio::net::UnixStream::connect(address).await.unwrap();
    let channel = channel(stream).await.unwrap();
    assert!(has_schema(&channel).await);
    process.signal("INT");
    assert!(process.end().0.success());
    assert!(is_empty(directory.path()));
}
