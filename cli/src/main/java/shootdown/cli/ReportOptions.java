package shootdown.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import shootdown.report.Format;
import shootdown.report.HtmlFormat;
import shootdown.report.JunitFormat;
import shootdown.report.PerfettoFormat;

/// Files that are written besides what is printed.
final class ReportOptions {
  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "writes a page with all runs and their counterexamples, too")
  private Path html;

  @Option(
      names = "--perfetto",
      paramLabel = "FILE",
      description = "writes the counterexamples as traces for ui.perfetto.dev, too")
  private Path perfetto;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "writes what build servers read: JUnit's XML, too")
  private Path junit;

  /// The files, each begun.
  ///
  /// @throws BadInput if one cannot be written
  List<ReportFile> open() throws BadInput {
    var files = new ArrayList<ReportFile>();
    Set<Path> names = new HashSet<>();
    add(html, new HtmlFormat(), names, files);
    add(perfetto, new PerfettoFormat(), names, files);
    add(junit, new JunitFormat(), names, files);
    return List.copyOf(files);
  }

  private static void add(
      Path path, Format format, Set<Path> names, List<ReportFile> files) throws BadInput {
    if (path == null) {
      return;
    }
    if (!names.add(path.toAbsolutePath().normalize())) {
      throw new BadInput("shootdown: " + path + " is to hold two reports");
    }
    files.add(ReportFile.open(path, format));
  }
}
