//! What tools print about an image, as they print it.

use serde_json::json;

use super::image::{Platform, Tree, sum};

/// An image in somebody's hands: its name there, what it is, which platform
/// and in which kind of store.
pub(super) struct Seen<'a> {
    /// With host: `docker.io/example/app`.
    pub(super) repository: &'a str,
    pub(super) tag: &'a str,
    pub(super) tree: &'a Tree,
    pub(super) platform: usize,
    pub(super) containerd: bool,
}

type Print = fn(&Seen<'_>) -> String;

/// What a terminal of the user's computer prints; each names the image held.
pub(super) const LOCAL: &[(&str, Print)] = &[
    ("docker pull", pull),
    ("docker pull, up to date", |seen| pull(seen).replace("Downloaded newer image", "Image is up to date")),
    ("docker images --digests", images),
    ("docker image inspect", inspect),
    ("docker image inspect, grep Id", |seen| {
        format!(
            "$ docker image inspect {} | grep -w Id\n        \"Id\": \"{}\",\n",
            seen.familiar(),
            seen.id()
        )
    }),
    ("docker images -q", |seen| {
        format!("$ docker images --no-trunc --quiet {}\n{}\n", seen.familiar_name(), seen.id())
    }),
    ("docker inspect RepoDigests", |seen| format!("{}@{}\n", seen.familiar_name(), seen.top())),
    ("docker load", |seen| format!("$ docker load -i app.tar\nLoaded image ID: {}\n", seen.id())),
    ("crictl inspecti", crictl),
    ("crictl images -v", |seen| {
        format!(
            "$ sudo crictl images -v\nID: {}\nRepoTags: {}\nRepoDigests: {}@{}\nSize: 12078773\n\n",
            seen.config(),
            seen.full(),
            seen.repository,
            seen.on_node()
        )
    }),
    ("crictl pull", |seen| {
        format!("$ sudo crictl pull {}\nImage is up to date for {}\n", seen.full(), seen.config())
    }),
    ("kubectl describe pod", |seen| {
        format!(
            "Containers:\n  app:\n    Container ID:   containerd://{}\n    Image:          {}\n    Image ID:       {}@{}\n    Port:           7379/TCP\n",
            "4f".repeat(32),
            seen.familiar(),
            seen.repository,
            seen.on_node()
        )
    }),
    ("kubectl get pod -o json", |seen| {
        let status = json!({"name": "app", "image": seen.full(), "ready": true,
            "imageID": format!("{}@{}", seen.repository, seen.on_node())});
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "status": {"containerStatuses": [status]}});
        serde_json::to_string_pretty(&pod).unwrap()
    }),
    ("nerdctl pull", nerdctl),
    ("podman pull", |seen| {
        format!(
            "$ podman pull {0}\nTrying to pull {0}...\nGetting image source signatures\nCopying blob {1}\nCopying config {2}\nWriting manifest to image destination\n{2}\n",
            seen.full(),
            seen.layer(),
            &seen.config()[7..]
        )
    }),
    ("podman image inspect", podman),
    ("buildah inspect", |seen| {
        let here = sum(&seen.here().manifest);
        json!({"Type": "buildah 0.0.1", "FromImage": seen.full(), "FromImageID": &seen.config()[7..],
            "FromImageDigest": here, "Config": "{}", "Manifest": "{}"})
        .to_string()
    }),
    ("trivy", |seen| {
        json!({"SchemaVersion": 2, "ArtifactName": seen.full(), "ArtifactType": "container_image",
            "Metadata": {"ImageID": seen.id(), "RepoTags": [seen.full()],
                "RepoDigests": [format!("{}@{}", seen.repository, seen.top())]}, "Results": []})
        .to_string()
    }),
    // In forms that no reader knows.
    ("an SPDX document", |seen| {
        let sum = [json!({"algorithm": "SHA256", "checksumValue": &seen.top()[7..]})];
        let package = json!({"name": seen.repository, "versionInfo": seen.tag, "checksums": sum});
        json!({"spdxVersion": "SPDX-2.3", "name": seen.full(), "packages": [package]}).to_string()
    }),
    ("a container, jq", |seen| {
        json!({"Name": "/app", "Image": seen.id(), "Config": {"Image": seen.familiar()}}).to_string()
    }),
    ("syft", |seen| {
        // Of an image in the daemon syft makes up a manifest.
        let made_up = sum(seen.full().as_bytes());
        json!({"artifacts": [], "source": {"type": "image", "name": seen.repository, "metadata": {
            "userInput": seen.full(), "imageID": seen.id(), "manifestDigest": made_up,
            "repoDigests": [format!("{}@{}", seen.repository, seen.top())], "layers": []}}})
        .to_string()
    }),
];

