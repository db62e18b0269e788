//! The nouns: references, image documents (OCI), keys, publishers.

pub mod key;
pub mod oci;
pub mod publisher;
pub mod reference;
pub mod registry_table;
