package shootdown.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.LongSupplier;
import shootdown.check.UnfitCheckpoint;
import shootdown.report.Format;
import shootdown.report.Lost;
import shootdown.report.Replay;
import shootdown.report.Standing;
import shootdown.report.Tally;

/// Prints results as they come, on standard output, and bugs on standard error.
final class Printing {
  private final PrintWriter out;
  private final PrintWriter err;
  private final Format format;
  private final List<ReportFile> files;
  private final LongSupplier nanoClock;
  private final long began;
  private final Tally tally = new Tally();
  private int broken;
  private int refused;
  private boolean unwritten;
  private boolean outOfMemory;
  private boolean ended;

  /// @param files are written besides
  Printing(
      PrintWriter out,
      PrintWriter err,
      Format format,
      List<ReportFile> files,
      LongSupplier nanoClock) {
    this.out = out;
    this.err = err;
    this.format = format;
    this.files = files;
    this.nanoClock = nanoClock;
    this.began = nanoClock.getAsLong();
    out.print(format.begin());
  }

  /// @return whether anybody reads it
  boolean print(Jobs.End end) {
    switch (end) {
      case Jobs.End.Done(_, var result) -> {
        tally.add(result);
        outOfMemory |= OutOfMemory.is(result);
        out.print(format.next(result));
        files.forEach(file -> file.next(result));
      }
      case Jobs.End.Broken(var job, var bug) -> {
        out.flush();
        broken(job, bug);
        err.flush();
        var lost =
            new Lost(job.test().name(), job.file(), job.kernel(), job.machine(), bug.toString());
        files.forEach(file -> file.lost(lost));
      }
    }
    return !out.checkError();
  }

  private void broken(Job job, Throwable bug) {
    var blamed = OwnFixes.blamed(bug);
    if (bug instanceof UnfitCheckpoint) {
      refused++;
      err.println("shootdown: " + bug.getMessage() + " (without the file, its run begins again)");
    } else if (blamed.isPresent()) {
      refused++;
      err.println("shootdown: " + job + ": " + blamed.get());
    } else {
      broken++;
      OwnBug.print(err, bug);
      err.println("This shows it again:\n  "
          + Replay.command(job.file(), job.kernel(), job.machine()));
    }
  }

  /// Prints what comes last, once.
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    double seconds = (nanoClock.getAsLong() - began) / 1e9;
    out.print(format.end(seconds));
    out.flush();
    for (ReportFile file : files) {
      file.end(seconds).ifPresent(this::unwritten);
    }
    if (outOfMemory) {
      err.println("shootdown: out of memory: " + OutOfMemory.ADVICE);
      err.flush();
    }
  }

  private void unwritten(String trouble) {
    unwritten = true;
    err.println("shootdown: " + trouble);
    err.flush();
  }

  /// Prints what comes last, and that it is not all.
  void interrupted() {
    end();
    err.println("shootdown: interrupted: what was not finished is not there");
    err.flush();
  }

  /// Says that standard output was closed, most often by a reader that has seen enough.
  ExitCode nobodyReads() {
    err.println("shootdown: standard output was closed: the rest was not checked");
    err.flush();
    return ExitCode.UNDECIDED;
  }

  ExitCode exitCode() {
    if (broken > 0) {
      return ExitCode.OWN_BUG;
    }
    if (refused > 0 || unwritten) {
      return ExitCode.BAD_INPUT;
    }
    if (tally.count(Standing.DIFFERS) > 0) {
      return ExitCode.VERDICT_DIFFERS;
    }
    return tally.count(Standing.UNDECIDED) > 0 ? ExitCode.UNDECIDED : ExitCode.AS_STATED;
  }
}
