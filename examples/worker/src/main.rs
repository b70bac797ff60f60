//! Computes embeddings for frontdesk, outside the database.
//!
//! The database never calls a model itself: it queues what has to be embedded, and a program like this one takes
//! the work, computes and hands the vectors back. Three SQL functions are the whole interface (see `queue.rs`),
//! so the same worker is a screenful in any other language and with any other model.

mod connect;
mod endpoint;
mod model;
mod progress;
mod queue;
mod worker;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Parser, Subcommand};
use signal_hook::consts::{SIGINT, SIGTERM};

/// Computes the embeddings that a frontdesk database queues.
#[derive(Parser)]
#[command(version, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take jobs from the queue until stopped (SIGINT or SIGTERM: unfinished jobs go back at once)
    Run(worker::Options),
    /// Print the vector of one text, as pgvector reads it: the query side of a search
    Embed {
        /// The text, for example a visitor's question
        text: String,
    },
    /// Print the model's name and dimensions, for frontdesk.set_embedding_model(name, dimensions)
    Model,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("frontdesk-worker: {}", connect::explain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Run(options) => {
            let stop = stop_on_signal()?;
            worker::run(&options, &stop)
        }
        Command::Embed { text } => {
            let vector = model::Model::load()?.embed(&text)?;
            println!("{}", queue::vector_literal(&vector));
            Ok(())
        }
        Command::Model => {
            println!("{} {}", model::name(), model::dimensions());
            Ok(())
        }
    }
}

/// A flag that SIGINT or SIGTERM raises; a second signal ends the program on the spot.
fn stop_on_signal() -> Result<Arc<AtomicBool>, Box<dyn Error>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}
