//! Ctrl-C while another program runs. That program gets it as well, and may take its time to end:
//! until then the terminal stays with it.

use std::{
    process,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{consts::SIGINT, flag};

/// What a shell tells of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 128 + SIGINT;

struct Interrupt {
    has_come: Arc<AtomicBool>,
    /// Whether it ends this program at once.
    ends: Arc<AtomicBool>,
}

static INTERRUPT: LazyLock<Interrupt> = LazyLock::new(|| {
    let interrupt = Interrupt { has_come: Arc::default(), ends: Arc::default() };
    // Where this can't be asked for, it ends this program as it ends any.
    let _asked = flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&interrupt.ends))
        .and_then(|_| flag::register(SIGINT, Arc::clone(&interrupt.has_come)));
    interrupt
});

/// Waits for another program. Whatever it makes of Ctrl-C, nothing goes on after that.
pub(crate) fn waited_for<T>(wait: impl FnOnce() -> T) -> T {
    INTERRUPT.ends.store(false, Ordering::SeqCst);
    let done = wait();
    if INTERRUPT.has_come.load(Ordering::SeqCst) {
        process::exit(INTERRUPTED);
    }
    INTERRUPT.ends.store(true, Ordering::SeqCst);
    done
}
