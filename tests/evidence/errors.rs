//! Error messages as programs and policy controllers print them: what each means, and
//! which image it is about. None of them is ever a verdict on an image.

use webdis_verify::base::time::Time;
use webdis_verify::evidence::{Given, Kind, Origin, recognise};
use webdis_verify::session::check::{Options, check};

/// Message, code, image.
const MESSAGES: &[(&str, &str, &str)] = &[
    // cosign 1 to 3
    (
        "Error: no matching signatures:\ninvalid signature when validating ASN.1 encoded signature\nmain.go:62: error during command execution: no matching signatures:\ninvalid signature when validating ASN.1 encoded signature",
        "error-no-matching-signature",
        "",
    ),
    (
        "Error: no matching attestations: failed to verify log inclusion: verifying log entry: verifying inclusion: calculated root:\n[180 158 147 59 152 181 85 10 213 66 32 205]\n does not match expected root:\n[106 46 104 240 45 77 54 219 44 87 165 1 42]",
        "error-log-entry-not-verified",
        "",
    ),
    ("Error: no matching attestations: ", "error-no-signature", ""),
    (
        "Error: none of the attestations matched the predicate type: custom, found: https://sigstore.dev/cosign/sign/v1",
        "error-other-attestation-type",
        "",
    ),
    (
        "Error: no signatures found\nerror during command execution: no signatures found",
        "error-no-signature",
        "",
    ),
    (
        "Error: no signatures found for image\nmain.go:74: error during command execution: no signatures found for image",
        "error-no-signature",
        "",
    ),
    (
        "Error: no matching signatures: none of the expected identities matched what was in the certificate, got subjects [dev@example.com] with issuer https://accounts.example.com",
        "error-other-identity",
        "",
    ),
    (
        "Error: none of the expected identities matched what was in the certificate, got subjects [dev@example.com] with issuer https://accounts.example.com",
        "error-other-identity",
        "",
    ),
    ("Error: signature not found in transparency log", "error-no-log-entry", ""),
    ("Error: no matching signatures: signature not found in transparency log", "error-no-log-entry", ""),
    // Each reason below its heading, and the same two below one.
    (
        "Error: no matching attestations:\nerror verifying bundle: unable to verify SET",
        "error-log-entry-not-verified",
        "",
    ),
    (
        "Error: no matching signatures: not enough verified log entries from transparency log: 0 < 1",
        "error-log-entry-not-verified",
        "",
    ),
    (
        "Error: no matching signatures: invalid signature when validating ASN.1 encoded signature\n error verifying bundle: comparing public key PEMs, expected A, got B\nmain.go:69: error during command execution: no matching signatures: invalid signature when validating ASN.1 encoded signature\n signature not found in transparency log",
        "error-none-passed",
        "",
    ),
    (
        "Error: no matching attestations: failed to verify signature: could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1",
        "error-no-matching-signature",
        "",
    ),
    (
        "Error: no matching attestations: failed to verify signature: provided artifact digest does not match any digest in statement",
        "error-signature-of-another-image",
        "",
    ),
    (
        "Error: no matching signatures: invalid or missing digest in claim: sha256:@A@",
        "error-signature-of-another-image",
        "",
    ),
    (
        "Error: no matching attestations: failed to verify certificate identity: no matching CertificateIdentity found, last error: expected SAN value \"a@example.com\", got \"b@example.com\"",
        "error-other-identity",
        "",
    ),
    (
        "Error: no matching signatures: cert verification failed: x509: certificate signed by unknown authority. Check your TUF root",
        "error-none-passed",
        "",
    ),
    ("Error: no matching signatures: missing or incorrect annotation", "error-none-passed", ""),
    ("Error: no valid bundles exist in registry", "error-no-signature", ""),
    // kyverno
    (
        "Error from server: admission webhook \"mutate.kyverno.svc-fail\" denied the request: failed to verify image ghcr.io/team/app:1.0: .attestors[0].entries[0].keys: no matching signatures",
        "error-none-passed",
        "ghcr.io/team/app:1.0",
    ),
    (
        "Error from server: error when creating \"pod.yaml\": admission webhook \"mutate.kyverno.svc-fail\" denied the request:\n\npolicy Pod/default/app for resource violation:\n\ncheck-image:\n  verify-signature: 'failed to verify image ghcr.io/team/app:1.0: .attestors[0].entries[0].keys: no signatures found'",
        "error-no-signature",
        "ghcr.io/team/app:1.0",
    ),
    (
        "Error from server: admission webhook \"validate.kyverno.svc-fail\" denied the request:\n\nresource Pod/default/app was blocked due to the following policies\n\nverify-image:\n  check: image ghcr.io/team/app:1.0 is not verified",
        "error-policy",
        "",
    ),
    // sigstore policy-controller and the older cosigned
    (
        "Error from server (BadRequest): error when creating \"pod.yaml\": admission webhook \"policy.sigstore.dev\" denied the request: validation failed: failed policy: signed-by-key: spec.containers[0].image\nindex.docker.io/team/app@sha256:@A@ signature key validation failed for authority authority-0 for index.docker.io/team/app@sha256:@A@: no matching signatures",
        "error-none-passed",
        "docker.io/team/app@sha256:@A@",
    ),
    (
        "Error from server (BadRequest): admission webhook \"policy.sigstore.dev\" denied the request: validation failed: no matching policies: spec.containers[0].image",
        "error-policy",
        "",
    ),
    (
        "Error from server (BadRequest): admission webhook \"cosigned.sigstore.dev\" denied the request: validation failed: invalid image signature: spec.template.spec.containers[0].image: ghcr.io/team/app:1.0 must be an image digest",
        "error-policy",
        "ghcr.io/team/app:1.0",
    ),
    // Connaisseur
    (
        "Error from server: admission webhook \"connaisseur-svc.connaisseur.svc\" denied the request: Unable to find signed digest for image docker.io/team/app:1.0.",
        "error-no-signature",
        "docker.io/team/app:1.0",
    ),
    (
        "Error from server: admission webhook \"connaisseur-svc.connaisseur.svc\" denied the request: No trust data for image docker.io/team/app:1.0.",
        "error-no-trust-data",
        "docker.io/team/app:1.0",
    ),
    (
        "Error from server: admission webhook \"connaisseur-svc.connaisseur.svc\" denied the request: error during cosign validation of image docker.io/team/app:1.0: no matching signatures",
        "error-none-passed",
        "docker.io/team/app:1.0",
    ),
    // Gatekeeper with Ratify
    (
        "Error from server (Forbidden): admission webhook \"validation.gatekeeper.sh\" denied the request: [ratify-constraint] Subject failed verification: registry.example.com/team/app:1.0",
        "error-policy",
        "registry.example.com/team/app:1.0",
    ),
    (
        "[ratify-constraint] Subject failed verification: registry.example.com/team/app:1.0, no referrers found",
        "error-no-signature",
        "registry.example.com/team/app:1.0",
    ),
    // flux
    (
        "failed to verify the signature using provider 'cosign': no matching signatures were found for 'ghcr.io/team/charts/app:6.5.1'",
        "error-none-passed",
        "ghcr.io/team/charts/app:6.5.1",
    ),
    // podman, skopeo, CRI-O
    (
        "Error: Source image rejected: A signature was required, but no signature exists",
        "error-no-signature",
        "",
    ),
    (
        "Error: Source image rejected: Running image docker://ghcr.io/team/app:1.0 is rejected by policy.",
        "error-policy",
        "ghcr.io/team/app:1.0",
    ),
    (
        "Error: Source image rejected: cryptographic signature verification failed: invalid signature when validating ASN.1 encoded signature",
        "error-no-matching-signature",
        "",
    ),
    (
        "Error: Source image rejected: None of the signatures were accepted, reasons: Signature for identity ghcr.io/team/other is not accepted",
        "error-signed-for-another-name",
        "",
    ),
    (
        "Error: Source image rejected: Signature by key 4A1B2C is not accepted",
        "error-no-matching-signature",
        "",
    ),
    (
        "FATA[0000] copying system image from manifest list: Source image rejected: A signature was required, but no signature exists",
        "error-no-signature",
        "",
    ),
    (
        "Error: reading manifest 1.0 in quay.io/team/app: manifest unknown",
        "error-image-unknown",
        "quay.io/team/app",
    ),
    (
        "Error: inspecting object: quay.io/team/app:1.0: image not known",
        "error-not-held",
        "quay.io/team/app:1.0",
    ),
    (
        "Error: copying system image from manifest list: Manifest does not match provided manifest digest sha256:@A@",
        "error-digest-differs",
        "",
    ),
    // notation
    (
        "Error: signature verification failed: no signature is associated with \"registry.example.com/team/app@sha256:@A@\", make sure the artifact was signed successfully",
        "error-no-signature",
        "registry.example.com/team/app@sha256:@A@",
    ),
    (
        "Error: signature verification failed for all the signatures associated with registry.example.com/team/app@sha256:@A@",
        "error-none-passed",
        "registry.example.com/team/app@sha256:@A@",
    ),
    // docker, with Content Trust and without
    (
        "Error: remote trust data does not exist for docker.io/team/app: notary.docker.io does not have trust data for docker.io/team/app",
        "error-no-trust-data",
        "docker.io/team/app",
    ),
    ("No valid trust data for 1.0", "error-no-trust-data", ""),
    ("no signatures or cannot access team/app:1.0", "error-no-trust-data", "docker.io/team/app:1.0"),
    (
        "Error: error contacting notary server: x509: certificate signed by unknown authority",
        "error-no-trust-data",
        "",
    ),
    (
        "Error: remote repository docker.io/team/app out-of-date: targets expired at Mon Aug  4 10:00:00 UTC 2025",
        "error-trust-data-expired",
        "docker.io/team/app",
    ),
    (
        "Error: trust data has insufficient signatures for remote repository docker.io/team/app: valid signatures did not meet threshold",
        "error-no-matching-signature",
        "docker.io/team/app",
    ),
    ("no such manifest: docker.io/team/app:1.0", "error-image-unknown", "docker.io/team/app:1.0"),
    (
        "Error response from daemon: manifest for redis:77 not found: manifest unknown: manifest unknown",
        "error-image-unknown",
        "docker.io/library/redis:77",
    ),
    (
        "Error response from daemon: pull access denied for team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        "error-access-denied",
        "",
    ),
    ("Error response from daemon: No such image: team/app:1.0", "error-not-held", "docker.io/team/app:1.0"),
    (
        "Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
        "error-no-platform",
        "",
    ),
    (
        "Error response from daemon: manifest verification failed for digest sha256:@A@",
        "error-digest-differs",
        "",
    ),
    (
        "Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading",
        "error-rate-limit",
        "",
    ),
    (
        "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
        "error-not-reached",
        "",
    ),
    (
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "error-no-daemon",
        "",
    ),
    // containerd, crictl, kubectl
    (
        "failed to commit: failed commit on ref \"manifest-sha256:@A@\": unexpected commit digest sha256:@B@, expected sha256:@A@: failed precondition",
        "error-digest-differs",
        "",
    ),
    (
        "Warning  Failed  12s  kubelet  Failed to pull image \"ghcr.io/team/app:1.0\": failed to resolve reference \"ghcr.io/team/app:1.0\": ghcr.io/team/app:1.0: not found",
        "error-image-unknown",
        "ghcr.io/team/app:1.0",
    ),
    ("Back-off pulling image \"ghcr.io/team/app:1.0\"", "error-other", "ghcr.io/team/app:1.0"),
    // registry clients and shells
    (
        "Error response from registry: failed to fetch the content of \"ghcr.io/team/app:1.0\": ghcr.io/team/app:1.0: not found",
        "error-image-unknown",
        "ghcr.io/team/app:1.0",
    ),
    ("ERROR: ghcr.io/team/app:1.0: not found", "error-image-unknown", "ghcr.io/team/app:1.0"),
    (
        "Error: fetching manifest ghcr.io/team/app:1.0: GET https://ghcr.io/v2/team/app/manifests/1.0: MANIFEST_UNKNOWN: manifest unknown",
        "error-image-unknown",
        "ghcr.io/team/app:1.0",
    ),
    ("curl: (6) Could not resolve host: registry-1.docker.io", "error-not-reached", ""),
    ("curl: (22) The requested URL returned error: 404", "error-image-unknown", ""),
    ("curl: (22) The requested URL returned error: 429", "error-rate-limit", ""),
    (
        "curl: (7) Failed to connect to localhost port 5000 after 0 ms: Couldn't connect to server",
        "error-not-reached",
        "",
    ),
    ("bash: cosign: command not found", "error-no-program", ""),
    (
        "Error: GET https://ghcr.io/v2/team/app/manifests/sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.sig: MANIFEST_UNKNOWN: manifest unknown",
        "error-no-signature",
        "",
    ),
    ("sh: 1: cosign: not found", "error-no-program", ""),
    ("'cosign' is not recognized as an internal or external command,", "error-no-program", ""),
];

