package shootdown.examples.seqlock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shootdown.examples.seqlock.SequenceLock.Mistake;
import shootdown.junit.Expectation;

class SequenceLockTest {
  @Test
  void readersSeeBothWordsOfOneWrite() {
    Expectation.NOTHING_WRONG.verify(() -> SequenceLock.program(2, Mistake.NONE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void eachOfItsRulesIsNeeded(Mistake mistake) {
    Expectation.violating("torn read").verify(() -> SequenceLock.program(2, mistake));
  }
}
