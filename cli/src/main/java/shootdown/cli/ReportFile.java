package shootdown.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import shootdown.model.TestResult;
import shootdown.report.Format;
import shootdown.report.Lost;

/// A file that a [Format] is written to as results come. What goes wrong with it ends no run.
final class ReportFile {
  private final Path path;
  private final Format format;
  private final Writer writer;
  private Optional<String> trouble = Optional.empty();

  private ReportFile(Path path, Format format, Writer writer) {
    this.path = path;
    this.format = format;
    this.writer = writer;
  }

  /// Begins the file.
  ///
  /// @throws BadInput if it cannot be written
  static ReportFile open(Path path, Format format) throws BadInput {
    try {
      var file = new ReportFile(path, format, Files.newBufferedWriter(path));
      file.write(format.begin());
      return file;
    } catch (IOException e) {
      throw new BadInput("shootdown: " + path + " cannot be written: " + why(path, e));
    }
  }

  private static String why(Path path, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such folder";
      case AccessDeniedException _ -> "permission denied";
      default -> Files.isDirectory(path) ? "it is a folder" : e.getMessage();
    };
  }

  boolean draws(TestResult result) {
    return format.draws(result);
  }

  void next(TestResult result) {
    write(format.next(result));
  }

  void lost(Lost run) {
    write(format.lost(run));
  }

  /// Writes what comes last; the file is whole.
  ///
  /// @return what went wrong with it, if anything did
  Optional<String> end(double seconds) {
    write(format.end(seconds));
    try {
      writer.close();
    } catch (IOException e) {
      failed(e);
    }
    return trouble;
  }

  /// What is there can be read at once, and is there should the process be killed.
  private void write(String text) {
    try {
      writer.write(text);
      writer.flush();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    if (trouble.isEmpty()) {
      trouble = Optional.of(path + " could not be written: " + e.getMessage());
    }
  }
}
