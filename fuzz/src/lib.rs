//! What is asked of each parser. `fuzz/targets` feeds them to libFuzzer; the
//! tests of the project ask the same of every file of `fuzz/corpus`.

use webdis_verify::base::error::Result;
use webdis_verify::base::json;
use webdis_verify::base::order::Set;
use webdis_verify::base::outcome::Outcome;
use webdis_verify::evidence::archive::{Archive, Files, Layer, Measure};
use webdis_verify::evidence::measured::Measured;
use webdis_verify::evidence::{Given, Origin, recognise as items_of, recover};
use webdis_verify::model::key::PublicKey;
use webdis_verify::proof::cosign::{Annotations, signature_layers};
use webdis_verify::proof::sigstore::Bundle;
use webdis_verify::proof::tuf::{self, NamedFile, Pins};
use webdis_verify::session::check::{Options, check as whole_check};
use webdis_verify::{ClaimedDigest, Digest, Reference, Time};

/// Every target by its name.
pub const TARGETS: [(&str, fn(&[u8])); 9] = [
    ("archive", archive),
    ("bundle", bundle),
    ("check", check),
    ("files", files),
    ("json", json),
    ("layer", layer),
    ("recognise", recognise),
    ("reference", reference),
    ("tuf", tuf),
];

/// A day in 2026.
fn now() -> Option<Time> {
    Time::from_unix(1_780_000_000)
}

/// What an archive gives: names with digests, or the code of its refusal.
type Found = core::result::Result<Vec<(String, Digest)>, &'static str>;

fn found(read: impl FnOnce() -> Result<Vec<Given>>) -> Found {
    let given = read().map_err(|error| error.code().name())?;
    let mut found: Vec<_> = given.into_iter().map(|given| (given.name.clone(), given.digest())).collect();
    found.sort();
    Ok(found)
}

fn streamed(bytes: &[u8], piece: usize) -> Found {
    found(|| {
        let mut archive = Archive::named("a.tar");
        bytes.chunks(piece).try_for_each(|piece| archive.push(piece))?;
        archive.finish()
    })
}

fn measured(bytes: &[u8], piece: usize) -> Measured {
    let mut measure = Measure::new();
    bytes.chunks(piece).for_each(|piece| measure.push(piece));
    measure.finish()
}

fn part(bytes: &[u8], from: u64, size: u64) -> &[u8] {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
    &bytes[place(from)..place(from.saturating_add(size))]
}

fn moved_in(bytes: &[u8]) -> Found {
    found(|| {
        let mut archive = Archive::delegating("a.tar");
        let mut at = 0;
        while at < bytes.len() {
            let skip = usize::try_from(archive.skippable()).unwrap_or(usize::MAX).min(bytes.len() - at);
            archive.skip(u64::try_from(skip).unwrap_or_default());
            at += skip;
            let piece = &bytes[at..bytes.len().min(at + 777)];
            archive.push(piece)?;
            at += piece.len();
        }
        for member in archive.pending() {
            let bytes = part(bytes, member.offset, member.size);
            archive.deliver(member.number, measured(bytes, 4096));
        }
        let alone = archive.may_be_blob();
        let mut given = archive.finish()?;
        if alone {
            given.push(Given::measured("a.tar", measured(bytes, 4096)));
        }
        Ok(given)
    })
}

/// Archives: tar, gzip, zstd, zip. However they are cut into pieces, they hold
/// the same, and so they do where a driver moves in the file.
///
/// # Panics
/// Where that is not so; and so below.
pub fn archive(bytes: &[u8]) {
    let whole = streamed(bytes, usize::MAX);
    assert_eq!(whole, streamed(bytes, 777), "in pieces");
    // A driver does not move in what is packed, nor in a zip.
    if bytes.get(257..262) == Some(b"ustar") {
        assert_eq!(whole, moved_in(bytes), "by moving in it");
    }
}

/// One blob: hashed, and unpacked by gzip or zstd.
pub fn layer(bytes: &[u8]) {
    let whole = measured(bytes, usize::MAX);
    assert_eq!(whole.digest(), Digest::of(bytes));
    assert_eq!(whole, measured(bytes, 7), "in pieces");
}

/// The files of a layer, and of one that lies in an archive.
pub fn files(bytes: &[u8]) {
    let read = |mut layer: Layer, piece: usize| -> core::result::Result<Files, &'static str> {
        let all = bytes.chunks(piece).try_for_each(|piece| layer.push(piece));
        all.and_then(|()| layer.finish()).map_err(|error| error.code().name())
    };
    let whole = read(Layer::new(), usize::MAX);
    assert_eq!(whole, read(Layer::new(), 777), "in pieces");
    let _inside = read(Layer::in_archive("a/layer.tar"), 777);
}

/// Sigstore bundles and layer annotations.
pub fn bundle(bytes: &[u8]) {
    let _bundle = Bundle::parse(bytes);
    let _annotations = Annotations::parse(bytes);
    let _layers = signature_layers(bytes);
}

/// The whole check of one file and one paste.
pub fn check(bytes: &[u8]) {
    let Some(now) = now() else { return };
    for origin in [Origin::File, Origin::Paste] {
        let given = Given { name: "input".to_owned(), origin, bytes: bytes.to_vec() };
        if let Ok(report) = whole_check(&[given], &Options::at(now)) {
            assert_ne!(report.outcome, Outcome::Proven, "nobody has this key");
        }
    }
}

/// Strict JSON: one reading, no panic.
pub fn json(bytes: &[u8]) {
    let _one_reading = json::parse(bytes);
}

/// What a text is, and the bytes behind it.
pub fn recognise(bytes: &[u8]) {
    for origin in [Origin::File, Origin::Paste, Origin::Archive] {
        for item in items_of(&[Given { name: "input".to_owned(), origin, bytes: bytes.to_vec() }]) {
            assert_eq!(item.digest, Digest::of(&item.bytes), "an item is its bytes");
        }
    }
    let wanted = Set::from([Digest::of(bytes.trim_ascii()).to_claim()]);
    if let Ok(recovered) = recover(bytes, &wanted) {
        assert!(
            wanted.contains(&Digest::of(&recovered.bytes).to_claim()),
            "what was found is what was wanted"
        );
    }
}

/// References, digests and keys: what is accepted is written back the same.
pub fn reference(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    if let Ok(reference) = Reference::parse(text) {
        let again = Reference::parse(&reference.name()).map(|again| again.name());
        assert_eq!(again.as_deref(), Ok(reference.name().as_str()));
    }
    if let Ok(digest) = ClaimedDigest::parse(text) {
        assert_eq!(digest.to_string(), text);
    }
    let _key = PublicKey::parse(bytes);
}

/// Notary v1 metadata: the first byte says where the file is cut into two.
pub fn tuf(bytes: &[u8]) {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let at = bytes.len() * usize::from(*cut) / 255;
    let files = [
        NamedFile { name: "root.json", bytes: &bytes[..at] },
        NamedFile { name: "targets.json", bytes: &bytes[at..] },
    ];
    let pins = Pins { root: vec!["a".repeat(64)], repository: vec!["b".repeat(64)], signers: vec![] };
    if let Some(now) = now() {
        let verification = tuf::verify(&files, "docker.io/nicolas/webdis", &pins, now);
        assert!(verification.collection().is_none(), "nobody has this key");
    }
}