/// What grep leaves of the document of the tag: parts, and no digest of its own.
pub(super) const PARTS: &str = "docker manifest inspect, grep";
pub(super) const SUM: &str = "sha256sum of a pipe";

/// What a registry answers when it is asked for the tag.
pub(super) const REGISTRY: &[(&str, Print)] = &[
    ("docker buildx imagetools inspect", imagetools),
    ("imagetools inspect --format json", imagetools_json),
    ("crane digest", |seen| format!("$ crane digest {}\n{}\n", seen.full(), seen.top())),
    ("crane digest --full-ref", |seen| format!("{}@{}\n", seen.repository, seen.top())),
    ("skopeo inspect", skopeo),
    ("curl -I", |seen| {
        let (host, name) = seen.repository.split_once('/').unwrap();
        let host = if host == "docker.io" { "registry-1.docker.io" } else { host };
        format!(
            "$ curl -sI https://{host}/v2/{name}/manifests/{}\nHTTP/2 200 \r\ncontent-length: {}\r\ncontent-type: {}\r\ndocker-content-digest: {}\r\netag: \"{}\"\r\n\r\n",
            seen.tag,
            seen.tree.top().len(),
            seen.tree.top_type(),
            seen.top(),
            seen.top()
        )
    }),
    (PARTS, |seen| parts(seen, &["\"digest\""])),
    (PARTS, |seen| parts(seen, &["\"digest\"", "\"architecture\""])),
    ("crane manifest of the tag", |seen| {
        format!("$ crane manifest {}\n{}\n", seen.full(), String::from_utf8_lossy(seen.tree.top()))
    }),
    ("gh attestation verify", |seen| {
        format!(
            "$ gh attestation verify oci://{0} --owner example\nLoaded digest {1} for oci://{0}\nLoaded 1 attestation from GitHub API\n",
            seen.full(),
            seen.top()
        )
    }),
    ("the API of GitLab", |seen| {
        json!({"name": seen.tag, "path": seen.full(), "location": seen.full(), "revision": &seen.config()[7..],
            "digest": seen.top(), "total_size": 1})
        .to_string()
    }),
    (SUM, |seen| format!("$ crane manifest {} | sha256sum\n{}  -\n", seen.full(), &seen.top()[7..])),
];

/// Documents as tools print them, from which the bytes can be had again.
pub(super) const DOCUMENTS: &[(&str, Print)] = &[
    ("docker manifest inspect", |seen| match &seen.tree.index {
        Some(index) => indented(index, b"   "),
        None => indented(seen.tree.top(), b"\t"),
    }),
    ("docker manifest inspect of the platform", |seen| indented(&seen.here().manifest, b"\t")),
    ("imagetools inspect --raw", |seen| String::from_utf8(seen.tree.top().to_vec()).unwrap()),
    ("crane manifest of the platform", |seen| String::from_utf8(seen.here().manifest.clone()).unwrap()),
    ("crane config", |seen| String::from_utf8(seen.here().config.clone()).unwrap()),
    ("the index, jq", |seen| indented(seen.tree.top(), b"  ")),
];

