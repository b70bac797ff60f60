//! What follows from writing pages and scrape jobs.

mod jobs;
mod pages;
mod queues;
