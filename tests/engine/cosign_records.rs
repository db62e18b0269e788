//! Output of `cosign verify`, verified again; and layers of other kinds.

use crate::common::stand_in::{self, Base, IMAGE, Plan};
use crate::common::vectors;
use serde_json::{Value, json};
use webdis_verify::ClaimedDigest;
use webdis_verify::Digest;
use webdis_verify::Error;
use webdis_verify::Result;
use webdis_verify::base::encoding::base64;
use webdis_verify::base::json as strict;
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::cosign::{self, Annotations, LayerKind, SIGN_V1, codes};
use webdis_verify::proof::sigstore::{LogEvidence, TrustedRoot};

/// The only record of a paste: the JSON array after the header lines.
fn record(text: &str) -> Result<(Vec<u8>, Annotations)> {
    let start = text.find("[{").unwrap();
    let (node, _) = strict::parse_prefix(text, start)?;
    cosign::rebuild_verified(&node.array("").unwrap()[0])
}

/// The key that the log recorded: what the paste shows is that this key
/// signed, not whose it is.
fn logged_key(annotations: &Annotations) -> PublicKey {
    let body = annotations.entry().unwrap().as_ref().unwrap().body().unwrap().to_vec();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let pem = body["spec"]["signature"]["publicKey"]["content"].as_str().unwrap();
    PublicKey::parse(&base64::decode(pem).unwrap()).unwrap()
}

#[test]
#[ignore = "needs ../shared"]
fn real_pastes_are_verified_again() {
    let folder = vectors::folder("dct/cosign-verify-pastes");
    let root = TrustedRoot::public_good().unwrap();
    for (name, image, time) in [
        (
            "gertd-demo.txt",
            "sha256:e583dc0e018fc11d659da7d1957c60ad8a523eafc142a9de391516eb45594e6f",
            "2024-02-02T04:56:38Z",
        ),
        (
            "sighup.txt",
            "sha256:3fb4de9567a165c2d8b4683241c0fcd4724d83ff98448bf1c23541461027b545",
            "2023-05-15T15:52:52Z",
        ),
    ] {
        let text = String::from_utf8(vectors::read(&folder.join(name))).unwrap();
        let (payload, annotations) = record(&text).unwrap();
        let key = logged_key(&annotations);
        let signed = cosign::verify_payload(&payload, &annotations, &key).unwrap();
        signed.names(&ClaimedDigest::parse(image).unwrap()).unwrap();
        let LogEvidence::Proven(log) = signed.log_evidence(&root) else { panic!("{name}: not logged") };
        println!(
            "{name}: payload {} key {} log index {} at {:?}",
            Digest::of(&payload),
            key.fingerprint(),
            log.index(),
            log.integrated_time()
        );
        assert_eq!(log.integrated_time().unwrap().to_string(), time, "{name}");

        // Another key, another image, a changed record: refused.
        let webdis = PublicKey::parse(include_bytes!("../../webdis.pub")).unwrap();
        assert!(cosign::verify_payload(&payload, &annotations, &webdis).is_err());
        assert_eq!(
            signed.names(&Digest::of(b"other").to_claim()).unwrap_err().code(),
            codes::SIGNED_ANOTHER_IMAGE
        );
        let changed = text.replace(image, &format!("sha256:0{}", &image[8..]));
        assert_ne!(changed, text);
        assert_eq!(record(&changed).unwrap_err().code(), codes::RECORD_NOT_REBUILT, "{name}");
    }
}

/// What cosign 2 would print for a signature of the stand-in.
fn printed(payload: &str, build: &Value) -> String {
    let mut record: Value = serde_json::from_str(payload).unwrap();
    if record["optional"].is_null() {
        record["optional"] = json!({});
    }
    record["optional"]["Bundle"] = build["bundle"].clone();
    format!("[{record}]")
}

