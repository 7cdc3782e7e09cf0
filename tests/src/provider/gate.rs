//! A TCP listener that can be shut and opened again on the same port, and connections that can be ended or reset.
//! An HTTP server alone can neither refuse a connection nor reset one; tests of a failing network need both.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;

use super::lock;

// A fate of 0 is an ordinary life.
const ENDED: u8 = 1;
const RESET: u8 = 2;

/// One port on the loopback address and everything connected to it.
pub(crate) struct Gate {
    address: SocketAddr,
    runtime: Handle,
    door: Mutex<Door>,
    acceptor: AtomicWaker,
    connections: Mutex<Vec<Weak<Connection>>>,
}

enum Door {
    Open(TcpListener),
    /// Bound but not listening: connections are refused, and nobody else is given the port meanwhile.
    Shut(#[expect(dead_code, reason = "held for its effect on the port")] TcpSocket),
}

impl Gate {
    /// Binds `port` (0 for a free one) on 127.0.0.1. Must be called within a tokio runtime.
    pub(crate) fn bind(port: u16) -> io::Result<Arc<Self>> {
        let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Arc::new(Self {
            address: listener.local_addr()?,
            runtime: Handle::current(),
            door: Mutex::new(Door::Open(listener)),
            acceptor: AtomicWaker::new(),
            connections: Mutex::new(Vec::new()),
        }))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn is_shut(&self) -> bool {
        matches!(*lock(&self.door), Door::Shut(_))
    }

    /// From now on connections are refused. Idle ones are ended, so that a client's pool can't go round the refusal;
    /// one whose request is being answered gets its answer first.
    pub(crate) fn shut(&self) -> io::Result<()> {
        let mut door = lock(&self.door);
        if matches!(*door, Door::Open(_)) {
            let _runtime = self.runtime.enter();
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            // The listener has to go before its port can be bound again; an unbound socket stands in for it meanwhile.
            *door = Door::Shut(socket);
            let reserved = TcpSocket::new_v4()?;
            reserved.set_reuseaddr(true)?;
            reserved.bind(self.address)?;
            *door = Door::Shut(reserved);
        }
        drop(door);
        for connection in self.connections() {
            if !connection.busy.load(Ordering::SeqCst) {
                connection.meet(ENDED);
            }
        }
        Ok(())
    }

    /// Accepts connections again.
    pub(crate) fn open(&self) -> io::Result<()> {
        let mut door = lock(&self.door);
        if matches!(*door, Door::Shut(_)) {
            let _runtime = self.runtime.enter();
            *door = Door::Shut(TcpSocket::new_v4()?);
            *door = Door::Open(listen(self.address)?);
            self.acceptor.wake();
        }
        Ok(())
    }

    /// Refuses new connections and ends every one there is, answered or not.
    pub(crate) fn end(&self) -> io::Result<()> {
        let shut = self.shut();
        for connection in self.connections() {
            connection.meet(ENDED);
        }
        shut
    }

    fn connections(&self) -> Vec<Arc<Connection>> {
        lock(&self.connections).iter().filter_map(Weak::upgrade).collect()
    }

    fn admit(&self, stream: TcpStream) -> Stream {
        let connection = Arc::new(Connection::default());
        let mut connections = lock(&self.connections);
        connections.retain(|known| known.strong_count() > 0);
        connections.push(Arc::downgrade(&connection));
        Stream { inner: stream, connection }
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<(Stream, SocketAddr)>> {
        self.acceptor.register(context.waker());
        match &*lock(&self.door) {
            Door::Open(listener) => listener.poll_accept(context).map_ok(|(stream, peer)| (self.admit(stream), peer)),
            Door::Shut(_) => Poll::Pending,
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(1024)
}

/// What axum accepts from.
pub(crate) struct GateListener(pub(crate) Arc<Gate>);

impl Listener for GateListener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        loop {
            match std::future::poll_fn(|context| self.0.poll_accept(context)).await {
                Ok(accepted) => return accepted,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.0.address)
    }
}

/// What a handler may do to the connection its request came by.
#[derive(Default)]
pub(crate) struct Connection {
    fate: AtomicU8,
    busy: AtomicBool,
    waker: AtomicWaker,
}

impl Connection {
    /// Resets the TCP connection: the peer sees RST, not an orderly end.
    pub(crate) fn reset(&self) {
        self.meet(RESET);
    }

    /// Marks a request as being answered until the guard is dropped.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.busy.store(true, Ordering::SeqCst);
        Busy(Arc::clone(self))
    }

    fn meet(&self, fate: u8) {
        self.fate.store(fate, Ordering::SeqCst);
        self.waker.wake();
    }
}

/// See [`Connection::busy`].
pub(crate) struct Busy(Arc<Connection>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::SeqCst);
    }
}

/// How axum hands a handler its connection.
#[derive(Clone)]
pub(crate) struct ConnectionHandle(pub(crate) Arc<Connection>);

impl Connected<IncomingStream<'_, GateListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, GateListener>) -> Self {
        Self(Arc::clone(&stream.io().connection))
    }
}

/// A TCP stream that follows its connection's fate.
pub(crate) struct Stream {
    inner: TcpStream,
    connection: Arc<Connection>,
}

impl Stream {
    fn reset_if_told(&self) -> io::Result<()> {
        if self.connection.fate.load(Ordering::SeqCst) == RESET {
            // With a linger time of zero the close that follows this error sends RST.
            self.inner.set_zero_linger()?;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.connection.waker.register(context.waker());
        self.reset_if_told()?;
        if self.connection.fate.load(Ordering::SeqCst) == ENDED {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.reset_if_told()?;
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset_if_told()?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset_if_told()?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
