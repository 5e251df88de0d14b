//! The pages, one kind a file: what each is given, and how that is gathered.

pub(super) mod categories;
pub(super) mod category;
pub(super) mod close;
pub(super) mod competitor;
pub(super) mod flow;
pub(super) mod framework;
pub(super) mod glossary;
pub(super) mod home;
pub(super) mod metrics;
pub(super) mod objection;
pub(super) mod plain;
pub(super) mod print;
pub(super) mod proofs;
pub(super) mod question;
pub(super) mod since;
pub(super) mod stage;
pub(super) mod volume;