#[test]
fn annotations_and_escapes_are_restored_as_go_wrote_them() {
    for optional in [
        r#"null}"#.to_owned(),
        "{}}".to_owned(),
        r#"{"a":"x \u003c\u0026\u003e \u2028 é \" \\ \n","b":"2"}}"#.to_owned(),
        r#"{"a":"\b\f"}}"#.to_owned(),
        r#"{"a":"\u0008\u000c\u001f"}}"#.to_owned(),
        r#"{"creator":"c","timestamp":1779000000}}"#.to_owned(),
    ] {
        let mut plan = Plan::new(Base::Legacy);
        plan.payload = plan.payload.replace("null}", &optional);
        let (payload, annotations) = record(&printed(&plan.payload, &plan.build())).unwrap();
        assert_eq!(String::from_utf8(payload.clone()).unwrap(), plan.payload);
        let signed = cosign::verify_payload(&payload, &annotations, &stand_in::key()).unwrap();
        signed.names(&Digest::of(IMAGE).to_claim()).unwrap();
        let root = TrustedRoot::parse(plan.trusted_root().as_bytes()).unwrap();
        assert!(matches!(signed.log_evidence(&root), LogEvidence::Proven(_)));
    }
}

#[test]
fn records_that_hold_no_signature_are_not_checked() {
    let plan = Plan::new(Base::Legacy);
    let whole = printed(&plan.payload, &plan.build());
    let changed = |change: fn(&mut Value)| {
        let mut records: Value = serde_json::from_str(&whole).unwrap();
        change(&mut records[0]);
        record(&records.to_string()).unwrap_err()
    };
    let code = |error: Error| error.code().name();
    assert_eq!(code(changed(|r| r["critical"]["type"] = json!(SIGN_V1))), "cosign-record-v3");
    assert_eq!(code(changed(|r| r["critical"]["type"] = json!(""))), "cosign-record-without-bundle");
    assert_eq!(code(changed(|r| r["critical"]["type"] = json!("another"))), "payload-type");
    assert_eq!(code(changed(|r| r["optional"] = json!(null))), "cosign-record-without-bundle");
    assert_eq!(code(changed(|r| r["optional"]["Bundle"] = json!(null))), "cosign-record-without-bundle");
    assert_eq!(code(changed(|r| r["optional"]["added"] = json!("later"))), "cosign-record-not-rebuilt");
    assert_eq!(
        code(changed(|r| {
            r["optional"]["Issuer"] = json!("i");
            r["optional"]["Subject"] = json!("s");
        })),
        "identity-not-supported-yet"
    );
    assert_eq!(
        code(changed(|r| r["critical"]["type"] = json!("atomic container signature"))),
        "payload-type"
    );
    assert_eq!(
        code(changed(|r| r["optional"]["Bundle"]["Payload"]["body"] = json!("e30="))),
        "json-missing-member"
    );
}

