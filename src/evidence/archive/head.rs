//! What the first bytes of an archive say.

/// Bytes needed to know a format: a tar header.
pub(super) const HEAD: usize = 512;

/// Whether bytes begin like an archive that `Archive` reads.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    is_packed(bytes) || bytes.starts_with(b"PK\x03\x04") || is_tar_header(bytes)
}

/// Whether bytes begin like a text, which a terminal or an editor saved: no
/// control characters but those of a terminal, or UTF-16 by its mark.
#[must_use]
pub fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return true;
    }
    let plain = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r' | b'\x08' | b'\x1b');
    let whole = match core::str::from_utf8(head) {
        Ok(_) => true,
        // A character that the end of the head cuts.
        Err(error) => error.error_len().is_none(),
    };
    whole && !head.is_empty() && head.iter().all(plain)
}

pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08") || is_zstd(bytes)
}

/// Whether bytes begin like bzip2 or xz: a loader unpacks such a layer, this verifier
/// does not (bzip2: a header and the magic number of a block or of the end; xz: the
/// file format's section 2.1.1.1).
#[must_use]
pub fn is_unread(bytes: &[u8]) -> bool {
    let block = match bytes {
        [b'B', b'Z', b'h', b'1'..=b'9', block @ ..] => block,
        _ => return bytes.starts_with(b"\xfd7zXZ\0"),
    };
    block.starts_with(b"1AY&SY") || block.starts_with(b"\x17\x72\x45\x38\x50\x90")
}

/// The format of bytes that begin like an archive or a compressed file which is not read
/// here, whatever it is called (7-Zip's `7zFormat.txt`; LZ4's frame format).
#[must_use]
pub fn unread_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        _ if is_unread(bytes) => Some(if bytes.starts_with(b"B") { "bzip2" } else { "xz" }),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("7z"),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some("lz4"),
        _ => None,
    }
}

/// Whether a path is that of a blob in an OCI layout: its bytes are a layer or
/// a document, whatever is packed in them.
#[must_use]
pub fn is_blob_path(path: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']).skip(1);
    parts.next() == Some("sha256") && parts.next() == Some("blobs")
}

/// Magic number of a frame (RFC 8878, section 3.1.1).
pub(super) const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();
/// Skippable frames (section 3.1.2) have sixteen magic numbers.
pub(super) const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// Whether bytes begin like a zstd frame.
pub(super) fn is_zstd(head: &[u8]) -> bool {
    head.starts_with(&MAGIC) || is_skippable(head)
}

pub(super) fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, rest @ ..] if rest.starts_with(&SKIPPABLE))
}

/// Whether a block is a tar header: its checksum is right.
pub(super) fn is_tar_header(block: &[u8]) -> bool {
    block.get(..HEAD).is_some_and(|block| {
        let sum: u64 = block.iter().map(|b| u64::from(*b)).sum();
        let stored = block.get(148..156).unwrap_or_default();
        let own: u64 = stored.iter().map(|b| u64::from(*b)).sum();
        sum > 0 && octal(stored) == Some(sum - own + 8 * u64::from(b' '))
    })
}

/// An octal number padded with blanks or zero bytes.
pub(super) fn octal(field: &[u8]) -> Option<u64> {
    let text = core::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() {
        Some(0)
    } else {
        u64::from_str_radix(text, 8).ok().filter(|_| !text.starts_with('+'))
    }
}
