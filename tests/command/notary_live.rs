//! The real notary-server and notary-signer on loopback: three tags signed by
//! the real client, keys rotated, and every state verified from the client's
//! own folder, through our proxy and by `verify`, each with its negative twin.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::common::notary_tools::{Folder, Server, Static, free_port, have, notary, wait_for};
use serde_json::{Value, json};
use webdis_verify::Digest;

const OURS: &str = env!("CARGO_BIN_EXE_webdis-verify");
const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// Everything that runs, and where.
struct Stage {
    folder: Folder,
    registry: Static,
    gun: String,
    notary: u16,
    proxy: u16,
    _servers: Vec<Server>,
}

impl Stage {
    fn start() -> Self {
        let folder = Folder::new("notary-live");
        let registry = Static::start();
        let (signer, notary, proxy) = (free_port(), free_port(), free_port());
        let made = |name: &str| {
            let (key, cert) =
                (folder.path().join(format!("{name}.key")), folder.path().join(format!("{name}.crt")));
            let status = Command::new("openssl")
                .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
                .args(["-days", "30", "-subj", &format!("/CN={name}")])
                .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
                .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
                .arg(&key)
                .arg("-out")
                .arg(&cert)
                .stderr(std::process::Stdio::null())
                .status();
            assert!(status.unwrap().success());
            (key, cert)
        };
        let (key, cert) = made("localhost");
        made("alice");
        let signer_config = folder.write(
            "signer.json",
            json!({"server": {"grpc_addr": format!("127.0.0.1:{signer}"), "tls_cert_file": cert,
                "tls_key_file": key, "client_ca_file": cert},
                "logging": {"level": "error"}, "storage": {"backend": "memory"}})
            .to_string(),
        );
        let server_config = folder.write(
            "server.json",
            json!({"server": {"http_addr": format!("127.0.0.1:{notary}")}, "trust_service": {"type": "remote",
                "hostname": "127.0.0.1", "port": signer.to_string(), "tls_ca_file": cert, "key_algorithm": "ecdsa",
                "tls_client_cert": cert, "tls_client_key": key},
                "logging": {"level": "error"}, "storage": {"backend": "memory"}})
            .to_string(),
        );
        let config = |path: &Path| format!("-config={}", path.display());
        let mut servers = Vec::new();
        servers.push(Server::start(
            Command::new("notary-signer")
                .arg(config(&signer_config))
                .env("NOTARY_SIGNER_TIMESTAMP_1", "pass"),
        ));
        wait_for(signer);
        servers.push(Server::start(Command::new("notary-server").arg(config(&server_config))));
        wait_for(notary);
        servers.push(Server::start(Command::new(OURS).args([
            "serve",
            "--listen",
            &format!("127.0.0.1:{proxy}"),
            "--allow",
            &format!("127.0.0.1:{notary}"),
        ])));
        wait_for(proxy);
        let gun = format!("127.0.0.1:{}/example/live", registry.port);
        Self { folder, registry, gun, notary, proxy, _servers: servers }
    }

    /// Runs the real client; it must succeed.
    fn client(&self, arguments: &[&str]) {
        let said = notary(&self.folder.path().join("client"), "{}", self.notary, arguments);
        assert!(said.success, "notary {arguments:?}: {}{}", said.stdout, said.stderr);
    }

