package shootdown.host.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// What running a test gave.
///
/// @param outcomes how often each outcome was seen, by its text: `0:r1=1; 0:sig=0;`
/// @param traces one round of each outcome, in lines: what each statement gave
/// @param globals what the names of the initial state stood for, in the model's numbers
/// @param rounds rounds that were counted
/// @param seconds how long they took, on the clock
/// @param restarts workers that had to be started anew because threads slept for ever
/// @param deaths how workers ended that should not have: each was started anew
/// @param evidence of what no outcome shows
/// @param fileSystem what the test's files were on: `ext4`, `tmpfs`; empty for a test without files
public record HostResult(
    SortedMap<String, Long> outcomes,
    Map<String, List<String>> traces,
    Map<String, Long> globals,
    long rounds,
    double seconds,
    int restarts,
    List<String> deaths,
    Evidence evidence,
    Optional<String> fileSystem) {}
