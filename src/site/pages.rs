//! The pages, one kind a file: what each is given, and how that is gathered.

pub(super) mod category;
pub(super) mod close;
pub(super) mod competitor;
pub(super) mod home;
pub(super) mod objection;
pub(super) mod plain;
pub(super) mod question;
pub(super) mod stage;
pub(super) mod volume;
