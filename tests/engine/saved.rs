//! What `docker save` and its relatives write of a signed image: each in the
//! form of its program, as documented, and as an attacker would have it.

use webdis_verify::base::outcome::Outcome;
use webdis_verify::engine::link::Link;
use webdis_verify::report::Report;

use crate::case::{Case, case, links};
use crate::common::image::{bundle, digest};
use crate::common::release::{REF, Release, release};
use crate::common::tar::{gzip, tar, zip};
use crate::subject::pull;

/// What the registry has, and its signature.
pub(crate) fn signed(release: &Release, name: &str) -> Case {
    let case = case(name).file(&release.index).file(&release.manifest).file(&release.config);
    case.file(bundle(&release.index)).image(REF)
}

/// The lines of layers in a report, by code.
fn layers(report: &Report) -> Vec<&str> {
    let codes = report.links.iter().map(Link::code);
    codes.filter(|code| code.starts_with("layer-")).collect()
}

#[test]
fn whatever_saved_a_signed_image_it_is_that_image() {
    let release = release("own");
    let unpacked = ["layer-unpacked"; 2];
    let verified = ["layer-verified"; 2];
    let (without, made) = (Some("saved-without-manifest"), Some("saved-manifest-made"));
    let expected = [
        ("signed-through-index", unpacked, without),
        ("saved-as-signed", verified, made),
        ("signed-as", verified, None),
        ("signed-through-index", unpacked, without),
        ("saved-as-signed", verified, None),
    ];
    for ((name, members), (code, lines, note)) in release.forms().into_iter().zip(expected) {
        let report = signed(&release, name).file(tar(&members)).proven(code);
        assert_eq!(layers(&report), lines, "{name}");
        let noted = report.links.iter().map(Link::code).find(|code| code.starts_with("saved-"));
        assert_eq!(noted, note, "{name}");
    }
}

/// Only the signed list is at hand: its manifest for the saved platform is lacking, and not
/// the platform.
#[test]
fn a_saved_image_without_the_signed_manifest_asks_for_it() {
    for whose in ["own", "evil"] {
        let (own, release) = (release("own"), release(whose));
        let (_, members) = release.forms().into_iter().nth(1).unwrap();
        let list = case(whose).file(&own.index).file(bundle(&own.index)).image(REF);
        list.file(tar(&members)).not_checked("manifest-needed");
    }
}

#[test]
fn another_image_saved_under_the_name_is_never_proven() {
    let (own, evil) = (release("own"), release("evil"));
    for (name, members) in evil.forms() {
        let report = signed(&own, name).file(tar(&members)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{name}: {}\n{}", report.headline, links(&report));
    }
}

#[test]
fn another_layer_in_the_place_of_one_is_contradicted() {
    let (own, evil) = (release("own"), release("evil"));
    for ((name, members), (_, other)) in own.forms().into_iter().zip(evil.forms()) {
        let large =
            |(_, bytes): &&(String, Vec<u8>)| bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"usr/");
        let places: Vec<usize> = (0..members.len()).filter(|n| large(&&members[*n])).collect();
        assert_eq!(places.len(), 2, "{name}");
        for place in places {
            let mut changed = members.clone();
            changed[place].1 = other[place].1.clone();
            let report = signed(&own, name).file(tar(&changed)).run();
            assert_eq!(report.outcome, Outcome::Contradicted, "{name}: {}", report.headline);
        }
        // The twin: a layer that is not there is said, and no alarm. Where nobody signed that
        // the image has it, a store may have it from elsewhere.
        let mut less = members.clone();
        less.retain(|(path, _)| *path != members[0].0);
        let report = signed(&own, name).file(tar(&less)).run();
        let expected = if name == "repacked" { Outcome::NotChecked } else { Outcome::Proven };
        assert_eq!(report.outcome, expected, "{name}: {}", report.headline);
        assert_eq!(layers(&report).iter().filter(|code| **code == "layer-absent").count(), 1, "{name}");
    }
}

