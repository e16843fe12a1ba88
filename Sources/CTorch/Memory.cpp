// SPDX-License-Identifier: Apache-2.0
// Memory for large tensors. The system's allocator keeps them in heaps of 64 MB, where batches of ever new shapes leave holes
// that nothing fits into: a long training held four times what a step needs. Here each has pages of its own, large ones
// where the system has them, and what was freed is used again for what is about as large. What is kept for later is bounded
// by what was once needed at the same time.
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <list>
#include <map>
#include <mutex>

#include "Status.h"

#ifdef __linux__

namespace {

constexpr size_t page = 4096;
constexpr size_t large_page = 2 << 20;
/// Smaller tensors are the system allocator's.
constexpr size_t least = 1 << 20;
/// What data are aligned to, and the room in front of them for where they belong.
constexpr size_t line = 64;

size_t rounded(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

struct Block {
  char *pages;
  size_t size;
  /// Where in its first page the block's data begin: were it the same for all, the same few lines of the cache would serve
  /// every operand of an operation.
  size_t offset;
};

/// The block that data belong to, null for the system allocator's.
Block *&owner(void *data) { return *reinterpret_cast<Block **>(static_cast<char *>(data) - line); }

class LargeTensors final : public at::Allocator {
 public:
  at::DataPtr allocate(size_t size) override {
    char *data = nullptr;
    if (size >= least) {
      Block *block = take(size);
      data = block->pages + block->offset;
      owner(data) = block;
    } else if (size > 0) {
      void *start = nullptr;
      TORCH_CHECK(
          posix_memalign(&start, line, size + line) == 0, "not enough memory for a tensor of ", size, " bytes");
      data = static_cast<char *>(start) + line;
      owner(data) = nullptr;
    }
    return {data, data, &LargeTensors::release, at::Device(at::DeviceType::CPU)};
  }

  at::DeleterFnPtr raw_deleter() const override { return &LargeTensors::release; }

  void copy_data(void *target, const void *source, size_t count) const override {
    default_copy_data(target, source, count);
  }

  void count(int64_t *in_use, int64_t *all) {
    std::lock_guard<std::mutex> guard(lock);
    *in_use = used;
    *all = held;
  }

  /// Gives back what is kept for later, and forgets how much was once needed.
  void trim() {
    std::lock_guard<std::mutex> guard(lock);
    while (!kept.empty()) drop(kept.begin());
    most = used;
  }

  static LargeTensors &instance() {
    static LargeTensors *one = new LargeTensors;
    return *one;
  }

 private:
  std::mutex lock;
  /// Free blocks, the one that was freed first in front.
  std::list<Block *> kept;
  std::multimap<size_t, std::list<Block *>::iterator> by_size;
  /// Bytes in use, the most that ever were, and those with what is kept.
  size_t used = 0, most = 0, held = 0;
  size_t made = 0;

  Block *take(size_t size) {
    const size_t wanted = rounded(size + page, size < 4 * large_page ? 16 * page : large_page);
    std::lock_guard<std::mutex> guard(lock);
    auto found = by_size.lower_bound(wanted);
    if (found != by_size.end() && found->first <= wanted + wanted / 4) {
      Block *block = *found->second;
      kept.erase(found->second);
      by_size.erase(found);
      used += block->size;
      most = std::max(most, used);
      return block;
    }
    const size_t needed = std::max(most, used + wanted);
    while (!kept.empty() && held + wanted > needed + needed / 8) drop(kept.begin());
    char *pages = mapped(wanted);
    if (!pages) {
      // What is kept for later may be what is missing now.
      while (!kept.empty()) drop(kept.begin());
      pages = mapped(wanted);
      TORCH_CHECK(pages, "not enough memory for a tensor of ", size, " bytes");
    }
    Block *block = new Block{pages, wanted, line + made++ % 31 * 2 * line};
    most = needed;
    used += wanted;
    held += wanted;
    return block;
  }

  static void release(void *data) {
    if (!data) return;
    Block *block = owner(data);
    if (!block) return free(static_cast<char *>(data) - line);
    LargeTensors &all = instance();
    std::lock_guard<std::mutex> guard(all.lock);
    all.used -= block->size;
    all.by_size.emplace(block->size, all.kept.insert(all.kept.end(), block));
  }

  void drop(std::list<Block *>::iterator place) {
    Block *block = *place;
    auto range = by_size.equal_range(block->size);
    for (auto one = range.first; one != range.second; ++one) {
      if (one->second != place) continue;
      by_size.erase(one);
      break;
    }
    kept.erase(place);
    held -= block->size;
    munmap(block->pages, block->size);
    delete block;
  }

  /// Fresh pages, at a large page's boundary where large pages fit; null where there are none.
  static char *mapped(size_t size) {
    const size_t room = size < large_page ? size : size + large_page;
    void *pages = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return nullptr;
    char *start = static_cast<char *>(pages);
    if (room == size) return start;
    char *aligned = reinterpret_cast<char *>(rounded(reinterpret_cast<size_t>(start), large_page));
    if (aligned > start) munmap(start, aligned - start);
    if (start + room > aligned + size) munmap(aligned + size, start + room - aligned - size);
    madvise(aligned, size, MADV_HUGEPAGE);
    return aligned;
  }
};

struct Installed {
  Installed() { c10::SetCPUAllocator(&LargeTensors::instance(), 1); }
} installed;

}  // namespace

void ctorch_release_free_memory(void) { LargeTensors::instance().trim(); }

void ctorch_large_tensor_bytes(int64_t *used, int64_t *held) {
  LargeTensors::instance().count(used, held);
}

#else

void ctorch_release_free_memory(void) {}

void ctorch_large_tensor_bytes(int64_t *used, int64_t *held) { *used = *held = 0; }

#endif