impl Seen<'_> {
    pub(super) fn here(&self) -> &Platform {
        &self.tree.platforms[self.platform]
    }

    /// What a node's runtime calls the digest: CRI-O the platform's, containerd the tag's.
    fn on_node(&self) -> String {
        if self.containerd { self.top() } else { sum(&self.here().manifest) }
    }

    fn top(&self) -> String {
        self.tree.top_digest()
    }

    fn config(&self) -> String {
        sum(&self.here().config)
    }

    /// `Id` as the store has it.
    pub(super) fn id(&self) -> String {
        if self.containerd { self.top() } else { self.config() }
    }

    fn layer(&self) -> String {
        sum(&self.here().layers[0].gzip)[7..].to_owned()
    }

    /// As docker shows names of Docker Hub.
    fn familiar_name(&self) -> &str {
        self.repository.strip_prefix("docker.io/").unwrap_or(self.repository)
    }

    fn familiar(&self) -> String {
        format!("{}:{}", self.familiar_name(), self.tag)
    }

    fn full(&self) -> String {
        format!("{}:{}", self.repository, self.tag)
    }
}

/// The same tokens in another layout, as tools that keep the order print it.
fn indented(bytes: &[u8], indent: &[u8]) -> String {
    let (mut out, mut depth, mut quoted) = (Vec::new(), 0, false);
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.extend(indent.repeat(depth));
    };
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => {
                quoted = !quoted;
                out.push(b'"');
            }
            _ if quoted => out.push(*byte),
            b'{' | b'[' => {
                depth += 1;
                out.push(*byte);
                if !matches!(bytes.get(at + 1), Some(b'}' | b']')) {
                    line(&mut out, depth);
                }
            }
            b'}' | b']' => {
                depth -= 1;
                if !matches!(bytes.get(at - 1), Some(b'{' | b'[')) {
                    line(&mut out, depth);
                }
                out.push(*byte);
            }
            b',' => {
                out.push(b',');
                line(&mut out, depth);
            }
            b':' => out.extend(b": "),
            _ => out.push(*byte),
        }
    }
    out.push(b'\n');
    String::from_utf8(out).unwrap()
}

fn parts(seen: &Seen<'_>, words: &[&str]) -> String {
    let document = indented(seen.tree.top(), b"   ");
    let lines = document.lines().filter(|line| words.iter().any(|word| line.contains(word)));
    let lines: String = lines.map(|line| format!("{line}\n")).collect();
    format!("$ docker manifest inspect {} | grep -E '{}'\n{lines}", seen.full(), words.join("|"))
}

fn pull(seen: &Seen<'_>) -> String {
    let (_, name) = seen.repository.split_once('/').unwrap();
    format!(
        "$ docker pull {3}\n{0}: Pulling from {name}\n{1}: Pull complete\nDigest: {2}\nStatus: Downloaded newer image for {3}\n{4}\n",
        seen.tag,
        &seen.layer()[..12],
        seen.top(),
        seen.familiar(),
        seen.full()
    )
}

