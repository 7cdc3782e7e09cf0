//! Servers that reply from a test's script, and a record of the log.

use std::io;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::subscriber::DefaultGuard;

use crate::http::{Http, Outbound};

/// Serves one answer after another, made from these and the request's body as status and body, and
/// then none. Returns the address.
pub(crate) fn serve<A: Send + 'static>(answers: Vec<A>, mut answer: impl FnMut(A, Vec<u8>) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for given in answers {
            let Ok((stream, _)) = listener.accept() else { return };
            let _ = exchange(stream, |request| answer(given, request));
        }
    });
    endpoint
}

fn exchange(stream: TcpStream, answer: impl FnOnce(Vec<u8>) -> (u16, String)) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut request = vec![0; length];
    reader.read_exact(&mut request)?;
    let (status, body) = answer(request);
    let head = format!("HTTP/1.1 {status} \r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    reader.get_mut().write_all(format!("{head}{body}").as_bytes())
}

/// A provider.
pub(crate) struct Scripted {
    pub(crate) endpoint: String,
    asked: Receiver<String>,
}

impl Scripted {
    /// Gives these answers, each a status and a body, in this order, and no more.
    pub(crate) fn new(answers: Vec<(u16, String)>) -> Self {
        let (heard, asked) = channel();
        let endpoint = serve(answers, move |answer, request| {
            // Recorded before answering, so that it is there once the caller has the answer. Nobody
            // has to look.
            let _ = heard.send(String::from_utf8_lossy(&request).into_owned());
            answer
        });
        Self { endpoint, asked }
    }

    /// The bodies of the requests since the last look.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }
}

pub(crate) fn outbound() -> Outbound {
    Http::new().unwrap().outbound().unwrap()
}

/// What this thread, on which the whole test runs, logs while this lives.
pub(crate) struct Log {
    written: Written,
    _listening: DefaultGuard,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn listen() -> Self {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        Self { written, _listening: tracing::subscriber::set_default(subscriber) }
    }

    /// What was logged since the last look.
    pub(crate) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.written.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8(bytes).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
