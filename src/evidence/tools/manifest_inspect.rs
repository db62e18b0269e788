//! `docker manifest inspect -v`: one `{Ref, Descriptor, …}` for a manifest, an
//! array of them for an index, whose own digest it does not print.

use super::{Command, Node, Object, elements, object, objects, platform_of, text, word};
use crate::base::json::Value;
use crate::evidence::About;
use crate::evidence::fact::{DigestKind, Fact, Facts, Knows};
use crate::model::oci::Platform;

pub(super) fn is(o: &Object<'_, '_>) -> bool {
    o.get("Ref").is_some() && o.get("Descriptor").is_some()
}

pub(super) fn facts(node: &Node<'_>, command: &Command) -> Vec<Fact> {
    let entries = matches!(node.value, Value::Array(_));
    let mut facts = Facts::new("docker manifest inspect", Knows::Name);
    for o in objects(node) {
        let named = text(&o, "Ref").or(command.reference.as_deref());
        let Some(descriptor) = object(&o, "Descriptor") else { continue };
        let platform = platform_of(&descriptor);
        *facts.subject() = About::of_text(named);
        let digest = word(&descriptor, "digest");
        match entries {
            true => facts.part(DigestKind::Manifest, digest, platform.clone()),
            // All that the tag means, whatever its platform.
            false => facts.top(DigestKind::Manifest, digest),
        }
        // The config and the layers of an attestation are no image's.
        if platform.as_ref().is_some_and(Platform::is_unknown) {
            continue;
        }
        for name in ["SchemaV2Manifest", "OCIManifest"] {
            let Some(manifest) = object(&o, name) else { continue };
            if let Some(config) = object(&manifest, "config") {
                facts.part(DigestKind::Config, word(&config, "digest"), platform.clone());
            }
            for layer in elements(&manifest, "layers") {
                facts.part(DigestKind::Layer, word(&layer, "digest"), platform.clone());
            }
        }
    }
    facts.done()
}
