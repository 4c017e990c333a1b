#include "core/casefile/blob.h"
#include "core/casefile/case_state.h"
#include "core/casefile/column_codec.h"
#include "core/casefile/limits.h"
#include "core/casefile/snapshot_state.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace sequela::casefile {

namespace {

/// More findings than this help nobody.
constexpr std::size_t mostFindings = 100;

class HealthCheck {
public:
    HealthCheck(const CaseSnapshot::State& snapshot, Connection& connection, std::stop_token stop)
        : m_snapshot(snapshot), m_connection(connection), m_stop(std::move(stop))
    {
    }

    [[nodiscard]] Result<std::vector<Diagnostic>> run()
    {
        SEQUELA_TRY(checkStructure());
        SEQUELA_TRY(checkColumns());
        SEQUELA_TRY(checkPositions());
        SEQUELA_TRY(checkDocuments());
        SEQUELA_TRY(checkRows());
        return std::move(m_findings);
    }

private:
    void add(Diagnostic finding)
    {
        if (m_findings.size() < mostFindings) {
            m_findings.push_back(std::move(finding));
        }
    }

    /// What SQLite reports as damage is a finding; everything else ends the check.
    template <typename Take>
    [[nodiscard]] Result<void> forEach(const char* sql, const Take& take)
    {
        auto rows = m_connection.prepare(sql);
        if (!rows) {
            return std::unexpected(std::move(rows).error());
        }
        for (;;) {
            if (m_stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            const auto row = rows->step();
            if (!row && row.error().code == "case-damaged") {
                add(row.error());
                return {};
            }
            if (!row) {
                return std::unexpected(row.error());
            }
            if (!*row) {
                return {};
            }
            take(std::as_const(*rows));
        }
    }
    [[nodiscard]] std::uint32_t eventsOf(std::uint64_t segment) const
    {
        return segment < m_snapshot.segments.size() ? m_snapshot.segments[segment].eventCount : 0;
    }

    [[nodiscard]] Result<void> checkStructure()
    {
        return forEach("PRAGMA integrity_check(100)", [this](const Statement& row) {
            if (row.view(0) != "ok") {
                add(damagedError(row.text(0)));
            }
        });
    }
    [[nodiscard]] Result<void> checkColumns()
    {
        return forEach("SELECT segment_no, field_no, data FROM column_segment",
                       [this](const Statement& row) {
                           const auto column = decodeColumn(row.view(2), eventsOf(row.natural(0)));
                           if (!column || row.natural(1) >= m_snapshot.fields.size()) {
                               add(damagedError(fmt::format("field {} of segment {} is unreadable",
                                                            row.natural(1), row.natural(0))));
                           }
                       });
    }
    [[nodiscard]] Result<void> checkPositions()
    {
        return forEach("SELECT segment_no, positions FROM segment", [this](const Statement& row) {
            if (!decodePositions(row.view(1), eventsOf(row.natural(0)))) {
                add(damagedError(
                    fmt::format("the times of segment {} are unreadable", row.natural(0))));
            }
        });
    }
    [[nodiscard]] Result<void> checkDocuments()
    {
        std::vector<std::uint64_t> found(m_snapshot.segments.size());
        SEQUELA_TRY(forEach(
            "SELECT segment_no, first_row, document_count, data FROM document_block",
            [&](const Statement& row) {
                const std::uint64_t count = row.natural(2);
                if (count > limits::documentsPerBlock || row.natural(0) >= found.size()
                    || !decodeDocuments(row.view(3), static_cast<std::uint32_t>(count))) {
                    add(damagedError(fmt::format("documents of segment {} from row {} on are "
                                                 "unreadable",
                                                 row.natural(0), row.natural(1))));
                    return;
                }
                found[row.natural(0)] += count;
            }));
        for (std::size_t segment = 0; segment < found.size(); ++segment) {
            if (found[segment] != m_snapshot.segments[segment].eventCount) {
                add(damagedError(fmt::format("segment {} has {} readable documents for {} events",
                                             segment, found[segment],
                                             m_snapshot.segments[segment].eventCount)));
            }
        }
        return {};
    }
    [[nodiscard]] Result<void> checkRows()
    {
        return forEach("SELECT count(*) FROM event", [this](const Statement& row) {
            if (row.natural(0) != m_snapshot.eventCount) {
                add(damagedError(fmt::format("the event table has {} rows for {} events",
                                             row.natural(0), m_snapshot.eventCount)));
            }
        });
    }

    const CaseSnapshot::State& m_snapshot;
    Connection& m_connection;
    std::stop_token m_stop;
    std::vector<Diagnostic> m_findings;
};

} // namespace

Result<std::vector<Diagnostic>> CaseFile::integrityCheck(std::stop_token stop) const
{
    const auto snapshot = CaseSnapshot::State::load(m_state->storage);
    if (!snapshot) {
        if (snapshot.error().code == "case-damaged") {
            return std::vector{snapshot.error()};
        }
        return std::unexpected(snapshot.error());
    }
    auto lease = m_state->storage->lease();
    if (!lease) {
        return std::unexpected(std::move(lease).error());
    }
    const InterruptOnStop interrupt(stop, **lease);
    return HealthCheck(**snapshot, **lease, stop).run();
}

} // namespace sequela::casefile
