//! Codes of the documented procedure: one for each condition, as it holds, as it
//! does not, and as it stays open.

crate::codes! {
    /// The keys are the documented ones.
    KEYS_HOLD = "procedure-keys-hold", Consistent,
        "The keys shown are the documented ones: {keys}.", "";
    /// What was signed is what the tag has.
    DIGEST_HOLDS = "procedure-digest-holds", Consistent,
        "At {repository}, {tool} shows {digest}, the digest shown as signed.", "";
    /// What the author documented is what the tag has.
    DOCUMENTED_HOLDS = "procedure-documented-holds", Consistent,
        "The author documented this digest: at {repository}, {tool} shows {digest}. It is as trustworthy as the computer that printed it.",
        "Add the signed files to turn it into a proof.";
    /// What was signed is what the author documented.
    PUBLISHED_HOLDS = "procedure-published-holds", Consistent,
        "The digest shown as signed for {tag} is the one that the author documented ({place}): {digest}.", "";
    /// A list names the manifests that were asked for.
    LISTED_HOLDS = "procedure-listed-holds", Consistent,
        "The list of {repository} names the manifests whose configs you gave: {listed}.", "";
    /// Two registries name one config.
    CONFIG_HOLDS = "procedure-config-holds", Consistent,
        "{one} and {other} have the same config for {platform}: {config}.", "";
    /// Two registries' images have one Id.
    ID_HOLDS = "procedure-id-holds", Consistent,
        "The images of {one} and {other} have the same Id: {digest}.", "";
    /// One output of the computer gives both digests for one image.
    TOGETHER_HOLDS = "procedure-together-holds", Consistent,
        "At {repository}, {tool} shows {found}, for one image with the expected digest {expected}.", "";
    /// An Id is the config that the manifest names.
    ID_IS_CONFIG = "procedure-id-is-config", Consistent,
        "The Id that {tool} shows, {digest}, is the config of {platform}.", "";
    /// Two registries name different configs.
    CONFIG_DIFFERS = "procedure-config-differs", Contradicted,
        "Does not match: for {platform}, {one} has the config {expected}, {other} has {found}.",
        "Do not run the image from {other}. Pull from {one}.";
    /// Two registries' images have different Ids.
    ID_DIFFERS = "procedure-id-differs", Contradicted,
        "Does not match: the image of {one} has the Id {expected}, that of {other} has {found}.",
        "Do not run the image from {other}. Pull from {one}.";
    /// An Id is not the config that the manifest names.
    ID_IS_NOT_CONFIG = "procedure-id-is-not-config", Contradicted,
        "Does not match: {platform} has the config {expected}, {tool} shows the Id {found}.",
        "Pull the image again by its digest, and compare.";
    /// A sum of bytes that are not those of the signed digest.
    SUM_DIFFERS = "procedure-sum-differs", NotChecked,
        "Could not check: {tool} shows {found} for {repository}; {expected} is expected. A line break at the end, or another layout, changes the sum.",
        "Sum the bytes as the registry has them: docker buildx imagetools inspect --raw {image} | sha256sum";
    /// Nothing shows which digest the image has.
    DIGEST_NEEDED = "procedure-digest-needed", NotChecked,
        "Could not check: {expected} is expected, and nothing you gave shows which digest {image} has.",
        "Run: docker buildx imagetools inspect --raw {image}";
    /// Nothing shows which digest was signed.
    SIGNED_NEEDED = "procedure-signed-needed", NotChecked,
        "Could not check: nothing you gave shows which digest is signed for {tag}.",
        "Run: docker trust inspect --pretty {image}";
    /// A list was not given.
    LIST_NEEDED = "procedure-list-needed", NotChecked,
        "Could not check: what the list of {image} names was not given.",
        "Run: docker manifest inspect {image}";
    /// The config of a platform was not given.
    CONFIG_NEEDED = "procedure-config-needed", NotChecked,
        "Could not check: which config {repository} has for {platform} was not given.",
        "Run: docker manifest inspect {repository}@{digest}";
    /// A platform is left out.
    PLATFORM_OPEN = "procedure-platform-open", NotChecked,
        "Not compared: {platform}. Its configs were not given.",
        "Run: {command}";
    /// A manifest was printed with other bytes than were asked for.
    BYTES_UNCONFIRMED = "procedure-bytes-unconfirmed", NotChecked,
        "What {repository} was asked for as {expected} was printed as bytes of {found}: a tool may have laid it out anew.",
        "Get the original bytes: docker buildx imagetools inspect --raw {repository}@{expected}";
    /// What was asked for is not in the list.
    NOT_LISTED = "procedure-not-listed", NotChecked,
        "Could not check: you asked {repository} for {found}, and its list names {expected}.",
        "Ask for the digest that the list names: docker manifest inspect {repository}@{digest}";
    /// Two prints of one list.
    LISTS_DIFFER = "procedure-lists-differ", NotChecked,
        "Could not check: for {platform}, the list of {repository} names {expected} at one place and {found} at another.",
        "Print it again: docker manifest inspect {image}";
    /// The other registry has another digest for the one image.
    DIGEST_OTHER = "procedure-digest-other", NotChecked,
        "Could not check: {tool} shows {found} for {repository}; {expected} is expected.",
        "Compare the Ids of both: docker image inspect {image} | grep -w Id";
    /// The Ids do not decide.
    ID_NEEDED = "procedure-id-needed", NotChecked,
        "Could not check: whether {one} and {other} have the same Id was not given.",
        "Run: docker image inspect {image} | grep -w Id";
    /// What another registry has for the tag is connected with nothing.
    DIGEST_OPEN = "procedure-digest-open", NotChecked,
        "Could not check: {tool} shows {found} for {repository}, and nothing you gave shows what that digest is.",
        "Run: docker buildx imagetools inspect --raw {image}";
    /// An Id that no manifest at hand names.
    ID_OPEN = "procedure-id-open", NotChecked,
        "Could not check: {tool} shows the Id {digest} for {repository}, and no manifest you gave names it.",
        "Pull {image} again, and compare its Id with the configs of its manifests.";
}
