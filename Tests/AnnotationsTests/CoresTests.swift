import Foundation
import Support
import TestSupport
import Testing

@Suite("Cores and quotas")
struct CoresTests {
  /// A machine of eight cores with these files below its root.
  private func cores(_ files: [String: String], of count: Int = 8) throws -> Int {
    let root = try TemporaryFolder()
    for (name, text) in files { try root.add(name, text) }
    return availableCores(of: count, root: root.path)
  }

  private let version2 =
    "24 19 0:21 / /sys rw - sysfs sysfs rw\n"
    + "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

  @Test("without /proc all cores count, and with it those that the affinity allows")
  func affinity() throws {
    #expect(try cores([:]) == 8)
    #expect(try cores(["proc/self/status": "Name:\tx\nCpus_allowed:\t00000000,00000005\n"]) == 2)
    #expect(try cores(["proc/self/status": "Cpus_allowed:\tff\n"], of: 3) == 3)
  }

  @Test(
    "the smallest quota of version 2 from the process's group up to the root holds, rounded up",
    arguments: [
      (["a/b/cpu.max": "max 100000"], 8), (["a/b/cpu.max": "150000 100000"], 2),
      (["a/b/cpu.max": "20000 100000"], 1), (["a/b/cpu.max": "400000 100000"], 4),
      (["a/b/cpu.max": "400000 100000", "a/cpu.max": "300000 100000"], 3),
      (["a/b/cpu.max": "300000 100000", "a/cpu.max": "400000 100000"], 3),
      (["cpu.max": "100000 100000", "a/b/cpu.max": "max 100000"], 1),
      (["other/cpu.max": "100000 100000"], 8), (["a/b/cpu.max": "nonsense"], 8),
      (["a/b/cpu.max": "0 0"], 8), (["a/b/cpu.max": "-5 100000"], 8), (["a/b/cpu.max": ""], 8),
      (["a/b/cpu.max": "1e300 1e-300"], 8),
    ] as [([String: String], Int)])
  func version2(limits: [String: String], expected: Int) throws {
    var files = ["proc/self/cgroup": "0::/a/b\n", "proc/self/mountinfo": version2]
    for (name, text) in limits { files["sys/fs/cgroup/" + name] = text }
    #expect(try cores(files) == expected)
  }

  @Test("in a container the mounted part of the tree is the root")
  func container() throws {
    let files = [
      "proc/self/cgroup": "0::/\n", "proc/self/mountinfo": version2,
      "sys/fs/cgroup/cpu.max": "250000 100000",
    ]
    #expect(try cores(files) == 3)
  }

  @Test("version 1 has its quota and period in two files, and its own path and mount")
  func version1() throws {
    var files = [
      "proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/docker/12/in\n0::/\n",
      "proc/self/mountinfo":
        "31 24 0:27 /docker/12 /sys/fs/cgroup/cpu\\040acct rw - cgroup cgroup rw,cpu,cpuacct\n",
      "sys/fs/cgroup/cpu acct/in/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu acct/in/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu acct/cpu.cfs_quota_us": "200000\n",
      "sys/fs/cgroup/cpu acct/cpu.cfs_period_us": "50000\n",
    ]
    #expect(try cores(files) == 4)
    files["sys/fs/cgroup/cpu acct/in/cpu.cfs_quota_us"] = "110000\n"
    #expect(try cores(files) == 2)
    files["proc/self/cgroup"] = "4:cpu,cpuacct:/docker/123\n"
    #expect(try cores(files) == 4)
    files["proc/self/status"] = "Cpus_allowed:\t1\n"
    #expect(try cores(files) == 1)
  }
}
