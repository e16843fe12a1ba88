// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What this process has used so far.
public enum ProcessUsage {
  /// The most memory that it has held, in bytes.
  public static var peakMemory: Int { usage.ru_maxrss * 1024 }

  /// Seconds on processors, all threads together.
  public static var cpuSeconds: Double {
    let usage = usage
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static var usage: rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }
}
