package shootdown.report;

import shootdown.model.odds.Odds;

/// A way to write estimates. What its methods return is printed in the order of the calls.
public interface OddsFormat {
  String begin();

  String next(Odds odds);

  String end();
}