/// What does not unpack is held to nothing where the manifest is not the signed
/// one: a program that passes layers on, or unpacks the first part of one, takes
/// whatever it is.
#[test]
fn a_layer_of_a_manifest_made_anew_must_unpack() {
    let (own, evil) = (release("own"), release("evil"));
    let junk = |layer: &Vec<u8>| [gzip(layer), b"more".to_vec()].concat();
    let held = own.made(&[gzip(&own.layers[0]), junk(&evil.layers[1])]);
    signed(&own, "a layout").file(tar(&held)).not_checked("archive-layer-unknown");
    let mut listed = own.docker_20();
    listed[1].1 = junk(&evil.layers[1]);
    signed(&own, "a list").file(tar(&listed)).not_checked("archive-layer-unknown");
    // A manifest beside it that lists the layer is anybody's.
    let stray = own.made(&[gzip(&own.layers[0]), junk(&evil.layers[1])]);
    let stray = stray.into_iter().filter(|(_, bytes)| bytes.starts_with(b"{\"config\""));
    listed.extend(stray);
    signed(&own, "a stray manifest").file(tar(&listed)).not_checked("archive-layer-unknown");
    // The twins: layers that unpack; one that the signed manifest lists.
    signed(&own, "packed anew").file(tar(&own.forms()[4].1)).proven("saved-as-signed");
    let odd = own.with_layers(&[gzip(&own.layers[0]), junk(&own.layers[1])]);
    let report = signed(&odd, "signed so")
        .file(tar(&odd.containerd_of(&[gzip(&own.layers[0]), junk(&own.layers[1])])));
    let report = report.proven("signed-as");
    assert_eq!(layers(&report), ["layer-verified", "layer-not-unpacked"]);
}

/// Loaders unpack bzip2 and xz, which is not read here: such a layer is neither right
/// nor wrong, and what follows its first bytes is never looked at.
#[test]
fn a_layer_in_a_compression_that_is_not_read_is_no_alarm_and_no_proof() {
    let (own, evil) = (release("own"), release("evil"));
    let xz = |bytes: &[u8]| [b"\xfd7zXZ\0\0\x04", bytes].concat();
    let bzip2 = |bytes: &[u8]| [b"BZh91AY&SY", bytes].concat();
    let empty = |bytes: &[u8]| [b"BZh1\x17\x72\x45\x38\x50\x90", bytes].concat();
    let packers: [&dyn Fn(&[u8]) -> Vec<u8>; 3] = [&xz, &bzip2, &empty];
    for pack in packers {
        for second in [&own.layers[1], &evil.layers[1]] {
            let mut listed = own.docker_20();
            listed[1].1 = pack(second);
            let made = own.made(&[gzip(&own.layers[0]), pack(second)]);
            for archive in [tar(&listed), tar(&made)] {
                let beside = signed(&own, "not read").file(archive);
                let pulled = beside.clone().paste(pull(REF, &digest(&own.index)));
                for case in [beside, pulled] {
                    let report = case.not_checked("archive-layer-unread");
                    assert!(!layers(&report).contains(&"layer-not-unpacked"), "{}", links(&report));
                }
            }
        }
        // The twins: what the signed manifest lists under its own digest is that.
        let packed = [gzip(&own.layers[0]), pack(&own.layers[1])];
        let odd = own.with_layers(&packed);
        let report = signed(&odd, "signed so").file(tar(&odd.containerd_of(&packed))).proven("signed-as");
        assert_eq!(layers(&report), ["layer-verified", "layer-unread"]);
        // Another in its place is under another name, or lies.
        let changed = odd.containerd_of(&[gzip(&own.layers[0]), pack(&evil.layers[1])]);
        let report = signed(&odd, "another in its place").file(tar(&changed)).run();
        assert_ne!(report.outcome, Outcome::Proven, "{}", report.headline);
    }
    // What only begins with the same letters is what it is.
    for letters in [b"BZh0".as_slice(), b"BZh9", b"BZh91AY&S", b"\xfd7zXZ"] {
        let made = own.made(&[gzip(&own.layers[0]), [letters, &evil.layers[1]].concat()]);
        signed(&own, "plain").file(tar(&made)).contradicted("archive-layer-differs");
    }
}

