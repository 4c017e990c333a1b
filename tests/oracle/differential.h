#pragma once

#include "core/engine/engine.h"
#include "core/schema/field_catalog.h"
#include "tests/oracle/naive_matcher.h"

#include <memory>
#include <string>
#include <vector>

namespace sequela::oracle {

/// One question put to both sides.
struct Case {
    NaiveData data;
    std::string query;
    NaiveOptions options;
};

enum class Verdict {
    Same,
    /// The binder or the parser refuses the query; `actual` says why.
    Rejected,
    Different
};

struct Comparison {
    Verdict verdict = Verdict::Same;
    std::string expected;
    std::string actual;
    /// How the engine ran when it differed: "segments of 3, 2 threads, warm".
    std::string setting;
    std::size_t matchCount = 0;
};

/// Events loaded at several segment sizes, with engines that live (and keep what they cache) as
/// long as this.
class LoadedData {
public:
    explicit LoadedData(NaiveData data);

    /// Runs the query in the oracle and in every engine, and once more in fresh ones now and then.
    [[nodiscard]] Comparison compare(const std::string& query, const NaiveOptions& options,
                                     bool alsoCold) const;
    [[nodiscard]] const NaiveData& data() const { return m_data; }

private:
    struct Loaded {
        std::string name;
        std::shared_ptr<const schema::ColumnSource> source;
        engine::EngineTuning tuning;
        std::unique_ptr<engine::Engine> engine;
        std::size_t threads = 1;
    };

    NaiveData m_data;
    NaiveCatalog m_naiveCatalog;
    std::vector<Loaded> m_loaded;
    std::unique_ptr<schema::FieldCatalog> m_catalog;
};

/// Loads and compares once, cold.
[[nodiscard]] Comparison compare(const Case& one);
/// The smallest case that still differs, found by leaving out events, fields and parts of the
/// query.
[[nodiscard]] Case shrink(Case one);
/// Everything needed to see and to keep a disagreement.
[[nodiscard]] std::string report(const Case& one, const Comparison& comparison);

/// A case in the notation of tests/oracle/regressions.
[[nodiscard]] std::string toText(const Case& one);
[[nodiscard]] Case readCase(std::string_view text);

/// evaluateConstant against the oracle; empty if they agree, else both answers.
[[nodiscard]] std::string compareConstant(const std::string& expression);

} // namespace sequela::oracle
