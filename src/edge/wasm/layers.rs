//! Which layers of the image that was fetched the page may fetch too, and how:
//! its archive worker does, and measures them as they come.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::session::Session;
use super::values::{Result, plain};
use crate::base::list::CollectVec as _;
use crate::session::Layer;

/// The layers of one platform.
#[derive(Serialize)]
struct Layers {
    /// Its name; empty where the image is for one alone.
    platform: String,
    layers: Vec<Part>,
}

/// A layer, and the request for it.
#[derive(Serialize)]
struct Part {
    /// What it is to be called.
    name: String,
    size: u64,
    url: String,
    authorization: Option<String>,
}

#[wasm_bindgen]
impl Session {
    /// Layers by platform: a list of `{platform, layers: [{name, size, url,
    /// authorization}]}`, those without any left out. Empty before a fetch.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn layers(&mut self, proxy: Option<String>) -> Result<JsValue> {
        let mut platforms = self.inner.platforms();
        if platforms.is_empty() {
            platforms.push(String::new());
        }
        let mut all = Vec::new();
        for platform in platforms {
            let wanted = Some(platform.as_str()).filter(|platform| !platform.is_empty());
            let found = self.inner.layers(wanted);
            let layers: Vec<Part> =
                found.iter().filter_map(|layer| self.part(layer, proxy.as_deref())).collect_vec();
            if !layers.is_empty() {
                all.push(Layers { platform, layers });
            }
        }
        plain(&all)
    }

    fn part(&self, layer: &Layer, proxy: Option<&str>) -> Option<Part> {
        let request = self.inner.layer_request(layer)?;
        let image = self.inner.options().asked()?.name();
        Some(Part {
            name: format!("{image}/blobs/sha256/{}", layer.digest.hex()),
            size: layer.size,
            url: proxy.map_or_else(|| request.url.to_string(), |base| request.url.by_proxy(base)),
            authorization: request.authorization.as_ref().map(|secret| secret.header()),
        })
    }
}