fn letter(text: &str) -> String {
    text.replace("@A@", &"a".repeat(64)).replace("@B@", &"b".repeat(64))
}

fn given(text: &str) -> Given {
    Given { name: "paste".to_owned(), origin: Origin::Paste, bytes: text.as_bytes().to_vec() }
}

#[test]
fn each_message_is_told_as_what_it_means() {
    let mut wrong = Vec::new();
    for (message, code, image) in MESSAGES {
        let message = letter(message);
        for text in [message.clone(), format!("$ ls\n{message}\n"), message.replace('\n', "\r\n")] {
            let items = recognise(&[given(&text)]);
            let told: Vec<_> = items.iter().filter(|item| item.kind == Kind::ErrorText).collect();
            let codes: Vec<_> = told.iter().flat_map(|item| &item.notes).map(|note| note.code).collect();
            let named: Vec<_> = told.iter().filter_map(|item| item.printed_for.as_deref()).collect();
            let images: Vec<String> = if image.is_empty() { vec![] } else { vec![letter(image)] };
            if codes != [*code] || named != images {
                let kinds: Vec<_> = items.iter().map(|item| item.kind.name()).collect();
                wrong.push(format!("{text}\n  {codes:?} {named:?} {kinds:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Alone it is the answer, with its image; beside a command's image too. Never more.
#[test]
fn a_message_alone_is_never_a_verdict_on_an_image() {
    for (message, code, image) in MESSAGES {
        let text = letter(message);
        let options = Options::at(Time::parse("2026-11-26T00:00:00Z").unwrap());
        let report = check(&[given(&text)], &options).unwrap();
        assert_eq!(report.outcome.name(), "not-checked", "{text}");
        // What names a digest names what to check.
        if !text.contains("sha256:") {
            assert_eq!(report.code, *code, "{text}");
            let named = report.subject.reference.unwrap_or_default();
            let tagged = image.rsplit('/').next().is_some_and(|last| last.contains(':'));
            assert!(named == *image || !tagged && named.is_empty(), "{text}: {named}");
        }
        assert!(!report.next.is_empty(), "{text}");
    }
}
