//! The Rust SDK over a file of vectors: prints every difference, and last how many there are.
use anyhow::{Context, Result};
use opa_wasm::Runtime;
use serde_json::{Value, json};
use std::{env, fs, process::ExitCode};
use wasmtime::{Engine, Module, Store};

fn main() -> Result<ExitCode> {
    tokio::runtime::Builder::new_current_thread()
        .build()?
        .block_on(run())
}

async fn run() -> Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let (path, vectors) = arguments
        .next()
        .zip(arguments.next())
        .context("a module and a file of vectors")?;
    let engine = Engine::default();
    let module = Module::new(&engine, fs::read(path)?)?;
    let vectors: Value = serde_json::from_slice(&fs::read(vectors)?)?;
    let all = vectors["vectors"].as_array().context("a list of vectors")?;
    let (mut passed, mut failed) = (0, 0);
    // This SDK sets the data of an instance once.
    for same in all.chunk_by(|a, b| a["revocations"] == b["revocations"]) {
        let place = same[0]["revocations"].as_u64().context("a place")? as usize;
        let known = &vectors["revocations"][place];
        let data = if known.is_null() {
            json!({})
        } else {
            json!({ "revocations": known })
        };
        let mut store = Store::new(&engine, ());
        let policy = Runtime::new(&mut store, &module)
            .await?
            .with_data(&mut store, &data)
            .await?;
        for vector in same {
            let decision: Value = policy
                .evaluate(&mut store, "writ/decision", &vector["input"])
                .await?;
            let allow: Value = policy
                .evaluate(&mut store, "writ/allow", &vector["input"])
                .await?;
            let (decision, allow) = (&decision[0]["result"], &allow[0]["result"]);
            let expected = &vector["decision"];
            if decision == expected && allow == &expected["allow"] {
                passed += 1;
            } else {
                failed += 1;
                let case = vector["case"].as_str().unwrap_or_default();
                println!("{case}\n  expected {expected}\n  actual   {decision}, allow {allow}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed > 0 || passed == 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
