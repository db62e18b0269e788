//! The five outcomes, and how they combine.

use serde::{Serialize, Serializer};

use crate::base::code::Class;

/// What is known of a link, or of a whole chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Shown from a pinned root of trust.
    Proven,
    /// Nothing signed was given; what the user's own tools printed agrees.
    Consistent,
    /// Examined, and it does not hold.
    Contradicted,
    /// No signature in the places looked at.
    Unsigned,
    /// Nothing can be said.
    NotChecked,
}

impl Outcome {
    /// The stable name, as in the JSON report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Consistent => "consistent",
            Self::Contradicted => "contradicted",
            Self::Unsigned => "unsigned",
            Self::NotChecked => "not-checked",
        }
    }

    /// Exit status of the command line.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Proven => 0,
            Self::Contradicted => 1,
            Self::Unsigned => 3,
            Self::NotChecked | Self::Consistent => 4,
        }
    }

    /// How weak a link with this outcome is. Along a chain the highest
    /// decides; among alternatives the lowest.
    #[must_use]
    pub const fn weakness(self) -> u8 {
        match self {
            Self::Proven => 0,
            Self::Consistent => 1,
            Self::NotChecked => 2,
            Self::Unsigned => 3,
            Self::Contradicted => 4,
        }
    }

    /// What a failure of this class makes of a link. A failure is never
    /// proven, whatever its class.
    #[must_use]
    pub const fn of_failure(class: Class) -> Self {
        match class {
            Class::Contradicted => Self::Contradicted,
            Class::Unsigned => Self::Unsigned,
            Class::Consistent => Self::Consistent,
            Class::NotChecked | Class::Fact | Class::Caveat => Self::NotChecked,
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
