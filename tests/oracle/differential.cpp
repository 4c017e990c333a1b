#include "tests/oracle/differential.h"

#include "core/casefile/merged_segments.h"
#include "core/eql/binder.h"
#include "core/eql/parser.h"
#include "tests/oracle/naive_evaluator.h"
#include "tests/oracle/random_data.h"
#include "tests/support/event_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sequela::oracle {

namespace {

struct Setting {
    std::size_t segmentSize;
    std::size_t threads;
    /// Segments merged up to this size; 0 leaves them as they are.
    std::uint32_t mergedSize;
    /// As with columns of many values.
    bool manyValues;
    /// Nothing is kept between runs, nothing worked out of columns.
    bool noCaches;
};
constexpr std::array settings{Setting{1, 2, 0, false, false},    Setting{3, 1, 0, false, false},
                              Setting{3, 2, 0, true, false},     Setting{2, 2, 7, true, false},
                              Setting{1024, 1, 0, false, false}, Setting{1024, 2, 0, true, false},
                              Setting{1024, 1, 0, true, true}};

engine::EngineTuning tuningOf(const Setting& setting)
{
    engine::EngineTuning tuning;
    if (setting.manyValues) {
        tuning.sharedValuesPerSegment = 0;
        tuning.rowsIndexed = 0;
    }
    if (setting.noCaches) {
        tuning.leafCacheBytes = 0;
        tuning.columnIndexBytes = 0;
        tuning.pinnedColumnBytes = 0;
    }
    return tuning;
}

Value converted(const eql::Value& value)
{
    return std::visit(
        [](const auto& one) -> Value {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, eql::VersionValue>) {
                return VersionText{one.text};
            } else {
                return one;
            }
        },
        value);
}

std::string textOf(const std::vector<engine::Match>& matches)
{
    std::vector<NaiveMatch> converts;
    for (const engine::Match& match : matches) {
        NaiveMatch naive;
        for (const auto& event : match.events) {
            naive.events.push_back(event ? std::optional(event->index()) : std::nullopt);
        }
        std::ranges::transform(match.joinKeys, std::back_inserter(naive.keys), converted);
        converts.push_back(std::move(naive));
    }
    return toText(converts);
}

std::string textOf(const std::vector<Diagnostic>& diagnostics)
{
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += formatDiagnostic(diagnostic) + '\n';
    }
    return text;
}

engine::RunOptions runOptions(const NaiveOptions& options, std::size_t threads)
{
    engine::RunOptions run;
    run.timestampField = options.timestampField;
    run.tiebreakerField = options.tiebreakerField;
    run.size = options.size;
    run.resultPosition =
        options.headPosition ? engine::ResultPosition::Head : engine::ResultPosition::Tail;
    run.maxSamplesPerKey = options.maxSamplesPerKey;
    run.threadCount = threads;
    return run;
}

std::string runIn(engine::Engine& engine, const eql::BoundQuery& query,
                  const engine::RunOptions& options)
{
    const auto result = engine.run(query, options);
    return result ? textOf(result->matches) : "error: " + formatDiagnostic(result.error()) + '\n';
}

/// Event numbers of an event query's matches, ascending.
std::string selectedIn(engine::Engine& engine, const eql::BoundQuery& query,
                       const engine::RunOptions& options)
{
    const auto events = engine.select(query, options);
    if (!events) {
        return "error: " + formatDiagnostic(events.error()) + '\n';
    }
    std::string text;
    for (std::uint32_t event = 0; event < events->eventCount(); ++event) {
        text += events->contains(EventNumber(event)) ? fmt::format(" {}", event + 1) : "";
    }
    return text;
}

std::string numbersOf(const std::vector<NaiveMatch>& matches)
{
    std::vector<std::size_t> numbers;
    for (const NaiveMatch& match : matches) {
        numbers.push_back(match.events.front().value() + 1);
    }
    std::ranges::sort(numbers);
    return numbers.empty() ? std::string() : fmt::format(" {}", fmt::join(numbers, " "));
}

std::shared_ptr<const schema::ColumnSource> load(const NaiveData& data, std::size_t segmentSize)
{
    std::vector<tests::TableSource> sources;
    for (const NaiveSource& source : data) {
        sources.push_back({source.name, toNdjson(source.events)});
    }
    return tests::eventTable(sources, segmentSize);
}

} // namespace

LoadedData::LoadedData(NaiveData data)
    : m_data(std::move(data)), m_naiveCatalog(randomSchema(), m_data)
{
    for (const Setting& setting : settings) {
        Loaded loaded;
        loaded.name =
            fmt::format("segments of {}, {} threads", setting.segmentSize, setting.threads);
        loaded.source = load(m_data, setting.segmentSize);
        if (setting.mergedSize != 0) {
            loaded.name += fmt::format(", merged up to {}", setting.mergedSize);
            loaded.source =
                casefile::mergeSegments(loaded.source, {.eventsPerSegment = setting.mergedSize});
        }
        loaded.tuning = tuningOf(setting);
        loaded.name += setting.manyValues ? ", as with many values" : "";
        loaded.name += setting.noCaches ? ", no caches" : "";
        loaded.engine = std::make_unique<engine::Engine>(loaded.source, loaded.tuning);
        loaded.threads = setting.threads;
        m_loaded.push_back(std::move(loaded));
    }
    static const auto schema = schema::Schema::parse(randomSchema(), "oracle").value();
    m_catalog = std::make_unique<schema::FieldCatalog>(schema, m_loaded.front().source->fields());
}

