// SPDX-License-Identifier: Apache-2.0
//
// An IVF-flat index of inner products by FAISS behind a few C functions, which Koine loads at run time (Scripts/faiss compiles it).
// Functions that can fail return 0, or 1 with a text in `error`; no exception leaves this file.
//
// The clusters, the assignment of vectors to them and the lists are FAISS's. The lists are gone through here: all queries of a block that
// look into a list meet it in one product of matrices, which takes a fraction of the time of one product for each vector.

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/invlists/InvertedLists.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

extern "C" {
// Declared here, for their headers are not everywhere: FAISS's OpenMP is GCC's, whatever compiles this.
void omp_set_num_threads(int);
int omp_get_max_threads(void);
void sgemm_(const char* transposesA, const char* transposesB, const int* m, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
}

namespace {

// What the caller compiled against; raised when a function changes.
constexpr int interfaceVersion = 1;

using Id = int64_t;

/// OpenMP's number of threads is the calling thread's, which the engine shares: it is put back.
class Threads {
 public:
  explicit Threads(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(std::max(count, 1)); }
  ~Threads() { omp_set_num_threads(before_); }

 private:
  int before_;
};

struct Index {
  std::unique_ptr<faiss::IndexFlatIP> clusters;
  std::unique_ptr<faiss::IndexIVFFlat> vectors;
  int width;
};

int fail(char* error, int capacity, const char* message) {
  if (capacity > 0) std::snprintf(error, size_t(capacity), "%s", message);
  return 1;
}

template <class Body>
int guarded(char* error, int capacity, Body body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc&) {
    return fail(error, capacity, "there is not enough memory");
  } catch (const std::exception& exception) {
    return fail(error, capacity, exception.what());
  } catch (...) {
    return fail(error, capacity, "something unknown was thrown");
  }
}

/// Runs `body` on so many threads; what one of them throws is thrown here.
template <class Body>
void onThreads(int count, Body body) {
  std::exception_ptr thrown;
  std::mutex mutex;
  auto run = [&] {
    try {
      Threads one(1);
      body();
    } catch (...) {
      std::lock_guard<std::mutex> lock(mutex);
      thrown = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(size_t(count));
  try {
    for (int thread = 1; thread < count; ++thread) threads.emplace_back(run);
  } catch (const std::system_error&) {
    // As many as the system gives: they share the work out among themselves.
  }
  run();
  for (auto& thread : threads) thread.join();
  if (thrown) std::rethrow_exception(thrown);
}

/// The few largest products of one query, falling; of equal ones the lower id is ahead.
struct Best {
  float* values;
  Id* ids;
  int count;

  static bool ahead(float value, Id id, float other, Id otherId) {
    return value > other || (value == other && (otherId < 0 || id < otherId));
  }

  void clear() {
    std::fill(values, values + count, -std::numeric_limits<float>::infinity());
    std::fill(ids, ids + count, Id(-1));
  }

  void take(float value, Id id) {
    int place = count - 1;
    if (!ahead(value, id, values[place], ids[place])) return;
    for (; place > 0 && ahead(value, id, values[place - 1], ids[place - 1]); --place) {
      values[place] = values[place - 1];
      ids[place] = ids[place - 1];
    }
    values[place] = value;
    ids[place] = id;
  }
};

/// Queries of a block, ordered by the list that they look into.
struct Visits {
  std::vector<size_t> starts;  // of each list, and the end
  std::vector<size_t> slots;   // query * probes + probe

  Visits(const std::vector<Id>& lists, size_t listCount) : starts(listCount + 1) {
    for (auto list : lists)
      if (list >= 0) ++starts[size_t(list) + 1];
    for (size_t list = 0; list < listCount; ++list) starts[list + 1] += starts[list];
    slots.resize(starts[listCount]);
    auto next = starts;
    for (size_t slot = 0; slot < lists.size(); ++slot)
      if (lists[slot] >= 0) slots[next[size_t(lists[slot])]++] = slot;
  }
};

/// Compares the queries that look into a list with all that is in it, a tile at a time.
class ListComparison {
 public:
  ListComparison(const Index& index, const float* queries, size_t probes, int neighbors, float* values, Id* ids)
      : index_(index), queries_(queries), probes_(probes), neighbors_(neighbors), values_(values), ids_(ids) {}

  void compare(size_t list, const size_t* slots, size_t count) {
    const auto& lists = *index_.vectors->invlists;
    const size_t size = lists.list_size(list);
    if (size == 0) return;
    faiss::InvertedLists::ScopedCodes codes(&lists, list);
    faiss::InvertedLists::ScopedIds names(&lists, list);
    const auto* vectors = reinterpret_cast<const float*>(codes.get());
    const size_t width = size_t(index_.width);
    rows_.resize(queryTile * width);
    products_.resize(queryTile * vectorTile);
    for (size_t start = 0; start < count; start += queryTile) {
      const size_t taken = std::min(queryTile, count - start);
      for (size_t row = 0; row < taken; ++row)
        std::copy_n(queries_ + slots[start + row] / probes_ * width, width, rows_.data() + row * width);
      for (size_t first = 0; first < size; first += vectorTile) {
        const size_t length = std::min(vectorTile, size - first);
        multiply(vectors + first * width, int(length), int(taken));
        for (size_t row = 0; row < taken; ++row)
          take(slots[start + row], products_.data() + row * length, names.get() + first, length);
      }
    }
  }

 private:
  static constexpr size_t queryTile = 256, vectorTile = 512;

  void multiply(const float* vectors, int length, int taken) {
    const float one = 1, zero = 0;
    sgemm_("T", "N", &length, &taken, &index_.width, &one, vectors, &index_.width, rows_.data(), &index_.width, &zero,
           products_.data(), &length);
  }

  void take(size_t slot, const float* products, const Id* names, size_t length) {
    Best best{values_ + slot * size_t(neighbors_), ids_ + slot * size_t(neighbors_), neighbors_};
    const float* least = best.values + neighbors_ - 1;
    for (size_t place = 0; place < length; ++place)
      if (products[place] >= *least) best.take(products[place], names[place]);
  }

  const Index& index_;
  const float* queries_;
  size_t probes_;
  int neighbors_;
  float* values_;
  Id* ids_;
  std::vector<float> rows_, products_;
};

void search(const Index& index, const float* queries, size_t count, size_t probes, int neighbors, int threads, float* values,
            Id* ids) {
  const size_t listCount = index.vectors->nlist;
  probes = std::min(probes, listCount);
  std::vector<Id> lists(count * probes);
  {
    std::vector<float> products(count * probes);
    Threads all(threads);
    index.clusters->search(Id(count), queries, Id(probes), products.data(), lists.data());
  }
  const Visits visits(lists, listCount);
  const size_t slots = count * probes * size_t(neighbors);
  std::vector<float> slotValues(slots, -std::numeric_limits<float>::infinity());
  std::vector<Id> slotIds(slots, -1);
  std::atomic<size_t> next{0};
  onThreads(threads, [&] {
    ListComparison comparison(index, queries, probes, neighbors, slotValues.data(), slotIds.data());
    for (size_t list = next++; list < listCount; list = next++) {
      const size_t start = visits.starts[list];
      comparison.compare(list, visits.slots.data() + start, visits.starts[list + 1] - start);
    }
  });
  for (size_t query = 0; query < count; ++query) {
    Best best{values + query * size_t(neighbors), ids + query * size_t(neighbors), neighbors};
    best.clear();
    const size_t start = query * probes * size_t(neighbors);
    for (size_t slot = start; slot < start + probes * size_t(neighbors); ++slot)
      if (slotIds[slot] >= 0) best.take(slotValues[slot], slotIds[slot]);
  }
}

}  // namespace

extern "C" {

int koine_index_interface(void) { return interfaceVersion; }

const char* koine_index_version(void) {
  static const std::string version = std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + "." +
                                     std::to_string(FAISS_VERSION_PATCH);
  return version.c_str();
}

/// An empty index whose clusters are yet to be trained.
int koine_index_make(int width, int lists, void** made, char* error, int capacity) {
  return guarded(error, capacity, [&] {
    auto index = std::make_unique<Index>();
    index->width = width;
    index->clusters = std::make_unique<faiss::IndexFlatIP>(width);
    index->vectors = std::make_unique<faiss::IndexIVFFlat>(index->clusters.get(), size_t(width), size_t(lists),
                                                           faiss::METRIC_INNER_PRODUCT);
    // The caller counts the rows for each list, and says where they are few.
    index->vectors->cp.min_points_per_centroid = 1;
    index->vectors->cp.spherical = true;
    *made = index.release();
  });
}

/// Finds the clusters of some rows.
int koine_index_train(void* index, const float* rows, int64_t count, int threads, char* error, int capacity) {
  return guarded(error, capacity, [&] {
    Threads all(threads);
    static_cast<Index*>(index)->vectors->train(count, rows);
  });
}

/// Adds rows, which are named in the order in which they come.
int koine_index_add(void* index, const float* rows, int64_t count, int threads, char* error, int capacity) {
  return guarded(error, capacity, [&] {
    Threads all(threads);
    static_cast<Index*>(index)->vectors->add(count, rows);
  });
}

/// The nearest of each query, falling; names of -1 stand where there are no more.
int koine_index_search(const void* index, const float* queries, int64_t count, int probes, int neighbors, int threads,
                       float* values, int64_t* names, char* error, int capacity) {
  return guarded(error, capacity, [&] {
    search(*static_cast<const Index*>(index), queries, size_t(count), size_t(probes), neighbors, std::max(threads, 1), values,
           names);
  });
}

void koine_index_free(void* index) { delete static_cast<Index*>(index); }
}