    /// An image of that name in the registry: its manifest.
    fn image(&self, tag: &str) -> Vec<u8> {
        let config = Digest::of(tag.as_bytes());
        let text = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": {"mediaType":
            "application/vnd.docker.container.image.v1+json", "size": 3, "digest": config.to_string()}, "layers": []});
        let bytes = text.to_string().into_bytes();
        for name in [tag.to_owned(), Digest::of(&bytes).to_string()] {
            self.registry.put(&format!("/v2/example/live/manifests/{name}"), MANIFEST, &bytes);
        }
        bytes
    }

    fn sign(&self, tag: &str, role: &str) {
        let bytes = self.image(tag);
        let (length, hash) = (bytes.len().to_string(), Digest::of(&bytes).hex());
        self.client(&["addhash", &self.gun, tag, &length, "--sha256", &hash, "-r", role, "-p"]);
    }

    /// The files that the client keeps.
    fn cached(&self) -> BTreeMap<String, Vec<u8>> {
        // Reading through the client refreshes what it keeps.
        self.client(&["list", &self.gun]);
        let folder = self.folder.path().join("client/trust/tuf").join(&self.gun).join("metadata");
        let names = ["root", "targets", "targets/releases", "snapshot", "timestamp"];
        let files = names.map(|role| format!("{role}.json"));
        files
            .into_iter()
            .filter_map(|f| std::fs::read(folder.join(&f)).ok().map(|bytes| (f, bytes)))
            .collect()
    }

    /// A file of the server, through our proxy.
    fn fetched(&self, file: &str) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.proxy)).unwrap();
        let path = format!("/proxy/127.0.0.1:{}/v2/{}/_trust/tuf/{file}", self.notary, self.gun);
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.proxy);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        assert!(!head.contains("transfer-encoding"), "{head}");
        head.starts_with("http/1.1 200").then(|| answer.split_off(end + 4))
    }

    /// All metadata through the proxy, numbered roots too.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let mut names: Vec<String> = ["root", "targets", "targets/releases", "snapshot", "timestamp"]
            .map(|role| format!("{role}.json"))
            .to_vec();
        names.extend((1..10).map(|n| format!("{n}.root.json")));
        names.into_iter().filter_map(|name| self.fetched(&name).map(|bytes| (name, bytes))).collect()
    }

    /// The command line's answer on files: exit status, code, caveats, needs.
    fn check(&self, files: &BTreeMap<String, Vec<u8>>, tag: &str, pins: &Pins) -> Answer {
        let folder = self.folder.path().join("check");
        drop(std::fs::remove_dir_all(&folder));
        for (name, bytes) in files {
            self.folder.write(&format!("check/{name}"), bytes);
        }
        let folder = folder.to_string_lossy().into_owned();
        let image = format!("{}:{tag}", self.gun);
        self.ask(&["check", "--image", &image, &folder], pins)
    }

    fn verify(&self, tag: &str, pins: &Pins) -> Answer {
        let server = format!("127.0.0.1:{}", self.notary);
        self.ask(&["verify", "--notary", &server, &format!("{}:{tag}", self.gun)], pins)
    }

    fn ask(&self, arguments: &[&str], pins: &Pins) -> Answer {
        let mut command = Command::new(OURS);
        command.args(arguments).args(["--root-key", &pins.root, "--repository-key", &pins.repository]);
        let output = command.args(["--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        Answer { status: output.status.code().unwrap(), report }
    }
}

#[derive(Clone)]
struct Pins {
    root: String,
    repository: String,
}

/// The key ids that a root file names.
fn pins(files: &BTreeMap<String, Vec<u8>>) -> Pins {
    let root: Value = serde_json::from_slice(&files["root.json"]).unwrap();
    let id = |role: &str| root["signed"]["roles"][role]["keyids"][0].as_str().unwrap().to_owned();
    Pins { root: id("root"), repository: id("targets") }
}

struct Answer {
    status: i32,
    report: Value,
}

impl Answer {
    fn list(&self, name: &str) -> String {
        self.report[name].to_string()
    }

    fn expect(self, what: &str, status: i32, code: &str) -> Self {
        let found = self.report["code"].as_str().unwrap();
        let caveats: Vec<_> =
            self.report["caveats"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
        println!("| {what} | {} | {found} | {} |", self.status, caveats.join(", "));
        assert_eq!((self.status, found), (status, code), "{what}: {:#}", self.report);
        self
    }
}

fn without(files: &BTreeMap<String, Vec<u8>>, names: &[&str]) -> BTreeMap<String, Vec<u8>> {
    files
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(n, b)| (n.clone(), b.clone()))
        .collect()
}

fn with(files: &BTreeMap<String, Vec<u8>>, name: &str, bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = files.clone();
    files.insert(name.to_owned(), bytes.to_vec());
    files
}

#[test]
fn a_real_server_is_verified_through_rotations() {
    if !have(&["notary", "notary-server", "notary-signer", "openssl"]) {
        return;
    }
    let stage = Stage::start();
    let gun = stage.gun.clone();
    let alice = |kind: &str| stage.folder.path().join(format!("alice.{kind}")).to_string_lossy().into_owned();
    stage.client(&["init", &gun, "-p"]);
    stage.client(&["key", "rotate", &gun, "snapshot", "-r"]);
    stage.client(&["delegation", "add", &gun, "targets/releases", &alice("crt"), "--all-paths", "-p"]);
    stage.client(&["key", "import", &alice("key"), "--role", "alice"]);
    stage.sign("1.0", "targets");
    stage.sign("1.1", "targets");
    stage.sign("2.0", "targets/releases");
    stage.image("3.0");

    println!("| what | exit | code | caveats |\n|---|---|---|---|");
    let cached = stage.cached();
    let first = stage.all();
    for (name, bytes) in &cached {
        assert!(first[name] == *bytes, "{name} differs between folder and proxy");
    }
    let old = pins(&first);
    assert_eq!(cached.len(), 5);
    for tag in ["1.0", "1.1", "2.0"] {
        let here =
            stage.check(&cached, tag, &old).expect(&format!("{tag}, the client's folder"), 0, "released");
        assert_eq!(here.report["subject"]["digest"], Digest::of(&stage.image(tag)).to_string());
        stage.check(&first, tag, &old).expect(&format!("{tag}, through the proxy"), 0, "released");
        let live = stage.verify(tag, &old).expect(&format!("{tag}, verify"), 0, "released");
        assert!(live.list("links").contains("bytes-match"), "{}", live.list("links"));
    }
    stage.check(&cached, "3.0", &old).expect("a tag never signed", 3, "notary-tag-not-signed");
    let mallory = Pins { root: "0".repeat(64), ..old.clone() };
    stage.check(&cached, "1.0", &mallory).expect("another root pinned", 1, "notary-root-key-differs");
    let mallory = Pins { repository: "0".repeat(64), ..old.clone() };
    stage.check(&cached, "1.0", &mallory).expect(
        "another repository key pinned",
        1,
        "notary-repository-key-differs",
    );
    let mut flipped = cached["targets.json"].clone();
    let at = flipped.windows(5).position(|w| w == b"\"1.0\"").unwrap();
    flipped[at + 1] = b'7';
    let flipped = with(&cached, "targets.json", &flipped);
    stage.check(&flipped, "7.0", &old).expect("a tag renamed in the file", 1, "notary-hash-mismatch");
    let other = stage.image("1.1");
    stage.registry.put("/v2/example/live/manifests/1.0", MANIFEST, &other);
    stage.verify("1.0", &old).expect("the registry moves the tag", 1, "notary-tag-of-another-image");
    stage.image("1.0");

    stage.client(&["key", "rotate", &gun, "targets"]);
    stage.sign("2.1", "targets");
    let second = stage.all();
    let new = Pins { root: old.root.clone(), repository: pins(&second).repository };
    assert_ne!(new.repository, old.repository);
    stage.check(&second, "1.0", &old).expect(
        "repository key rotated, the old one pinned",
        1,
        "notary-repository-key-differs",
    );
    stage.check(&second, "2.1", &new).expect("repository key rotated, the new one pinned", 0, "released");
    stage.verify("2.0", &new).expect("the same, verify", 0, "released");
    let mixed = with(&second, "targets.json", &first["targets.json"]);
    stage.check(&mixed, "1.0", &new).expect("targets from before the rotation", 4, "notary-role-missing");

    stage.client(&["key", "rotate", &gun, "root"]);
    let third = stage.all();
    let newest = pins(&third);
    assert_ne!(newest.root, new.root);
    let rotated =
        stage.check(&third, "1.0", &new).expect("root key rotated, the old one pinned", 0, "released");
    assert!(rotated.list("caveats").contains("rotated-since-documented"));
    let direct =
        stage.check(&third, "1.0", &newest).expect("root key rotated, the new one pinned", 0, "released");
    assert!(!direct.list("caveats").contains("rotated-since-documented"));
    let live = stage.verify("1.0", &new).expect("the old root key pinned, verify", 0, "released");
    assert!(live.list("caveats").contains("rotated-since-documented"), "{}", live.list("caveats"));
    let mallory = Pins { root: "0".repeat(64), ..new.clone() };
    stage.verify("1.0", &mallory).expect("another root key pinned, verify", 1, "notary-root-key-differs");
    stage.verify("1.0", &newest).expect("the same, verify", 0, "released");
    let numbered: Vec<&str> =
        third.keys().filter(|n| n.ends_with(".root.json")).map(String::as_str).collect();
    println!("numbered roots: {numbered:?}");
    assert!(numbered.len() >= 4);
    let middle = numbered[numbered.len() - 2];
    let gap = without(&third, &[middle]);
    let gap = stage.check(&gap, "1.0", &new).expect(&format!("without {middle}"), 4, "notary-root-gap");
    assert!(gap.list("needs").contains(middle.trim_end_matches(".json")), "{}", gap.list("needs"));
    let bare = without(&third, &numbered);
    stage.check(&bare, "1.0", &new).expect(
        "only the newest root, the old one pinned",
        4,
        "notary-root-unlinked",
    );
    let mut broken: Value = serde_json::from_slice(&third[middle]).unwrap();
    broken["signed"]["expires"] = json!("2048-01-01T00:00:00Z");
    let broken = with(&third, middle, broken.to_string().as_bytes());
    stage.check(&broken, "1.0", &new).expect(&format!("{middle} changed"), 4, "notary-root-gap");
}
