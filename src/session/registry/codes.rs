//! Codes of the registry client: every way a fetch can fail to answer.

crate::codes! {
    /// No connection.
    UNREACHABLE = "registry-unreachable", NotChecked,
        "{place} could not be reached ({found}). This says nothing about the image.",
        "Try again, or add what the suggested commands print where the registry answers.";
    /// The browser let nothing through: CORS, or no connection.
    BLOCKED = "registry-blocked", NotChecked,
        "The browser could not read {place}: the registry allows no web page to read it, or there is no connection. This says nothing about the image.",
        "Use a proxy (webdis-verify serve), or add what the suggested commands print.";
    /// The browser has no connection, or not to the host of this page.
    OFFLINE = "registry-offline", NotChecked,
        "{place} could not be reached: there is no connection. This says nothing about the image.",
        "Connect and try again, or add what your own tools print.";
    /// Too slow.
    TIMEOUT = "registry-timeout", NotChecked,
        "{place} did not answer in time.",
        "Try again later.";
    /// The user stopped it.
    CANCELLED = "registry-cancelled", NotChecked,
        "The check was stopped before {place} answered.", "Start it again.";
    /// 401 after an anonymous token.
    UNAUTHORIZED = "registry-unauthorized", NotChecked,
        "The registry does not show {place} to anonymous visitors; it is private, or does not exist.",
        "Check the name, or add what the suggested commands print where you are logged in.";
    /// 401 with a challenge for a password.
    LOGIN = "registry-login", NotChecked,
        "The registry wants a password for {place}.",
        "Add what the suggested commands print where you are logged in. Never give a password here.";
    /// 403.
    FORBIDDEN = "registry-forbidden", NotChecked,
        "The registry, or the proxy, refuses {place}.",
        "Add what the suggested commands print where you are logged in.";
    /// 404 for a document that was asked for by name.
    NOT_FOUND = "registry-not-found", NotChecked,
        "The registry has no {place}.",
        "Check the spelling of repository and tag.";
    /// 429.
    RATE_LIMITED = "registry-rate-limited", NotChecked,
        "The registry limits how often it answers, and the limit is reached (retry after: {found}). This says nothing about the image.",
        "Wait, or add what the suggested commands print where you are logged in.";
    /// 5xx.
    SERVER_ERROR = "registry-server-error", NotChecked,
        "The registry has a problem of its own (HTTP {found}) with {place}.",
        "Try again later.";
    /// Any other status.
    STATUS = "registry-status", NotChecked,
        "The registry answered {place} with HTTP {found}, which is not expected here.",
        "Add what the suggested commands print.";
    /// Bytes that do not hash to the digest they were asked for by. What was
    /// served is not the image, so it says nothing about the image.
    OTHER_BYTES = "registry-other-bytes", NotChecked,
        "The answer is not what was asked for: it hashes to {found}, asked was {expected}. It was thrown away.",
        "Try again, or another way: a proxy or network between you and the registry changes what it sends.";
    /// The digest header contradicts the body.
    HEADER = "registry-digest-header", NotChecked,
        "The registry announces {expected} and sends bytes that hash to {found}. They were thrown away.",
        "Try again, or another way: a proxy or network between you and the registry changes what it sends.";
    /// Schema 1: signed anew at each request.
    SCHEMA1 = "registry-schema1", NotChecked,
        "The registry sent {place} converted to the old schema 1, whose digest changes with every answer.",
        "Ask the registry for it by digest, or use a newer registry.";
    /// A body in a content encoding.
    ENCODED = "registry-encoded", NotChecked,
        "The answer for {place} is compressed ({found}) although that was not asked for.",
        "Use another proxy.";
    /// A body shorter or longer than announced.
    TRUNCATED = "registry-truncated", NotChecked,
        "The answer for {place} ended early.",
        "Try again.";
    /// A redirect that is not followed.
    REDIRECT = "registry-redirect", NotChecked,
        "The registry redirects {place} to {found}, which is not followed.",
        "Add what the suggested commands print.";
    /// A host name that resolves to a private address.
    PRIVATE_ADDRESS = "registry-private-address", NotChecked,
        "{place} resolves to an address inside this network, and was not asked.",
        "Name the registry by its loopback address if it runs on this machine.";
    /// A challenge that is not understood.
    CHALLENGE = "registry-challenge", NotChecked,
        "The registry asks for a kind of login that is not understood: {found}.",
        "Add what the suggested commands print.";
    /// A token answer that is not understood.
    TOKEN = "registry-token", NotChecked,
        "The token server's answer is not usable ({found}).",
        "Try again later, or add what the suggested commands print.";
    /// A list (of referrers, of tags) that is not one.
    LIST = "registry-list", NotChecked,
        "The answer for {place} is not the list that was asked for.",
        "Try again later.";
    /// A list goes on, and nobody can read where.
    PAGES = "registry-pages", NotChecked,
        "The answer for {place} says in a way that cannot be read where it goes on ({found}): more may be there.",
        "Try again later, or without the proxy between.";
    /// A browser does not show whether a list goes on.
    PAGES_HIDDEN = "registry-pages-hidden", NotChecked,
        "The browser may not see whether the list for {place} goes on: more may be there.",
        "Ask through a proxy, or on the command line.";
    /// What answers at the proxy's address is none.
    NO_PROXY = "registry-no-proxy", NotChecked,
        "Nothing was fetched: no registry proxy answers here. This says nothing about the image.",
        "Start one with webdis-verify serve, or add what the suggested commands print.";
    /// The Notary server did not give the metadata.
    NO_METADATA = "registry-no-metadata", NotChecked,
        "The Notary server {place} gave no Content Trust metadata for this image ({found}), so it was not checked.",
        "Try again later, or add saved metadata.";
    /// Rows of a list of tags that are no names.
    TAG_NAME = "registry-tag-name", NotChecked,
        "The list of {place} holds rows that are no tag names ({found}); they were left out.",
        "Ask whoever runs the registry.";
    /// A descriptor and the document it leads to name two media types.
    MEDIA_TYPE = "registry-media-type", NotChecked,
        "{place} is listed as {expected} and calls itself {found}.",
        "Ask whoever published the image: programs that follow the list and programs that follow the document read two things.";
}
