//! The engine through its front door: evidence in, report out. Every proof
//! has a twin that fails by one change.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/mod.rs"]
mod common;

mod agreement;
mod another_named;
mod another_tag;
mod answers;
mod beside;
mod by_digest;
mod case;
mod codes;
mod cosign_records;
mod encodings;
mod everyday;
mod examples;
mod first_digits;
mod floods;
mod found;
mod heard;
mod held;
mod hidden_digests;
mod kept_report;
mod lacking;
mod lists;
mod needs;
mod other_home;
mod outputs;
mod parts;
mod platforms_shown;
mod printed_around;
mod properties;
mod redteam;
mod registries;
mod releases;
mod replayed;
mod said;
mod saved;
mod saved_roots;
mod seeds;
mod signatures;
mod signed_tags;
mod sizes;
mod stories;
mod story_beside;
mod story_damage;
mod strangers;
mod strings;
mod subject;
mod table;
mod trust_text;
mod unread_forms;
#[cfg(feature = "cli")]
mod verdict_cases;
mod version;
mod which_image;
mod wider;
mod worlds;
mod written_anew;
