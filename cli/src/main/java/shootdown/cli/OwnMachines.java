package shootdown.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import shootdown.machine.MachineProfile;
import shootdown.machine.MachineTable;

/// Machines of the user's own: the text files that `--machine` names, each with one line of the
/// form of `machines.txt`.
final class OwnMachines {
  private static final String SUFFIX = ".txt";

  private OwnMachines() {}

  /// Those that are named, each called like its file.
  ///
  /// @throws BadInput with all that is wrong with any of them
  static List<MachineProfile> of(List<String> machines) throws BadInput {
    var files = machines.stream().filter(name -> name.endsWith(SUFFIX)).toList();
    return OwnFiles.read(files, OwnMachines::read);
  }

  private static MachineProfile read(String file) throws IOException, BadInput {
    try {
      var machines = MachineTable.parse(Files.readAllLines(Path.of(file)));
      if (machines.size() != 1) {
        throw new BadInput(file + ": holds " + machines.size() + " machines, not one");
      }
      return machines.getFirst().named(file);
    } catch (MachineTable.Malformed malformed) {
      throw new BadInput(file + ":" + malformed.line() + ": error: " + malformed.getMessage());
    }
  }
}
