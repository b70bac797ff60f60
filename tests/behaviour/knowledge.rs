//! What follows from writing chunks and entities, and whose chunks are.

mod chunks;
mod configurations;
mod entities;
mod language;
