//! The connections of `verify`: those that a registry closes, and those by way of a proxy.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use webdis_verify::edge::native::client::{Client, Options};
use webdis_verify::model::reference::Host;
use webdis_verify::session::registry::request::{Method, Request};
use webdis_verify::session::registry::url::Url;

/// Reads one request's head; empty where the other side is gone.
fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0; 1]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// A registry that keeps a connection for one answer, and does not say so.
#[test]
fn a_connection_that_was_closed_is_opened_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                if !head(&mut stream).is_empty() {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap();
                    thread::sleep(Duration::from_millis(20));
                }
            });
        }
    });
    let named = vec![Host::parse(&authority).unwrap()];
    let client = Client::new(Options { named, ..Options::default() });
    for round in 0..12 {
        let url = Url::parse(&format!("http://{authority}/v2/")).unwrap();
        let answer = client.send(&Request::outside_plan(Method::Get, url, 100, "a test".to_owned()));
        assert_eq!(answer.map(|answer| answer.body), Ok(b"{}".to_vec()), "{round}");
        // Before, while and after it closes.
        thread::sleep(Duration::from_millis(round * 4));
    }
}

/// The proxy of the environment is asked whatever its address; what is inside of a network is
/// asked of none.
#[test]
fn a_proxy_of_the_environment_is_asked_for_public_hosts_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let head = head(&mut stream);
            kept.lock().unwrap().extend(head.lines().next().map(str::to_owned));
            drop(stream.write_all(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"));
        }
    });
    let run = |image: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_webdis-verify"));
        command.env("HTTPS_PROXY", &proxy).args(["verify", "--format", "json", image]);
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), report["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(run("docker.io/nicolas/webdis:0.1.24"), (Some(4), "registry-unreachable".to_owned()));
    assert!(seen.lock().unwrap().iter().any(|line| line.starts_with("CONNECT registry-1.docker.io:443")));
    // A realm inside a network, in the words of a public registry.
    let client = Client::new(Options::default());
    for address in ["https://169.254.169.254/x", "https://10.0.0.1/x", "https://[fd00::1]/x"] {
        let Ok(url) = Url::parse(address) else { continue };
        let error = client.send(&Request::outside_plan(Method::Get, url, 100, "a test".to_owned()));
        assert_eq!(error.unwrap_err().code().name(), "registry-private-address", "{address}");
    }
}