Comparison LoadedData::compare(const std::string& query, const NaiveOptions& options,
                               bool alsoCold) const
{
    Comparison comparison;
    eql::BindOptions bindOptions;
    bindOptions.eventCategoryField = options.categoryField;
    bindOptions.dialect = options.dialect();
    bindOptions.osList = options.osList;
    const eql::BindResult bound = eql::bindQuery(query, *m_catalog, bindOptions);
    if (!bound.query) {
        comparison.verdict = Verdict::Rejected;
        comparison.actual = textOf(bound.diagnostics);
        return comparison;
    }
    const eql::ParsedQuery parsed = eql::parseQuery(query, options.dialect());
    const std::vector<NaiveMatch> matches = run(parsed.query, m_data, m_naiveCatalog, options);
    comparison.expected = toText(matches);
    comparison.matchCount = matches.size();
    const bool selects = parsed.query.kind == eql::syntax::QueryKind::Event
                         && parsed.query.pipes.empty() && !options.size;
    const std::string numbers = selects ? numbersOf(matches) : std::string();
    const auto differs = [&](std::string actual, const std::string& setting) {
        if (actual != comparison.expected && comparison.verdict == Verdict::Same) {
            comparison.verdict = Verdict::Different;
            comparison.actual = std::move(actual);
            comparison.setting = setting;
        }
    };
    for (const Loaded& loaded : m_loaded) {
        const engine::RunOptions runs = runOptions(options, loaded.threads);
        differs(runIn(*loaded.engine, *bound.query, runs), loaded.name);
        if (selects) {
            const std::string selected = selectedIn(*loaded.engine, *bound.query, runs);
            differs(selected == numbers ? comparison.expected : "selects" + selected + '\n',
                    loaded.name);
        }
        if (alsoCold) {
            differs(runIn(*loaded.engine, *bound.query, runs), loaded.name + ", again");
            engine::Engine cold(loaded.source, loaded.tuning);
            differs(runIn(cold, *bound.query, runs), loaded.name + ", cold");
        }
    }
    return comparison;
}

Comparison compare(const Case& one)
{
    return LoadedData(one.data).compare(one.query, one.options, true);
}

std::string report(const Case& one, const Comparison& comparison)
{
    return fmt::format("{}\noracle:\n{}engine ({}):\n{}", toText(one), comparison.expected,
                       comparison.setting, comparison.actual);
}

std::string toText(const Case& one)
{
    const NaiveOptions& options = one.options;
    std::string text = "query " + one.query + '\n';
    text +=
        fmt::format("options {} {} {} {} {} {}{}\n", options.timestampField,
                    options.tiebreakerField.value_or("-"), options.categoryField,
                    options.size ? std::to_string(*options.size) : "-",
                    options.headPosition ? "head" : "tail", options.maxSamplesPerKey,
                    options.isEndpoint ? fmt::format(" endpoint {}", fmt::join(options.osList, " "))
                                       : std::string());
    for (const NaiveSource& source : one.data) {
        text += "source " + source.name + '\n' + toNdjson(source.events);
    }
    return text;
}

Case readCase(std::string_view text)
{
    Case one;
    std::string events;
    const auto closeSource = [&] {
        if (!one.data.empty()) {
            one.data.back().events = readNdjson(events);
        }
        events.clear();
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with("query ")) {
            one.query = line.substr(6);
        } else if (line.starts_with("options ")) {
            std::vector<std::string> words(1);
            for (const char letter : line.substr(8)) {
                letter == ' ' ? void(words.emplace_back()) : words.back().push_back(letter);
            }
            NaiveOptions& options = one.options;
            options.timestampField = words.at(0);
            options.tiebreakerField = words.at(1) == "-" ? std::nullopt : std::optional(words[1]);
            options.categoryField = words.at(2);
            options.size = words.at(3) == "-" ? std::nullopt
                                              : std::optional<std::uint64_t>(std::stoull(words[3]));
            options.headPosition = words.at(4) == "head";
            options.maxSamplesPerKey = static_cast<std::uint32_t>(std::stoul(words.at(5)));
            options.isEndpoint = words.size() > 6 && words[6] == "endpoint";
            for (std::size_t i = 7; i < words.size(); ++i) {
                if (!words[i].empty()) {
                    options.osList.push_back(words[i]);
                }
            }
        } else if (line.starts_with("source ")) {
            closeSource();
            one.data.push_back({line.substr(7), {}});
        } else if (line.starts_with('{')) {
            events += line + '\n';
        }
    }
    closeSource();
    return one;
}

std::string compareConstant(const std::string& expression)
{
    const eql::ParsedExpression parsed =
        eql::parseExpression(expression, eql::Dialect::Elasticsearch);
    const auto isError = [](const Diagnostic& one) { return one.severity == Severity::Error; };
    if (std::ranges::any_of(parsed.diagnostics, isError)) {
        return "syntax: " + textOf(parsed.diagnostics);
    }
    const NaiveCatalog nothing("", {});
    const std::optional<Value> expected = NaiveEvaluator(nothing).constant(*parsed.expression);
    const auto actual = eql::evaluateConstant(expression);
    const std::string wanted = expected ? jsonOf(*expected) : "error";
    const std::string got = actual ? jsonOf(converted(*actual)) : "error";
    if (wanted == got) {
        return {};
    }
    return fmt::format("{}\noracle: {}\nevaluateConstant: {}\n{}", expression, wanted, got,
                       actual ? std::string() : textOf(actual.error()));
}

} // namespace sequela::oracle