#[test]
fn an_attestation_by_the_key_is_one_only_when_asked_for() {
    let predicate = "https://slsa.dev/provenance/v1";
    let plan = Plan {
        payload: stand_in::statement(&stand_in::subject(&Digest::of(IMAGE)), predicate),
        ..Plan::new(Base::DsseV1)
    };
    let build = plan.build();
    let envelope = build["dsseEnvelope"].to_string();
    let none =
        Annotations::parse(br#"{"dev.cosignproject.cosign/signature":"","predicateType":"x"}"#).unwrap();
    let key = stand_in::key();
    let bundle = webdis_verify::proof::sigstore::Bundle::parse(build.to_string().as_bytes()).unwrap();
    type Verify<'a> = &'a dyn Fn(&str) -> Result<cosign::SignedImage>;
    let bare: Verify<'_> = &|wanted| cosign::verify_envelope(envelope.as_bytes(), &none, &key, wanted);
    let bundled: Verify<'_> = &|wanted| cosign::verify_bundle(&bundle, &key, wanted);
    for verify in [bare, bundled] {
        let signed = verify(predicate).unwrap();
        assert!(signed.predicate_type().is_some_and(|kind| kind != SIGN_V1));
        signed.names(&Digest::of(IMAGE).to_claim()).unwrap();
        assert_eq!(verify(SIGN_V1).unwrap_err().code(), codes::ATTESTATION);
        assert_eq!(verify("https://slsa.dev/provenance/v0.2").unwrap_err().code(), codes::ATTESTATION);
    }
    let certificate = Annotations::parse(br#"{"dev.sigstore.cosign/certificate":"x"}"#).unwrap();
    let refused = cosign::verify_envelope(envelope.as_bytes(), &certificate, &key, predicate).unwrap_err();
    assert_eq!(refused.code().name(), "identity-not-supported-yet");
    assert!(cosign::verify_envelope(envelope.as_bytes(), &none, &stand_in::other_key(), predicate).is_err());
}

#[test]
fn layers_of_other_media_types_are_skipped() {
    let digest = Digest::of(b"x").to_string();
    let layer = |kind: &str| json!({"mediaType": kind, "digest": digest, "size": 1, "annotations": {"dev.cosignproject.cosign/signature": "AAAA"}});
    let manifest = json!({"schemaVersion": 2, "layers": [
        layer("text/plain"), layer(cosign::SIMPLE_SIGNING), layer(cosign::ENVELOPE),
        layer("application/vnd.dev.sigstore.bundle.v0.3+json"), layer("application/vnd.dev.cosign.simplesigning.v1+json2")
    ]});
    let layers = cosign::signature_layers(manifest.to_string().as_bytes()).unwrap();
    let kinds: Vec<_> = layers.iter().map(|layer| layer.kind).collect();
    assert_eq!(kinds, [LayerKind::Payload, LayerKind::Envelope, LayerKind::Bundle]);
    let many = json!({"layers": vec![layer("text/plain"); 1_001]});
    assert_eq!(
        cosign::signature_layers(many.to_string().as_bytes()).unwrap_err().code().name(),
        "limit-exceeded"
    );
}

#[test]
#[ignore = "needs ../shared"]
fn the_synthetic_registry_is_signed_where_it_says_so() {
    let folder = vectors::folder("synthetic-registry");
    let blob = |digest: &str| vectors::read(&folder.join("blobs").join(digest.trim_start_matches("sha256:")));
    let routes = vectors::json(&folder.join("routes.json"));
    let get = |path: String| routes[&path]["blob"].as_str().map(blob);
    let root = TrustedRoot::parse(&vectors::read(&folder.join("trusted_root.synthetic.json"))).unwrap();
    let key = |name: &str| PublicKey::parse(&vectors::read(&folder.join("keys").join(name))).unwrap();
    let (signer, other) = (key("signer.pub"), key("other.pub"));
    let (mut signed, mut unsigned) = (0, 0);
    for case in vectors::json(&folder.join("expected.json")).as_array().unwrap() {
        let (repo, digest) = (case["repo"].as_str().unwrap(), case["digest"].as_str().unwrap());
        let image = Digest::of(&blob(digest));
        assert_eq!(image.to_string(), digest);
        let mut proven = 0;
        let mut manifests = Vec::new();
        if let Some(index) = get(format!("/v2/{repo}/referrers/{digest}")) {
            let index: Value = serde_json::from_slice(&index).unwrap();
            manifests.extend(
                index["manifests"].as_array().unwrap().iter().map(|m| blob(m["digest"].as_str().unwrap())),
            );
        }
        manifests.extend(get(format!("/v2/{repo}/manifests/{}.sig", digest.replace(':', "-"))));
        for layer in manifests.iter().flat_map(|manifest| cosign::signature_layers(manifest).unwrap()) {
            let bytes = blob(&layer.digest.to_string());
            layer.digest.check(&bytes).unwrap();
            let verify = |key: &PublicKey| match layer.kind {
                LayerKind::Payload => cosign::verify_payload(&bytes, &layer.annotations, key),
                _ => cosign::verify_bundle(
                    &webdis_verify::proof::sigstore::Bundle::parse(&bytes)?,
                    key,
                    SIGN_V1,
                ),
            };
            let proof = verify(&signer).unwrap();
            proof.names(&image.to_claim()).unwrap();
            assert!(matches!(proof.log_evidence(&root), LogEvidence::Proven(_)), "{repo}");
            assert!(verify(&other).is_err());
            proven += 1;
        }
        assert_eq!(proven > 0, case["signed"].as_bool().unwrap(), "{repo} {digest}");
        if proven > 0 { signed += 1 } else { unsigned += 1 }
    }
    println!("synthetic registry: {signed} signed and logged, {unsigned} unsigned, as expected");
    assert_eq!((signed, unsigned), (10, 5));
}
