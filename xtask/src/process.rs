//! Programs that are started, and how they end.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::{failure::Failure, interrupt::waited_for, progress::print};

/// How long to wait before what failed is tried again.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(30)];

/// Waits for its end.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = waited_for(|| command.status()).map_err(|error| no_start(command, &error))?;
    Failure::of(status).map_or(Ok(()), Err)
}

/// What it prints, without the end of the last line. What it complains of is shown.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let done = waited_for(|| command.output()).map_err(|error| no_start(command, &error))?;
    match Failure::of(done.status) {
        Some(failure) => Err(failure),
        None => Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned()),
    }
}

/// What it prints, if it is there and succeeds. Nothing of it is shown.
pub(crate) fn quiet(command: &mut Command) -> Option<String> {
    let done = waited_for(|| command.stdin(Stdio::null()).output()).ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

/// What it prints, which is shown as it comes.
pub(crate) fn shown(command: &mut Command) -> Result<String, Failure> {
    let mut running = command.stdout(Stdio::piped()).spawn().map_err(|error| no_start(command, &error))?;
    let mut said = String::new();
    let status = waited_for(|| {
        for line in running.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
            let line = line?;
            print(&line);
            said.push_str(&line);
            said.push('\n');
        }
        running.wait()
    })?;
    Failure::of(status).map_or(Ok(said), Err)
}

/// Takes the place of this program, so that a signal reaches it. Returns only what is in the way.
pub(crate) fn replace(command: &mut Command) -> Failure {
    let error = command.exec();
    no_start(command, &error)
}

/// Registries fail for a moment now and then.
pub(crate) fn persistently(mut command: impl FnMut() -> Command) -> Result<(), Failure> {
    for pause in PAUSES {
        if run(&mut command()).is_ok() {
            return Ok(());
        }
        thread::sleep(pause);
    }
    run(&mut command())
}

fn no_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::Told(format!("{} does not start: {error}", command.get_program().display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(program: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", program]);
        command
    }

    #[test]
    fn exit_codes_pass_through() {
        assert_eq!(run(&mut shell("exit 0")), Ok(()));
        assert_eq!(run(&mut shell("exit 100")), Err(Failure::Ended(100)));
        assert_eq!(run(&mut shell("kill -9 $$")), Err(Failure::Ended(137)));
        assert!(matches!(run(&mut Command::new("/no/such/program")), Err(Failure::Told(text)) if text.contains("/no/such/program")));
    }

    #[test]
    fn output_ends_without_an_empty_line() {
        assert_eq!(output(&mut shell("echo a; echo b")), Ok("a\nb".to_owned()));
        assert_eq!(quiet(&mut shell("echo a; exit 1")), None);
    }

    #[test]
    fn what_is_shown_is_known_and_a_failure_stays_one() {
        assert_eq!(shown(&mut shell("echo Parsing errors")), Ok("Parsing errors\n".to_owned()));
        assert_eq!(shown(&mut shell("echo x; exit 3")), Err(Failure::Ended(3)));
    }
}
