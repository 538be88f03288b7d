//! Many articles, a line each, in order, on several threads.

use std::{
    io::{self, BufRead, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use serde_json::{Value, json};

use super::{Pipeline, input, with_id};

/// Lines that wait for a thread, and answers that wait to be written, each.
const WAITING: usize = 16;
/// The longest line.
const LONGEST: u64 = 256 * 1024 * 1024;
/// The stack of each thread: nested pages need more than usual.
const STACK: usize = 16 * 1024 * 1024;

/// Enriches line after line. The lines go round the threads, and so do the answers: that keeps their order.
pub(super) fn run(
    pipeline: &Pipeline,
    input: impl BufRead + Send,
    mut output: impl Write,
    threads: usize,
) -> anyhow::Result<()> {
    thread::scope(|scope| {
        let mut senders: Vec<SyncSender<Vec<u8>>> = Vec::new();
        let mut answers: Vec<Receiver<String>> = Vec::new();
        for _ in 0..threads {
            let (line_sender, lines) = sync_channel::<Vec<u8>>(WAITING);
            let (answer_sender, answer_receiver) = sync_channel(WAITING);
            senders.push(line_sender);
            answers.push(answer_receiver);
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
                for line in lines {
                    if answer_sender.send(answer(pipeline, &line)).is_err() {
                        break;
                    }
                }
            })?;
        }
        let reader = scope.spawn(move || read_lines(input, &senders));
        for answer in answers.iter().cycle() {
            // A thread that answers no more has got its last line, and so have those behind it.
            let Ok(answer) = answer.recv() else { break };
            match output.write_all(answer.as_bytes()) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
                Err(error) => return Err(error.into()),
            }
        }
        output.flush().or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
        // Threads that wait to answer end here.
        drop(answers);
        match reader.join() {
            Ok(read) => Ok(read?),
            Err(_) => anyhow::bail!("the reading of the input broke off"),
        }
    })
}

fn read_lines(mut input: impl BufRead, senders: &[SyncSender<Vec<u8>>]) -> io::Result<()> {
    let mut next = senders.iter().cycle();
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let Some(sender) = next.next() else { return Ok(()) };
        if sender.send(line).is_err() {
            return Ok(());
        }
    }
}

fn answer(pipeline: &Pipeline, line: &[u8]) -> String {
    let value = match std::str::from_utf8(line) {
        Ok(line) => enrich(pipeline, line),
        Err(error) => failed(&Value::Null, &format!("not UTF-8: {error}")),
    };
    format!("{value}\n")
}

fn enrich(pipeline: &Pipeline, line: &str) -> Value {
    let (id, fetched) = match input::read(line) {
        Ok(read) => read,
        Err(bad) => return failed(&bad.id, &bad.error),
    };
    // A panic over one article leaves nothing behind that the next one could see.
    match catch_unwind(AssertUnwindSafe(|| pipeline.enrich(fetched))) {
        Ok(Ok(enriched)) => with_id(&enriched, id.clone()).unwrap_or_else(|error| failed(&id, &error.to_string())),
        Ok(Err(failure)) => failed(&id, &failure.to_string()),
        Err(_) => failed(&id, "a stage panicked on it"),
    }
}

fn failed(id: &Value, error: &str) -> Value {
    json!({ "id": id, "error": error })
}

#[cfg(test)]
mod tests {
    use tallywire_runtime::config::Config;

    use super::*;

    #[test]
    fn answers_come_in_order_whatever_is_asked() {
        let pipeline = Pipeline::new(&Config::default()).unwrap();
        let line = |number: u32| match number % 10 {
            3 => "no json\n".to_owned(),
            7 => "\n".to_owned(),
            _ => format!("{{\"id\":{number},\"text\":\"Number {number}.\"}}\n"),
        };
        let input: String = (0..200).map(line).collect();
        for threads in [1, 3] {
            let mut output = Vec::new();
            run(&pipeline, input.as_bytes(), &mut output, threads).unwrap();
            let answers: Vec<Value> =
                String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let expected: Vec<Option<u64>> =
                (0..200).filter(|number| number % 10 != 7).map(|number| (number % 10 != 3).then_some(number)).collect();
            let ids: Vec<Option<u64>> = answers.iter().map(|answer| answer["id"].as_u64()).collect();
            assert_eq!(ids, expected);
            for answer in answers {
                match answer["id"].as_u64() {
                    Some(number) => assert_eq!(answer["text"], format!("Number {number}.")),
                    None => assert!(answer["error"].is_string()),
                }
            }
        }
    }
}