/// Whatever is changed in an archive, it is not proven; whatever is taken out, nobody is
/// alarmed.
#[test]
fn no_member_of_an_archive_is_changed_and_proven() {
    let (own, evil) = (release("own"), release("evil"));
    for ((form, members), (_, others)) in own.forms().into_iter().zip(evil.forms()) {
        for at in 0..members.len() {
            let (path, bytes) = &members[at];
            let asked = |members: &[(String, Vec<u8>)], what: &str| {
                let case = signed(&own, &format!("{form}: {what} {path}")).file(tar(members));
                [case.clone(), case.paste(pull(REF, &digest(&own.index)))].map(|case| case.run())
            };
            let mut changes: Vec<Vec<u8>> = vec![others[at].1.clone(), bytes[..bytes.len() / 2].to_vec()];
            for place in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1;
                changes.push(flipped);
            }
            // What it says besides a list, Docker and the image do not need.
            let needed = path != "repositories" && path != "manifest.json" && path != "index.json";
            for change in changes.into_iter().filter(|change| change != bytes && needed) {
                let mut changed = members.clone();
                changed[at].1 = change;
                for report in asked(&changed, "changed") {
                    assert_ne!(report.outcome, Outcome::Proven, "{form} {path}: {}", links(&report));
                }
            }
            let mut less = members.clone();
            less.remove(at);
            for report in asked(&less, "without") {
                let calm = [Outcome::Proven, Outcome::NotChecked].contains(&report.outcome);
                assert!(calm, "{form} without {path}: {}\n{}", report.headline, links(&report));
            }
        }
    }
}

/// Loaders take a layer by its path, whatever that is. One whose name says nothing is
/// passed over, so the archive that lists it is refused.
#[test]
fn a_layer_is_called_as_one_or_the_archive_is_refused() {
    let (own, evil) = (release("own"), release("evil"));
    let called = |name: &str, second: &[u8]| {
        let mut members = own.docker_20();
        let before = members[1].0.clone();
        members[1] = (name.to_owned(), second.to_vec());
        let list = members.iter_mut().find(|(name, _)| name == "manifest.json").unwrap();
        list.1 = String::from_utf8(list.1.clone()).unwrap().replace(&before, name).into_bytes();
        signed(&own, name).file(tar(&members)).run()
    };
    for name in ["layer", "x/layer.bin", "x/layer.tar.xz", "l.json", "x/LAYER.TAR"] {
        for second in [&own.layers[1], &evil.layers[1]] {
            let report = called(name, second);
            let notes: Vec<_> = report.items.iter().flat_map(|item| &item.notes).collect();
            assert!(notes.iter().any(|note| note.code == "archive-ambiguous"), "{name}");
            assert_eq!((report.outcome, report.code), (Outcome::NotChecked, "archive-ambiguous"), "{name}");
        }
    }
    let digest = &digest(&own.layers[1])[7..];
    for name in ["x/layer.tar", "layer.tar.gz", "x.tgz", "x.tar.zst", digest, &format!("x/{digest}")] {
        let report = called(name, &own.layers[1]);
        assert_eq!(report.outcome, Outcome::Proven, "{name}: {}", report.headline);
        assert_eq!(called(name, &evil.layers[1]).outcome, Outcome::Contradicted, "{name}");
    }
}

/// Whoever says which image is meant, a manifest in the archive that has the signed config
/// and lists other layers is what a loader unpacks.
#[test]
fn a_manifest_made_anew_has_the_layers_of_its_config_whoever_is_asked() {
    let (own, evil) = (release("own"), release("evil"));
    let anew = |second: Vec<u8>| tar(&own.made(&[gzip(&own.layers[0]), second]));
    let asked = |archive: Vec<u8>| {
        let case = signed(&own, "a digest beside an archive").file(archive);
        let by_digest = case.clone().digest(&digest(&own.index));
        [by_digest, case.paste(pull(REF, &digest(&own.index)))]
    };
    for case in asked(anew(gzip(&evil.layers[1]))) {
        case.contradicted("archive-layer-differs");
    }
    for case in asked(anew(evil.layers[1].clone())) {
        case.contradicted("archive-layer-differs");
    }
    for case in asked(anew([gzip(&own.layers[1]), b"more".to_vec()].concat())) {
        case.not_checked("archive-layer-unknown");
    }
    // The twins: packed anew, and the second layer left out.
    for case in asked(anew(gzip(&own.layers[1]))) {
        assert_eq!(case.run().outcome, Outcome::Proven);
    }
    let mut less = own.made(&[gzip(&own.layers[0]), gzip(&own.layers[1])]);
    let second = gzip(&own.layers[1]);
    less.retain(|(_, bytes)| *bytes != second);
    for case in asked(tar(&less)) {
        assert_eq!(case.run().outcome, Outcome::Proven);
    }
}

#[test]
fn an_archive_alone_says_what_is_missing() {
    let release = release("own");
    for (name, members) in release.forms() {
        let report = case(name).file(tar(&members)).image(REF).run();
        assert_eq!(report.outcome, Outcome::NotChecked, "{name}");
        assert!(report.needs.iter().any(|need| need.required), "{name}");
        assert_eq!(layers(&report).len(), 2, "{name}");
    }
}

