//! The known names of lists that are open: a book may have others.

/// The categories of `domain.md`.
pub const CATEGORIES: [&str; 14] = [
    "price",
    "value",
    "need",
    "timing",
    "authority",
    "trust",
    "competitor",
    "status-quo",
    "fit",
    "risk",
    "effort",
    "terms",
    "deflection",
    "past-experience",
];

/// The ways to answer an objection, of `domain.md`.
pub const RESPONSES: [&str; 7] =
    ["laer", "laarc", "lair", "feel-felt-found", "ledge-disrupt-ask", "boomerang", "isolate"];

/// The closing techniques of `domain.md`, those of the Chinese seed with it.
pub const CLOSES: [&str; 22] = [
    "direct",
    "assumptive",
    "alternative-choice",
    "summary",
    "balance-sheet",
    "minor-point",
    "trial",
    "concession",
    "puppy-dog",
    "takeaway",
    "sharp-angle",
    "standing-room-only",
    "now-or-never",
    "adjournment",
    "question",
    "next-step",
    "opportunity",
    "pressure",
    "letting-go",
    "life-experience",
    "economic-calculation",
    "retreat-to-advance",
];

/// Ways of selling.
pub const METHODS: [&str; 10] = [
    "consultative",
    "solution",
    "inbound",
    "challenger",
    "spin",
    "sandler",
    "transactional",
    "relationship",
    "value",
    "account-based",
];

/// What a signal may tell.
pub const SIGNALS: [&str; 3] = ["buying", "warning", "stall"];
