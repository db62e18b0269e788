//! From a reference to evidence: which request comes next, and who sends it.
//!
//! Nothing a registry or a proxy says is believed. What it sends is hashed
//! and handed to the engine as [`Given`](crate::input::Given) bytes, exactly
//! as if somebody had pasted them; a tag is resolved on the registry's word,
//! which the report says.
//!
//! | module | what it settles |
//! |---|---|
//! | [`known`] | public registries: API host, token address, blob hosts |
//! | [`commands`] | the same steps for a terminal |

pub mod commands;
pub mod known;

pub use commands::{commands, script};

/// Codes of this module.
pub mod codes {
    crate::codes! {
        /// Prints a manifest or index with docker.
        COMMAND_IMAGETOOLS = "command-imagetools", Fact,
            "Print {what} with docker.", "";
        /// Prints a manifest or index with skopeo.
        COMMAND_SKOPEO = "command-skopeo", Fact,
            "Print {what} with skopeo.", "";
        /// Prints a manifest, index or blob with crane.
        COMMAND_CRANE = "command-crane", Fact,
            "Print {what} with crane.", "";
        /// Prints a manifest, index or blob with oras.
        COMMAND_ORAS = "command-oras", Fact,
            "Print {what} with oras.", "";
        /// Prints a document with curl.
        COMMAND_CURL = "command-curl", Fact,
            "Print {what} with curl.", "";
        /// Prints the signatures with cosign.
        COMMAND_COSIGN = "command-cosign", Fact,
            "Print the signatures with cosign.", "";
        /// Copies the Notary metadata that docker keeps.
        COMMAND_TRUST_FOLDER = "command-trust-folder", Fact,
            "Pack the Content Trust metadata that docker keeps on this computer; drop the file here.", "";
        /// Prints everything for a reference.
        COMMAND_SCRIPT = "command-script", Fact,
            "Print everything this check needs, in one go; paste the whole output.", "";
    }
}