/// What the user holds may stand in a file that no reader here opens, whatever it is
/// called: nothing is proven of it until it is unpacked.
#[test]
fn an_archive_that_is_not_read_may_be_what_is_held() {
    let (own, evil) = (release("own"), release("evil"));
    for saved in [tar(&own.docker_20()), tar(&evil.docker_20())] {
        let in_tar = |name: &str, bytes: &[u8]| tar(&[("notes.txt", b"an image".as_slice()), (name, bytes)]);
        let large = [saved.clone(), vec![0; 5 << 20]].concat();
        for (format, file) in [
            ("xz", [b"\xfd7zXZ\0\0\x04", saved.as_slice()].concat()),
            ("bzip2", [b"BZh91AY&SY", saved.as_slice()].concat()),
            ("7z", [b"7z\xbc\xaf\x27\x1c\0\x04", saved.as_slice()].concat()),
            ("lz4", [b"\x04\x22\x4d\x18\x64\x40", saved.as_slice()].concat()),
            ("tar, zip", in_tar("app.tar", &saved)),
            ("tar, zip", in_tar("app.bin", &saved)),
            ("tar, zip", in_tar("app.bin", &large)),
            ("tar, zip", in_tar("app", &gzip(&saved))),
            ("tar, zip", gzip(&in_tar("app.tar.gz", &gzip(&saved)))),
            ("tar, zip", zip(&[("app.tar", &saved)])),
            ("tar, zip", zip(&[("app", &gzip(&saved))])),
            ("xz, bzip2", zip(&[("app", &[b"\xfd7zXZ\0\0\x04", saved.as_slice()].concat())])),
            ("docker export", tar(&[(".dockerenv", b"".as_slice()), ("etc/passwd", b"x")])),
        ] {
            let report = signed(&own, format).file(&file).not_checked("archive-format-unread");
            assert!(report.headline.contains(format), "{}", report.headline);
            signed(&own, "beside a pull")
                .file(&file)
                .paste(pull(REF, &digest(&own.index)))
                .not_checked(report.code);
        }
    }
    // The twins: what is read is that image, or another.
    let (mine, other) = (tar(&own.docker_20()), tar(&evil.docker_20()));
    for pack in [&(|b: &[u8]| b.to_vec()) as &dyn Fn(&[u8]) -> Vec<u8>, &|b| gzip(b)] {
        signed(&own, "plain or packed").file(pack(&mine)).proven("signed-through-index");
        assert_ne!(signed(&own, "another").file(pack(&other)).run().outcome, Outcome::Proven);
    }
    // Layers of the signed image, alone and in an archive; what is no archive.
    for file in [
        gzip(&own.layers[0]),
        own.layers[1].clone(),
        zip(&[("layer.tar.gz", &gzip(&own.layers[0])), ("read.me", b"a layer")]),
        b"BZh, and no bzip2 \x01\x02\xff".to_vec(),
        b"\x7fELF\x02\x01\x01\0PK\x03\x04".to_vec(),
        tar(&[("notes.txt", b"no archive".as_slice()), ("photo.jpg", b"\xff\xd8\xff\xe0PK\x03\x04")]),
    ] {
        signed(&own, "nothing held").file(file).proven("signed");
    }
    let packed = [gzip(&own.layers[0]), [b"\xfd7zXZ\0\0\x04", own.layers[1].as_slice()].concat()];
    signed(&own.with_layers(&packed), "a listed layer").file(&packed[1]).proven("signed");
}

/// Files of a container or a layer, where no manifest says which layers there are: told.
#[test]
fn a_file_system_beside_an_index_alone_is_told() {
    let own = release("own");
    let files = gzip(&tar(&[("etc/passwd", b"x".as_slice()), ("bin/app", b"evil")]));
    let told = |case: Case| {
        let report = case.proven("signed");
        report.links.iter().filter(|link| link.code() == "layer-unlisted").count()
    };
    let alone = case("an index alone").file(&own.index).file(bundle(&own.index)).image(REF);
    assert_eq!(told(alone.clone().file(&files)), 1);
    assert_eq!(told(alone), 0);
    assert_eq!(told(signed(&own, "a listed layer").file(gzip(&own.layers[0]))), 0);
    assert_eq!(told(signed(&own, "and one that is not").file(&files)), 1);
}
