//! Codes of the chain: what each link claims, and what a verdict says.

crate::codes! {
    /// A link that holds by itself, below one that does not.
    UNANCHORED = "unanchored", Caveat,
        "True of these bytes, but nothing shows who published them.", "";
    /// Headline: proven, a digest alone.
    SIGNED = "signed", Fact,
        "Signed with {key}: {digest}, the {kind}.",
        "Compare this digest with the one on your computer.";
    /// Headline: proven, asked for by reference.
    SIGNED_AS = "signed-as", Fact,
        "Signed with {key}: {digest}, the {kind} you asked for as {image}.",
        "Pin it: use {pinned} instead of the tag.";
    /// Headline: proven, a file and not an image.
    SIGNED_FILE = "signed-file", Fact,
        "Signed with {key}: {digest}, a file. This is not the signature of an image.",
        "Compare this digest with the one of your file: sha256sum FILE";
    /// Headline: proven through a signed index.
    SIGNED_THROUGH = "signed-through-index", Fact,
        "Signed with {key} through its index: {digest}, the {kind} for {platform}.",
        "Compare this digest with the one on your computer.";
    /// Headline: proven, an attestation the user asked for.
    ATTESTED = "attested", Fact,
        "Attested with {key}: {digest} carries a signed statement of type {predicate}.",
        "Read the statement under the link; the signature says who made it, not whether it is true.";
    /// The statement was signed with the pinned key.
    STATEMENT_SIGNED = "statement-signed", Fact,
        "{key} signed a statement ({form}).", "";
    /// The signed statement names the digest.
    STATEMENT_NAMES = "statement-names", Fact,
        "The signed statement names {digest}.", "";
    /// The transparency log holds the signature.
    LOGGED = "logged", Fact,
        "The signature is entry {index} of the transparency log {log}.", "";
    /// Bytes at hand are the ones the digest names.
    BYTES_MATCH = "bytes-match", Fact,
        "The {kind} you gave hashes to {digest}.", "";
    /// No signature was given; nothing was looked up.
    SIGNATURE_NEEDED = "signature-needed", NotChecked,
        "Could not check: no signature of {digest} is among what you gave.",
        "Add the signature: what `cosign download signature IMAGE` prints, or the bundle attached to the image.";
    /// All that is known of the image is an ID of the user's computer.
    IMAGE_ID_ALONE = "image-id-alone", NotChecked,
        "Could not check: {digest} is an image ID. What is signed is the image's manifest or index, and nothing you gave names it.",
        "Add the whole output of docker image inspect IMAGE: its RepoDigests name it. Where they are empty, add what docker save writes.";
    /// The registry was asked in every place, and holds no signature.
    NO_SIGNATURE_FOUND = "no-signature-found", Unsigned,
        "No signature found in the three places cosign uses at {repository}. This says nothing about tampering.",
        "Ask the publisher, or look at another registry of the same publisher.";
    /// What was asked for by its digest may be one platform of a list that is signed.
    LIST_MAY_BE_SIGNED = "list-may-be-signed", NotChecked,
        "Could not check: no signature at {repository} names {digest} itself. It may be one platform of a list that is signed, and nothing at hand says of which.",
        "Name a tag that means that list, as in {repository}:TAG@{digest}, or give the list.";
    /// A place could not be read, so nothing is known of signatures.
    PLACES_UNREAD = "signature-places-unread", NotChecked,
        "Could not check: the registry did not answer where signatures are kept ({found}).",
        "Try again later, or add what `cosign download signature IMAGE` prints.";
    /// Signatures are there, none by a pinned key.
    SIGNED_BY_ANOTHER_KEY = "signed-by-another-key", Contradicted,
        "Does not match: signed, but not with {expected}.",
        "Check that this is the publisher's key. If it is, the publisher did not sign this image.";
    /// Bytes were given whose digest nothing confirms, and the signature is for others.
    BYTES_DIFFER = "bytes-differ", NotChecked,
        "Could not check: this text hashes to {found}, wanted is {expected}. It may have been printed anew by a tool.",
        "Get the original bytes: docker buildx imagetools inspect --raw IMAGE";
    /// Only manifests below the index carry signatures.
    ONLY_CHILDREN_SIGNED = "only-children-signed", NotChecked,
        "The {kind} {digest} carries no signature itself; images it lists that carry one: {count}.",
        "Check one platform: give the digest of its manifest.";
    /// An attestation was demanded, and this is a plain signature.
    NOT_AN_ATTESTATION = "not-an-attestation", NotChecked,
        "This is a signature of the image, not the attestation that was demanded.",
        "Check without --attestation, or fetch the attestation.";
    /// A signature without what was signed.
    PAYLOAD_NEEDED = "payload-needed", NotChecked,
        "Could not check: the signature is there, but not the payload it was made over.",
        "Add the payload: the blob that the signature's layer names.";
    /// A signature, and a payload that it was not made over.
    PAYLOAD_OF_ANOTHER = "payload-of-another", NotChecked,
        "Could not check: the signed text you gave, {found}, is not the one this signature was made over, {expected}.",
        "Add the payload: the blob that the signature's layer names.";
    /// A bundle over a file, and no file.
    FILE_NEEDED = "file-needed", NotChecked,
        "Could not check: this bundle signs a file, and the file is not among what you gave.",
        "Add the file, or its digest.";
    /// Log evidence is required and absent.
    LOG_EVIDENCE_NEEDED = "log-evidence-needed", NotChecked,
        "Could not check: the signature is good, but nothing shows that it is in the transparency log.",
        "Get the signature from the registry again, or check without the log if the publisher does not use it.";
    /// The user or profile chose to do without the log.
    LOG_NOT_CHECKED = "log-not-checked", Caveat,
        "The transparency log was not demanded: a signature made in secret with a stolen key would pass.", "";
    /// A tag was asked for.
    TAG_IS_MUTABLE = "tag-is-mutable", Caveat,
        "That {image} means this digest is the word of {source}. Tags can move.",
        "Pin the digest: {pinned}";
    /// Two registries name one digest.
    REGISTRIES_AGREE = "registries-agree", Fact,
        "{one} and {other} name the same digest for the tag {tag}: {digest}.", "";
    /// Two registries name different digests.
    REGISTRIES_DIFFER = "registries-differ", NotChecked,
        "{one} and {other} name different digests for the tag {tag}: {digest} and {found}.",
        "Use the digest that is signed. The other registry may be late, or may have been changed.";
    /// Two registries name different digests of the same content.
    REGISTRIES_REPACKED = "registries-repacked", Fact,
        "{one} and {other} name different digests for the tag {tag}, {digest} and {found}: they were packed separately, and hold the same configs for every platform.", "";
    /// The second registry did not say.
    REGISTRIES_UNKNOWN = "registries-unknown", NotChecked,
        "What {other} calls {tag} is not known, so only {one} says what the tag means. {found}",
        "Try again later.";
    /// One registry, asked twice.
    REGISTRIES_ONE = "registries-one", NotChecked,
        "{one} and {other} are at the same registry: that is one answer, not two.",
        "Compare with a registry of another operator.";
    /// Both answers came through a proxy.
    SAID_BY_PROXY = "said-by-proxy", Caveat,
        "The proxy told these answers; it could have changed both.", "";
    /// At least one answer stands in a text.
    SAID_BY_TEXT = "said-by-text", Caveat,
        "This is what the given texts or files say; nothing shows that the registries said so.", "";
    /// Two registries name this digest.
    TAG_AGREED = "tag-agreed", Caveat,
        "That {image} means this digest is the word of two independent registries, {one} and {other}; a tag can move.",
        "Pin the digest: {pinned}";
    /// Two registries name this digest, as a proxy tells.
    TAG_AGREED_BY_PROXY = "tag-agreed-by-proxy", Caveat,
        "That {image} means this digest is the word of two independent registries, {one} and {other}, as one proxy told it; a tag can move.",
        "Pin the digest: {pinned}";
    /// Two registries name this digest, as a text says.
    TAG_AGREED_IN_TEXT = "tag-agreed-in-text", Caveat,
        "That {image} means this digest is the word of two independent registries, {one} and {other}, as what you gave tells it; a tag can move.",
        "Pin the digest: {pinned}";
    /// Another registry names another digest.
    TAG_DISPUTED = "tag-disputed", Caveat,
        "The registries disagree about {image}: {one} means this digest, {other} means {found}.",
        "Pin the digest that is signed: {pinned}";
    /// A registry without the signature.
    SIGNED_ELSEWHERE = "signed-elsewhere", Fact,
        "{repository} holds no signature of {digest}. The one from {from} covers it, because it signs the digest.", "";
    /// A registry with other signatures only.
    OTHERS_SIGNED_HERE = "signed-elsewhere-not-here", Fact,
        "What {repository} holds where signatures of {digest} are kept is none that counts. The one from {from} covers it, because it signs the digest.", "";
    /// A registry whose places were not read.
    PLACES_UNREAD_HERE = "signed-elsewhere-unread", Fact,
        "Whether {repository} holds a signature of {digest} is not known. The one from {from} covers it, because it signs the digest.", "";
    /// A witness names the subject or a part of it.
    HELD_MATCHES = "held-matches", Fact,
        "{tool} shows {digest}, the {kind} that was checked.", "";
    /// The user's computer gives two digests for one image.
    HELD_TOGETHER = "held-together", Fact,
        "{tool} gives {digest} and {other} for one image.", "";
    /// The registry or the publisher names one digest, the user's side another.
    HELD_DIFFERS = "held-differs", Contradicted,
        "Does not match: {witness} says {expected}, {tool} says {found}.",
        "Pull the image again by its digest, and compare.";
    /// Two witnesses of the same side differ.
    SUBJECT_CONFLICT = "subject-conflict", NotChecked,
        "Could not check: {witness} says {expected}, {tool} says {found}. They cannot both be the image.",
        "Give only what shows the one you mean.";
    /// Nothing connects what the user holds with what was checked.
    HELD_NOT_CONNECTED = "held-not-connected", NotChecked,
        "Could not check: {tool} shows {found}. That is not {expected}, and nothing you gave connects the two.",
        "Add the document that names both: the index, and the manifest of your platform.";
    /// An output lists a part that the documents of this image would name, and do not.
    HELD_NOT_LISTED = "held-not-listed", NotChecked,
        "Could not check: {tool} lists {found}, and what you gave of {expected} does not.",
        "Print that list again for the image you mean. If it says the same, it is of another image.";
    /// A digest that is of another kind.
    HELD_NOT_COMPARABLE = "held-not-comparable", NotChecked,
        "Not comparable: {found}, which {tool} shows, may be the digest of a part that was not given.",
        "Add the manifest for your platform.";
    /// What was signed is for another repository.
    SIGNED_NAME = "signed-name-differs", Caveat,
        "The signature names {found}, not {image}. A copy keeps the name that it was signed under.", "";
    /// Only the user says that the tag means these bytes.
    TAG_BY_YOUR_WORD = "tag-by-your-word", Caveat,
        "That {image} means this digest is your word: no registry and no tool said so.",
        "Ask the registry: docker buildx imagetools inspect {image}";
    /// A pinned key's signature that does not verify.
    SIGNATURE_ALTERED = "signature-altered", Contradicted,
        "Does not match: a signature that says it was made with {expected} does not verify. It or what it signs was altered.",
        "Fetch the signature again from the registry. If it still fails, do not use the image.";
    /// Evidence that cannot be read.
    EVIDENCE_DAMAGED = "evidence-damaged", NotChecked,
        "Could not check: a signature cannot be read. It may have been shortened or damaged when it was copied. {found}",
        "Copy it again, whole: cosign download signature IMAGE";
    /// The release's own label is another version.
    VERSION_DIFFERS = "version-differs", Contradicted,
        "Does not match: the signed image calls itself {found}, and you asked for {expected}. It may be an older image under a newer tag.",
        "Use the digest that the publisher gives for this version.";
    /// The release's own label is the tag.
    VERSION_AGREES = "version-agrees", Fact,
        "The signed image calls itself {found}, the version you asked for.", "";
    /// Everything agrees, and nothing of it is signed.
    CONSISTENT = "consistent", Consistent,
        "Everything you gave agrees. It is as trustworthy as the computer that printed it (points compared: {count}).",
        "Add the signed files to turn it into a proof.";
    /// A digest that a signature is for is an artifact's.
    NOT_AN_IMAGE = "subject-is-artifact", NotChecked,
        "Could not check: {found} is a signature or another artifact attached to an image, not an image.",
        "Ask about the image it belongs to: {expected}.";
    /// Signatures are there that this program does not verify.
    OTHER_SIGNATURES = "other-signatures", NotChecked,
        "Could not check: what {repository} holds where signatures of {digest} are kept is of a kind that is not verified here.",
        "Verify it with the tool that made it.";
    /// Unsupported digest algorithm.
    ALGORITHM = "digest-unsupported", NotChecked,
        "Could not check: digests of the algorithm {found} are not supported.",
        "Ask for the sha256 digest.";
    /// Nothing says which image is meant.
    SUBJECT_UNCLEAR = "subject-unclear", NotChecked,
        "Could not check: nothing you gave says which image is meant.",
        "Add an image's digest, its manifest, or the output of `docker pull`.";
    /// Only a name was given.
    IMAGE_NAMED = "image-named", NotChecked,
        "You mean {image}. Tags can move: nothing you gave says which digest that is.",
        "Fetch it, or add what this prints: docker buildx imagetools inspect {image}";
    /// A signature is there, but not what the tag means.
    TAG_UNRESOLVED = "tag-unresolved", NotChecked,
        "Could not check: {digest} is signed, but nothing you gave shows that {image} means this digest.",
        "Add what the tag points to: the index or manifest, or the output of docker pull.";
    /// Several images were given.
    SUBJECT_AMBIGUOUS = "subject-ambiguous", NotChecked,
        "Could not check: you gave {count} images that do not belong together.",
        "Give only what shows the one you mean.";
    /// The texts name several images.
    SEVERAL_RELEASES = "several-releases", NotChecked,
        "Could not check: what you gave is about several images, {images}.",
        "Say which one is meant: give its name, as {image}.";
    /// A key file's fingerprint, as a tool printed it, is the pinned one.
    KEY_SHOWN = "key-shown", Consistent,
        "The fingerprint shown for your key file is that of {name}: {fingerprint}.", "";
    /// A key file's fingerprint is another one.
    KEY_SHOWN_DIFFERS = "key-shown-differs", Contradicted,
        "Does not match: the fingerprint of {name} is {expected}, your file has {found}.",
        "Do not use this key file. Get it again from the publisher, and compare.";
    /// A key file was given, and it holds the pinned key.
    KEY_GIVEN = "key-given", Consistent,
        "The key file that you gave holds {name}: {fingerprint}.", "";
    /// A key file was given, and it holds a key of the publisher's Content Trust.
    KEY_GIVEN_TRUST = "key-given-trust", Consistent,
        "The key file that you gave holds a documented key of Content Trust, {name}: {fingerprint}.", "";
    /// A key file was given, and it holds another key.
    KEY_GIVEN_ANOTHER = "key-given-another", NotChecked,
        "Could not check: you gave a key, {found}, and not the one to check against, {name}.",
        "If it is the publisher's, choose it as the key to check against, and add the image.";
    /// Evidence was about something else.
    SET_ASIDE = "evidence-set-aside", NotChecked,
        "Set aside: a signature of another image, {found}.", "";
    /// A signature beside the one on the chain.
    OWN_SIGNATURE = "own-signature", Fact,
        "{digest} carries a signature of its own, made with {key}.", "";
    /// Bytes were not confirmed by any digest.
    BYTES_UNCONFIRMED = "bytes-unconfirmed", Fact,
        "No digest in what you gave confirms that these are the original bytes.", "";
    /// A layer's bytes against its digest and, unpacked, the config's.
    LAYER_VERIFIED = "layer-verified", Fact,
        "Layer {n} of {count}: {size} bytes hash to {digest}, and unpack to {unpacked}, which the config lists.", "";
    /// A layer that was given uncompressed.
    LAYER_UNPACKED = "layer-unpacked", Fact,
        "Layer {n} of {count}: {size} uncompressed bytes hash to {unpacked}, which the config lists. The manifest's digest is of their compressed form.", "";
    /// A layer whose config is not at hand.
    LAYER_HASHED = "layer-hashed", Fact,
        "Layer {n} of {count}: {size} bytes hash to {digest}, which the manifest lists.", "";
    /// A layer that could not be unpacked.
    LAYER_NOT_UNPACKED = "layer-not-unpacked", NotChecked,
        "Layer {n} of {count}, {digest}, could not be unpacked: it is damaged, or larger than this verifier unpacks.",
        "Save or copy it again.";
    /// A layer that is not there.
    LAYER_ABSENT = "layer-absent", NotChecked,
        "Layer {n} of {count}, {digest}, is not among what you gave.", "";
    /// A layer that is kept elsewhere by design.
    LAYER_FOREIGN = "layer-foreign", NotChecked,
        "Layer {n} of {count}, {digest}, is kept at an address of its own and was not read.", "";
    /// A file that is no layer of the image.
    LAYER_UNLISTED = "layer-unlisted", NotChecked,
        "{name} hashes to {digest} and unpacks to {unpacked}: no manifest and no config you gave lists either.",
        "Check that it is a layer of this image, for this platform.";
    /// What a proven chain shows.
    SHOWS_KEY = "shows-key", Fact,
        "The holder of {key} signed these exact bytes.", "";
    /// What a proven copy shows.
    SHOWS_COPY = "shows-copy", Fact,
        "What was signed is {signed}. This is a copy: it names the same images, by their configs.", "";
    /// What a proven index shows.
    SHOWS_PLATFORMS = "shows-platforms", Fact,
        "They name the images of {platforms}, each by its digest.", "";
    /// What a proven log link shows.
    SHOWS_LOG = "shows-log", Fact,
        "The signature was made public in the transparency log.", "";
    /// Criterion: key.
    CRITERION_KEY = "criterion-key", Fact,
        "Publisher's key: {name}, {fingerprint}.", "";
    /// Criterion: image.
    CRITERION_IMAGE = "criterion-image", Fact,
        "Image: {image}.", "";
    /// Criterion: digest.
    CRITERION_DIGEST = "criterion-digest", Fact,
        "Digest: {digest} ({source}).", "";
    /// Criterion: log required.
    CRITERION_LOG = "criterion-log", Fact,
        "Transparency log: required, with the keys of the trusted root {root}.", "";
    /// Criterion: log ignored.
    CRITERION_NO_LOG = "criterion-no-log", Fact,
        "Transparency log: not required, as you chose.", "";
    /// Criterion: Content Trust.
    CRITERION_CONTENT_TRUST = "criterion-content-trust", Fact,
        "Docker Content Trust: root key {root}, repository key {repository}.", "";
    /// Criterion: a documented digest, where that answered.
    CRITERION_PUBLISHED = "criterion-published", Fact,
        "The digest that the author documented for {tag} ({place}).", "";
    /// Criterion: attestation.
    CRITERION_ATTESTATION = "criterion-attestation", Fact,
        "Statement demanded: {predicate}.", "";
    /// Headline: proven by Content Trust.
    RELEASED = "released", Fact,
        "Signed with Docker Content Trust: {digest}, the {kind} published as {gun}:{tag}.",
        "Compare this digest with the one on your computer.";
    /// A role's file was not given.
    ROLE_MISSING = "notary-role-missing", NotChecked,
        "No {role} metadata of this repository is among what you gave.",
        "Add it: it lies beside the other files.";
    /// No metadata at hand.
    METADATA_NEEDED = "notary-metadata-needed", NotChecked,
        "Could not check: the publisher signs releases of this age with Docker Content Trust, and its metadata was not given.",
        "Add the folder ~/.docker/trust/tuf/docker.io/…/metadata of a computer that once checked this image, or saved copies of its files.";
    /// The digest may be one that the signed index lists.
    SIGNED_INDEX_NEEDED = "signed-index-needed", NotChecked,
        "Could not check: what was signed, {expected}, may list {found}, and its bytes were not given.",
        "Add the manifest list that was signed: docker buildx imagetools inspect --raw, with its digest.";
    /// An id of a pasted text.
    TEXT_AGREES = "trust-text-agrees", Consistent,
        "The {place} shown, {found}, is the documented one.", "";
    /// Metadata of a service that ends.
    LEGACY_FORMAT = "legacy-format", Caveat,
        "Docker is retiring Content Trust; this was checked from its signed metadata, whether saved earlier or fetched just now.", "";
    /// What a Content Trust chain shows.
    SHOWS_TAG = "shows-tag", Fact,
        "The publisher signed the tag {tag} for this digest.", "";
    /// Another image among what was given.
    ANOTHER_IMAGE = "another-image", NotChecked,
        "Set aside: another image, {found}.", "";
    /// A text beside the image that is not its document.
    TEXT_SET_ASIDE = "another-text", NotChecked,
        "Set aside: a text that hashes to {found}, another image's or printed anew by a tool.", "";
    /// Headline: an unsigned image with the configs of a signed one.
    SAME_AS_SIGNED = "same-as-signed", Fact,
        "The same images as the signed ones: {digest}, the {kind} at {registry}, names the configs that {signed} names.",
        "Compare the Id on your computer with the config digest of your platform.";
    /// Headline: an archive of the signed image, under a manifest of its own.
    SAVED_AS_SIGNED = "saved-as-signed", Fact,
        "The same image as the signed one: the archive's {kind} {digest} names the configs that {signed} names.",
        "Compare the Id on your computer with the config digest of your platform.";
    /// An archive that keeps no manifest.
    SAVED_WITHOUT_MANIFEST = "saved-without-manifest", Fact,
        "This archive keeps no manifest: the digest that a registry has is not in it, and loading it does not bring it back. What was compared are config and layers.", "";
    /// An archive whose manifest was made when it was saved.
    SAVED_MANIFEST_MADE = "saved-manifest-made", Fact,
        "The archive's manifest {digest} lists uncompressed layers: it was made when the image was saved, and the registry has another. What can be compared are config and layers.", "";
    /// A copy from nobody knows where.
    OTHER_COPY = "other-copy", Fact,
        "The bytes of the other image you gave hash to {digest}. No signature names it.", "";
    /// A second registry's image.
    OTHER_REGISTRY = "other-registry", Fact,
        "The bytes of the image from {registry} hash to {digest}. No signature names it.", "";
    /// Equal configs.
    SAME_CONFIG = "same-config", Fact,
        "For {platform}, both manifests name the config {config}.", "";
    /// Different configs.
    CONFIG_DIFFERS = "config-differs", Contradicted,
        "Does not match: for {platform}, the signed image has the config {expected}, this one {found}.",
        "Do not run the unsigned one. Pull from the registry whose image is signed.";
    /// A manifest is missing for the comparison.
    MANIFEST_NEEDED = "manifest-needed", NotChecked,
        "Could not compare {platform}: the manifest {digest} was not given.",
        "Add it: docker manifest inspect, or crane manifest, with this digest.";
    /// A platform that the signed image does not have.
    PLATFORM_NOT_SIGNED = "platform-not-signed", NotChecked,
        "{platform} is not among the platforms of the signed image.",
        "Use a platform that the publisher signed.";
    /// Not all platforms are at both registries.
    PLATFORMS_PARTIAL = "platforms-partial", Fact,
        "The signed image also names {platforms}; the other one does not.", "";
    /// What equal configs leave open.
    LAYERS_NOT_COMPARED = "layers-not-compared", Caveat,
        "Equal configs mean equal image content. The compressed layers were not compared; Docker checks their uncompressed digests when it pulls.", "";
    /// Two commands printed the same Id.
    SAME_ID_SAID = "same-id-said", Fact,
        "Your tools printed the same Id for {one} and {other}, {digest}; that is what the text says.", "";
    /// Two commands printed different Ids, not known to be of different kinds.
    OTHER_ID_SAID = "other-id-said", NotChecked,
        "Your tools printed different Ids: {first} for {one}, {second} for {other}.",
        "If one computer uses the containerd image store and the other does not, the Ids are of different kinds; compare RepoDigests.";
    /// Two commands printed Ids that mean different things.
    ID_KINDS_DIFFER = "id-kinds-differ", NotChecked,
        "Not comparable: the Id printed for {one} is {first}, the one for {other} is {second}.",
        "Compare RepoDigests, or print both Ids on one computer.";
    /// Two commands printed the same manifest digest.
    SAME_DIGEST_SAID = "same-digest-said", Fact,
        "Your tools printed the same digest for {one} and {other}, {digest}; that is what the text says.", "";
    /// Two commands printed different manifest digests.
    OTHER_DIGEST_SAID = "other-digest-said", NotChecked,
        "Your tools printed different digests: {first} for {one}, {second} for {other}.",
        "Registries may hold one image under different manifests: add both manifests, so that the configs they name can be compared.";
    /// Two manifests name one config whose bytes are not at hand.
    CONFIG_NEEDED = "config-needed", NotChecked,
        "Could not check: for {platform}, both name the config {config}, and its bytes, which list the layers, were not given.",
        "Add the config that they name: crane config IMAGE";
    /// A manifest has other layers than the config it names lists.
    LAYERS_DIFFER = "layers-differ", NotChecked,
        "Could not check: for {platform}, the config lists {expected} layers and a manifest has {found}. The config does not say what is in them.",
        "Compare the layers themselves, or use the image that is signed.";
    /// A manifest names the config of something that is no image.
    ARTIFACT_CONFIG = "artifact-config-named", Fact,
        "The manifest names the config {digest}, of the type {found}. This is not an image.", "";
    /// Headline: the documented digest.
    PUBLISHED_AS = "published-as", Fact,
        "The digest that the author published for {tag}: {digest}, the {kind}.",
        "Compare this digest with the one on your computer.";
    /// The root of a documented chain.
    PUBLISHED = "published", Fact,
        "The author published the digest {digest} for {tag} ({place}).", "";
    /// What a documented digest is not.
    DOCUMENTATION = "documentation-not-signature", Caveat,
        "This is documentation, not a signature: it stands in {place}, and in this program.", "";
    /// A documented tag with another digest.
    PUBLISHED_DIFFERS = "published-differs", Contradicted,
        "Does not match: the author published {expected} for {tag} ({place}), not {found}.",
        "Pull the image again by the published digest, and compare.";
    /// A digest alone, which the author documented.
    DIGEST_DOCUMENTED = "digest-documented", Consistent,
        "The author documented this digest for {tag} ({place}): {found}.",
        "Pull the image by it: docker pull {pinned}";
    /// A digest alone, of another release than the asked one.
    DIGEST_OF_ANOTHER_RELEASE = "digest-of-another-release", NotChecked,
        "Could not check: the author documented {found} for {tag} ({place}), not for {expected}.",
        "Do not run it as {expected}. Pull {image}:{expected} again, and compare.";
    /// A digest alone, that is not the documented one.
    DIGEST_NOT_DOCUMENTED = "digest-not-documented", NotChecked,
        "Could not check: the author documented {expected} for {tag} ({place}), not {found}. It may be one platform of it, or another image.",
        "Compare every digit. For one platform, add the list: docker buildx imagetools inspect --raw {image}:{tag}";
    /// What a documented chain shows.
    SHOWS_PUBLISHED = "shows-published", Fact,
        "These are the bytes whose digest the author published for {tag}.", "";
}