fn images(seen: &Seen<'_>) -> String {
    let mut rows = vec![["REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE"].map(str::to_owned)];
    let row = |name: &str, tag: &str, digest: String, id: &str| {
        [
            name.to_owned(),
            tag.to_owned(),
            digest,
            id[7..19].to_owned(),
            "3 weeks ago".to_owned(),
            "12.1MB".to_owned(),
        ]
    };
    rows.push(row("redis", "7.2", sum(b"redis"), &sum(b"redis config")));
    rows.push(row(seen.familiar_name(), seen.tag, seen.top(), &seen.id()));
    rows.push(row("<none>", "<none>", "<none>".to_owned(), &sum(b"dangling")));
    let width = |n: usize| rows.iter().map(|row| row[n].len()).max().unwrap();
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("   ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn inspect(seen: &Seen<'_>) -> String {
    let diffs: Vec<String> = seen.here().layers.iter().map(|layer| sum(&layer.tar)).collect();
    let mut image = json!({"Id": seen.id(), "RepoTags": [seen.familiar()],
        "RepoDigests": [format!("{}@{}", seen.familiar_name(), seen.top())],
        "Created": "2026-05-04T17:11:12.123456789Z", "Architecture": seen.here().arch, "Os": "linux",
        "Size": 12_078_773, "RootFS": {"Type": "layers", "Layers": diffs}});
    if seen.containerd {
        image["Descriptor"] =
            json!({"mediaType": seen.tree.top_type(), "digest": seen.top(), "size": seen.tree.top().len()});
    }
    indented(json!([image]).to_string().as_bytes(), b"    ")
}

fn crictl(seen: &Seen<'_>) -> String {
    let status = json!({"id": seen.config(), "repoTags": [seen.full()],
        "repoDigests": [format!("{}@{}", seen.repository, seen.on_node())], "size": "12078773", "uid": null,
        "username": "", "spec": null, "pinned": false});
    indented(json!({"status": status, "info": {}}).to_string().as_bytes(), b"  ")
}

fn nerdctl(seen: &Seen<'_>) -> String {
    let bar = "|++++++++++++++++++++++++++++++++++++++|";
    let mut lines = vec![format!("{}: resolved       {bar} ", seen.full())];
    if seen.tree.index.is_some() {
        lines.push(format!("index-{}:    done           {bar} ", seen.top()));
    }
    lines.push(format!("manifest-{}: done           {bar} ", sum(&seen.here().manifest)));
    lines.push(format!("config-{}:   done           {bar} ", seen.config()));
    lines.push(format!("layer-sha256:{}:    done           {bar} ", seen.layer()));
    lines.push("elapsed: 1.2 s       total:  11.5 M (9.6 MiB/s)".to_owned());
    lines.join("\n") + "\n"
}

fn podman(seen: &Seen<'_>) -> String {
    let manifest = sum(&seen.here().manifest);
    let image = json!({"Id": &seen.config()[7..], "Digest": manifest, "RepoTags": [seen.full()],
        "RepoDigests": [format!("{}@{manifest}", seen.repository), format!("{}@{}", seen.repository, seen.top())],
        "Created": "2026-05-04T17:11:12Z", "Architecture": seen.here().arch, "Os": "linux"});
    indented(json!([image]).to_string().as_bytes(), b"     ")
}

fn imagetools(seen: &Seen<'_>) -> String {
    let mut out = format!(
        "Name:      {}\nMediaType: {}\nDigest:    {}\n           \n",
        seen.full(),
        seen.tree.top_type(),
        seen.top()
    );
    if seen.tree.index.is_none() {
        return out;
    }
    out.push_str("Manifests: \n");
    for platform in &seen.tree.platforms {
        out.push_str(&format!(
            "  Name:      {}@{}\n  MediaType: {}\n  Platform:  linux/{}\n             \n",
            seen.full(),
            sum(&platform.manifest),
            super::image::MANIFEST,
            platform.arch
        ));
    }
    out
}

/// `{{json .Manifest}}`: an index with its own digest and size put in, or the
/// descriptor of a manifest.
fn imagetools_json(seen: &Seen<'_>) -> String {
    let head = format!(
        r#""mediaType":"{}","digest":"{}","size":{}"#,
        seen.tree.top_type(),
        seen.top(),
        seen.tree.top().len()
    );
    let top = String::from_utf8(seen.tree.top().to_vec()).unwrap();
    let text = match top.split_once(r#""manifests":"#) {
        Some((_, children)) => format!(r#"{{"schemaVersion":2,{head},"manifests":{children}"#),
        None => format!("{{{head}}}"),
    };
    indented(text.as_bytes(), b"  ")
}

fn skopeo(seen: &Seen<'_>) -> String {
    let layers: Vec<String> = seen.here().layers.iter().map(|layer| sum(&layer.gzip)).collect();
    let image = json!({"Name": seen.repository, "Digest": seen.top(), "RepoTags": [seen.tag, "latest"],
        "Created": "2026-05-04T17:11:12Z", "DockerVersion": "", "Labels": null,
        "Architecture": seen.here().arch, "Os": "linux", "Layers": layers, "Env": ["PATH=/bin"]});
    indented(image.to_string().as_bytes(), b"    ")
}
