package shootdown.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import shootdown.host.guest.GuestFix;
import shootdown.host.run.HostFailure;
import shootdown.litmus.FixLine;
import shootdown.litmus.LitmusTest;

/// What an image can do for a test that is to be confirmed.
///
/// @param fixes of the test, which the image can take out; none if there is a reason
/// @param whyNot why no guest can be run
record ConfirmGuest(Path image, List<GuestFix> fixes, Optional<String> whyNot) {
  static ConfirmGuest of(Path image, LitmusTest test) {
    if (!Files.isReadable(image)) {
      return not(image, "there is no image " + image + "; guest/build makes one");
    }
    var commits = test.header().fixes().stream().map(FixLine::commit).toList();
    if (commits.isEmpty()) {
      return not(image, "the test has no line `Fix: COMMIT`");
    }
    try {
      var fixes =
          GuestFix.of(image).stream().filter(fix -> commits.contains(fix.commit())).toList();
      return fixes.isEmpty()
          ? not(
              image,
              "the image cannot take out " + String.join(" or ", commits)
                  + "; what it can is in the file `fixes` beside it")
          : new ConfirmGuest(image, fixes, Optional.empty());
    } catch (HostFailure e) {
      return not(image, e.getMessage());
    }
  }

  private static ConfirmGuest not(Path image, String why) {
    return new ConfirmGuest(image, List.of(), Optional.of(why));
  }

  /// The model's machines that guests are like.
  Set<String> machines() {
    return fixes.stream().map(GuestFix::machine).collect(Collectors.toSet());
  }
}
