package shootdown.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The line that `shootdown --version` prints: our version and the Java that runs it.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String ours =
        Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"shootdown " + ours + " (Java " + Runtime.version() + ")"};
  }
}
